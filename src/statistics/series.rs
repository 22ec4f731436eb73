//! What was counted, as it is shown: a day by the hour, a month by the day, a year by the week.

use super::store;
use super::{DAY, Grain, HOUR, Measure, Refusal};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::db::{Conn, Fault};
use crate::platform::time::UnixTime;

const WEEK: i64 = 7 * DAY;
/// 1970-01-05, the first Monday.
const FIRST_MONDAY: i64 = 4 * DAY;

/// How far back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// 24 hours, by the hour.
    Day,
    /// 30 days, by the day.
    Month,
    /// 52 weeks, by the week, which begins on Monday.
    Year,
}

impl Span {
    pub const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.word() == word)
    }

    fn grain(self) -> Grain {
        if self == Self::Day { Grain::Hour } else { Grain::Day }
    }

    /// How long each part is, and how many there are.
    fn parts(self) -> (i64, usize) {
        match self {
            Self::Day => (HOUR, 24),
            Self::Month => (DAY, 30),
            Self::Year => (WEEK, 52),
        }
    }

    /// When the part began that a moment lies in.
    fn start_of(self, millis: i64) -> i64 {
        match self {
            Self::Day => Grain::Hour.start_of(millis),
            Self::Month => Grain::Day.start_of(millis),
            Self::Year => millis - (millis - FIRST_MONDAY).rem_euclid(WEEK),
        }
    }
}

/// One part of a span.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub from: UnixTime,
    pub sign_ins: i64,
    pub failures: i64,
    pub new_users: i64,
    /// At the most; nothing where nobody has looked.
    pub sessions: Option<i64>,
}

/// What is so now, or was when somebody looked last.
#[derive(Clone, Debug, Default)]
pub struct Current {
    pub at: Option<UnixTime>,
    pub sessions: i64,
    pub users: i64,
}

/// A span, its oldest part first.
#[derive(Clone, Debug)]
pub struct Series {
    pub span: Span,
    pub buckets: Vec<Bucket>,
    pub current: Current,
}

/// What was counted over a span, up to now.
///
/// # Errors
/// Without `users:read`; a fault.
pub async fn read(app: &App, caller: &Caller, span: Span) -> Result<Series, Refusal> {
    caller.must(words::USERS_READ)?;
    let now = app.now();
    Ok(app.db.survey(move |conn| gather(conn, span, now)).await?)
}

fn gather(conn: &mut Conn, span: Span, now: UnixTime) -> Result<Series, Fault> {
    let (length, count) = span.parts();
    let last = span.start_of(now.millis());
    let first = last - length * (i64::try_from(count).unwrap_or(1) - 1);
    let empty = |n: i64| Bucket {
        from: UnixTime::from_millis(first + n * length),
        sign_ins: 0,
        failures: 0,
        new_users: 0,
        sessions: None,
    };
    let mut buckets: Vec<Bucket> = (0_i64..).take(count).map(empty).collect();
    for (measure, at, value) in store::since(conn, span.grain(), first)? {
        let place = usize::try_from((at - first) / length).ok();
        if let Some(bucket) = place.and_then(|place| buckets.get_mut(place)) {
            bucket.add(measure, value);
        }
    }
    Ok(Series { span, buckets, current: current(conn)? })
}

impl Bucket {
    fn add(&mut self, measure: Measure, value: i64) {
        match measure {
            Measure::SignIns => self.sign_ins += value,
            Measure::Failures => self.failures += value,
            Measure::NewUsers => self.new_users += value,
            Measure::Sessions => self.sessions = Some(self.sessions.unwrap_or(0).max(value)),
            Measure::Users => {}
        }
    }
}

pub(super) fn current(conn: &mut Conn) -> Result<Current, Fault> {
    let mut current = Current::default();
    for (measure, at, value) in store::since(conn, Grain::Now, 0)? {
        match measure {
            Measure::Sessions => current.sessions = value,
            Measure::Users => current.users = value,
            _ => continue,
        }
        current.at = Some(UnixTime::from_millis(at));
    }
    Ok(current)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_days_at_midnight_in_utc() {
        let start = |span: Span, text: &str| {
            let moment = UnixTime::parse(text).expect("a moment");
            UnixTime::from_millis(span.start_of(moment.millis())).rfc3339()
        };
        // 2026-11-22 was a Sunday.
        assert_eq!(start(Span::Year, "2026-11-22T23:59:59Z"), "2026-11-16T00:00:00Z");
        assert_eq!(start(Span::Year, "2026-11-23T00:00:00Z"), "2026-11-23T00:00:00Z");
        assert_eq!(start(Span::Month, "2026-11-22T23:59:59Z"), "2026-11-22T00:00:00Z");
        assert_eq!(start(Span::Day, "2026-11-22T23:59:59Z"), "2026-11-22T23:00:00Z");
    }
}
