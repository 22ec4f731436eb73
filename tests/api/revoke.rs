//! `POST /revoke` (RFC 7009): a token is given back, and its session ends.

use std::time::Duration;

use crate::harness::answer::Answer;
use crate::harness::database::Copy;
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, TestApp, spawn_app, start, within};

fn revoke(person: &Person, token: &str) -> Answer {
    let answer = person.post("/revoke").form(&[("token", token)]).send().expect(200);
    assert!(answer.body.is_empty(), "the answer tells nothing");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer
}

/// Whether both of somebody's tokens count. Nothing in between.
fn lives(app: &TestApp, person: &Person) -> bool {
    let known = person.is_known();
    let said = app.service().post("/introspect").form(&[("token", person.refresh_token())]).send().expect(200).json();
    assert_eq!(said["active"], known, "access and refresh token go together");
    known
}

#[test]
fn somebodys_own_access_token_ends_its_session_and_no_other() {
    let app = spawn_app();
    let (gone, here, bob) = (app.alice(), app.alice(), app.bob());
    revoke(&here, gone.access());
    assert!(!lives(&app, &gone));
    assert!(lives(&app, &here) && lives(&app, &bob));
    app.refresh(&gone).expect(401);
}

#[test]
fn somebodys_own_refresh_token_ends_its_session_and_no_other() {
    let app = spawn_app();
    let (gone, here) = (app.alice(), app.alice());
    revoke(&here, gone.refresh_token());
    assert!(!lives(&app, &gone) && lives(&app, &here));
    app.refresh(&gone).expect(401);
}

#[test]
fn a_token_may_give_itself_back() {
    let app = spawn_app();
    let alice = app.alice();
    revoke(&alice, alice.access());
    assert!(!lives(&app, &alice));
    alice.post("/revoke").form(&[("token", alice.access())]).send().refused(401, "Could not validate credentials");
}

#[test]
fn another_node_knows_within_a_second_and_after_a_restart() {
    let home = Home::new(Copy::Peopled);
    let (here, mut there) = (start(home.clone(), &[]), start(home.clone(), &[]));
    let (gone, alice) = (here.alice(), here.alice());
    let copy = there.anon().holding(gone.tokens.clone());
    assert!(copy.is_known());
    revoke(&alice, gone.refresh_token());
    within(Duration::from_secs(1), "the other node refuses it", || !copy.is_known());
    there.refresh(&gone).expect(401);
    there.stop();
    let again = start(home, &[]);
    assert!(!again.anon().holding(gone.tokens.clone()).is_known());
}

#[test]
fn anothers_token_is_answered_the_same_and_changes_nothing() {
    let app = spawn_app();
    let (alice, bob) = (app.alice(), app.bob());
    let narrow = app.program(&[("username", "root"), ("password", PASSWORD), ("scope", "users:write sessions:write")]);
    let before = app.recorded();
    for person in [&alice, &narrow] {
        revoke(person, bob.access());
        revoke(person, bob.refresh_token());
    }
    assert_eq!(app.recorded(), before);
    assert!(lives(&app, &bob));
}

#[test]
fn a_service_with_the_permission_ends_anybodys_session() {
    let app = spawn_app();
    let service = app.service();
    let (one, two, three) = (app.bob(), app.bob(), app.alice());
    let before = app.recorded().len();
    revoke(&service, one.access());
    revoke(&service, two.refresh_token());
    assert_eq!(app.recorded()[before..], ["session.ended", "session.ended"]);
    assert!(!lives(&app, &one) && !lives(&app, &two) && lives(&app, &three));
    let who = app.home.database.texts("SELECT subject_name AS value FROM audit_log WHERE kind = 'session.ended'");
    assert_eq!(who, ["bob", "bob"]);
}

#[test]
fn what_is_unknown_or_dead_is_answered_the_same() {
    let app = spawn_app();
    let (alice, service, gone) = (app.alice(), app.service(), app.alice());
    revoke(&alice, gone.access());
    let before = app.recorded();
    let long = "a".repeat(60_000);
    for token in [gone.access(), gone.refresh_token(), "x", "a.b.c", "' OR '1'='1", "\0", "令牌", &long] {
        revoke(&alice, token);
        revoke(&service, token);
    }
    assert_eq!(app.recorded(), before, "what was ended is not ended again");
    assert!(lives(&app, &alice));
}

#[test]
fn a_hint_is_no_more_than_a_hint() {
    let app = spawn_app();
    let alice = app.alice();
    for hint in ["access_token", "refresh_token", "nonsense", ""] {
        let (one, two) = (app.alice(), app.alice());
        for (gone, token) in [(&one, one.access()), (&two, two.refresh_token())] {
            alice.post("/revoke").form(&[("token", token), ("token_type_hint", hint)]).send().expect(200);
            assert!(!lives(&app, gone), "{hint}");
        }
    }
}

#[test]
fn the_token_comes_in_a_form_once_and_from_somebody() {
    let app = spawn_app();
    let alice = app.alice();
    for body in ["", "token=", "other=x", "token=a&token=b"] {
        let sent = alice.post("/revoke").body("application/x-www-form-urlencoded", body).send().expect(400);
        assert_eq!(sent.json()["error"], "invalid_request", "{body}");
    }
    app.anon().post("/revoke").form(&[("token", alice.access())]).send().refused(401, "Not authenticated");
    alice.post(&format!("/revoke?token={}", alice.access())).send().expect(400);
    assert!(lives(&app, &alice));
}
