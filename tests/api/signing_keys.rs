//! Signing keys as administrators see and change them.

use serde_json::{Value, json};

use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app, spawn_with};
use crate::keys::kid;

fn list(person: &Person) -> Value {
    person.get("/api/keys").send().expect(200).json()
}

fn states(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|key| key["state"].as_str().unwrap()).collect()
}

/// An administrator of users who may not touch keys.
fn without_keys(app: &TestApp) -> Person {
    let scope = "users:read users:write roles:write sessions:write audit:read settings:read";
    app.program(&[("username", "root"), ("password", PASSWORD), ("scope", scope)])
}

#[test]
fn an_administrator_sees_each_key_and_when_the_next_follows() {
    let app = spawn_app();
    let admin = app.admin();
    let told = list(&admin);
    let key = &told["items"][0];
    assert_eq!((states(&told), &key["kid"], &key["algorithm"]), (vec!["signs"], &json!(kid(&admin)), &json!("ES256")));
    assert_eq!((&key["retired_at"], &key["verifies_until"]), (&Value::Null, &Value::Null));
    assert!(told["next_rotation_at"].as_str().unwrap() > "2030-03", "{told}");
    assert!(!told.to_string().contains("sealed"));
    without_keys(&app).get("/api/keys").send().expect(403);
}

#[test]
fn a_rotation_signs_nobody_out_and_is_recorded() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let made = admin.post("/api/keys/rotate").json(json!({})).send().expect(200).json();
    assert_eq!(made["state"], "published");
    assert_eq!(states(&list(&admin)), ["signs", "published"]);
    app.advance(70);
    assert_eq!(kid(&app.alice()), made["kid"]);
    assert!(alice.is_known());
    let told = list(&admin);
    assert_eq!(states(&told), ["verifies", "signs"]);
    assert!(told["items"][0]["verifies_until"].is_string());
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "key.rotated").count(), 1);
}

#[test]
fn keys_in_wrong_hands_are_let_go_of_at_once() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    admin.post("/api/keys/rotate").json(json!({"compromised": true})).send().expect(200);
    assert!(!alice.is_known() && !admin.is_known());
    let again = app.anon().holding(app.refresh(&alice).expect(200).json());
    assert!(again.is_known());
}

#[test]
fn a_rotation_takes_a_fresh_proof_and_the_permission() {
    let app = spawn_app();
    let (admin, browser) = (app.admin(), app.browser_of("root"));
    without_keys(&app).post("/api/keys/rotate").json(json!({})).send().expect(403);
    admin.post("/api/keys/rotate").json(json!({"now": "maybe"})).send().expect(422);
    app.advance(16 * 60);
    admin.post("/api/keys/rotate").json(json!({})).send().refused(401, "Fresh token required");
    assert!(browser.get("/admin/keys/rotate").send().expect(303).location().starts_with("/confirm"));
    assert!(
        browser
            .post("/admin/keys/rotate")
            .form(&[("start", "now")])
            .send()
            .expect(303)
            .location()
            .starts_with("/confirm")
    );
    assert!(!app.recorded().contains(&"key.rotated".to_owned()));
}

#[test]
fn the_page_asks_what_follows_and_does_it() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let asked = browser.get("/admin/keys/rotate").send().expect(200).text();
    assert!(asked.contains("Nobody is signed out") && asked.contains("wrong hands"));
    let done = browser.post("/admin/keys/rotate").form(&[("start", "now")]).send().expect(303);
    let page = browser.get(done.location()).send().expect(200).text();
    assert!(page.contains("A new signing key was made") && page.contains("Verifies only"));
}

#[test]
fn a_shared_secret_is_not_rotated_here() {
    let app = spawn_with(&[("ALGORITHM", "HS256")]);
    let admin = app.admin();
    admin.post("/api/keys/rotate").json(json!({})).send().expect(409);
    assert_eq!(list(&admin)["next_rotation_at"], Value::Null);
    let page = app.browser_of("root").get("/admin/keys").send().expect(200).text();
    assert!(page.contains("HS256 signs with SECRET_KEY") && !page.contains("/admin/keys/rotate"));
}
