//! What happened, and who did it to whom. Owns the audit log; every change of state is recorded in its own transaction, as a link
//! of a chain that can be proven. Knows no rule of what may happen.

mod chain;
mod checkpoint;
mod event;
mod line;
mod log;
mod proof;
mod retention;
mod search;
mod store;

pub use checkpoint::keep as keep_checkpoint;
pub use event::{Event, Fact, Trail};
pub use line::Line;
pub use log::{Entry, between, facts_after, latest, own, record};
pub use proof::{
    Check, Finding, Lines, Unreadable, check_now, check_when_due, last_check, soon_proven, verify, verify_lines,
};
pub use retention::trim;
pub use search::{Asked, Export, Filter, Place, Who, facts_named, search};

use crate::access;
use crate::platform::db::Fault;
use crate::platform::ids::UserId;

/// Somebody, as they were called then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub name: String,
}

impl Person {
    fn of(id: Option<UserId>, name: Option<String>) -> Option<Self> {
        id.zip(name).map(|(id, name)| Self { id, name })
    }
}

/// Why the log could not be read.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    /// A file of checkpoints can't be read; one sentence.
    Unreadable(String),
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
