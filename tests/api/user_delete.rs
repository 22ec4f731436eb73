//! Administrators delete somebody for good.

use serde_json::json;

use crate::harness::{PASSWORD, spawn_app};

#[test]
fn whoever_is_deleted_is_out_at_once_and_leaves_their_name_free() {
    let app = spawn_app();
    let (admin, alice, browser) = (app.admin(), app.alice(), app.browser_of("alice"));
    let path = format!("/api/users/{}", alice.id());
    admin.delete(&path).send().expect(204);
    assert!(!alice.is_known() && !browser.is_at_home());
    app.refresh(&alice).expect(401);
    app.anon().post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(401);
    admin.get(&path).send().expect(404);
    admin.delete(&path).send().expect(404);
    let again = json!({"username": "alice", "email": "alice@example.com", "password": PASSWORD});
    app.anon().post("/signup").json(again).send().expect(201);
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "user.deleted").count(), 1);
}

#[test]
fn the_last_administrator_and_whoever_holds_more_are_not_deleted() {
    let app = spawn_app();
    let admin = app.admin();
    admin.delete(&format!("/api/users/{}", admin.id())).send().expect(409);
    app.home.database.run(
        "INSERT INTO roles (id, name, created_at) VALUES ('clerk', 'clerk', 0); \
         INSERT INTO role_permissions VALUES ('clerk', 'users:read'), ('clerk', 'users:write')",
    );
    app.invite(&admin, "carl", &["clerk"]);
    let carl = app.user("carl");
    carl.delete(&format!("/api/users/{}", admin.id())).send().expect(403);
    carl.delete(&format!("/api/users/{}", app.user_id("bob"))).send().expect(204);
    assert!(admin.is_known());
}

#[test]
fn a_proof_that_is_old_does_not_do() {
    let app = spawn_app();
    let (admin, browser) = (app.admin(), app.browser_of("root"));
    let bob = app.user_id("bob");
    app.advance(16 * 60);
    admin.delete(&format!("/api/users/{bob}")).send().refused(401, "Fresh token required");
    let asked = browser.get(&format!("/admin/users/{bob}/delete")).send().expect(303).location().to_owned();
    assert!(asked.starts_with("/confirm"), "{asked}");
    assert_eq!(app.user_id("bob"), bob);
}

#[test]
fn the_page_says_what_follows_and_wants_the_name_typed() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let path = format!("/admin/users/{}/delete", app.user_id("bob"));
    let page = browser.get(&path).send().expect(200).text();
    assert!(page.contains("Delete bob for good") && page.contains("What the log says of them stays."));
    browser.post(&path).form(&[("username", "bo")]).send().expect(422);
    let done = browser.post(&path).form(&[("username", "bob")]).send().expect(303).location().to_owned();
    assert!(browser.get(&done).send().expect(200).text().contains("The account was deleted."));
    browser.get(&path).send().expect(404);
    browser.post(&path).form(&[("username", "bob")]).send().expect(404);
}
