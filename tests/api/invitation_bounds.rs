//! How many invitations somebody gets, and how long one counts that a program made.

use serde_json::{Value, json};

use super::invitations::{MARA, invite};
use crate::harness::{PASSWORD, spawn_app, spawn_with};

#[test]
fn nobodys_letter_box_is_flooded_with_invitations() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    let admin = app.admin();
    (0..10).for_each(|_| drop(invite(&admin, json!({ "email": MARA })).expect(201)));
    assert!(invite(&admin, json!({ "email": "Mara@Example.com" })).expect(429).header("retry-after").is_some());
    invite(&admin, json!({"email": "mona@example.com"})).expect(201);
    invite(&admin, json!({})).expect(201);
    app.advance(16 * 60);
    invite(&admin, json!({ "email": MARA })).expect(201);
}

#[test]
fn an_invitation_counts_no_longer_than_the_key_that_made_it() {
    let app = spawn_app();
    let admin = app.admin();
    let made = app.make_key(&admin, &["users:write"]);
    let program = app.anon().bearing(made["key"].as_str().expect("a key"));
    let link = |json: Value| json["link"].as_str().expect("a link").split("code=").nth(1).expect("a code").to_owned();
    let code = link(program.post("/api/invitations").json(json!({"uses": 2})).send().expect(201).json());
    let follow = |name: &str| {
        let new = json!({"username": name, "email": format!("{name}@example.com"), "password": PASSWORD, "code": code});
        app.anon().post("/signup").json(new).send()
    };
    follow("first").expect(201);
    admin.delete(&format!("/api/api-keys/{}", made["id"].as_str().expect("an id"))).send().expect(204);
    follow("second").expect(400);
    let page = app.browser().get(&format!("/signup?code={code}")).send();
    assert!(!page.text().contains("root has invited you"), "{page:?}");
}
