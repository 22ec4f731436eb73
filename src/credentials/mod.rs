//! Credentials: what somebody proves who they are with. Owns `passwords`, `passkeys`, `passkey_challenges`, `totp_secrets` and
//! `recovery_codes`; knows no session's cookie and no token.

pub mod factors;
pub mod passkeys;
mod password;
mod policy;
mod store;

pub use factors::Factor;
pub use password::{Match, Verified, change_own, check, is_still, reset, set, upgrade};
pub use policy::{AcceptedPassword, Hashed};

use crate::platform::db::Fault;
use crate::platform::hasher::Busy;
use crate::throttle::{self, Stopped};
use crate::{access, accounts};

/// Why something about a credential was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    /// The current password is not that.
    Wrong,
    /// The new password does not keep the rules; a sentence that helps.
    Weak(String),
    /// Too many tries.
    Stopped(Stopped),
    /// Too many passwords are waiting to be hashed.
    Busy,
    /// This code is none of theirs, or was used already.
    WrongCode,
    /// An authenticator app is set up already.
    FactorThere,
    /// There is no second factor.
    NoFactor,
    /// `SECOND_FACTOR` asks for one, and this is the last.
    FactorRequired,
    Account(accounts::Refusal),
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<throttle::Refusal> for Refusal {
    fn from(refusal: throttle::Refusal) -> Self {
        match refusal {
            throttle::Refusal::Stopped(stopped) => Self::Stopped(stopped),
            throttle::Refusal::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<access::Refusal> for Refusal {
    fn from(denied: access::Refusal) -> Self {
        Self::Denied(denied)
    }
}

impl From<Busy> for Refusal {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<accounts::Refusal> for Refusal {
    fn from(refusal: accounts::Refusal) -> Self {
        Self::Account(refusal)
    }
}
