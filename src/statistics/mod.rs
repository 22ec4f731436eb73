//! How much happens: what was counted of the audit log by hour and by day, and how many accounts and living sessions there are.
//! Owns `statistics`; knows nobody by name. What is asked for is never counted on the way: a job carries the counts forward.

mod series;
mod store;
mod tally;

pub use series::{Bucket, Current, Series, Span, read};
pub use tally::{advance, sample, tidy};

use crate::access;
use crate::platform::db::Fault;

/// Why nothing was told.
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

/// What is counted, or measured from time to time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    SignIns,
    Failures,
    NewUsers,
    /// Living sessions: how many there were at the most.
    Sessions,
    Users,
}

impl Measure {
    const ALL: [Self; 5] = [Self::SignIns, Self::Failures, Self::NewUsers, Self::Sessions, Self::Users];

    fn word(self) -> &'static str {
        match self {
            Self::SignIns => "sign_ins",
            Self::Failures => "failures",
            Self::NewUsers => "new_users",
            Self::Sessions => "sessions",
            Self::Users => "users",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.word() == word)
    }
}

/// How long one row tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grain {
    /// What is so at the moment; its rows begin when it was looked at last.
    Now,
    Hour,
    Day,
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

impl Grain {
    fn word(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// When the hour or the day, in UTC, began that this moment lies in.
    fn start_of(self, millis: i64) -> i64 {
        let length = match self {
            Self::Now => return 0,
            Self::Hour => HOUR,
            Self::Day => DAY,
        };
        millis - millis.rem_euclid(length)
    }
}
