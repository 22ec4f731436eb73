//! A disk that takes nothing more: full, read-only, or failing. Everything that only reads goes on.

use std::fs::OpenOptions;
use std::net::TcpListener;

use super::{SECOND, refresh, sign_in, sign_up, signed_in, unavailable};
use crate::harness::binary::{Process, command, run};
use crate::harness::database::{Copy, on_postgres};
use crate::harness::machine::{Fault, Machine};
use crate::harness::people::{HTML, Person};
use crate::harness::{Home, within};

/// PostgreSQL has the disk that fills; what it does to us is as if it were stopped.
fn while_the_disk_suffers(fault: Fault) {
    if on_postgres() {
        return;
    }
    let home = Home::new(Copy::Peopled);
    let machine = Machine::under(&home);
    let server = Process::serve(&home, &machine.settings());
    let (alice, admin) = (signed_in(&server, "alice"), signed_in(&server, "root"));
    let suffering = machine.suffers(fault);
    for _ in 0..2 {
        nothing_is_written(&server, &alice);
        all_is_read(&server, &alice, &admin);
    }
    within(SECOND * 30, "it says that it is not ready", || server.anon().get("/health/ready").send().status == 503);
    drop(suffering);
    within(SECOND * 30, "it is ready again", || server.anon().get("/health/ready").send().status == 200);
    sign_in(&server, "alice").expect(200);
    sign_up(&server, "dora").expect(201);
    refresh(&alice).expect(200);
    alice.post("/logout").send().expect(204);
    assert!(!alice.is_known());
    assert!(!server.log().contains("panicked"), "{}", server.log());
    run(&home, &["audit", "verify"], "").done();
}

fn nothing_is_written(server: &Process, alice: &Person) {
    unavailable(&sign_in(server, "alice"));
    unavailable(&sign_up(server, "carol"));
    unavailable(&refresh(alice));
    unavailable(&alice.post("/logout").send());
}

fn all_is_read(server: &Process, alice: &Person, admin: &Person) {
    assert!(alice.is_known(), "what was not confirmed has not happened");
    alice.get("/users/me").send().expect(200);
    admin.get("/api/users").send().expect(200);
    admin.get("/api/audit").send().expect(200);
    for path in ["/health", "/.well-known/jwks.json", "/openapi.json"] {
        server.anon().get(path).send().expect(200);
    }
    server.anon().get("/login").with("Accept", HTML).send().expect(200);
}

#[test]
fn while_the_disk_is_full_all_is_read_and_what_writes_is_told_to_come_again() {
    while_the_disk_suffers(Fault::DiskFull);
}

#[test]
fn while_the_disk_is_read_only_all_is_read_and_what_writes_is_told_to_come_again() {
    while_the_disk_suffers(Fault::ReadOnly);
}

#[test]
fn while_the_disk_does_not_sync_nothing_is_acknowledged() {
    while_the_disk_suffers(Fault::SyncFails);
}

#[test]
fn a_log_that_can_not_be_written_stops_nobody() {
    let home = Home::new(Copy::Peopled);
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let full = OpenOptions::new().write(true).open("/dev/full").expect("a disk that is full");
    let mut serve = command(&home, &["serve"], &[]);
    serve.env("PORT", port.to_string()).env("RUST_LOG", "info").stderr(full);
    let mut child = serve.spawn().expect("the binary starts");
    let anon = Person::at(&format!("http://127.0.0.1:{port}"), vestibule::platform::time::Clock::System);
    within(SECOND * 30, "it serves", || anon.get("/health").heard().is_some_and(|answer| answer.status == 200));
    for path in ["/health", "/protected", "/nowhere"] {
        anon.get(path).send();
    }
    let lived = child.try_wait().expect("a child").is_none();
    child.kill().expect("ours");
    child.wait().expect("ours");
    assert!(lived);
}

#[test]
fn a_start_on_a_full_disk_says_why_in_one_line() {
    if on_postgres() {
        return;
    }
    let home = Home::new(Copy::Peopled);
    let machine = Machine::under(&home);
    let suffering = machine.suffers(Fault::DiskFull);
    let mut settings = machine.settings();
    settings.push(("RUST_LOG", "off"));
    let started = command(&home, &["serve"], &[]).envs(settings.iter().copied()).output().expect("it runs");
    let said = String::from_utf8(started.stderr).expect("UTF-8");
    assert_eq!((started.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.starts_with("vestibule: the database "), "{said}");
    drop(suffering);
    let server = Process::serve(&home, &machine.settings());
    sign_in(&server, "alice").expect(200);
}
