//! How somebody becomes recognised: they register, prove who they are, get a session, and come back with what was issued.
//! Owns `sign_in_attempts`, `invitations` and the only way to a [`crate::access::Caller`]; knows no OAuth and no page.

mod attempt;
mod confirm;
mod factor;
mod finish;
pub mod invitation;
mod passkey;
mod password;
pub mod recognise;
mod register;
pub mod setup;
mod step;
mod store;

pub use attempt::{Goal, Onward, Ticket, Waiting, look};
pub use confirm::confirm;
pub use factor::{asked_for, by_code, enrol, offer};
pub use finish::{Begun, HeldBy, InBrowser, begin, begin_in_browser};
pub use passkey::{by_passkey, by_passkey_too, confirm_by_passkey, confirm_options, passkey_options};
pub use password::by_password;
pub use register::{Registered, Registration, Role, create, sign_up};
pub use step::{Pending, Proven, Step, next_step};

use crate::accounts;
use crate::app::App;
use crate::config::Signup;
use crate::credentials::{self, Weak, passkeys};
use crate::platform::db::Fault;
use crate::platform::hasher::Busy;
use crate::throttle::{self, Stopped};

/// Deletes what nobody went on with, and invitations that have been over for long.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let now = app.now();
    app.db
        .write(move |tx| {
            attempt::purge(tx, now)?;
            invitation::purge(tx, now)
        })
        .await
}

/// Why somebody did not get in.
#[derive(Debug)]
pub enum Refusal {
    /// Unknown user, wrong password or disabled: the same in words and time.
    Incorrect,
    /// Somebody signed in typed another password than theirs.
    WrongPassword,
    /// The second factor is wrong, or was used already.
    WrongCode,
    /// What a passkey's device signed does not hold.
    Passkey(passkeys::Refusal),
    /// The sign-in that was to go on is over: too late, too many tries, or never begun here.
    AttemptOver,
    /// Too many tries: the same for names that nobody has.
    Stopped(Stopped),
    /// Too many passwords are waiting to be hashed.
    Busy,
    /// `SIGNUP` does not let anybody make their own account.
    SignupForbidden(Signup),
    /// The invitation counts no more: used up, too old, withdrawn, or its maker could not make it any more.
    InvitationOver,
    NoSuchInvitation,
    /// The setup link is wrong, or there is an administrator by now.
    SetupOver,
    /// A link or a code from a mail is wrong, was used, or counts no more.
    BadCode,
    /// Values that can't be taken, each with the field's name.
    Invalid(Vec<(&'static str, Wrong)>),
    Account(accounts::Refusal),
    Fault(Fault),
}

/// Why a value can't be taken that makes an account, or invites somebody to.
#[derive(Clone, Debug, PartialEq)]
pub enum Wrong {
    Account(accounts::Wrong),
    Password(Weak),
    /// Outside of 1 to so many days.
    Days(i64),
    /// Outside of 1 to so many accounts.
    Uses(i64),
    /// What goes to an address makes one account.
    OneUse,
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

impl From<throttle::Refusal> for Refusal {
    fn from(refusal: throttle::Refusal) -> Self {
        match refusal {
            throttle::Refusal::Stopped(stopped) => Self::Stopped(stopped),
            throttle::Refusal::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Busy> for Refusal {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<passkeys::Refusal> for Refusal {
    fn from(refusal: passkeys::Refusal) -> Self {
        match refusal {
            passkeys::Refusal::Fault(fault) => Self::Fault(fault),
            refusal => Self::Passkey(refusal),
        }
    }
}

impl From<credentials::Refusal> for Refusal {
    fn from(refusal: credentials::Refusal) -> Self {
        use credentials::Refusal as R;
        match refusal {
            R::Stopped(stopped) => Self::Stopped(stopped),
            R::Busy => Self::Busy,
            R::Denied(denied) => Self::Account(accounts::Refusal::Denied(denied)),
            R::Wrong => Self::Incorrect,
            R::WrongCode => Self::WrongCode,
            // In a sign-in: the factor that was to be set up is there, so this is not the way in any more.
            R::FactorThere | R::NoFactor | R::FactorRequired => Self::AttemptOver,
            R::BadCode => Self::BadCode,
            R::Weak(why) => Self::Invalid(vec![("password", Wrong::Password(why))]),
            R::Account(refusal) => Self::Account(refusal),
            R::Fault(fault) => Self::Fault(fault),
        }
    }
}
