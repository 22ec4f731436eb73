//! Many callers with one refresh token.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::database::on_postgres;
use crate::harness::people::Person;
use crate::harness::{TestApp, at_once, spawn_app, within};

const CALLERS: usize = 64;

fn race(app: &TestApp, token: &str, caller: impl Fn(usize) -> Person + Sync) -> Vec<(u16, Value)> {
    let _ = app;
    at_once(CALLERS, |n| {
        let answer = caller(n).post("/refresh").json(json!({"refresh_token": token})).send();
        (answer.status, answer.json())
    })
}

fn living_chains(app: &TestApp, person: &Person) -> usize {
    let sid = crate::harness::forge::claims_of(person.access())["sid"].as_str().unwrap().to_owned();
    let query = format!(
        "SELECT r.session_id AS value FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id \
         WHERE r.session_id = '{sid}' AND r.used_at IS NULL AND s.ended_at IS NULL"
    );
    app.home.database.texts(&query).len()
}

#[test]
fn sixty_four_callers_of_one_client_get_one_chain_and_nobody_is_signed_out() {
    let app = spawn_app();
    let alice = app.alice();
    let answers = race(&app, alice.refresh_token(), |_| app.anon());
    let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let successors: BTreeSet<String> = answers.iter().map(|(_, body)| body["refresh_token"].to_string()).collect();
    assert_eq!(successors.len(), 1);
    assert_eq!(living_chains(&app, &alice), 1);
    let next = app.anon().holding(answers[0].1.clone());
    assert!(alice.is_known() && next.is_known());
    app.anon().post("/refresh").json(json!({"refresh_token": next.refresh_token()})).send().expect(200);
}

#[test]
fn sixty_four_callers_of_different_clients_never_hold_two_living_chains() {
    let app = spawn_app();
    let alice = app.alice();
    let answers = race(&app, alice.refresh_token(), |n| app.anon().with("User-Agent", &format!("caller/{n}")));
    let won = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(won, 1);
    assert!(answers.iter().all(|(status, _)| matches!(status, 200 | 401)));
    assert_eq!(living_chains(&app, &alice), 0, "a copy was used: the session is over");
    assert!(!alice.is_known());
    let reused = app.recorded().iter().filter(|fact| *fact == "session.refresh_reused").count();
    assert_eq!(reused, 1);
}

#[test]
fn a_refresh_while_the_account_is_deleted_waits_for_it_and_neither_fails() {
    if !on_postgres() {
        return; // There one writes at a time.
    }
    let app = spawn_app();
    let alice = app.alice();
    let id = alice.id();
    // As a deletion does it: the account first, then what hangs on it.
    let held = app.home.database.hold(&format!("SELECT 1 FROM users WHERE id = '{id}' FOR UPDATE"));
    let status = std::thread::scope(|scope| {
        let refresh = scope.spawn(|| app.refresh(&alice).status);
        within(Duration::from_secs(20), "the refresh waits", || app.home.database.waiting() > 0);
        held.run(&format!("DELETE FROM users WHERE id = '{id}'"));
        held.commit();
        refresh.join().expect("an answer")
    });
    assert_eq!(status, 401);
}

#[test]
fn a_token_that_nobody_has_keeps_no_writer_busy() {
    if on_postgres() {
        return; // Reads and writes go the same way there.
    }
    let app = spawn_app();
    let alice = app.alice();
    let _nobody_writes = app.home.database.away();
    let unknown = json!({"refresh_token": "x".repeat(43)});
    app.anon().post("/refresh").json(unknown).send().expect(401);
    alice.get("/users/me").send().expect(200);
}
