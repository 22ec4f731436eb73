//! The same done with many users at once: each by the rules that hold for one.

use serde_json::{Value, json};

use crate::harness::people::Person;
use crate::harness::{TestApp, spawn_app};

fn roles(app: &TestApp) {
    app.home.database.run(
        "INSERT INTO roles (id, name, created_at) VALUES ('clerk', 'clerk', 0), ('approver', 'approver', 0); \
         INSERT INTO role_permissions VALUES ('clerk', 'users:read'), ('clerk', 'users:write'), ('clerk', 'roles:write'), \
         ('approver', 'invoices:approve')",
    );
}

fn bulk(person: &Person, action: &str, ids: &[&str], role: Option<&str>) -> Vec<Value> {
    let body = json!({"action": action, "ids": ids, "role": role});
    person.post("/api/users/bulk").json(body).send().expect(200).json()["items"].as_array().unwrap().clone()
}

fn statuses(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["status"].as_str().unwrap()).collect()
}

#[test]
fn each_is_done_or_refused_by_itself_and_says_why() {
    let app = spawn_app();
    let (admin, alice, bob) = (app.admin(), app.alice(), app.bob());
    let (root_id, alice_id, bob_id) = (admin.id(), alice.id(), bob.id());
    let items = bulk(&admin, "disable", &[&alice_id, &root_id, "nobody", &bob_id, &alice_id], None);
    assert_eq!(statuses(&items), ["done", "refused", "refused", "done"]);
    assert!(items[1]["detail"].as_str().unwrap().contains("last administrator"));
    assert_eq!(items[2]["detail"], "There is no such user.");
    assert_eq!(items[0].get("detail"), None);
    assert!(admin.is_known() && !alice.is_known() && !bob.is_known());
    assert_eq!(statuses(&bulk(&admin, "enable", &[&alice_id, &bob_id], None)), ["done", "done"]);
    let alice = app.alice();
    assert_eq!(statuses(&bulk(&admin, "end-sessions", &[&alice_id], None)), ["done"]);
    assert!(!alice.is_known());
    assert_eq!(statuses(&bulk(&admin, "delete", &[&bob_id, &root_id], None)), ["done", "refused"]);
    admin.get(&format!("/api/users/{bob_id}")).send().expect(404);
    let disabled = app.recorded().iter().filter(|fact| *fact == "user.disabled").count();
    assert_eq!(disabled, 2);
}

#[test]
fn a_role_is_given_and_taken_beside_those_that_somebody_has() {
    let app = spawn_app();
    roles(&app);
    let (admin, alice) = (app.admin(), app.alice());
    let of = |id: &str| admin.get(&format!("/api/users/{id}")).send().expect(200).json()["roles"].clone();
    let id = alice.id();
    assert_eq!(statuses(&bulk(&admin, "add-role", &[&id], Some("approver"))), ["done"]);
    assert_eq!(statuses(&bulk(&admin, "add-role", &[&id], Some("approver"))), ["done"]);
    assert_eq!(of(&id), json!(["approver", "user"]));
    assert!(!alice.is_known(), "a token from before says nothing of the new role");
    assert_eq!(statuses(&bulk(&admin, "remove-role", &[&id], Some("approver"))), ["done"]);
    assert_eq!(of(&id), json!(["user"]));
    assert_eq!(statuses(&bulk(&admin, "remove-role", &[&admin.id()], Some("admin"))), ["refused"]);
}

#[test]
fn nobody_gives_or_touches_what_is_above_them_and_nothing_is_half_done() {
    let app = spawn_app();
    roles(&app);
    let admin = app.admin();
    app.invite(&admin, "carl", &["clerk"]);
    let anna = app.invite(&admin, "anna", &["approver"]);
    let (carl, bob) = (app.user("carl"), app.user_id("bob"));
    for action in ["disable", "delete"] {
        assert_eq!(statuses(&bulk(&carl, action, &[&anna, &admin.id()], None)), ["refused", "refused"], "{action}");
    }
    assert_eq!(statuses(&bulk(&carl, "add-role", &[&bob, &anna], Some("approver"))), ["refused", "refused"]);
    assert_eq!(statuses(&bulk(&carl, "add-role", &[&bob, &anna], Some("clerk"))), ["done", "refused"]);
    carl.post("/api/users/bulk").json(json!({"action": "end-sessions", "ids": [bob]})).send().expect(403);
    assert!(admin.is_known());
}

