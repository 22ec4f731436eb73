//! The overview's charts.

use crate::platform::time::UnixTime;
use crate::statistics::Span;

pub struct Dashboard {
    pub spans: &'static str,
    pub(in crate::texts) day: &'static str,
    pub(in crate::texts) month: &'static str,
    pub(in crate::texts) year: &'static str,
    pub(in crate::texts) over_day: &'static str,
    pub(in crate::texts) over_month: &'static str,
    pub(in crate::texts) over_year: &'static str,
    pub sign_ins: &'static str,
    pub failures: &'static str,
    pub new_users: &'static str,
    pub sessions: &'static str,
    pub sessions_most: &'static str,
    pub(in crate::texts) people_one: &'static str,
    pub(in crate::texts) people_many: &'static str,
    pub nothing: &'static str,
    pub(in crate::texts) most: &'static str,
    pub table: &'static str,
    pub table_about: &'static str,
    pub counted: &'static str,
    pub from: &'static str,
    pub all_events: &'static str,
    pub(in crate::texts) date: &'static str,
    pub(in crate::texts) months: [&'static str; 12],
    /// What stands between thousands.
    pub(in crate::texts) thousands: &'static str,
}

impl Dashboard {
    pub fn span(&self, span: Span) -> &'static str {
        match span {
            Span::Day => self.day,
            Span::Month => self.month,
            Span::Year => self.year,
        }
    }

    /// The time that a figure is about.
    pub fn over(&self, span: Span) -> &'static str {
        match span {
            Span::Day => self.over_day,
            Span::Month => self.over_month,
            Span::Year => self.over_year,
        }
    }

    /// How many have an account.
    pub fn people(&self, count: i64) -> String {
        let pattern = if count == 1 { self.people_one } else { self.people_many };
        pattern.replace("{}", &self.number(count))
    }

    /// When there was how much at the most.
    pub fn most(&self, count: i64, when: &str) -> String {
        self.most.replace("{count}", &self.number(count)).replace("{when}", when)
    }

    /// The beginning of a part of a span, as its chart says it: an hour, or a day.
    pub fn moment(&self, span: Span, moment: UnixTime) -> String {
        let text = moment.rfc3339();
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        if span == Span::Day {
            return part(11..16).to_owned();
        }
        let number = |range| part(range).parse::<usize>().unwrap_or(1);
        let month = self.months.get(number(5..7).saturating_sub(1)).copied().unwrap_or_default();
        self.date.replace("{day}", &number(8..10).to_string()).replace("{month}", month)
    }

    /// A number as people write it.
    pub fn number(&self, number: i64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.char_indices() {
            let after_sign = place > usize::from(number < 0);
            if after_sign && (digits.len() - place).is_multiple_of(3) {
                text.push_str(self.thousands);
            }
            text.push(digit);
        }
        text
    }
}
