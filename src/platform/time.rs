//! Time as a value that is passed in: a use case asks the clock once and hands the answer down.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::BigInt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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

    /// Reads RFC 3339, such as `2026-11-22T08:15:00Z` or with another offset; `None` where it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok().map(Self)
    }

    /// Reads what a browser's field for date and time gives, in UTC: `2026-11-22T08:15`.
    pub fn parse_local(text: &str) -> Option<Self> {
        let whole = if text.len() == "2026-11-22T08:15".len() { format!("{text}:00Z") } else { format!("{text}Z") };
        Self::parse(&whole)
    }

    /// The same back; with seconds where there are any.
    pub fn local(self) -> String {
        let shown = if self.seconds() % 60 == 0 { "2026-11-22T08:15" } else { "2026-11-22T08:15:00" };
        self.rfc3339().chars().take(shown.len()).collect()
    }

    /// Midnight in UTC of a day: `2026-11-22`.
    pub fn parse_day(text: &str) -> Option<Self> {
        Self::parse(&format!("{text}T00:00:00Z"))
    }

    /// RFC 3339 in UTC, to the second: `2026-11-22T08:15:00Z`.
    pub fn rfc3339(self) -> String {
        let mut text = self.date_and_time();
        text.push('Z');
        text
    }

    /// The same to the millisecond: `2026-11-22T08:15:00.042Z`.
    pub fn rfc3339_millis(self) -> String {
        let mut text = self.date_and_time();
        let millis = self.0.rem_euclid(1000);
        text.push('.');
        push_digit(&mut text, millis / 100);
        push_two(&mut text, millis);
        text.push('Z');
        text
    }

    /// By hand, since every line of the log has one, and formatting took longer than the rest of the line.
    fn date_and_time(self) -> String {
        let (year, month, day) = civil(self.seconds().div_euclid(86_400));
        let second = self.seconds().rem_euclid(86_400);
        let mut text = String::with_capacity(24);
        match year {
            0..=9999 => [year / 100, year].into_iter().for_each(|part| push_two(&mut text, part)),
            _ => text.push_str(&year.to_string()),
        }
        for (before, number) in
            [('-', month), ('-', day), ('T', second / 3600), (':', second / 60 % 60), (':', second % 60)]
        {
            text.push(before);
            push_two(&mut text, number);
        }
        text
    }
}

impl serde::Serialize for UnixTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

/// The last two digits of a number.
fn push_two(text: &mut String, number: i64) {
    push_digit(text, number / 10);
    push_digit(text, number);
}

fn push_digit(text: &mut String, number: i64) {
    text.push(u8::try_from(number % 10).map_or('0', |digit| char::from(b'0' + digit)));
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
    fn a_moment_is_read_from_rfc_3339_and_from_a_browsers_field() {
        let moment = Some(UnixTime::from_seconds(951_827_696));
        assert_eq!(UnixTime::parse("2000-02-29T12:34:56Z"), moment);
        assert_eq!(UnixTime::parse("2000-02-29T14:34:56+02:00"), moment);
        assert_eq!(UnixTime::parse_local("2000-02-29T12:34:56"), moment);
        assert_eq!(UnixTime::parse("2000-02-29T12:34:56.042Z"), Some(UnixTime::from_millis(951_827_696_042)));
        assert_eq!(UnixTime::parse_day("2000-02-29"), Some(UnixTime::from_seconds(951_782_400)));
        assert_eq!(UnixTime::parse_day("2001-02-29"), None);
        let minute = UnixTime::parse_local("2000-02-29T12:34");
        assert_eq!(minute.map(UnixTime::local).as_deref(), Some("2000-02-29T12:34"));
        for wrong in
            ["", "2000-02-30T00:00:00Z", "2000-02-29", "tomorrow", "2000-02-29T12:34:56", "99999-01-01T00:00:00Z"]
        {
            assert_eq!(UnixTime::parse(wrong), None, "{wrong}");
        }
    }
}
