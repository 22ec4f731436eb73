//! The arithmetic of a budget: each try fills a bucket by one, time empties it, and beyond what is free each further try
//! brings a stop that is twice as long as the one before. Two moments are all that has to be remembered (as in GCRA).

use std::time::Duration;

use crate::platform::time::UnixTime;

/// So many tries beyond the free ones are remembered: an attack that lasted a week is forgiven like one of a day.
const REMEMBERED: u32 = 8;

/// How a budget runs out and comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Tries without a wait; the last of them brings the first stop.
    pub free: u32,
    /// One try is forgotten in this time.
    pub forgets_one_in: Duration,
    pub first_stop: Duration,
    pub longest_stop: Duration,
}

/// What was tried so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    /// When all tries are forgotten.
    pub empty_at: UnixTime,
    pub stopped_until: UnixTime,
}

impl Bucket {
    /// The same without what only a clock that ran ahead can have left: no stop is longer than the longest, and no more is
    /// remembered than there is room for.
    pub fn set_right(self, rule: Rule, now: UnixTime) -> Self {
        Self {
            empty_at: self.empty_at.min(rule.fullest(now)),
            stopped_until: self.stopped_until.min(now.plus(rule.longest_stop)),
        }
    }

    /// How long it is still stopped.
    pub fn stop(self, now: UnixTime) -> Option<Duration> {
        (self.stopped_until > now).then(|| self.stopped_until.since(now))
    }

    /// The same with one try more.
    pub fn take(self, rule: Rule, now: UnixTime) -> Self {
        let empty_at = self.empty_at.max(now).plus(rule.forgets_one_in).min(rule.fullest(now));
        let stopped_until =
            rule.stop_after(rule.tries_until(empty_at, now)).map_or(self.stopped_until, |s| now.plus(s));
        Self { empty_at, stopped_until }
    }
}

impl Rule {
    /// When all is forgotten that can be remembered now.
    fn fullest(self, now: UnixTime) -> UnixTime {
        now.plus(self.forgets_one_in * (self.free + REMEMBERED))
    }

    /// A part of a try counts as one: those that come at once must not pass for fewer.
    fn tries_until(self, empty_at: UnixTime, now: UnixTime) -> u32 {
        let tries = empty_at.since(now).as_millis().div_ceil(self.forgets_one_in.as_millis().max(1));
        u32::try_from(tries).unwrap_or(u32::MAX)
    }

    fn stop_after(self, tries: u32) -> Option<Duration> {
        let beyond = tries.checked_sub(self.free)?;
        let doubled = 2_u32.saturating_pow(beyond);
        Some(self.first_stop.saturating_mul(doubled).min(self.longest_stop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const RULE: Rule = Rule {
        free: 3,
        forgets_one_in: Duration::from_secs(3600),
        first_stop: SECOND,
        longest_stop: Duration::from_secs(5),
    };
    const UNTRIED: Bucket = Bucket { empty_at: UnixTime::from_millis(0), stopped_until: UnixTime::from_millis(0) };
    const NOW: UnixTime = UnixTime::from_seconds(1_900_000_000);

    /// So many tries, each as soon as it may be, and the stop after each.
    fn stops(tries: usize) -> Vec<u64> {
        let (mut bucket, mut now) = (UNTRIED, NOW);
        let one = |_| {
            now = now.plus(bucket.stop(now).unwrap_or_default());
            bucket = bucket.take(RULE, now);
            bucket.stop(now).unwrap_or_default().as_secs()
        };
        (0..tries).map(one).collect()
    }

    #[test]
    fn beyond_what_is_free_a_stop_doubles_up_to_the_longest() {
        assert_eq!(stops(8), [0, 0, 1, 2, 4, 5, 5, 5]);
        assert_eq!(stops(500).last(), Some(&5));
    }

    #[test]
    fn time_gives_tries_back_one_by_one() {
        let full = (0..3).fold(UNTRIED, |bucket, _| bucket.take(RULE, NOW));
        assert_eq!(full.take(RULE, NOW.plus(SECOND)).stop(NOW.plus(SECOND)), Some(SECOND * 2));
        let later = NOW.plus(Duration::from_secs(3600));
        assert_eq!(full.take(RULE, later).stop(later), Some(SECOND));
        let much_later = NOW.plus(Duration::from_secs(4 * 3600));
        assert_eq!(full.take(RULE, much_later).stop(much_later), None);
    }

    #[test]
    fn what_a_clock_that_ran_ahead_has_left_is_over_in_time() {
        let ahead = NOW.plus(Duration::from_secs(86_400));
        let hammered = (0..10).fold(UNTRIED, |bucket, _| bucket.take(RULE, ahead));
        let right = hammered.set_right(RULE, NOW);
        assert_eq!(right.stop(NOW), Some(RULE.longest_stop));
        assert_eq!(right.empty_at, NOW.plus(Duration::from_secs(11 * 3600)));
        assert_eq!(right.set_right(RULE, NOW), right);
        assert_eq!(hammered.set_right(RULE, ahead), hammered);
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let hammered = (0..10_000).fold(UNTRIED, |bucket, _| bucket.take(RULE, NOW));
        assert_eq!(hammered.empty_at, NOW.plus(Duration::from_secs(11 * 3600)));
    }
}
