//! A database that goes away: 503 with a time to come again, nobody is told that they are a stranger, and it recovers by
//! itself. PostgreSQL lets nobody in; SQLite takes no write, as its lock is held elsewhere.

use std::time::Duration;

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::database::on_postgres;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, at_once, spawn_app, within};

fn sign_in(person: &Person) -> Answer {
    person.post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send()
}

fn unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.header("set-cookie").is_none(), "nobody loses a cookie: {answer:?}");
}

/// What is asked while no write gets through.
fn ask(n: usize, app: &TestApp, alice: &Person, browser: &Person) -> Answer {
    match n {
        0 => sign_in(&app.anon()),
        1 => app.anon().post("/refresh").json(json!({"refresh_token": alice.refresh_token()})).send(),
        2 => alice.post("/logout").send(),
        3 => browser.get("/account").send(),
        4 => browser.get("/").send(),
        5 => browser.post("/logout").send(),
        _ => app.browser().post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send(),
    }
}

#[test]
fn without_its_database_the_server_says_come_again_and_recovers_by_itself() {
    let app = spawn_app();
    let (alice, browser) = (app.alice(), app.browser_of("alice"));
    // So that a page view has a use of the session to write down.
    app.advance(90);
    let away = app.home.database.away();
    for (n, answer) in at_once(7, |n| ask(n, &app, &alice, &browser)).iter().enumerate() {
        // Whoever only looks is served where the database still reads.
        match n {
            3 | 4 if !on_postgres() => {
                assert!(answer.status < 400 && answer.header("set-cookie").is_none(), "{answer:?}")
            }
            _ => unavailable(answer),
        }
    }
    assert!(alice.is_known(), "a token needs no database");
    app.anon().get("/health").send().expect(200);
    drop(away);
    within(Duration::from_secs(5), "signing in works again", || sign_in(&app.anon()).status == 200);
    assert!(browser.is_at_home() && alice.is_known());
    let refreshed = app.anon().post("/refresh").json(json!({"refresh_token": alice.refresh_token()})).send();
    assert_eq!(refreshed.status, 200, "the refresh token was not used up");
}

#[test]
fn without_its_database_the_server_is_not_ready_and_takes_nobody_for_a_stranger() {
    // SQLite still reads while it can't write, so that there is nothing to see.
    if !on_postgres() {
        return;
    }
    let app = spawn_app();
    let (alice, admin, browser) = (app.alice(), app.admin(), app.browser_of("alice"));
    let away = app.home.database.away();
    unavailable(&app.anon().get("/health/ready").send());
    unavailable(&alice.get("/users/me").send());
    unavailable(&admin.get("/api/users").send());
    for path in ["/", "/login", "/account", "/admin", "/docs"] {
        unavailable(&browser.get(path).send());
    }
    app.browser().get("/login").send().expect(200);
    drop(away);
    within(Duration::from_secs(5), "it is ready again", || app.anon().get("/health/ready").send().status == 200);
    within(Duration::from_secs(5), "every connection is back", || {
        (0..16).all(|_| browser.get("/account").send().status == 200)
    });
}

#[test]
fn what_other_nodes_ended_during_an_outage_is_known_after_it() {
    if !on_postgres() {
        return;
    }
    let app = spawn_app();
    let alice = app.alice();
    let away = app.home.database.away();
    unavailable(&app.anon().get("/health/ready").send());
    drop(away);
    let sid = crate::harness::forge::claims_of(alice.access())["sid"].as_str().unwrap().to_owned();
    let expires = (app.now() + 3600) * 1000;
    app.home.database.run(&format!(
        "UPDATE counters SET value = value + 1 WHERE name = 'revocations'; INSERT INTO revocations \
         (seq, session_id, before, expires_at) SELECT value, '{sid}', 0, {expires} FROM counters WHERE name = 'revocations'"
    ));
    within(Duration::from_secs(5), "the end is known", || !alice.is_known());
}

#[test]
fn who_finds_too_many_before_them_is_told_when_to_come_again() {
    let app = spawn_app();
    let answers = at_once(48, |_| sign_in(&app.anon()));
    let (served, busy): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status == 200);
    assert!(!served.is_empty() && !busy.is_empty());
    for answer in busy {
        unavailable(answer);
        assert_eq!(answer.json()["error"], "temporarily_unavailable");
    }
    assert_eq!(app.recorded().len(), served.len(), "who was turned away left no trace");
}

#[test]
fn a_browser_that_finds_too_many_before_it_gets_the_form_again_and_when_to_come() {
    let app = spawn_app();
    let form = [("username", "alice"), ("password", PASSWORD)];
    let answers = at_once(48, |_| app.browser().post("/login").form(&form).send());
    let busy: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 303).collect();
    assert!(!busy.is_empty() && busy.len() < 48);
    busy.iter().for_each(|answer| unavailable(answer));
    assert!(busy.iter().all(|answer| answer.is_page()));
}
