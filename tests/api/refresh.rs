//! Rotation: each use of a refresh token gives a new one, and a used one that comes again ends the session.

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::database::Copy;
use crate::harness::forge::claims_of;
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, TestApp, spawn_app, spawn_with, start};
use vestibule::platform::secret::Purpose;

fn send(app: &TestApp, token: &str) -> Answer {
    send_as(&app.anon(), token)
}

fn send_as(person: &Person, token: &str) -> Answer {
    person.post("/refresh").json(json!({"refresh_token": token})).send()
}

fn next(app: &TestApp, person: &Person) -> Person {
    app.anon().holding(send(app, person.refresh_token()).expect(200).json())
}

#[test]
fn a_used_token_that_comes_again_ends_the_whole_session() {
    let app = spawn_app();
    let first = app.alice();
    let second = next(&app, &first);
    app.advance(11);
    send(&app, first.refresh_token()).expect(401);
    assert!(!first.is_known() && !second.is_known());
    send(&app, second.refresh_token()).expect(401);
    assert_eq!(app.recorded(), ["signin.succeeded", "session.refresh_reused"]);
}

#[test]
fn another_session_of_the_same_person_goes_on() {
    let app = spawn_app();
    let (first, other) = (app.alice(), app.alice());
    next(&app, &first);
    app.advance(11);
    send(&app, first.refresh_token()).expect(401);
    assert!(other.is_known());
    next(&app, &other);
}

#[test]
fn a_lost_answer_is_given_again_to_the_same_client_for_ten_seconds() {
    let app = spawn_app();
    let first = app.alice();
    let second = next(&app, &first);
    app.advance(9);
    let again = next(&app, &first);
    assert_eq!(again.refresh_token(), second.refresh_token());
    assert!(again.is_known() && second.is_known());
    let third = next(&app, &again);
    assert!(third.is_known());
}

#[test]
fn a_lost_answer_is_not_given_again_once_its_successor_was_used() {
    let app = spawn_app();
    let first = app.alice();
    let third = next(&app, &next(&app, &first));
    send(&app, first.refresh_token()).expect(401);
    assert!(!third.is_known());
}

#[test]
fn another_user_agent_is_another_client() {
    let app = spawn_app();
    let first = app.alice();
    let second = next(&app, &first);
    send_as(&app.anon().with("User-Agent", "somebody else's/1.0"), first.refresh_token()).expect(401);
    assert!(!second.is_known(), "a copy was used: the session is over");
}

#[test]
fn the_first_use_may_come_from_a_client_that_has_been_updated() {
    let app = spawn_app();
    let alice = app.alice();
    send_as(&app.anon().with("User-Agent", "the next version/2.0"), alice.refresh_token()).expect(200);
}

#[test]
fn another_client_id_is_refused_and_does_not_use_the_token_up() {
    let app = spawn_app();
    let shop = app.program(&[("username", "alice"), ("password", PASSWORD), ("client_id", "shop")]);
    let form =
        |client| [("grant_type", "refresh_token"), ("refresh_token", shop.refresh_token()), ("client_id", client)];
    let refused = app.anon().post("/token").form(&form("thief")).send().expect(400);
    assert_eq!(refused.json()["error"], "invalid_grant");
    let next = app.program(&form("shop"));
    assert_eq!(claims_of(next.access())["client_id"], "shop");
}

#[test]
fn a_lost_answer_is_given_again_by_another_node_and_after_a_restart() {
    let home = Home::new(Copy::Peopled);
    let mut here = start(home.clone(), &[]);
    let first = here.alice();
    let second = next(&here, &first);
    let there = start(home, &[]);
    assert_eq!(next(&there, &first).refresh_token(), second.refresh_token());
    here.stop();
    assert_eq!(next(&there, &first).refresh_token(), second.refresh_token());
}

