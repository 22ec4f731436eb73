//! Numbers that many threads add to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often something happened.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn one_more(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How much there is of something, once somebody has looked.
pub struct Gauge(AtomicI64);

impl Gauge {
    const UNKNOWN: i64 = i64::MIN;

    pub fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub fn read(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|value| *value != Self::UNKNOWN)
    }
}

impl Default for Gauge {
    fn default() -> Self {
        Self(AtomicI64::new(Self::UNKNOWN))
    }
}

/// How often what happened, by a word of the program's own. It takes a lock: for what happens some hundred times a second.
#[derive(Default)]
pub struct Tally(Mutex<BTreeMap<&'static str, u64>>);

impl Tally {
    pub fn one_more(&self, word: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(word).or_default() += 1;
    }

    pub fn read(&self, word: &str) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(word).copied().unwrap_or(0)
    }

    pub fn all(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// In nanoseconds, and as Prometheus has it, in seconds.
const BOUNDS: [(u64, &str); 14] = [
    (500_000, "0.0005"),
    (1_000_000, "0.001"),
    (2_500_000, "0.0025"),
    (5_000_000, "0.005"),
    (10_000_000, "0.01"),
    (25_000_000, "0.025"),
    (50_000_000, "0.05"),
    (100_000_000, "0.1"),
    (250_000_000, "0.25"),
    (500_000_000, "0.5"),
    (1_000_000_000, "1"),
    (2_500_000_000, "2.5"),
    (5_000_000_000, "5"),
    (10_000_000_000, "10"),
];

/// How long something took, each time.
#[derive(Default)]
pub struct Histogram {
    /// How often it took at most so long, and longer than the bound before; the last has no bound.
    counts: [AtomicU64; BOUNDS.len() + 1],
    nanos: AtomicU64,
}

impl Histogram {
    /// What the bounds are called, and what has none.
    pub fn bounds() -> impl Iterator<Item = &'static str> {
        BOUNDS.iter().map(|(_, name)| *name).chain(["+Inf"])
    }

    pub fn took(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.iter().position(|(bound, _)| nanos <= *bound).unwrap_or(BOUNDS.len());
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// How often it took at most as long as each bound, the last of which is none.
    pub fn cumulated(&self) -> [u64; BOUNDS.len() + 1] {
        let mut sum = 0;
        std::array::from_fn(|bucket| {
            sum += self.counts[bucket].load(Ordering::Relaxed);
            sum
        })
    }

    /// All the time that it took.
    pub fn sum(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_exactly_a_bound_is_within_it_and_what_took_longer_than_all_is_counted_too() {
        let histogram = Histogram::default();
        [500_u64, 501, 20_000_000].into_iter().for_each(|micros| histogram.took(Duration::from_micros(micros)));
        let cumulated = histogram.cumulated();
        assert_eq!((cumulated[0], cumulated[1], cumulated[13], cumulated[14]), (1, 2, 2, 3));
        assert_eq!(histogram.sum(), Duration::from_micros(20_001_001));
    }

    #[test]
    fn the_bounds_are_what_they_are_called_and_rise() {
        for pair in BOUNDS.windows(2) {
            assert!(pair[0].0 < pair[1].0);
        }
        for (nanos, name) in BOUNDS {
            let seconds: f64 = name.parse().expect("a number");
            assert_eq!(Duration::from_secs_f64(seconds), Duration::from_nanos(nanos), "{name}");
        }
    }

    #[test]
    fn a_gauge_that_nobody_has_set_says_nothing() {
        let gauge = Gauge::default();
        assert_eq!(gauge.read(), None);
        gauge.set(0);
        assert_eq!(gauge.read(), Some(0));
    }
}
