//! Time as a value that is passed in: a use case asks the clock once and hands the answer down.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::BigInt;

/// A moment, as milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct UnixTime(i64);

impl UnixTime {
    /// A moment that does not come.
    pub const NEVER: Self = Self(i64::MAX);

    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// The beginning of a day in UTC, from `2027-01-31`; `None` where there is no such day.
    pub fn from_date(text: &str) -> Option<Self> {
        day_number(text).map(|day| Self::from_seconds(day * 86_400))
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The column's value, borrowed, as Diesel's `ToSql` wants it.
    pub(in crate::platform) const fn as_raw(&self) -> &i64 {
        &self.0
    }

    /// Whole seconds, rounded down: the NumericDate of RFC 7519 section 2.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was; zero where it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 in UTC, to the second: `2026-11-22T08:15:00Z`.
    pub fn rfc3339(self) -> String {
        format!("{}Z", self.date_and_time())
    }

    /// The same to the millisecond: `2026-11-22T08:15:00.042Z`.
    pub fn rfc3339_millis(self) -> String {
        format!("{}.{:03}Z", self.date_and_time(), self.0.rem_euclid(1000))
    }

    /// A moment as RFC 3339 writes it, in whichever zone. Midnight in UTC where there is only a date, UTC where there is no zone.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00"));
        let (clock, zone) = match time.find(['Z', 'z', '+', '-']) {
            Some(at) => time.split_at(at),
            None => (time, "Z"),
        };
        let seconds = day_number(date)?.checked_mul(86_400)?.checked_sub(offset(zone)?)?;
        Some(Self(seconds.checked_mul(1000)?.checked_add(millis_of_day(clock)?)?))
    }

    fn date_and_time(self) -> String {
        let (year, month, day) = civil(self.seconds().div_euclid(86_400));
        let second = self.seconds().rem_euclid(86_400);
        let (hour, minute) = (second / 3600, second / 60 % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}", second % 60)
    }
}

impl serde::Serialize for UnixTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

/// Year, month and day of a day number (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil(day_number: i64) -> (i64, i64, i64) {
    let shifted = day_number + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// So many decimal digits, and nothing else.
fn digits(text: &str, count: usize) -> Option<i64> {
    let sound = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if sound { text.parse().ok() } else { None }
}

/// The number of a day, `2026-11-22`, counted from 1970 on; `None` where there is no such day.
fn day_number(date: &str) -> Option<i64> {
    let [year, month, day] = date.split('-').collect::<Vec<_>>().try_into().ok()?;
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let shifted_year = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let number = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    // Back again: the 30th of February has become another day.
    (civil(number) == (year, month, day)).then_some(number)
}

/// Milliseconds since midnight of `08:15`, `08:15:00` or `08:15:00.042`.
fn millis_of_day(clock: &str) -> Option<i64> {
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = whole.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |second| digits(second, 2))?;
    let sound = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    let fraction = digits(fraction, fraction.len()).filter(|_| (1..=9).contains(&fraction.len())).map(|_| fraction)?;
    let millis = format!("{fraction:0<3}").get(..3)?.parse::<i64>().ok()?;
    sound.then_some(((hour * 60 + minute) * 60 + second) * 1000 + millis)
}

/// How many seconds a zone, `Z` or `+02:00`, is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Where the present moment comes from: the system, or a hand that a test moves.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    Set(Arc<AtomicI64>),
}

impl Clock {
    pub fn set_at(moment: UnixTime) -> Self {
        Self::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    pub fn now(&self) -> UnixTime {
        match self {
            Self::System => system_now(),
            Self::Set(hand) => UnixTime(hand.load(Ordering::SeqCst)),
        }
    }

    /// Moves a set clock on; the system's own goes by itself.
    pub fn advance(&self, span: Duration) {
        if let Self::Set(hand) = self {
            let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
            hand.fetch_add(millis, Ordering::SeqCst);
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
fn system_now() -> UnixTime {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::UnixTime;

    #[test]
    fn a_moment_is_written_as_rfc_3339() {
        assert_eq!(UnixTime::from_seconds(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(UnixTime::from_seconds(951_827_696).rfc3339(), "2000-02-29T12:34:56Z");
        assert_eq!(UnixTime::from_seconds(4_107_542_399).rfc3339(), "2100-02-28T23:59:59Z");
        assert_eq!(UnixTime::from_millis(-1).rfc3339(), "1969-12-31T23:59:59Z");
        assert_eq!(UnixTime::from_millis(-1).rfc3339_millis(), "1969-12-31T23:59:59.999Z");
        for date in ["1970-01-01", "2000-02-29", "2100-02-28", "2026-12-31"] {
            assert_eq!(UnixTime::from_date(date).map(|day| day.rfc3339()), Some(format!("{date}T00:00:00Z")));
        }
        for wrong in ["", "2026", "2026-02-30", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "2026-01-01T"] {
            assert_eq!(UnixTime::from_date(wrong), None, "{wrong}");
        }
        assert_eq!(UnixTime::from_millis(1042).rfc3339_millis(), "1970-01-01T00:00:01.042Z");
    }

    #[test]
    fn a_moment_is_read_as_rfc_3339_writes_it() {
        for millis in [0, -1, 1042, 951_827_696_000, 4_107_542_399_999, -62_135_596_800_000] {
            let moment = UnixTime::from_millis(millis);
            assert_eq!(UnixTime::parse_rfc3339(&moment.rfc3339_millis()), Some(moment));
        }
        let morning = UnixTime::parse_rfc3339("2026-11-22T08:15:00Z");
        assert_eq!(UnixTime::parse_rfc3339("2026-11-22t09:15:00.0+01:00"), morning);
        assert_eq!(UnixTime::parse_rfc3339("2026-11-22 03:45-04:30"), morning);
        assert_eq!(UnixTime::parse_rfc3339("2026-11-22"), UnixTime::parse_rfc3339("2026-11-22T00:00:00Z"));
        for wrong in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-02-30",
            "2026-11-22T25:00Z",
            "2026-11-22T08:15:00.Z",
            "26-11-22",
            "2026-11-22T08:15:00+2",
            "2026-11-22T",
            "2026-11-22T08:15:00.x",
            "+999999-01-01",
            "2026-11-22T08:15:00Zé",
        ] {
            assert_eq!(UnixTime::parse_rfc3339(wrong), None, "{wrong}");
        }
    }
}
