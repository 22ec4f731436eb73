//! Prometheus' text format, version 0.0.4: of each family its meaning, its type, and a line for each sample.

use std::fmt::{Display, Write};

use super::Histogram;

/// Names and values of labels.
type Labels<'a> = &'a [(&'static str, &'a str)];

/// What is written down so far.
#[derive(Default)]
pub struct Exposition(String);

impl Exposition {
    /// The type of its answer.
    pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

    /// What only grows, until the process starts again.
    pub fn counter(&mut self, name: &'static str, meaning: &str) -> Family<'_> {
        self.family(name, "counter", meaning)
    }

    /// What is so now.
    pub fn gauge(&mut self, name: &'static str, meaning: &str) -> Family<'_> {
        self.family(name, "gauge", meaning)
    }

    /// How long something took, in seconds.
    pub fn histogram(&mut self, name: &'static str, meaning: &str) -> Family<'_> {
        self.family(name, "histogram", meaning)
    }

    fn family(&mut self, name: &'static str, kind: &str, meaning: &str) -> Family<'_> {
        self.put(format_args!("# HELP {name} {meaning}\n# TYPE {name} {kind}\n"));
        Family { page: self, name }
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // A String takes everything.
        let _ = self.0.write_fmt(text);
    }

    pub fn into_text(self) -> String {
        self.0
    }
}

/// A family whose samples are being written.
pub struct Family<'p> {
    page: &'p mut Exposition,
    name: &'static str,
}

impl Family<'_> {
    pub fn sample(&mut self, labels: Labels<'_>, value: impl Display) {
        self.line("", labels, None, value);
    }

    pub fn times(&mut self, labels: Labels<'_>, histogram: &Histogram) {
        let cumulated = histogram.cumulated();
        for (bound, count) in Histogram::bounds().zip(cumulated) {
            self.line("_bucket", labels, Some(("le", bound)), count);
        }
        self.line("_sum", labels, None, histogram.sum().as_secs_f64());
        self.line("_count", labels, None, cumulated[cumulated.len() - 1]);
    }

    fn line(&mut self, suffix: &str, labels: Labels<'_>, more: Option<(&'static str, &str)>, value: impl Display) {
        self.page.put(format_args!("{}{suffix}", self.name));
        let mut before = '{';
        for (name, text) in labels.iter().copied().chain(more) {
            self.page.put(format_args!("{before}{name}=\"{}\"", Escaped(text)));
            before = ',';
        }
        let close = if before == '{' { "" } else { "}" };
        self.page.put(format_args!("{close} {value}\n"));
    }
}

/// A label's value, as it may stand between quotation marks.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '\\' => f.write_str("\\\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str("\\n"),
            other => f.write_char(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn families_are_written_as_prometheus_reads_them() {
        let mut page = Exposition::default();
        page.gauge("a_gauge", "What is so.").sample(&[], -3);
        page.counter("a_total", "How often.").sample(&[("path", "/a\"b\\c\nd"), ("method", "GET")], 7);
        let histogram = Histogram::default();
        histogram.took(Duration::from_millis(20));
        page.histogram("a_seconds", "How long.").times(&[("verb", "read")], &histogram);
        let text = page.into_text();
        assert!(text.starts_with("# HELP a_gauge What is so.\n# TYPE a_gauge gauge\na_gauge -3\n"), "{text}");
        assert!(text.contains("a_total{path=\"/a\\\"b\\\\c\\nd\",method=\"GET\"} 7\n"), "{text}");
        assert!(text.contains("a_seconds_bucket{verb=\"read\",le=\"0.01\"} 0\n"), "{text}");
        assert!(text.contains("a_seconds_bucket{verb=\"read\",le=\"0.025\"} 1\n"), "{text}");
        assert!(
            text.ends_with("le=\"+Inf\"} 1\na_seconds_sum{verb=\"read\"} 0.02\na_seconds_count{verb=\"read\"} 1\n")
        );
    }
}
