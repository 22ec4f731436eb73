//! OAuth's own words for a refusal (RFC 6749 section 5.2).

use crate::platform::db::Fault;
use crate::signin::{self, Pending};
use crate::tokens::BadToken;

/// Why no token was given.
#[derive(Debug)]
pub enum Refusal {
    /// `invalid_request`: a parameter is missing, repeated or malformed.
    InvalidRequest(String),
    /// `unsupported_grant_type`.
    UnsupportedGrant(String),
    /// `unauthorized_client`: `PASSWORD_GRANT=off`.
    PasswordGrantOff,
    /// `mfa_required`: the password was right, and a second factor is asked for.
    FactorRequired(Box<Pending>),
    /// `mfa_required`, and there is none: only a browser can set one up.
    EnrolmentRequired,
    /// `invalid_grant`: the refresh token is unknown, expired, used or of an ended session; which of these, is not for the client.
    DeadRefreshToken(Box<BadToken>),
    /// `invalid_grant` for a password, and what else can happen while signing in.
    SignIn(signin::Refusal),
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<signin::Refusal> for Refusal {
    fn from(refusal: signin::Refusal) -> Self {
        match refusal {
            signin::Refusal::Fault(fault) => Self::Fault(fault),
            refusal => Self::SignIn(refusal),
        }
    }
}
