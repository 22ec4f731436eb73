//! What is counted while it happens, so that an operator can see it at `/metrics`. Counting a request that found its route costs an
//! atomic addition or two: no lock, no allocation and no text. What happens less often takes a lock for a moment: an event, a mail, a
//! job, and a request that was refused before a route took it. Knows no name of the product: whoever counts says what.

mod exposition;
mod instrument;
mod jobs;
mod process;
mod queue;
mod requests;

pub use exposition::Exposition;
pub use instrument::{Counter, Gauge, Histogram, Tally};
pub use jobs::{Job, Jobs};
pub use process::Process;
pub use queue::{Place, Queue, Served};
pub use requests::{Requests, Route};

use super::time::UnixTime;

/// What one process has counted since it started, beside what its queues know of themselves.
pub struct Metrics {
    pub started: UnixTime,
    pub requests: Requests,
    /// Facts of the audit log that this process has committed, by their word.
    pub facts: Tally,
    /// Tries that were refused because there had been too many.
    pub stopped: Counter,
    /// Mails that were tried, by what became of the try.
    pub mails: Tally,
    pub mails_waiting: Gauge,
    pub sessions: Gauge,
    pub users: Gauge,
    /// 1 where the audit log was what had been recorded when it was proven last, else 0.
    pub audit_proven: Gauge,
    /// When the last backup was made, in milliseconds since 1970.
    pub backup_at: Gauge,
    pub jobs: Jobs,
}

impl Metrics {
    pub fn begin(started: UnixTime) -> Self {
        Self {
            started,
            requests: Requests::default(),
            facts: Tally::default(),
            stopped: Counter::default(),
            mails: Tally::default(),
            mails_waiting: Gauge::default(),
            sessions: Gauge::default(),
            users: Gauge::default(),
            audit_proven: Gauge::default(),
            backup_at: Gauge::default(),
            jobs: Jobs::default(),
        }
    }
}
