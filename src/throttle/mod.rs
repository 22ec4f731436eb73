//! How often something may be tried: passwords, codes, sign-ups, mails. Owns `budgets`; knows neither accounts nor passwords,
//! only that somebody tries something again, and from where. Whoever checks a secret takes a [`Permit`], which comes from
//! nowhere else, so that nothing is tried uncounted. Why it is built like this: docs/decisions/0010.

mod bucket;
mod budget;
mod permit;
mod store;

use std::time::Duration;

pub use budget::{Budget, Client};
pub use permit::{Permit, give_back, permit, purge, succeeded};

use crate::platform::db::Fault;

/// Too many tries: the next one counts again after this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    pub retry_after: Duration,
}

impl Stopped {
    /// Whole seconds, rounded up: whoever waits so long is let through.
    pub fn seconds(self) -> u64 {
        u64::try_from(self.retry_after.as_millis().div_ceil(1000)).unwrap_or(u64::MAX)
    }
}

/// Why there is no permit.
#[derive(Debug)]
pub enum Refusal {
    Stopped(Stopped),
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
