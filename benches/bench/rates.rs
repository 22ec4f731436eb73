//! What is asked for again and again: how often a second, beside code that does nothing but the one thing.

use std::time::Duration;

use crate::limits;
use crate::load::{self, Request};
use crate::subject::{self, Subject};
use crate::table::{Row, Unit, median};

const CONNECTIONS: usize = 64;
const TOKENS: usize = 1000;
const SPAN: Duration = Duration::from_secs(5);
/// Repetitions that are interleaved, so that a noisy neighbour hits both sides; the median counts.
const ROUNDS: usize = 3;

/// A bearer route with all middleware against the same actix route with none.
pub fn bearer(subject: &Subject) {
    let requests: Vec<Request> = subject
        .access_tokens(TOKENS)
        .iter()
        .map(|token| Request::get(subject.port, "/protected", &[("authorization", &format!("Bearer {token}"))]))
        .collect();
    let (here, limit) = beside_the_bare_route(&requests);
    show("bearer route / bare route", here, limit, "0.85", "");
}

/// `POST /introspect` of one's own access token against the bare route.
pub fn introspect(subject: &Subject) {
    let ask = |token: &String| {
        let bearer = format!("Bearer {token}");
        Request::form(subject.port, "/introspect", &[("token", token)]).with("authorization", &bearer)
    };
    let requests: Vec<Request> = subject.access_tokens(TOKENS).iter().map(ask).collect();
    let (here, limit) = beside_the_bare_route(&requests);
    show("POST /introspect / bare route", here, limit, "", "Zitadel: 115/s per vCPU");
}

fn beside_the_bare_route(requests: &[Request]) -> (f64, f64) {
    let bare = [Request::get(limits::bare_route(), "/protected", &[])];
    let of_the_bare = || load::closed_loop(&bare, CONNECTIONS, SPAN);
    rounds(|| load::closed_loop(requests, CONNECTIONS, SPAN), of_the_bare)
}

/// `POST /token` with a password against the machine's rate of bcrypt verifications on all cores.
pub fn sign_in(subject: &Subject) {
    let form = [("username", "alice"), ("password", subject::PASSWORD)];
    let requests = [Request::form(subject.port, "/token", &form)];
    let (here, limit) = beside_bcrypt(|callers| load::closed_loop(&requests, callers, SPAN));
    show("POST /token, password / bare bcrypt", here, limit, "0.97", "Keycloak: 15/s per vCPU");
}

/// `POST /signup` against the same: a new hash costs what a check does. Each is somebody else, with a mail that is written.
pub fn sign_up(subject: &Subject) {
    let mut people = 0..;
    let mut some_more = || -> Vec<Request> { people.by_ref().take(1000).map(|n| register(subject.port, n)).collect() };
    let (here, limit) = beside_bcrypt(|callers| load::closed_loop(&some_more(), callers, SPAN));
    show("POST /signup / bare bcrypt", here, limit, "", "");
}

fn register(port: u16, n: u32) -> Request {
    let (name, address) = (format!("person{n}"), format!("person{n}@example.com"));
    Request::form(port, "/signup", &[("username", &name), ("email", &address), ("password", subject::PASSWORD)])
}

fn beside_bcrypt(mut here: impl FnMut(usize) -> f64) -> (f64, f64) {
    let cores = std::thread::available_parallelism().unwrap().get();
    rounds(|| here(cores * 3), || limits::bcrypt_verifications(cores, SPAN))
}

/// `POST /refresh` against a bare group-committed rotation with as many callers, both on SQLite and durable.
pub fn refresh(subject: &Subject) {
    let mut families = subject.refresh_tokens(CONNECTIONS);
    let here = || {
        let (rate, living) = load::rotate(subject.port, std::mem::take(&mut families), SPAN);
        families = living;
        rate
    };
    let (here, limit) = rounds(here, || limits::rotations(CONNECTIONS, SPAN));
    show("POST /refresh / bare rotation", here, limit, "0.70", "Keycloak: 120/s per vCPU");
}

/// The medians of what was measured here and of the limit.
fn rounds(mut here: impl FnMut() -> f64, mut limit: impl FnMut() -> f64) -> (f64, f64) {
    let both: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (limit(), here())).map(|(limit, here)| (here, limit)).collect();
    let (here, limit) = both.into_iter().unzip();
    (median(here), median(limit))
}

fn show(what: &str, here: f64, limit: f64, aim: &str, published: &str) {
    Row { what, unit: Unit::PerSecond, here, limit: Some(limit), aim, published }.print();
}
