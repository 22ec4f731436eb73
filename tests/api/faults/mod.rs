//! What goes wrong on a machine, done to the real server. While it lasts, what can be served is served and the rest is told when
//! to come again; nothing that was acknowledged is lost; and it comes back by itself. `make soak` runs the same for longer:
//! with `SOAK` set, the second number of [`scaled`] counts.

mod clock;
mod crowds;
mod disk;
mod garbage;
mod kill;
mod load;
mod mail;
mod memory;
mod overload;
mod panics;
mod power;
mod traffic;

use std::time::Duration;

use serde_json::json;

use crate::harness::PASSWORD;
use crate::harness::answer::Answer;
use crate::harness::binary::Process;
use crate::harness::people::Person;

const SECOND: Duration = Duration::from_secs(1);

/// A server that does not write a line for each request, and still says that it serves.
const QUIET: (&str, &str) = ("RUST_LOG", "warn,vestibule::cli=info");

/// How much of it: as `make test` has time for, or `make soak`.
#[allow(clippy::disallowed_methods, reason = "the tests' own setting")]
fn scaled(short: usize, soak: usize) -> usize {
    if soaking() { soak } else { short }
}

#[allow(clippy::disallowed_methods, reason = "the tests' own setting")]
fn soaking() -> bool {
    std::env::var_os("SOAK").is_some()
}

/// A figure for docs/OPERATIONS.md.
#[allow(clippy::print_stdout, reason = "it is what `make soak` is run for")]
fn figure(what: &str, value: impl std::fmt::Display) {
    if soaking() {
        println!("{what}: {value}");
    }
}

fn sign_in(server: &Process, name: &str) -> Answer {
    server.anon().post("/token").form(&[("username", name), ("password", PASSWORD)]).send()
}

/// Somebody with tokens of this server.
fn signed_in(server: &Process, name: &str) -> Person {
    server.anon().holding(sign_in(server, name).expect(200).json())
}

fn refresh(person: &Person) -> Answer {
    person.post("/refresh").json(json!({"refresh_token": person.refresh_token()})).send()
}

fn sign_up(server: &Process, name: &str) -> Answer {
    let new = json!({"username": name, "email": format!("{name}@example.com"), "password": PASSWORD});
    server.anon().post("/signup").json(new).send()
}

/// Told when to come again.
#[track_caller]
fn unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.header("retry-after").is_some());
}
