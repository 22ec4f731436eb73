//! Spans as OTLP has them in JSON (opentelemetry-proto, `ExportTraceServiceRequest`): ids in hexadecimal, 64-bit numbers as text.

use serde_json::{Value as Json, json};

use super::recording::{Span, Value};
use crate::platform::hex::hex;

/// The body of one request to the collector.
pub fn body(service: &str, instance: &str, spans: &[Span]) -> Vec<u8> {
    let resource =
        [("service.name", service), ("service.version", env!("CARGO_PKG_VERSION")), ("service.instance.id", instance)];
    let attributes: Vec<Json> =
        resource.iter().map(|(name, text)| attribute(name, &Value::Text((*text).into()))).collect();
    let spans: Vec<Json> = spans.iter().map(span).collect();
    let scope = json!({"name": "vestibule", "version": env!("CARGO_PKG_VERSION")});
    let request = json!({"resourceSpans": [{
        "resource": {"attributes": attributes},
        "scopeSpans": [{"scope": scope, "spans": spans}],
    }]});
    request.to_string().into_bytes()
}

fn span(span: &Span) -> Json {
    let attributes: Vec<Json> = span.attributes.iter().map(|(name, value)| attribute(name, value)).collect();
    let mut told = json!({
        "traceId": hex(&span.trace),
        "spanId": hex(&span.id),
        "name": span.name,
        "kind": span.kind as i32,
        "startTimeUnixNano": span.from.to_string(),
        "endTimeUnixNano": span.to.to_string(),
        "attributes": attributes,
        // 0: unset, 2: an error.
        "status": {"code": if span.failed { 2 } else { 0 }},
    });
    if let Some(parent) = &span.parent {
        told["parentSpanId"] = hex(parent).into();
    }
    told
}

fn attribute(name: &str, value: &Value) -> Json {
    let value = match value {
        Value::Text(text) => json!({"stringValue": text}),
        Value::Number(number) => json!({"intValue": number.to_string()}),
    };
    json!({"key": name, "value": value})
}
