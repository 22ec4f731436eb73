//! Traces, sent to a collector that the test is.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::binary::Process;
use crate::harness::collector::Collector;
use crate::harness::database::Copy;
use crate::harness::{Home, PASSWORD, spawn_app, spawn_with, within};
use crate::metrics::scrape;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

fn attribute(of: &Value, name: &str) -> Option<String> {
    let found = of["attributes"].as_array()?.iter().find(|one| one["key"] == name)?;
    let text = found["value"]["stringValue"].as_str().or(found["value"]["intValue"].as_str());
    text.map(str::to_owned)
}

#[test]
fn a_request_is_a_span_and_what_it_waited_for_are_its_parts() {
    let collector = Collector::start();
    let app = spawn_with(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url)]);
    app.anon().post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(200);
    let (whole, all) = collector.trace_of("POST /token");
    assert_eq!((whole["kind"].as_i64(), whole.get("parentSpanId")), (Some(2), None));
    assert_eq!(attribute(&whole, "http.route").as_deref(), Some("/token"));
    assert_eq!(attribute(&whole, "http.response.status_code").as_deref(), Some("200"));
    let number = |span: &Value, name: &str| span[name].as_str().unwrap().parse::<u128>().unwrap();
    let (from, to) = (number(&whole, "startTimeUnixNano"), number(&whole, "endTimeUnixNano"));
    assert_eq!(from / 1_000_000_000, app.now() as u128);
    for part in all.iter().filter(|span| span["kind"] == 1) {
        assert_eq!(part["parentSpanId"], whole["spanId"]);
        let (begins, ends) = (number(part, "startTimeUnixNano"), number(part, "endTimeUnixNano"));
        assert!(from <= begins && begins <= ends && ends <= to, "{part}");
    }
    let names: Vec<&str> = all.iter().map(|span| span["name"].as_str().unwrap()).collect();
    for expected in ["hash", "database read", "database write"] {
        assert!(names.contains(&expected), "{expected} in {names:?}");
    }
    assert_eq!(attribute(&collector.resource(), "service.name").as_deref(), Some("vestibule"));
}

#[test]
fn it_belongs_to_the_trace_of_whoever_sent_it_and_the_log_and_the_answer_name_it() {
    let collector = Collector::start();
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url)]);
    let sent = format!("00-{TRACE}-{SPAN}-01");
    let answer = server.anon().get("/users/me").with("traceparent", &sent).send().expect(401);
    let (span, _) = collector.trace_of("GET /users/me");
    assert_eq!((span["traceId"].as_str(), span["parentSpanId"].as_str()), (Some(TRACE), Some(SPAN)));
    assert_eq!(attribute(&span, "vestibule.request_id").as_deref(), answer.header("x-request-id"));
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("not-authenticated"));
    assert_eq!(span["status"]["code"], 0, "a refusal is no error of the server");
    within(Duration::from_secs(5), "the log names it", || server.log().contains(&format!("\"trace\":\"{TRACE}\"")));
}

#[test]
fn no_secret_and_nothing_of_a_person_is_in_a_trace() {
    let collector = Collector::start();
    let app = spawn_with(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url)]);
    let alice = app.alice();
    alice.get("/users/me/sessions?limit=1").send().expect(200);
    alice.delete("/users/me/sessions/somebodys").send().expect(404);
    let (_, all) = collector.trace_of("DELETE /users/me/sessions/{id}");
    let (_, more) = collector.trace_of("POST /token");
    let told = format!("{all:?}{more:?}");
    for hidden in ["alice", PASSWORD, "limit", "somebodys", "127.0.0.1", alice.refresh_token(), &alice.id()] {
        assert!(!told.contains(hidden), "{hidden} in {told}");
    }
}

#[test]
fn what_is_not_sampled_is_not_recorded_and_only_our_own_can_ask_for_more_than_the_share() {
    let collector = Collector::start();
    let none = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()), ("OTEL_TRACES_SAMPLER_ARG", "0")];
    let app = spawn_with(&none);
    app.anon().get("/health").with("traceparent", &format!("00-{TRACE}-{SPAN}-01")).send().expect(200);
    let ours = spawn_with(&[none[0], none[1], ("TRUSTED_PROXIES", "127.0.0.1")]);
    ours.anon().get("/health/ready").with("traceparent", &format!("00-{TRACE}-{SPAN}-01")).send().expect(200);
    let whole = spawn_with(&[none[0]]);
    whole.anon().get("/openapi.json").with("traceparent", &format!("00-{TRACE}-{SPAN}-00")).send().expect(200);
    whole.anon().get("/favicon.ico").with("traceparent", "00-nonsense-01").send().expect(200);
    collector.trace_of("GET /health/ready");
    collector.trace_of("GET /favicon.ico");
    let names: Vec<Value> = collector.spans().iter().map(|span| span["name"].clone()).collect();
    assert!(!names.iter().any(|name| *name == "GET /health" || *name == "GET /openapi.json"), "{names:?}");
}

#[test]
fn a_collector_that_is_busy_gets_them_later_with_the_headers_that_are_set() {
    let collector = Collector::busy(1);
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20c2VjcmV0, x-tenant=one");
    let app = spawn_with(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url), headers]);
    app.anon().get("/health").send().expect(200);
    collector.trace_of("GET /health");
    assert_eq!(collector.header("authorization").as_deref(), Some("Basic c2VjcmV0"));
    assert_eq!(collector.header("x-tenant").as_deref(), Some("one"));
    let told = scrape(&app.anon());
    assert!(told["vestibule_traces_total{outcome=\"sent\"}"] >= 1.0);
    let shown = app.admin().get("/api/settings").send().expect(200).text();
    assert!(!shown.contains("c2VjcmV0") && shown.contains("***"));
}

#[test]
fn a_collector_that_is_away_costs_spans_and_nothing_else() {
    let app = spawn_with(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")]);
    let began = Instant::now();
    (0..200).for_each(|_| drop(app.anon().get("/health").send().expect(200)));
    assert!(began.elapsed() < Duration::from_secs(5));
    within(Duration::from_secs(15), "they are given up", || {
        scrape(&app.anon())["vestibule_traces_total{outcome=\"lost\"}"] >= 1.0
    });
}

#[test]
fn the_last_traces_are_sent_before_the_process_ends() {
    let collector = Collector::start();
    let home = Home::new(Copy::Peopled);
    let mut server = Process::serve(&home, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url)]);
    server.anon().get("/openapi.json").send().expect(200);
    server.signal("INT");
    assert_eq!(server.ended(Duration::from_secs(10)), Some(0));
    assert!(collector.spans().iter().any(|span| span["name"] == "GET /openapi.json"));
}

#[test]
fn without_a_collector_there_are_no_traces() {
    let app = spawn_app();
    assert!(!app.app.traces.are_on());
    app.anon().get("/health").with("traceparent", &format!("00-{TRACE}-{SPAN}-01")).send().expect(200);
    assert!(!scrape(&app.anon()).keys().any(|name| name.starts_with("vestibule_traces_total")));
}
