//! A bounded queue as seen from outside: how many wait, how long they waited, how long they were served, who was turned away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Counter, Histogram};
use crate::platform::traces::{Recording, current};

pub struct Queue {
    /// What whoever is served does, as a trace calls it.
    work: &'static str,
    waiting: AtomicU64,
    pub waits: Histogram,
    pub runs: Histogram,
    pub refused: Counter,
}

impl Queue {
    pub fn of(work: &'static str) -> Arc<Self> {
        let (waiting, waits, runs, refused) = Default::default();
        Arc::new(Self { work, waiting, waits, runs, refused })
    }

    /// Somebody lines up. What this returns travels with the work, and is given up with it.
    pub fn enter(self: &Arc<Self>) -> Place {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Place { queue: Arc::clone(self), since: Instant::now(), belongs_to: current() }
    }

    /// How many wait.
    pub fn length(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// A place in the queue, until it is somebody's turn or they give up.
pub struct Place {
    queue: Arc<Queue>,
    since: Instant,
    belongs_to: Option<Arc<Recording>>,
}

impl Place {
    /// It is their turn.
    pub fn served(mut self) -> Served {
        let waited = self.since.elapsed();
        self.queue.waits.took(waited);
        let belongs_to = self.belongs_to.take();
        Served { queue: Arc::clone(&self.queue), entered: self.since, waited, belongs_to }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Somebody is being served, until this is dropped.
pub struct Served {
    queue: Arc<Queue>,
    entered: Instant,
    waited: Duration,
    belongs_to: Option<Arc<Recording>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.queue.runs.took(self.entered.elapsed().saturating_sub(self.waited));
        if let Some(recording) = &self.belongs_to {
            recording.part(self.queue.work, self.entered, self.waited);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_gives_up_waits_no_more_and_was_not_served() {
        let queue = Queue::of("work");
        let (first, second) = (queue.enter(), queue.enter());
        assert_eq!(queue.length(), 2);
        drop(first);
        drop(second.served());
        assert_eq!((queue.length(), queue.waits.cumulated()[14], queue.runs.cumulated()[14]), (0, 1, 1));
    }
}
