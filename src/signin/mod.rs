//! How somebody becomes recognised: they register, prove who they are, get a session, and come back with what was issued.
//! Owns the only way to a [`crate::access::Caller`]; knows no OAuth and no page.

mod finish;
mod password;
pub mod recognise;
mod register;
pub mod setup;
mod step;

pub use finish::{Begun, HeldBy, begin, begin_in_browser};
pub use password::by_password;
pub use register::{Registered, Registration, Role, create, sign_up};
pub use step::{Proven, Step};

use crate::accounts;
use crate::config::Signup;
use crate::credentials;
use crate::platform::db::Fault;
use crate::platform::hasher::Busy;

/// Why somebody did not get in.
#[derive(Debug)]
pub enum Refusal {
    /// Unknown user, wrong password or disabled: the same in words and time.
    Incorrect,
    /// Too many passwords are waiting to be hashed.
    Busy,
    /// `SIGNUP` does not let anybody make their own account.
    SignupForbidden(Signup),
    /// The setup link is wrong, or there is an administrator by now.
    SetupOver,
    /// A link or a code from a mail is wrong, was used, or counts no more.
    BadCode,
    Account(accounts::Refusal),
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<accounts::Refusal> for Refusal {
    fn from(refusal: accounts::Refusal) -> Self {
        Self::Account(refusal)
    }
}

impl From<Busy> for Refusal {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<credentials::Refusal> for Refusal {
    fn from(refusal: credentials::Refusal) -> Self {
        use credentials::Refusal as R;
        match refusal {
            R::Busy => Self::Busy,
            R::Denied(denied) => Self::Account(accounts::Refusal::Denied(denied)),
            R::Wrong => Self::Incorrect,
            R::BadCode => Self::BadCode,
            R::Weak(why) => Self::Account(accounts::Refusal::Invalid(vec![("password", why)])),
            R::Account(refusal) => Self::Account(refusal),
            R::Fault(fault) => Self::Fault(fault),
        }
    }
}
