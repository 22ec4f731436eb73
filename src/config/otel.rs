//! Where traces go: OpenTelemetry's own settings, as far as they are heeded here.

use percent_encoding::percent_decode_str;
use url::Url;

use super::values::{Values, without_password};
use crate::platform::traces;

/// Nothing where no collector is named.
pub(super) fn traces(values: &Values) -> Result<Option<traces::Settings>, String> {
    let share = |text: &str| {
        let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
        share.ok_or("a number from 0 to 1")
    };
    let endpoint = values.given("OTEL_EXPORTER_OTLP_ENDPOINT").map(endpoint).transpose()?;
    let headers = values.given("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default();
    let settings = |endpoint: &str| -> Result<traces::Settings, String> {
        Ok(traces::Settings {
            endpoint: endpoint.to_owned(),
            shown: without_password(endpoint),
            headers: otlp_headers(headers)?,
            service: values.text("OTEL_SERVICE_NAME"),
            share: values.parsed("OTEL_TRACES_SAMPLER_ARG", share)?,
        })
    };
    endpoint.map(settings).transpose()
}

fn endpoint(text: &str) -> Result<&str, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let may_be = "a URL such as http://localhost:4318";
    url.map(|_| text)
        .ok_or_else(|| format!("OTEL_EXPORTER_OTLP_ENDPOINT is {:?}; it may be {may_be}", without_password(text)))
}

/// Values may be percent-encoded, as OpenTelemetry has it. A wrong one is not shown: they are secrets mostly.
fn otlp_headers(text: &str) -> Result<Vec<(String, traces::Secret)>, String> {
    let read = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
        let plain = value.bytes().all(|b| matches!(b, 0x20..=0x7e));
        (named && plain).then(|| (name.to_owned(), traces::Secret::new(&value)))
    };
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| read(pair).ok_or("OTEL_EXPORTER_OTLP_HEADERS may be name=value, separated by commas".to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(endpoint: &str) -> Result<Option<traces::Settings>, String> {
        traces(&Values::new([("OTEL_EXPORTER_OTLP_ENDPOINT".to_owned(), endpoint.to_owned())].into()))
    }

    #[test]
    fn the_collectors_password_is_shown_neither_where_it_is_taken_nor_where_it_is_refused() {
        let settings = read("http://us:hidden@collector:4318").ok().flatten();
        assert_eq!(settings.map(|settings| settings.shown).as_deref(), Some("http://us:***@collector:4318/"));
        let why = read("htp://us:hidden@collector:4318").err().unwrap_or_default();
        assert!(why.contains("http://localhost:4318") && !why.contains("hidden"), "{why}");
    }
}
