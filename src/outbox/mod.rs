//! Mail that is to be sent: a letter is posted in the transaction of what it tells of, and delivered afterwards. Owns `outbox`;
//! knows who asks, and no account, no link's meaning and no word of a letter.

mod deliver;
mod desk;
mod letter;
mod post;
mod store;

pub use deliver::{Due, Failure, claim, purge, set_right, settle};
pub use desk::{Entry, count_unsent, count_waiting, list, resend};
pub use letter::{About, Kind, Letter, Secret, State};
pub use post::{Posted, post};

use crate::access;
use crate::platform::db::Fault;
use crate::throttle::{self, Stopped};

/// Why something about the outbox was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    NoSuchLetter,
    /// Its link and code are gone, so it can't be sent once more.
    Spent,
    /// Whoever it goes to got many lately.
    Stopped(Stopped),
    Fault(Fault),
}

impl From<access::Refusal> for Refusal {
    fn from(denied: access::Refusal) -> Self {
        Self::Denied(denied)
    }
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
