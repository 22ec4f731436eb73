//! `POST /introspect` (RFC 7662): what a token is worth, told to whoever may know.

use serde_json::{Value, json};

use crate::harness::forge::{changed, claims_of};
use crate::harness::people::Person;
use crate::harness::{PASSWORD, START, TestApp, spawn_app, spawn_with};

fn ask(person: &Person, token: &str) -> Value {
    let answer = person.post("/introspect").form(&[("token", token)]).send().expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

/// Nothing is said of it but that.
#[track_caller]
fn inactive(person: &Person, token: &str) {
    assert_eq!(ask(person, token), json!({"active": false}));
}

fn next(app: &TestApp, person: &Person) -> Person {
    app.anon().holding(app.refresh(person).expect(200).json())
}

#[test]
fn somebodys_own_access_token_is_active_with_every_claim() {
    for settings in [&[][..], &[("ALGORITHM", "HS256")], &[("TOKEN_PROFILE", "fastapi")]] {
        let app = spawn_with(settings);
        let (alice, there) = (app.alice(), app.alice());
        let told = json!({"active": true, "token_type": "Bearer"});
        for token in [alice.access(), there.access()] {
            assert_eq!(ask(&alice, token), changed(&claims_of(token), &told), "{settings:?}");
        }
    }
}

#[test]
fn somebodys_own_refresh_token_is_active_with_what_belongs_to_it() {
    let app = spawn_app();
    let alice = app.program(&[("username", "alice"), ("password", PASSWORD), ("client_id", "shop")]);
    let said = ask(&alice, alice.refresh_token());
    assert_eq!((&said["active"], &said["username"]), (&json!(true), &json!("alice")));
    assert_eq!((&said["sub"], &said["sid"]), (&json!(alice.id()), &json!(alice.sid())));
    assert_eq!((&said["client_id"], &said["scope"]), (&json!("shop"), &json!("")));
    assert_eq!((&said["iat"], &said["exp"]), (&json!(START), &json!(START + 7 * 86_400)));
    let root = app.admin();
    assert_eq!(ask(&root, root.refresh_token())["scope"], root.tokens["scope"]);
}

#[test]
fn anothers_token_is_not_active_to_whoever_lacks_the_permission() {
    let app = spawn_app();
    let (alice, bob) = (app.alice(), app.bob());
    inactive(&alice, bob.access());
    inactive(&alice, bob.refresh_token());
    let narrow = app.program(&[("username", "root"), ("password", PASSWORD), ("scope", "users:read")]);
    inactive(&narrow, bob.access());
    inactive(&narrow, bob.refresh_token());
}

#[test]
fn anothers_token_is_active_to_a_service_with_the_permission() {
    let app = spawn_app();
    let (service, bob) = (app.service(), app.bob());
    let told = json!({"active": true, "token_type": "Bearer"});
    assert_eq!(ask(&service, bob.access()), changed(&claims_of(bob.access()), &told));
    let said = ask(&service, bob.refresh_token());
    assert_eq!((&said["active"], &said["username"], &said["sub"]), (&json!(true), &json!("bob"), &json!(bob.id())));
}

#[test]
fn what_has_expired_is_not_active() {
    let app = spawn_app();
    let alice = app.alice();
    app.advance(1800);
    inactive(&app.alice(), alice.access());
    assert_eq!(ask(&app.alice(), alice.refresh_token())["active"], true);
    app.advance(7 * 86_400);
    inactive(&app.alice(), alice.refresh_token());
    inactive(&app.service(), alice.refresh_token());
}

#[test]
fn what_was_ended_is_not_active() {
    let app = spawn_app();
    let (service, alice, bob) = (app.service(), app.alice(), app.bob());
    alice.post("/logout").send().expect(204);
    app.admin().post(&format!("/api/users/{}/disable", bob.id())).send().expect(200);
    for token in [alice.access(), alice.refresh_token(), bob.access(), bob.refresh_token()] {
        inactive(&service, token);
    }
    inactive(&app.alice(), alice.access());
}

#[test]
fn after_a_change_of_roles_only_what_must_be_refreshed_is_not_active() {
    let app = spawn_app();
    let (service, admin) = (app.service(), app.admin());
    let id = app.invite(&admin, "ada", &["admin"]);
    let ada = app.user("ada");
    admin.put(&format!("/api/users/{id}/roles")).json(json!({"roles": ["user"]})).send().expect(200);
    inactive(&service, ada.access());
    let said = ask(&service, ada.refresh_token());
    assert_eq!((&said["active"], &said["scope"]), (&json!(true), &json!("")));
}

#[test]
fn a_used_refresh_token_is_not_active_and_asking_ends_nothing() {
    let app = spawn_app();
    let first = app.alice();
    let second = next(&app, &first);
    app.advance(60);
    inactive(&second, first.refresh_token());
    inactive(&app.service(), first.refresh_token());
    assert!(second.is_known());
    assert_eq!(ask(&second, second.refresh_token())["active"], true);
    assert!(next(&app, &second).is_known(), "asking does not use a token up");
}

#[test]
fn what_nobody_issued_is_not_active() {
    let app = spawn_app();
    let (alice, service) = (app.alice(), app.service());
    let tampered = alice.access().replace('.', ".A");
    for token in ["x", "a.b.c", "..", "' OR '1'='1", "\0", "令牌", " ", &tampered, &"a".repeat(60_000)] {
        inactive(&alice, token);
        inactive(&service, token);
    }
}

#[test]
fn a_hint_is_no_more_than_a_hint() {
    let app = spawn_app();
    let alice = app.alice();
    for token in [alice.access(), alice.refresh_token()] {
        for hint in ["access_token", "refresh_token", "nonsense", ""] {
            let form = [("token", token), ("token_type_hint", hint)];
            assert_eq!(alice.post("/introspect").form(&form).send().expect(200).json()["active"], true, "{hint}");
        }
    }
}

#[test]
fn the_token_comes_in_a_form_once_and_from_somebody() {
    let app = spawn_app();
    let alice = app.alice();
    for body in ["", "token=", "other=x", "token_type_hint=access_token", "token=a&token=b"] {
        let sent = alice.post("/introspect").body("application/x-www-form-urlencoded", body).send().expect(400);
        assert_eq!(sent.json()["error"], "invalid_request", "{body}");
    }
    let form = [("token", alice.access())];
    app.anon().post("/introspect").form(&form).send().refused(401, "Not authenticated");
    let dead = app.alice();
    dead.post("/logout").send().expect(204);
    dead.post("/introspect").form(&form).send().refused(401, "Could not validate credentials");
    alice.post(&format!("/introspect?token={}", alice.access())).send().expect(400);
}
