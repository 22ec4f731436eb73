//! Every family that is exposed: its name, its meaning, and where its samples come from. `docs/OPERATIONS.md`, the dashboard
//! and the alerts under `deploy/` name no other, which a test holds.

use crate::app::App;
use crate::audit::Fact;
use crate::platform::metrics::{Exposition, Process, Queue};

/// What a family of sign-ins calls each fact.
const SIGN_INS: [(&str, Fact); 3] =
    [("succeeded", Fact::SignedIn), ("failed", Fact::SignInFailed), ("factor_failed", Fact::FactorFailed)];

pub(super) fn write(app: &App, page: &mut Exposition) {
    requests(app, page);
    sign_ins(app, page);
    hashing(app, page);
    database(app, page);
    sessions(app, page);
    mail(app, page);
    jobs(app, page);
    traces(app, page);
    process(app, page);
}

fn requests(app: &App, page: &mut Exposition) {
    let routes = app.metrics.requests.all();
    let mut family = page.counter("vestibule_http_requests_total", "Requests that were answered.");
    for route in &routes {
        for (method, answers) in route.methods() {
            for (status, count) in answers.statuses() {
                family.sample(&[("route", route.pattern()), ("method", method), ("status", status)], count);
            }
        }
    }
    let mut family =
        page.histogram("vestibule_http_request_duration_seconds", "Time until the head of the answer was ready.");
    for route in &routes {
        for (method, answers) in route.methods() {
            family.times(&[("route", route.pattern()), ("method", method)], &answers.times);
        }
    }
}

fn sign_ins(app: &App, page: &mut Exposition) {
    let facts = &app.metrics.facts;
    let mut family = page.counter("vestibule_sign_ins_total", "Sign-ins, by what became of them.");
    for (outcome, fact) in SIGN_INS {
        family.sample(&[("outcome", outcome)], facts.read(fact.word()));
    }
    page.counter("vestibule_tries_stopped_total", "Tries that were refused since there had been too many (429).")
        .sample(&[], app.metrics.stopped.read());
    let mut family =
        page.counter("vestibule_audit_events_total", "Entries that this process wrote into the audit log.");
    for (event, count) in facts.all() {
        family.sample(&[("event", event)], count);
    }
    let proven = "1 where the audit log was what had been recorded when it was proven last, 0 where it was not.";
    optional(page, "vestibule_audit_log_proven", proven, app.metrics.audit_proven.read());
}

fn hashing(app: &App, page: &mut Exposition) {
    let (queue, places) = app.hasher.load();
    page.gauge("vestibule_hash_queue_length", "Passwords that wait to be hashed.").sample(&[], queue.length());
    page.gauge("vestibule_hash_queue_capacity", "Passwords that may wait.").sample(&[], places);
    page.counter("vestibule_hash_refused_total", "Passwords that were not hashed since too many waited (503).")
        .sample(&[], queue.refused.read());
    page.histogram("vestibule_hash_wait_seconds", "Time in the queue of passwords.").times(&[], &queue.waits);
    page.histogram("vestibule_hash_duration_seconds", "Time that hashing took.").times(&[], &queue.runs);
}

fn database(app: &App, page: &mut Exposition) {
    let queues = app.db.load();
    let mut each = |name, meaning, value: fn(&Queue) -> u64| {
        let mut family = page.gauge(name, meaning);
        queues.iter().for_each(|(verb, queue)| family.sample(&[("verb", verb)], value(queue)));
    };
    each("vestibule_database_queue_length", "Reads and writes that wait for a connection.", Queue::length);
    let mut family =
        page.counter("vestibule_database_refused_total", "Reads and writes refused since too many waited.");
    queues.iter().for_each(|(verb, queue)| family.sample(&[("verb", verb)], queue.refused.read()));
    let mut family = page.histogram("vestibule_database_wait_seconds", "Time until a connection was free.");
    queues.iter().for_each(|(verb, queue)| family.times(&[("verb", verb)], &queue.waits));
    let mut family =
        page.histogram("vestibule_database_run_seconds", "Time on the connection, without a shared commit.");
    queues.iter().for_each(|(verb, queue)| family.times(&[("verb", verb)], &queue.runs));
}

