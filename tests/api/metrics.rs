//! What Prometheus collects: who may, and that the figures are those of what happened.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, at_once, spawn_app, spawn_with, within};

/// The samples, by name and labels as they are written.
pub fn scrape(person: &Person) -> BTreeMap<String, f64> {
    let text = person.get("/metrics").send().expect(200).text();
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        (name.to_owned(), value.parse().expect("a number"))
    };
    text.lines().filter(|line| !line.starts_with('#')).map(sample).collect()
}

fn requests(app: &TestApp, route: &str, method: &str, status: u16) -> f64 {
    let name = format!("vestibule_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}");
    scrape(&app.anon()).get(&name).copied().unwrap_or(0.0)
}

#[test]
fn requests_are_counted_by_pattern_method_and_status_and_nobody_makes_up_labels() {
    let app = spawn_app();
    let alice = app.alice();
    for n in 0..3 {
        alice.delete(&format!("/users/me/sessions/somebodys-{n}")).send().expect(404);
        app.anon().get(&format!("/nowhere/{n}?page={n}")).send().expect(404);
        assert_eq!(app.raw_status("BREW /login", ""), 405);
    }
    // Refused before any route took it.
    app.anon().get("/users/me?password=x").send().expect(400);
    assert_eq!(requests(&app, "/users/me/sessions/{id}", "DELETE", 404), 3.0);
    assert_eq!(requests(&app, "(none)", "GET", 404), 3.0);
    assert_eq!(requests(&app, "/login", "other", 405), 3.0);
    assert_eq!(requests(&app, "/users/me", "GET", 400), 1.0);
    let text = app.anon().get("/metrics").send().text();
    assert!(!text.contains("somebodys") && !text.contains("nowhere") && !text.contains("BREW"), "{text}");
}

#[test]
fn every_request_is_in_the_histogram_of_its_route() {
    let app = spawn_app();
    let alice = app.alice();
    (0..5).for_each(|_| drop(alice.get("/protected").send().expect(200)));
    let told = scrape(&app.anon());
    let of = |suffix: &str, more: &str| {
        told[&format!("vestibule_http_request_duration_seconds_{suffix}{{route=\"/protected\",method=\"GET\"{more}}}")]
    };
    assert_eq!((of("count", ""), of("bucket", ",le=\"+Inf\"")), (5.0, 5.0));
    assert!(of("sum", "") > 0.0 && of("bucket", ",le=\"0.0005\"") <= of("bucket", ",le=\"10\""));
}

#[test]
fn no_count_is_lost_where_many_ask_at_once() {
    let app = spawn_app();
    at_once(8, |_| (0..50).for_each(|_| drop(app.anon().get("/health").send().expect(200))));
    assert_eq!(requests(&app, "/health", "GET", 200), 400.0);
}

#[test]
fn sign_ins_hashes_sessions_and_events_are_told() {
    let app = spawn_app();
    app.alice();
    app.anon().post("/token").form(&[("username", "alice"), ("password", "wrong horse")]).send().expect(401);
    app.anon().post("/token").form(&[("username", "nobody"), ("password", "wrong horse")]).send().expect(401);
    let told = scrape(&app.anon());
    assert_eq!(told["vestibule_sign_ins_total{outcome=\"succeeded\"}"], 1.0);
    assert_eq!(told["vestibule_sign_ins_total{outcome=\"failed\"}"], 2.0);
    assert_eq!(told["vestibule_audit_events_total{event=\"signin.failed\"}"], 2.0);
    assert_eq!(told["vestibule_hash_duration_seconds_count"], 3.0);
    assert_eq!((told["vestibule_hash_queue_length"], told["vestibule_hash_refused_total"]), (0.0, 0.0));
    assert!(told["vestibule_hash_queue_capacity"] >= 4.0);
    assert!(told["vestibule_database_wait_seconds_count{verb=\"write\"}"] > 0.0);
    assert!(told["vestibule_database_run_seconds_count{verb=\"read\"}"] > 0.0);
    // The clock of the job that counts them is the machine's.
    within(Duration::from_secs(10), "the living are counted", || {
        scrape(&app.anon()).get("vestibule_sessions").is_some_and(|sessions| *sessions >= 1.0)
    });
    assert!(scrape(&app.anon())["vestibule_users"] >= 3.0);
}

