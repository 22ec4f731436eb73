//! Credentials: what somebody proves who they are with, a mail address among it. Owns `passwords`, `passkeys`,
//! `passkey_challenges`, `totp_secrets`, `recovery_codes`, `mail_codes` and `devices`; knows no session's cookie and no token.

mod address;
mod codes;
pub mod device;
pub mod factors;
mod foreign;
mod forgot;
mod not_me;
pub mod passkeys;
mod password;
mod policy;
mod store;

pub use address::{
    Asks, Own, Proof, ask_to_verify, asks, confirm, drop_change, edit, edit_own, own, resend_verification,
};
pub use factors::Factor;
pub use foreign::ForeignHash;
pub use forgot::{Permit, answer_resets, ask_reset, is_reset_open, reset_by_mail, send_reset};
pub use not_me::{is_not_me_open, not_me, tell_of_new_device};
pub use password::{Match, Verified, change_own, check, hashes_of, is_still, move_in, reset, set, upgrade};
pub use policy::{AcceptedPassword, Clue, Hashed, Weak};

use password::notice_of_password;

use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::hasher::Busy;
use crate::throttle::{self, Stopped};
use crate::{access, accounts};

/// Forgets links and codes that no longer count.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    codes::purge(app).await
}

/// Why something about a credential was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    /// The current password is not that.
    Wrong,
    /// The new password does not keep the rules.
    Weak(Weak),
    /// Too many tries.
    Stopped(Stopped),
    /// A link or a code from a mail is wrong, was used, or counts no more.
    BadCode,
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
