//! Whether somebody has an account is told neither by words nor by time: not at sign-in, not by the limits, not by a
//! registration that can't be taken. That a name is taken is told to whoever could otherwise have it, and counted.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::{PASSWORD, spawn_with};
use crate::throttle::{limited, try_as};

const WRONG: &str = "not the right one";

/// The medians of the same thing done to each in turn.
fn medians(rounds: usize, names: &[&str], work: impl Fn(&str)) -> Vec<Duration> {
    let mut times = vec![Vec::with_capacity(rounds); names.len()];
    for round in 0..rounds {
        // Each comes first as often as the others.
        for n in 0..names.len() {
            let n = (n + round) % names.len();
            let before = Instant::now();
            work(names[n]);
            times[n].push(before.elapsed());
        }
    }
    let middle = |mut all: Vec<Duration>| {
        all.sort();
        all[all.len() / 2]
    };
    times.into_iter().map(middle).collect()
}

/// They take the same time. Other work on the machine may disturb a measurement, and what differs differs in all.
#[track_caller]
fn alike(measure: impl Fn() -> Vec<Duration>) {
    let mut measured = Vec::new();
    for _ in 0..4 {
        let times = measure();
        let ratio = |time: &Duration| time.as_secs_f64() / times[0].as_secs_f64();
        if times.iter().all(|time| (0.8..1.25).contains(&ratio(time))) {
            return;
        }
        measured.push(times);
    }
    panic!("{measured:?}");
}

/// What an answer says, without what differs in each.
fn words(answer: &Answer) -> (u16, String) {
    let mut body = answer.json();
    body["request_id"] = json!(null);
    (answer.status, body.to_string())
}

#[test]
fn at_sign_in_unknown_known_and_disabled_look_the_same() {
    let app = spawn_with(&[("BCRYPT_COST", "10")]);
    app.home.database.run("UPDATE users SET disabled_at = 1 WHERE username = 'bob'");
    let token = |name: &str, password: &str| try_as(&app.anon(), "192.0.2.1", name, password);
    let (unknown, known, disabled) = (token("nobody", WRONG), token("alice", WRONG), token("bob", PASSWORD));
    assert_eq!(words(&unknown), words(&known));
    assert_eq!(words(&unknown), words(&disabled));
    let names = ["nobody", "alice", "bob", "nobody@example.com", "alice@example.com"];
    alike(|| medians(15, &names, |name| drop(token(name, WRONG).expect(401))));
}

#[test]
fn a_stop_comes_after_as_many_tries_for_a_name_that_nobody_has_and_as_quickly() {
    let app = limited();
    let token = |name: &str| try_as(&app.anon(), "192.0.2.1", name, WRONG);
    let course = |name: &str| (0..7).map(|_| words(&token(name)).0).collect::<Vec<_>>();
    assert_eq!(course("alice"), course("nobody"));
    assert_eq!(words(&token("alice")), words(&token("nobody")));
    alike(|| medians(101, &["nobody", "alice"], |name| drop(token(name).expect(429))));
}

#[test]
fn the_device_of_one_tells_nothing_of_another() {
    let app = limited();
    let browser = app.browser_of("bob");
    let course = |name: &str| {
        let try_once = |_| browser.post("/login").form(&[("username", name), ("password", WRONG)]).send().status;
        (0..7).map(try_once).collect::<Vec<_>>()
    };
    assert_eq!(course("alice"), course("nobody"));
    let form = |name: &str| browser.post("/login").form(&[("username", name), ("password", WRONG)]).send();
    alike(|| medians(101, &["nobody", "alice"], |name| drop(form(name).expect(429))));
}

#[test]
fn a_registration_that_can_not_be_taken_does_not_tell_whether_the_name_is() {
    let app = spawn_with(&[("BCRYPT_COST", "10")]);
    let sign_up = |name: &str| {
        let new = json!({"username": name, "email": format!("{name}@example.com"), "password": "short"});
        app.anon().post("/signup").json(new).send()
    };
    assert_eq!(words(&sign_up("nobody")), words(&sign_up("alice")));
    alike(|| medians(101, &["nobody", "alice"], |name| drop(sign_up(name).expect(422))));
}