#[test]
fn what_is_held_in_memory_of_ended_sessions_is_told() {
    let app = spawn_app();
    let before = scrape(&app.anon())["vestibule_revocations_in_memory"];
    app.alice().post("/logout").send().expect(204);
    assert_eq!(scrape(&app.anon())["vestibule_revocations_in_memory"], before + 1.0);
}

#[test]
fn jobs_tell_when_they_ran_and_mails_what_became_of_them() {
    let app = spawn_app();
    app.anon().post("/forgot").form(&[("email", "alice@example.com")]).send();
    within(Duration::from_secs(10), "a mail went out", || {
        scrape(&app.anon())["vestibule_mails_total{outcome=\"sent\"}"] >= 1.0
    });
    within(Duration::from_secs(10), "the jobs have run", || {
        let told = scrape(&app.anon());
        ["revocations", "mail", "tidy_sessions", "audit_proof", "watch", "census"].iter().all(|job| {
            let done = told.get(&format!("vestibule_job_runs_total{{job=\"{job}\",outcome=\"done\"}}"));
            done.is_some_and(|runs| *runs >= 1.0)
        })
    });
    let told = scrape(&app.anon());
    assert_eq!(told["vestibule_job_last_run_timestamp_seconds{job=\"tidy_sessions\"}"], app.now() as f64);
    assert!(told["vestibule_audit_log_proven"] == 1.0 && told["vestibule_mails_waiting"] >= 0.0);
}

#[test]
fn a_job_that_fails_is_counted_as_such() {
    let app = spawn_app();
    app.home.database.run("ALTER TABLE revocations RENAME TO elsewhere");
    within(Duration::from_secs(10), "the failure is counted", || {
        let name = "vestibule_job_runs_total{job=\"revocations\",outcome=\"failed\"}";
        scrape(&app.anon()).get(name).is_some_and(|runs| *runs >= 1.0)
    });
}

#[test]
fn tries_that_were_stopped_are_counted_each_time() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    let form = [("username", "alice"), ("password", "wrong horse")];
    let statuses: Vec<u16> = (0..20).map(|_| app.anon().post("/token").form(&form).send().status).collect();
    let stopped = statuses.iter().filter(|status| **status == 429).count();
    assert!(stopped > 1, "{statuses:?}");
    assert_eq!(scrape(&app.anon())["vestibule_tries_stopped_total"], stopped as f64);
}

