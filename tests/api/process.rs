//! The process: how it starts, stops, and is killed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::json;

use crate::harness::binary::{Process, run_with};
use crate::harness::database::{Copy, on_postgres};
use crate::harness::raw::status_of;
use crate::harness::{Home, PASSWORD, PUBLIC_URL, within};

#[test]
fn a_first_start_makes_its_secrets_for_the_owner_alone_and_prints_the_setup_link() {
    let home = Home::new(Copy::Empty);
    let folder = home.path().join("fresh").join("data");
    let mut settings = vec![("DATA_DIR", folder.to_str().unwrap()), ("SECRET_KEY", "")];
    if !on_postgres() {
        settings.push(("DATABASE_URL", ""));
    }
    let server = Process::serve(&home, &settings);
    let link = server.printed.join("");
    assert!(link.contains(&format!("{PUBLIC_URL}/setup?code=")) && link.lines().count() == 1, "{link}");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.iter().any(|path| path.ends_with("secret_key")));
    assert!(files.iter().all(|path| mode(path) == 0o600), "{files:?}");
    let path = link.trim().split_once(PUBLIC_URL).unwrap().1;
    server.anon().get(path).with("Accept", "text/html").send().expect(200);
}

#[test]
fn a_second_start_prints_no_link_where_there_is_an_administrator() {
    let home = Home::new(Copy::Peopled);
    let mut server = Process::serve(&home, &[]);
    server.signal("TERM");
    assert_eq!(server.ended(Duration::from_secs(10)), Some(0));
    assert_eq!(server.rest_of_output(), "");
}

#[test]
fn sigterm_finishes_what_runs_and_says_so_to_whoever_balances_the_load() {
    let home = Home::new(Copy::Peopled);
    let mut server = Process::serve(&home, &[]);
    let body = format!("username=alice&password={}", PASSWORD.replace(' ', "+"));
    let mut slow = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    slow.write_all(&body.as_bytes()[..10]).unwrap();
    server.anon().get("/health/ready").send().expect(200);
    server.signal("TERM");
    let anon = server.anon();
    within(Duration::from_secs(1), "readiness says no", || anon.get("/health/ready").send().status == 503);
    slow.write_all(&body.as_bytes()[10..]).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = [0; 12];
    slow.read_exact(&mut answer).unwrap();
    assert_eq!(status_of(&String::from_utf8_lossy(&answer)), 200);
    drop(slow);
    assert_eq!(server.ended(Duration::from_secs(10)), Some(0));
}

#[test]
fn sigint_ends_it_at_once() {
    let mut server = Process::serve(&Home::new(Copy::Peopled), &[]);
    server.signal("INT");
    assert_eq!(server.ended(Duration::from_secs(5)), Some(0));
}

#[test]
fn another_secret_key_stops_the_start_with_one_sentence() {
    let home = Home::new(Copy::Peopled);
    let ran = run_with(&home, &["serve"], "", &[("SECRET_KEY", "quite another key, of 32 bytes or more")]);
    ran.failed_in_one_line("SECRET_KEY");
}

#[test]
fn two_processes_share_one_database() {
    let home = Home::new(Copy::Peopled);
    let (one, two) = (Process::serve(&home, &[]), Process::serve(&home, &[]));
    let form = [("username", "alice"), ("password", PASSWORD)];
    let alice = one.anon().post("/token").form(&form).send().expect(200).json();
    assert!(two.anon().holding(alice.clone()).is_known());
    let new = json!({"username": "carol", "email": "carol@example.com", "password": PASSWORD});
    two.anon().post("/signup").json(new.clone()).send().expect(201);
    one.anon().post("/signup").json(new).send().expect(400);
    one.anon().holding(alice.clone()).post("/logout").send().expect(204);
    within(Duration::from_secs(1), "the other process knows", || !two.anon().holding(alice.clone()).is_known());
}

#[test]
fn the_log_has_one_line_for_each_request_and_no_secret() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[("RUST_LOG", "debug")]);
    let form = [("username", "alice"), ("password", PASSWORD)];
    let alice = server.anon().holding(server.anon().post("/token").form(&form).send().expect(200).json());
    let refreshed =
        server.anon().post("/refresh").json(json!({"refresh_token": alice.refresh_token()})).send().expect(200);
    let refreshed = server.anon().holding(refreshed.json());
    assert!(refreshed.is_known());
    server.anon().post("/token").form(&[("username", "alice"), ("password", "not the right one")]).send().expect(401);
    server.anon().get(&format!("/users/me?access_token={}", alice.access())).send().expect(400);
    server.anon().bearing("abc.defghijklm.nop").get("/users/me").send().expect(401);
    let last = server.anon().get("/missing/place").send().expect(404);
    let id = last.header("x-request-id").unwrap();
    within(Duration::from_secs(5), "the last request is logged", || server.log().contains(id));
    let log = server.log();
    assert_eq!(log.matches(id).count(), 1);
    assert!(log.contains("/users/me") && log.contains("\"status\":401"), "{log}");
    let secrets =
        [PASSWORD, "not the right one", alice.access(), alice.refresh_token(), refreshed.refresh_token(), "defghijklm"];
    assert!(secrets.iter().all(|secret| !log.contains(secret)), "{log}");
}
