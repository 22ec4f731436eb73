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

    /// Reads RFC 3339, and what PostgreSQL and others make of it: a space for the `T`, a short offset or none, which is UTC.
    /// `None` where the text is no moment of the years 1970 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, clock) = text.trim().split_once(['T', 't', ' '])?;
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i64>().ok()).flatten();
        let [year, month, day] = three(date, '-', number)?;
        let at = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
        let (clock, offset) = clock.split_at(at);
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let [hour, minute, second] = three(clock, ':', number)?;
        let sound = (1970..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60;
        let millis = number(&fraction.chars().chain("000".chars()).take(3).collect::<String>())?;
        let days = day_number(year, month, day);
        let local = ((days * 24 + hour) * 60 + minute) * 60 + second - offset_seconds(offset, number)?;
        (sound && civil(days) == (year, month, day)).then_some(Self(local * 1000 + millis))
    }

    /// RFC 3339 in UTC, to the second: `2026-11-22T08:15:00Z`.
    pub fn rfc3339(self) -> String {
        format!("{}Z", self.date_and_time())
    }

    /// The same to the millisecond: `2026-11-22T08:15:00.042Z`.
    pub fn rfc3339_millis(self) -> String {
        format!("{}.{:03}Z", self.date_and_time(), self.0.rem_euclid(1000))
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

/// The other way around.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn three(text: &str, mark: char, number: impl Fn(&str) -> Option<i64>) -> Option<[i64; 3]> {
    let mut parts = text.split(mark);
    let three = [number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?];
    parts.next().is_none().then_some(three)
}

/// `Z`, nothing, `+02`, `+02:00` or `+0200`, in seconds.
fn offset_seconds(text: &str, number: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    let (sign, rest) = match text.as_bytes().first() {
        None | Some(b'Z' | b'z') if text.len() <= 1 => return Some(0),
        Some(b'+') => (1, &text[1..]),
        Some(b'-') => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').or_else(|| rest.split_at_checked(2)).unwrap_or((rest, ""));
    let (hours, minutes) = (number(hours)?, if minutes.is_empty() { 0 } else { number(minutes)? });
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
        assert_eq!(UnixTime::from_millis(1042).rfc3339_millis(), "1970-01-01T00:00:01.042Z");
    }

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        for millis in [0, 951_827_696_042, 4_107_542_399_000, 1_893_456_000_001] {
            let moment = UnixTime::from_millis(millis);
            assert_eq!(UnixTime::parse(&moment.rfc3339_millis()), Some(moment));
        }
        let noon = UnixTime::parse("2024-02-29T12:00:00Z");
        for same in [
            "2024-02-29 12:00:00+00",
            "2024-02-29T14:00:00.000000+02:00",
            "2024-02-29 07:00:00-0500",
            "2024-02-29T12:00:00",
        ] {
            assert_eq!(UnixTime::parse(same), noon, "{same}");
        }
        for wrong in [
            "",
            "2024-02-30T12:00:00Z",
            "2024-02-29",
            "yesterday",
            "2024-02-29T25:00:00Z",
            "1969-12-31T00:00:00Z",
            "2024-02-29T12:00:00X",
            "2024-+2-29T12:00:00Z",
        ] {
            assert_eq!(UnixTime::parse(wrong), None, "{wrong}");
        }
    }
}