#[test]
fn the_process_and_the_build_are_told() {
    let told = scrape(&spawn_app().anon());
    assert!(told["process_resident_memory_bytes"] > 1e6 && told["process_cpu_seconds_total"] > 0.0);
    assert!(told["process_open_fds"] > 3.0 && told["process_threads"] > 1.0);
    let build = told.keys().find(|name| name.starts_with("vestibule_build_info{version=")).expect("the build");
    assert!(build.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn it_is_prometheus_text_and_kept_nowhere() {
    let answer = spawn_app().anon().get("/metrics").send().expect(200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let text = answer.text();
    assert!(text.ends_with('\n') && text.starts_with("# HELP "));
    for name in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = name.split(' ').next().unwrap();
        assert_eq!(text.matches(&format!("# TYPE {name} ")).count(), 1, "{name} is one family");
    }
}

#[test]
fn from_elsewhere_it_takes_a_token_or_a_key_with_the_permission() {
    let app = spawn_with(&[("METRICS_FROM", "10.1.0.0/16")]);
    app.anon().get("/metrics").send().refused(401, "Not authenticated");
    app.alice().get("/metrics").send().refused(403, "This needs the permission settings:read, which you do not hold.");
    app.admin().get("/metrics").send().expect(200);
    let nobody = spawn_with(&[("METRICS_FROM", "none")]);
    nobody.anon().get("/metrics").send().expect(401);
    spawn_with(&[("METRICS_FROM", "0.0.0.0/0")]).anon().get("/metrics").send().expect(200);
}

#[test]
fn the_address_counts_only_where_it_is_the_clients() {
    // From the proxy itself, and for a client behind it.
    let behind = spawn_with(&[("TRUSTED_PROXIES", "127.0.0.1"), ("PUBLIC_URL", "https://id.example.com")]);
    behind.anon().get("/metrics").send().expect(200);
    behind.anon().get("/metrics").with("X-Forwarded-For", "203.0.113.9").send().expect(401);
    behind.anon().get("/metrics").with("X-Forwarded-For", "127.0.0.1, 203.0.113.9").send().expect(401);
    // A proxy that nobody has declared: everybody comes from its address.
    let undeclared = spawn_with(&[("PUBLIC_URL", "https://id.example.com")]);
    undeclared.anon().get("/metrics").send().expect(401);
    let app = spawn_app();
    app.anon().get("/metrics").with("X-Forwarded-For", "127.0.0.1").send().expect(401);
    app.anon().get("/metrics").with("Forwarded", "for=127.0.0.1").send().expect(401);
    app.program(&[("username", "root"), ("password", PASSWORD)]).get("/metrics").send().expect(200);
}

/// Families as they are exposed, with their types.
fn families(app: &TestApp) -> BTreeMap<String, String> {
    let text = app.anon().get("/metrics").send().expect(200).text();
    let lines = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    lines.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect()
}

/// Every name of a metric in a text.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let metric =
        |word: &&str| ["vestibule_", "process_"].iter().any(|start| word.starts_with(start)) && !word.ends_with('_');
    words.filter(metric).map(str::to_owned).collect()
}

/// What is no family, nor a line of a histogram.
fn unknown(families: &BTreeMap<String, String>, names: &BTreeSet<String>) -> Vec<String> {
    let is_known = |name: &String| {
        let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
        let histogram = of_histogram.and_then(|base| families.get(base)).is_some_and(|kind| kind == "histogram");
        histogram || families.get(name).is_some_and(|kind| kind != "histogram")
    };
    names.iter().filter(|name| !is_known(name)).cloned().collect()
}

#[test]
fn dashboard_and_alerts_ask_for_nothing_that_is_not_exposed() {
    let families = families(&spawn_app());
    let dashboard: Value = serde_json::from_str(include_str!("../../deploy/grafana/vestibule.json")).expect("JSON");
    let targets = dashboard["panels"].as_array().unwrap().iter().filter_map(|panel| panel["targets"].as_array());
    let asked: Vec<&str> = targets.flatten().map(|target| target["expr"].as_str().expect("a question")).collect();
    assert!(asked.len() > 30);
    let asked = named(&asked.join("\n"));
    assert_eq!(unknown(&families, &asked), Vec::<String>::new());
    // A gauge has no rate, and a counter's bare value says nothing.
    let shown = |name: &String| asked.iter().any(|one| one.starts_with(name.as_str()));
    let missing: Vec<&String> = families.keys().filter(|name| !shown(name)).collect();
    assert!(missing.iter().all(|name| name.starts_with("process_")), "not on the dashboard: {missing:?}");
    let alerts = include_str!("../../deploy/prometheus/alerts.yml");
    let alerts: String = alerts.lines().filter(|line| !line.trim_start().starts_with(['#', 's', 'm'])).collect();
    let alerted = named(&alerts.replace("name: vestibule", ""));
    assert!(alerted.len() > 10);
    assert_eq!(unknown(&families, &alerted), Vec::<String>::new());
}

#[test]
fn each_alert_is_explained_and_each_metric_documented() {
    let families = families(&spawn_app());
    let docs = include_str!("../../docs/OPERATIONS.md");
    let table: BTreeSet<String> = docs.lines().filter(|line| line.starts_with("| `")).flat_map(named).collect();
    let exposed: BTreeSet<String> = families.into_keys().collect();
    assert_eq!(table, exposed, "the table of metrics in docs/OPERATIONS.md");
    let alerts = include_str!("../../deploy/prometheus/alerts.yml");
    for alert in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(docs.contains(&format!("| {alert} |")), "{alert} stands in docs/OPERATIONS.md");
    }
}