#[test]
fn a_session_lives_a_week_after_its_last_use_and_ninety_days_in_all() {
    let app = spawn_app();
    let mut alice = app.alice();
    for _ in 0..14 {
        app.advance(6 * 86_400);
        alice = next(&app, &alice);
        assert!(alice.is_known());
    }
    app.advance(6 * 86_400);
    send(&app, alice.refresh_token()).expect(401);
    let bob = app.bob();
    app.advance(7 * 86_400 + 1);
    send(&app, bob.refresh_token()).expect(401);
}

#[test]
fn a_refreshed_token_keeps_the_time_of_the_proof_and_is_not_fresh() {
    let app = spawn_app();
    let first = app.alice();
    app.advance(3600);
    let (before, after) = (claims_of(first.access()), claims_of(next(&app, &first).access()));
    assert_eq!((&before["fresh"], &after["fresh"]), (&json!(true), &json!(false)));
    assert_eq!(before["auth_time"], after["auth_time"]);
    assert_eq!((&before["sid"], &before["sub"]), (&after["sid"], &after["sub"]));
    assert_ne!(before["jti"], after["jti"]);
    assert_eq!(after["iat"].as_i64().unwrap() - before["iat"].as_i64().unwrap(), 3600);
}

#[test]
fn a_scope_can_be_narrowed_and_never_widened() {
    let app = spawn_app();
    let narrow =
        app.program(&[("username", "root"), ("password", PASSWORD), ("scope", "users:read openid invoices:approve")]);
    assert_eq!(narrow.tokens["scope"], "users:read");
    narrow.get("/api/users").send().expect(200);
    narrow.post("/api/users").json(json!({"username": "zoe", "email": "zoe@example.com"})).send().expect(403);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", narrow.refresh_token()),
        ("scope", "users:read users:write"),
    ];
    let wider = app.program(&form);
    assert_eq!(wider.tokens["scope"], "users:read");
    let all = app.admin();
    let mut words = vestibule::access::words::ALL;
    words.sort_unstable();
    assert_eq!(all.tokens["scope"], words.join(" "));
    assert_eq!(app.alice().tokens["scope"], "");
}

#[test]
fn a_refresh_token_stands_in_the_database_as_a_digest_only() {
    let app = spawn_app();
    let alice = app.alice();
    let digest = vestibule::platform::secret::sha256(alice.refresh_token().as_bytes());
    let kept = app.home.database.bytes("SELECT hash AS value FROM refresh_tokens ORDER BY issued_at DESC LIMIT 1");
    assert_eq!(kept, digest);
}

#[test]
fn a_bearer_header_takes_part_even_beside_a_body() {
    let app = spawn_app();
    let alice = app.alice();
    app.anon().bearing(alice.refresh_token()).post("/refresh").json(json!({})).send().expect(200);
}

#[test]
fn a_database_and_its_key_give_no_living_token_away() {
    let app = spawn_app();
    let alice = app.alice();
    let next = app.refresh(&alice).expect(200).json();
    let sealed = app.home.database.bytes("SELECT successor AS value FROM refresh_tokens WHERE used_at IS NOT NULL");
    let digest = app.home.database.bytes("SELECT hash AS value FROM refresh_tokens WHERE used_at IS NOT NULL");
    let next = next["refresh_token"].as_str().expect("a token").as_bytes();
    assert!(app.app.root().seal(Purpose::Successors).open(&sealed, &digest).is_none(), "the used token is needed too");
    assert!(!sealed.windows(16).any(|part| next.windows(16).any(|other| part == other)));
}

#[test]
fn no_token_outlives_its_session() {
    let app = spawn_with(&[("SESSION_MAX_DAYS", "1"), ("REFRESH_TOKEN_EXPIRE_MINUTES", "1440")]);
    let alice = app.alice();
    app.advance(86_400 - 60);
    let last = app.refresh(&alice).expect(200).json();
    assert!(last["expires_in"].as_u64().is_some_and(|seconds| seconds <= 60), "{last}");
    let last = app.anon().holding(last);
    assert!(last.is_known());
    app.advance(60);
    assert!(!last.is_known());
}
