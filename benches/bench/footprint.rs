//! What the program takes of a machine: to start, in memory, on disk; beside an actix server with one route and nothing else, in
//! a process of its own.

use std::time::Duration;

use crate::limits;
use crate::load::{self, Request};
use crate::subject::{self, Subject};
use crate::table::{Row, Unit, median};

const STARTS: usize = 11;
/// As long as a process takes that has nothing to do, to settle.
const REST: Duration = Duration::from_secs(2);
const CONNECTIONS: usize = 64;
const MEGABYTE: f64 = 1_000_000.0;

/// From the start of the process until its first answer, of an installation that is there, and of one that is made.
pub fn start(_: &Subject) {
    let mut subject = Subject::start();
    let again: Vec<f64> = (0..STARTS).map(|_| millis(subject.restart())).collect();
    let first: Vec<f64> = (0..STARTS).map(|_| millis(Subject::start().started_in)).collect();
    let bare: Vec<f64> = (0..STARTS).map(|_| millis(subject::bare().started_in)).collect();
    let limit = Some(median(bare));
    for (what, here, aim) in
        [("start to first answer", again, "≤ 60 ms"), ("the same at the very first start", first, "")]
    {
        Row { what, unit: Unit::Milliseconds, here: median(here), limit, aim, published: "" }.print();
    }
}

/// Resident memory of an idle server, and after ten thousand and a million requests of several kinds.
pub fn memory(_: &Subject) {
    let mut subject = Subject::start();
    subject.restart();
    let bare = subject::bare();
    std::thread::sleep(REST);
    let show = |what: &str, bytes: u64, limit: u64, aim: &str, published: &str| {
        let (here, limit) = (bytes as f64 / MEGABYTE, Some(limit as f64 / MEGABYTE));
        Row { what, unit: Unit::Megabytes, here, limit, aim, published }.print();
    };
    show("memory, idle", subject.memory(), bare.memory(), "≤ 15 MB", "Keycloak: 1250 MB; Rauthy: below 100 MB");
    let several = several(&subject);
    let one = [Request::get(bare.port, "/protected", &[])];
    for (what, requests, aim) in [("10 000 requests", 10_000, ""), ("1 000 000 requests", 990_000, "≤ 25 MB")] {
        load::so_many(&several, CONNECTIONS, requests);
        load::so_many(&one, CONNECTIONS, requests);
        show(&format!("memory, after {what}"), subject.memory(), bare.memory(), aim, "");
    }
}

/// Kinds of requests as they come: mostly tokens, some that ask the database, some pages.
fn several(subject: &Subject) -> Vec<Request> {
    let with_token = |token: &String| {
        let header = [("authorization", &*format!("Bearer {token}"))];
        let me = Request::get(subject.port, "/users/me", &header);
        let protected = Request::get(subject.port, "/protected", &header);
        let page = Request::get(subject.port, "/login", &[("accept", "text/html")]);
        let keys = Request::get(subject.port, "/.well-known/jwks.json", &[]);
        [protected.clone(), protected.clone(), protected.clone(), protected, me.clone(), me, page, keys]
    };
    subject.access_tokens(1000).iter().flat_map(with_token).collect()
}

pub fn binary(_: &Subject) {
    let bytes = std::fs::metadata(subject::BINARY).unwrap().len();
    let here = bytes as f64 / MEGABYTE;
    Row { what: "the binary", unit: Unit::Megabytes, here, limit: None, aim: "≤ 18 MB", published: "" }.print();
}

/// What a million ended sessions take in memory, and how long a start takes that loads them.
pub fn revocations(_: &Subject) {
    let entries = 1_000_000;
    let mut subject = Subject::start();
    let before = subject.memory();
    subject.restart_with(|database| limits::fill_revocations(database, entries));
    let here = (subject.memory() - before) as f64 / MEGABYTE;
    let what = "memory for a million ended sessions";
    Row { what, unit: Unit::Megabytes, here, limit: None, aim: "", published: "" }.print();
    let (what, here) = ("start with a million ended sessions", millis(subject.started_in));
    Row { what, unit: Unit::Milliseconds, here, limit: None, aim: "", published: "" }.print();
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}
