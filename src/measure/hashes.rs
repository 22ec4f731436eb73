//! What each cost of bcrypt takes: of one check alone, and of as many at once as there are cores.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::config::LOWEST_BCRYPT_COST;
use crate::platform::hasher;

/// A cost is tried again until so much time has gone, so that a cheap one is not judged by a single check.
const SPAN: Duration = Duration::from_millis(300);

#[derive(Serialize)]
pub struct Hashing {
    pub cost: u32,
    /// Milliseconds of a check that has a core for itself.
    pub check_ms: f64,
    pub checks_per_second: f64,
}

pub(super) fn measure(cores: usize, up_to: u32) -> impl Iterator<Item = Hashing> {
    (LOWEST_BCRYPT_COST..=up_to).map(move |cost| {
        let alone = quickest(cost);
        Hashing { cost, check_ms: alone.as_secs_f64() * 1000.0, checks_per_second: together(cost, cores) }
    })
}

/// What comes in between only makes a check longer.
fn quickest(cost: u32) -> Duration {
    let began = Instant::now();
    let mut best = hasher::time_check(cost);
    while began.elapsed() < SPAN {
        best = best.min(hasher::time_check(cost));
    }
    best
}

fn together(cost: u32, cores: usize) -> f64 {
    let began = Instant::now();
    let work = || {
        let mut done = 0_u32;
        while done == 0 || began.elapsed() < SPAN {
            hasher::time_check(cost);
            done += 1;
        }
        done
    };
    let done: u32 = std::thread::scope(|scope| {
        let all: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        all.into_iter().filter_map(|one| one.join().ok()).sum()
    });
    f64::from(done) / began.elapsed().as_secs_f64()
}
