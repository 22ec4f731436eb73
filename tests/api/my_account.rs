//! `PATCH /users/me`: somebody changes their name. `DELETE /users/me`: somebody leaves.

use std::time::Duration;

use serde_json::json;

use crate::harness::database::Copy;
use crate::harness::{Home, PASSWORD, at_once, spawn_app, start, within};
use crate::my_password::is_not_fresh;

#[test]
fn people_change_the_name_that_others_see() {
    let app = spawn_app();
    let alice = app.alice();
    let changed = alice.patch("/users/me").json(json!({"name": " Alice Liddell "})).send().expect(200).json();
    assert_eq!(changed["name"], "Alice Liddell");
    assert_eq!(changed, alice.get("/users/me").send().expect(200).json());
    assert_eq!(app.recorded(), ["signin.succeeded", "user.changed"]);
    // The same once more changes nothing, and neither does saying nothing.
    for same in [json!({"name": "Alice Liddell"}), json!({}), json!({"nickname": "Al"}), json!({"email": null})] {
        assert_eq!(alice.patch("/users/me").json(same).send().expect(200).json(), changed);
    }
    assert_eq!(app.recorded().len(), 2);
    assert!(alice.is_known(), "tokens do not know the name");
}

#[test]
fn an_empty_name_or_null_takes_it_away() {
    let app = spawn_app();
    let alice = app.alice();
    for nothing in [json!({"name": null}), json!({"name": ""}), json!({"name": "  "})] {
        alice.patch("/users/me").json(json!({"name": "Alice"})).send().expect(200);
        assert_eq!(alice.patch("/users/me").json(nothing).send().expect(200).json()["name"], json!(null));
    }
    let named = alice.patch("/users/me").form(&[("name", "Alice")]).send().expect(200).json();
    assert_eq!(named["name"], "Alice");
}

#[test]
fn the_address_that_is_can_be_sent_again_and_one_that_is_none_is_named() {
    let app = spawn_app();
    let alice = app.alice();
    for same in ["alice@example.com", "ALICE@Example.com", " alice@example.com "] {
        let answer = alice.patch("/users/me").json(json!({"email": same})).send().expect(200);
        assert_eq!(answer.json()["email"], "alice@example.com");
        assert_eq!(answer.json()["email_pending"], json!(null));
    }
    let refused = |email: &str| alice.patch("/users/me").json(json!({"email": email})).send().expect(422).json();
    for other in ["no address", "", "a@b@c", "a@example.com\r\nBcc: b@example.com"] {
        assert_eq!(refused(other)["errors"][0]["pointer"], "/email", "{other}");
    }
    assert_eq!(app.recorded(), ["signin.succeeded"]);
}

#[test]
fn a_change_that_can_not_be_taken_changes_nothing_and_every_wrong_value_is_named() {
    let app = spawn_app();
    let alice = app.alice();
    let answer = alice.patch("/users/me").json(json!({"name": "a\u{7}b", "email": "nowhere"})).send().expect(422);
    let pointers: Vec<_> = answer.json()["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/email", "/name"]);
    alice.patch("/users/me").json(json!({"name": "Alice", "email": "nowhere"})).send().expect(422);
    alice.patch("/users/me").json(json!({"name": 5})).send().expect(422);
    alice.patch("/users/me").json(json!({"name": "x".repeat(201)})).send().expect(422);
    alice.patch("/users/me").body("application/json", r#"{"name": "a", "name": "b"}"#).send().expect(400);
    assert_eq!(alice.get("/users/me").send().json()["name"], json!(null));
    app.anon().patch("/users/me").json(json!({"name": "Alice"})).send().refused(401, "Not authenticated");
    let browser = app.browser_of("alice");
    browser.patch("/users/me").with("Accept", "application/json").json(json!({"name": "A"})).send().expect(401);
}

