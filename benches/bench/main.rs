//! `make bench`: the real server beside the bare limit of the same machine, in the same run. Every row is a ratio; the
//! absolute figures only say what it is a ratio of.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod bare;
mod imports;
mod limits;
mod lists;
mod load;
mod subject;

use std::time::Duration;

use load::Request;
use subject::Subject;

const CONNECTIONS: usize = 64;
const TOKENS: usize = 1000;
const SPAN: Duration = Duration::from_secs(5);
/// Repetitions that are interleaved, so that a noisy neighbour hits both sides; the median counts.
const ROUNDS: usize = 3;

fn main() {
    let subject = Subject::start();
    println!("{:<44} {:>12} {:>12} {:>7} {:>6}", "", "here", "bare limit", "ratio", "aim");
    // `cargo bench -- refresh` runs that row alone.
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for (name, measure) in ROWS {
        if named.is_empty() || named.iter().any(|wanted| wanted == name) {
            measure(&subject);
        }
    }
}

type Row = (&'static str, fn(&Subject));

const ROWS: [Row; 7] = [
    ("bearer", bearer),
    ("sign-in", sign_in),
    ("refresh", refresh),
    ("introspect", introspect),
    ("revocations", revocations),
    ("imports", imports::measure),
    ("lists", lists::measure),
];

/// A bearer route with all middleware against the same actix route with none.
fn bearer(subject: &Subject) {
    let requests: Vec<Request> = subject
        .access_tokens(TOKENS)
        .iter()
        .map(|token| Request::get(subject.port, "/protected", &[("authorization", &format!("Bearer {token}"))]))
        .collect();
    let bare = limits::bare_route();
    let (mut here, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        limit.push(load::closed_loop(&[Request::get(bare, "/protected", &[])], CONNECTIONS, SPAN));
        here.push(load::closed_loop(&requests, CONNECTIONS, SPAN));
    }
    row("bearer route / bare route (requests/s)", here, limit, Some(0.75));
}

/// `POST /token` with a password against the machine's rate of bcrypt verifications on all cores.
fn sign_in(subject: &Subject) {
    let form = [("username", "alice"), ("password", subject::PASSWORD)];
    let requests = [Request::form(subject.port, "/token", &form)];
    let cores = std::thread::available_parallelism().unwrap().get();
    let (mut here, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        limit.push(limits::bcrypt_verifications(cores, SPAN));
        here.push(load::closed_loop(&requests, cores * 3, SPAN));
    }
    row("POST /token, password / bare bcrypt (1/s)", here, limit, Some(0.95));
}

/// `POST /refresh` against a bare group-committed rotation with as many callers, both on SQLite and durable.
fn refresh(subject: &Subject) {
    let families = subject.refresh_tokens(CONNECTIONS);
    let (mut here, mut limit) = (Vec::new(), Vec::new());
    let mut families = families;
    for _ in 0..ROUNDS {
        limit.push(limits::rotations(CONNECTIONS, SPAN));
        let (rate, living) = load::rotate(subject.port, families, SPAN);
        families = living;
        here.push(rate);
    }
    let rate = row("POST /refresh / bare rotation (1/s)", here, limit, Some(0.6));
    beside(rate, "Keycloak publishes 120 refreshes per vCPU");
}

/// `POST /introspect` of one's own access token against the bare route.
fn introspect(subject: &Subject) {
    let ask = |token: &String| {
        let bearer = format!("Bearer {token}");
        Request::form(subject.port, "/introspect", &[("token", token)]).with("authorization", &bearer)
    };
    let requests: Vec<Request> = subject.access_tokens(TOKENS).iter().map(ask).collect();
    let bare = limits::bare_route();
    let (mut here, mut limit) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        limit.push(load::closed_loop(&[Request::get(bare, "/protected", &[])], CONNECTIONS, SPAN));
        here.push(load::closed_loop(&requests, CONNECTIONS, SPAN));
    }
    let rate = row("POST /introspect / bare route (requests/s)", here, limit, None);
    beside(rate, "Zitadel publishes 115 introspections per vCPU");
}

/// What a million ended sessions take in memory, and how long a start takes that loads them.
fn revocations(_: &Subject) {
    let entries = 1_000_000;
    let mut subject = Subject::start();
    let before = subject.memory();
    subject.restart_with(|database| limits::fill_revocations(database, entries));
    let bytes = (subject.memory() - before) as f64 / f64::from(entries);
    println!("{:<44} {bytes:>12.1}", "bytes of memory per ended session, of 1 000 000");
    println!("{:<44} {:>12.1}", "seconds to start with them", subject.started_in.as_secs_f64());
}

/// Prints the medians and their ratio; gives the median of what was measured here.
fn row(name: &str, mut here: Vec<f64>, mut limit: Vec<f64>, aim: Option<f64>) -> f64 {
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (here, limit) = (median(&mut here), median(&mut limit));
    let aim = aim.map_or_else(String::new, |aim| format!("{aim:.2}"));
    println!("{name:<44} {here:>12.1} {limit:>12.1} {:>7.2} {aim:>6}", here / limit);
    here
}

/// The same per core, beside what somebody else says of theirs, on a machine of their own.
fn beside(rate: f64, published: &str) {
    let cores = std::thread::available_parallelism().unwrap().get();
    println!(
        "{:<44} {:>12.1}   {published}",
        format!("  per core, of {cores} with the generator on them"),
        rate / cores as f64
    );
}
