//! What runs on a timer: when each ran last, how long it took, and how often it failed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::platform::time::UnixTime;

/// What is known of one job.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    pub done: u64,
    pub failed: u64,
    /// When it ended last, well or not.
    pub ended: UnixTime,
    /// How long it took then.
    pub took: Duration,
}

/// By name. It takes a lock: jobs run some times a second.
#[derive(Default)]
pub struct Jobs(Mutex<BTreeMap<&'static str, Job>>);

impl Jobs {
    pub fn ended(&self, name: &'static str, now: UnixTime, took: Duration, well: Result<(), ()>) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let job = jobs.entry(name).or_insert(Job { done: 0, failed: 0, ended: now, took });
        (job.ended, job.took) = (now, took);
        match well {
            Ok(()) => job.done += 1,
            Err(()) => job.failed += 1,
        }
    }

    pub fn all(&self) -> BTreeMap<&'static str, Job> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