#[test]
fn whoever_leaves_is_gone_with_every_session_and_token() {
    let app = spawn_app();
    let (here, there, browser, bob) = (app.alice(), app.alice(), app.browser_of("alice"), app.bob());
    let answer = here.delete("/users/me").send().expect(204);
    assert!(answer.body.is_empty());
    assert!(!here.is_known() && !there.is_known() && !browser.is_at_home() && bob.is_known());
    app.refresh(&here).expect(401);
    app.refresh(&there).expect(401);
    let form = [("username", "alice"), ("password", PASSWORD)];
    app.anon().post("/token").form(&form).send().refused(401, "Incorrect username or password");
    here.delete("/users/me").send().refused(401, "Could not validate credentials");
    let root = app.admin();
    root.get(&format!("/api/users/{}", here.id())).send().expect(404);
    let kept = app.home.database.texts("SELECT subject_name AS value FROM audit_log WHERE kind = 'user.deleted'");
    assert_eq!(kept, ["alice"], "the log still says who it was");
}

#[test]
fn name_and_address_are_free_again_for_somebody_who_is_somebody_else() {
    let app = spawn_app();
    let before = app.alice();
    before.delete("/users/me").send().expect(204);
    let new = json!({"username": "Alice", "email": "ALICE@example.com", "password": "another horse, stapled"});
    let made = app.anon().post("/signup").json(new).send().expect(201).json();
    assert_ne!(made["id"], before.id());
    let after = app.program(&[("username", "alice"), ("password", "another horse, stapled")]);
    assert!(after.is_known() && !before.is_known());
    app.refresh(&before).expect(401);
}

#[test]
fn the_last_administrator_stays() {
    let app = spawn_app();
    let (root, browser) = (app.admin(), app.browser_of("root"));
    let answer = root.delete("/users/me").send().expect(409).json();
    assert!(answer["detail"].as_str().is_some_and(|detail| detail.contains("last administrator")), "{answer}");
    assert!(root.is_known() && browser.is_at_home());
    assert!(app.anon().holding(app.refresh(&root).expect(200).json()).is_known());
    app.invite(&root, "ada", &["admin"]);
    root.delete("/users/me").send().expect(204);
    app.user("ada").delete("/users/me").send().expect(409);
}

#[test]
fn of_two_administrators_who_leave_at_once_one_stays() {
    let app = spawn_app();
    let root = app.admin();
    app.invite(&root, "ada", &["admin"]);
    let both = [root, app.user("ada")];
    let mut got = at_once(2, |n| both[n].delete("/users/me").send().status);
    got.sort_unstable();
    assert_eq!(got, [204, 409]);
    assert_eq!(both.iter().filter(|person| person.is_known()).count(), 1);
}

#[test]
fn it_takes_a_young_proof() {
    let app = spawn_app();
    let alice = app.alice();
    app.advance(16 * 60);
    is_not_fresh(alice.delete("/users/me").send());
    let refreshed = app.anon().holding(app.refresh(&alice).expect(200).json());
    is_not_fresh(refreshed.delete("/users/me").send());
    assert!(refreshed.is_known());
    app.alice().delete("/users/me").send().expect(204);
    assert!(!refreshed.is_known());
}

#[test]
fn it_takes_a_token() {
    let app = spawn_app();
    app.anon().delete("/users/me").send().refused(401, "Not authenticated");
    let browser = app.browser_of("alice");
    browser.delete("/users/me").with("Accept", "application/json").send().expect(401);
    assert!(browser.is_at_home());
}

#[test]
fn another_node_knows_within_a_second_and_after_a_restart() {
    let home = Home::new(Copy::Peopled);
    let (here, mut there) = (start(home.clone(), &[]), start(home.clone(), &[]));
    let alice = here.alice();
    let copy = there.anon().holding(alice.tokens.clone());
    assert!(copy.is_known());
    alice.delete("/users/me").send().expect(204);
    within(Duration::from_secs(1), "the other node refuses the token", || !copy.is_known());
    there.stop();
    let again = start(home, &[]);
    assert!(!again.anon().holding(alice.tokens.clone()).is_known());
}
