//! What happened, and who did it to whom. Owns the audit log; every change of state is recorded in its own transaction.
//! Knows no rule of what may happen.

mod event;
mod log;
mod store;

pub use event::{Event, Fact, Trail};
pub use log::{Entry, latest, record};