fn sessions(app: &App, page: &mut Exposition) {
    let (sessions, users) = (app.metrics.sessions.read(), app.metrics.users.read());
    optional(page, "vestibule_sessions", "Living sessions, when a job counted them last.", sessions);
    optional(page, "vestibule_users", "Accounts, when a job counted them last.", users);
    page.gauge("vestibule_revocations_in_memory", "Ended sessions, users and roles that this process holds in memory.")
        .sample(&[], app.revocations.held());
}

fn mail(app: &App, page: &mut Exposition) {
    let mut family = page.counter("vestibule_mails_total", "Tries to send a mail, by what became of them.");
    for outcome in ["sent", "failed"] {
        family.sample(&[("outcome", outcome)], app.metrics.mails.read(outcome));
    }
    let waiting = app.metrics.mails_waiting.read();
    optional(
        page,
        "vestibule_mails_waiting",
        "Mails that are yet to be sent, of all processes; at most 1000.",
        waiting,
    );
}

fn jobs(app: &App, page: &mut Exposition) {
    let jobs = app.metrics.jobs.all();
    let mut family = page.counter("vestibule_job_runs_total", "Runs of what goes by a timer.");
    for (name, job) in &jobs {
        family.sample(&[("job", name), ("outcome", "done")], job.done);
        family.sample(&[("job", name), ("outcome", "failed")], job.failed);
    }
    let mut family = page.gauge("vestibule_job_last_run_timestamp_seconds", "When it ran last.");
    jobs.iter().for_each(|(name, job)| family.sample(&[("job", name)], job.ended.seconds()));
    let mut family = page.gauge("vestibule_job_last_duration_seconds", "How long it took then.");
    jobs.iter().for_each(|(name, job)| family.sample(&[("job", name)], job.took.as_secs_f64()));
    let backup = app.metrics.backup_at.read().map(|millis| millis / 1000);
    optional(page, "vestibule_backup_timestamp_seconds", "When `vestibule backup` made the last backup.", backup);
}

fn process(app: &App, page: &mut Exposition) {
    let process = Process::look();
    let labels = [("version", env!("CARGO_PKG_VERSION")), ("database", app.config.database.kind())];
    page.gauge("vestibule_build_info", "1; its labels say what runs.").sample(&labels, 1);
    page.counter("process_cpu_seconds_total", "Time on the processors.").sample(&[], process.cpu.as_secs_f64());
    page.gauge("process_start_time_seconds", "When the process started.").sample(&[], app.metrics.started.seconds());
    for (name, meaning, value) in [
        ("process_resident_memory_bytes", "Memory that it takes.", process.resident_bytes),
        ("process_virtual_memory_bytes", "Memory that it addresses.", process.virtual_bytes),
        ("process_threads", "Threads.", process.threads),
        ("process_open_fds", "Open files and connections.", process.open_files),
        ("process_max_fds", "Files and connections that it may open.", process.most_files),
    ] {
        optional(page, name, meaning, value);
    }
}

/// Only where traces are sent.
fn traces(app: &App, page: &mut Exposition) {
    let mut family = page.counter("vestibule_traces_total", "Traces, by whether the collector took them.");
    if let Some((sent, lost)) = app.traces.counted() {
        family.sample(&[("outcome", "sent")], sent);
        family.sample(&[("outcome", "lost")], lost);
    }
}

/// A gauge that has no sample until somebody has looked.
fn optional(page: &mut Exposition, name: &'static str, meaning: &str, value: Option<impl std::fmt::Display>) {
    let mut family = page.gauge(name, meaning);
    if let Some(value) = value {
        family.sample(&[], value);
    }
}
