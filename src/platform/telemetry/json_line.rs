//! An event of the log as one line of JSON: `{"timestamp":…,"level":…,"message":…,FIELDS}`.
//!
//! Every request writes a line, and tracing-subscriber's own JSON, which goes by way of a map, took a fifth of what a
//! request with a token costs. Here a field goes straight into the line.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::platform::time::Clock;

pub(super) struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut line: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let (timestamp, level) = (Clock::System.now().rfc3339_millis(), event.metadata().level());
        for part in [r#"{"timestamp":""#, &timestamp, r#"","level":""#, level.as_str(), "\""] {
            line.write_str(part)?;
        }
        let mut fields = Fields { line: &mut line, result: Ok(()) };
        event.record(&mut fields);
        fields.result?;
        line.write_str("}\n")
    }
}

/// Appends each field; the first failure stays, since a visitor can't return it.
struct Fields<'l, 'w> {
    line: &'l mut Writer<'w>,
    result: fmt::Result,
}

impl Fields<'_, '_> {
    fn put(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        if self.result.is_ok() {
            self.result = self.name(field).and_then(|()| value(self.line));
        }
    }

    fn name(&mut self, field: &Field) -> fmt::Result {
        self.line.write_str(",\"")?;
        self.line.write_str(field.name())?;
        self.line.write_str("\":")
    }

    fn put_text(&mut self, field: &Field, value: impl FnOnce(&mut Escaped<'_, '_>) -> fmt::Result) {
        self.put(field, |line| {
            line.write_char('"')?;
            value(&mut Escaped(line))?;
            line.write_char('"')
        });
    }
}

impl Visit for Fields<'_, '_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, |line| write!(line, "{value}"));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, |line| write!(line, "{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, |line| write!(line, "{value}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put_text(field, |line| line.write_str(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put_text(field, |line| write!(line, "{value:?}"));
    }
}

/// What is written here arrives as the inside of a JSON string (RFC 8259 section 7).
struct Escaped<'l, 'w>(&'l mut Writer<'w>);

impl Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Without a way out of the loop, so that it looks at many bytes at once; nearly every text is plain.
        if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
            return self.0.write_str(text);
        }
        let mut plain_from = 0;
        for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| !is_plain(*byte)) {
            self.0.write_str(&text[plain_from..at])?;
            match byte {
                b'"' | b'\\' => write!(self.0, "\\{}", char::from(byte))?,
                _ => write!(self.0, "\\u{byte:04x}")?,
            }
            plain_from = at + 1;
        }
        self.0.write_str(&text[plain_from..])
    }
}

fn is_plain(byte: u8) -> bool {
    (byte >= 0x20) & (byte != b'"') & (byte != b'\\')
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::JsonLine;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_event_is_one_line_of_json_whatever_its_fields_hold() {
        let kept = Kept::default();
        let writer = kept.clone();
        let lines = tracing_subscriber::fmt().event_format(JsonLine).with_writer(move || writer.clone()).finish();
        let nasty = "a\"b\\c\nd\u{1}ä\u{202e}";
        let absent: Option<&str> = None;
        tracing::subscriber::with_default(lines, || {
            tracing::warn!(nasty, shown = %nasty, debugged = ?nasty, absent, number = -3, share = 0.5, yes = true, "one \"line\"");
        });
        let written = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(written.matches('\n').count(), 1, "{written}");
        let line: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "one \"line\"");
        assert_eq!((&line["nasty"], &line["shown"]), (&nasty.into(), &nasty.into()));
        assert_eq!(line["debugged"], format!("{nasty:?}"));
        assert_eq!((&line["number"], &line["share"], &line["yes"]), (&(-3).into(), &"0.5".into(), &true.into()));
        assert_eq!(line.get("absent"), None);
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }
}
