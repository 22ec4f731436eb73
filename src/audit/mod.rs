//! What happened, and who did it to whom. Owns the audit log; every change of state is recorded in its own transaction.
//! Knows no rule of what may happen.

mod event;
mod log;
mod store;

pub use event::{Event, Fact, Trail};
pub use log::{Asked, Entry, Place, between, latest, own, record};

use crate::access;
use crate::platform::db::Fault;

/// Why the log could not be read.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
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