#[test]
fn what_is_dangerous_needs_a_young_proof() {
    let app = spawn_app();
    let (admin, bob) = (app.admin(), app.user_id("bob"));
    app.advance(16 * 60);
    for action in ["delete", "add-role", "remove-role"] {
        let body = json!({"action": action, "ids": [bob], "role": "user"});
        admin.post("/api/users/bulk").json(body).send().refused(401, "Fresh token required");
    }
    assert_eq!(statuses(&bulk(&admin, "disable", &[&bob], None)), ["done"]);
}

#[test]
fn values_that_mean_nothing_are_named_before_anything_is_done() {
    let app = spawn_app();
    let (admin, bob) = (app.admin(), app.user_id("bob"));
    let many: Vec<String> = (0..201).map(|n| n.to_string()).collect();
    for (body, pointer) in [
        (json!({"action": "explode", "ids": [bob]}), "/action"),
        (json!({"ids": [bob]}), "/action"),
        (json!({"action": "disable"}), "/ids"),
        (json!({"action": "disable", "ids": []}), "/ids"),
        (json!({"action": "disable", "ids": many}), "/ids"),
        (json!({"action": "disable", "ids": [5]}), "/ids"),
        (json!({"action": "add-role", "ids": [bob]}), "/role"),
        (json!({"action": "add-role", "ids": [bob], "role": "pirate"}), "/role"),
    ] {
        let answer = admin.post("/api/users/bulk").json(body.clone()).send().expect(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{body}");
    }
    assert_eq!(app.recorded(), ["signin.succeeded"]);
}

#[test]
fn the_page_names_those_whom_it_concerns_before_it_takes_something_away() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let (alice, bob, root) = (app.user_id("alice"), app.user_id("bob"), app.user_id("root"));
    let list = browser.get("/admin/users?q=example&sort=email").send().expect(200).text();
    assert!(list.contains(&format!("value=\"{alice}\" form=\"bulk\"")) && list.contains("Choose bob"));
    let form = [("action", "delete"), ("ids", &*alice), ("ids", &bob), ("back", "/admin/users?q=example&sort=email")];
    let asked = browser.post("/admin/users/bulk").form(&form).send().expect(200).text();
    assert!(asked.contains("Delete 2 users for good?") && asked.contains("alice") && asked.contains("bob"));
    assert_eq!(app.user_id("alice"), alice);
    let sure: Vec<(&str, &str)> = form.into_iter().chain([("confirmed", "true")]).collect();
    let done = browser.post("/admin/users/bulk").form(&sure).send().expect(303).location().to_owned();
    assert_eq!(done, "/admin/users?q=example&sort=email&done=bulk-done");
    let list = browser.get(&done).send().expect(200).text();
    assert!(list.contains("Done for everybody chosen.") && !list.contains("alice"));
    // Those who went meanwhile are nobody any more.
    assert!(browser.post("/admin/users/bulk").form(&form).send().expect(200).text().contains("Nobody of those chosen"));
    let form = [("action", "disable"), ("ids", &*root), ("confirmed", "true"), ("back", "//evil.example")];
    let partly = browser.post("/admin/users/bulk").form(&form).send().expect(200).text();
    assert!(partly.contains("0 of 1") && partly.contains("last administrator") && !partly.contains("evil"));
    let nobody = browser.post("/admin/users/bulk").form(&[("action", "delete")]).send().expect(303);
    assert_eq!(nobody.location(), "/admin/users");
}

#[test]
fn whoever_may_only_look_chooses_nobody() {
    let app = spawn_app();
    app.home.database.run(
        "INSERT INTO roles (id, name, created_at) VALUES ('reader', 'reader', 0); \
         INSERT INTO role_permissions VALUES ('reader', 'users:read')",
    );
    app.invite(&app.admin(), "rita", &["reader"]);
    let (rita, bob) = (app.user("rita"), app.user_id("bob"));
    for action in ["disable", "enable", "delete", "end-sessions", "add-role", "remove-role"] {
        let body = json!({"action": action, "ids": [bob], "role": "user"});
        rita.post("/api/users/bulk").json(body).send().expect(403);
    }
    let browser = app.browser_of("rita");
    assert!(!browser.get("/admin/users").send().expect(200).text().contains("form=\"bulk\""));
    browser.post("/admin/users/bulk").form(&[("action", "disable"), ("ids", &bob)]).send().expect(403);
}
