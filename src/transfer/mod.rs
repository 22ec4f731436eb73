//! Moving in and out: users from files of other programs or of our own, and all users as a file. Owns `imports` and
//! `import_lines`; knows no rule about accounts and credentials but what those say, and no request.
//!
//! A row is read (`readers`), made into an account that could be here (`accept`), and taken alone (`arrive`), so that a bad
//! one undoes nothing else. Files are gone through a batch at a time, by the operator's command (`import`) or as a job that
//! goes on after a restart (`job`).

mod accept;
mod arrive;
mod authority;
mod batches;
pub mod export;
mod format;
mod import;
pub mod job;
mod readers;
mod record;
mod source;
mod turns;
mod upload;
mod verdict;

pub use arrive::{Mode, NewRoles, Wish};
pub use format::{FORMATS, Format};
pub use import::{Progress, import};
pub use source::Source;
pub use turns::{Turn, Turns};
pub use upload::{LARGEST, Upload};
pub use verdict::{Kind, Tally, Verdict};

use crate::access;
use crate::platform::db::Fault;

/// Why something about moving was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    /// The file can't be read; one sentence.
    Unreadable(String),
    /// Larger than is taken.
    TooLarge,
    /// There is no import of this id.
    NoSuchImport,
    /// It can't be done in the state that the import is in.
    NotNow,
    /// Somebody sent it who may do more than the caller.
    NotYours,
    /// Files of theirs that are not done with are as many as one person may have.
    TooManyWaiting,
    /// The disk has no room for a file.
    NoRoom,
    /// Password hashes and secrets leave only with somebody who holds every permission.
    NotForYou,
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
