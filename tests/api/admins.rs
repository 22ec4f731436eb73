//! What administrators may not do: lock everybody out, or give and touch what is above them.

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, at_once, spawn_app};

/// A role that looks after plain users, with `more` permissions beside.
fn make_role(app: &TestApp, name: &str, permissions: &[&str]) {
    let rows: Vec<String> = permissions.iter().map(|word| format!("('{name}', '{word}')")).collect();
    app.home.database.run(&format!(
        "INSERT INTO roles (id, name, created_at) VALUES ('{name}', '{name}', 0); \
         INSERT INTO role_permissions (role_id, permission) VALUES {}",
        rows.join(", ")
    ));
}

const HELPER: [&str; 4] = ["users:read", "users:write", "roles:write", "sessions:write"];

fn set_roles(person: &Person, id: &str, roles: &[&str]) -> Answer {
    person.put(&format!("/api/users/{id}/roles")).json(json!({ "roles": roles })).send()
}

fn admins(app: &TestApp) -> usize {
    let query = "SELECT u.username AS value FROM users u JOIN user_roles r ON r.user_id = u.id \
                 WHERE r.role_id = 'admin' AND u.disabled_at IS NULL";
    app.home.database.texts(query).len()
}

#[test]
fn the_last_administrator_can_be_neither_disabled_nor_demoted() {
    let app = spawn_app();
    let (admin, browser) = (app.admin(), app.browser_of("root"));
    let id = admin.id();
    admin.post(&format!("/api/users/{id}/disable")).send().expect(409);
    set_roles(&admin, &id, &["user"]).expect(409);
    set_roles(&admin, &id, &[]).expect(409);
    browser.post(&format!("/admin/users/{id}/disable")).send().expect(409);
    browser.post(&format!("/admin/users/{id}/roles")).form(&[]).send().expect(409);
    assert!(admin.is_known() && browser.is_at_home());
    assert_eq!(admins(&app), 1);
    assert_eq!(app.recorded(), ["signin.succeeded", "signin.succeeded"]);
}

#[test]
fn a_disabled_administrator_does_not_count_as_one() {
    let app = spawn_app();
    let admin = app.admin();
    let ada = app.invite(&admin, "ada", &["admin"]);
    admin.post(&format!("/api/users/{ada}/disable")).send().expect(200);
    set_roles(&admin, &admin.id(), &["user"]).expect(409);
    admin.post(&format!("/api/users/{ada}/enable")).send().expect(200);
    set_roles(&admin, &admin.id(), &["user"]).expect(200);
    assert_eq!(admins(&app), 1);
}

#[test]
fn of_two_admins_who_demote_or_disable_each_other_at_once_one_stays() {
    for disable in [false, true] {
        let app = spawn_app();
        let root = app.admin();
        app.invite(&root, "ada", &["admin"]);
        let both = [root, app.user("ada")];
        let statuses = at_once(2, |n| {
            let (me, other) = (&both[n], both[1 - n].id());
            match disable {
                true => me.post(&format!("/api/users/{other}/disable")).send().status,
                false => set_roles(me, &other, &["user"]).status,
            }
        });
        assert_eq!(admins(&app), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    }
}

#[test]
fn nobody_grants_what_they_do_not_hold() {
    let app = spawn_app();
    make_role(&app, "helper", &HELPER);
    make_role(&app, "approver", &["invoices:approve"]);
    let admin = app.admin();
    let helper_id = app.invite(&admin, "helen", &["helper"]);
    let (helper, bob) = (app.user("helen"), app.bob().id());
    for roles in [&["admin"][..], &["approver"], &["user", "admin"], &["helper", "approver"]] {
        set_roles(&helper, &bob, roles).expect(403);
        set_roles(&helper, &helper_id, roles).expect(403);
        let new = json!({"username": "eve", "email": "eve@example.com", "roles": roles});
        helper.post("/api/users").json(new).send().expect(403);
    }
    set_roles(&helper, &bob, &["user", "helper"]).expect(200);
    set_roles(&helper, &bob, &["user", "nonsense"]).expect(422);
    let browser = app.browser_of("helen");
    browser.post(&format!("/admin/users/{bob}/roles")).form(&[("roles", "admin")]).send().expect(403);
    set_roles(&admin, &bob, &["approver"]).expect(200);
}

#[test]
fn nobody_touches_who_holds_what_they_do_not() {
    let app = spawn_app();
    make_role(&app, "helper", &HELPER);
    make_role(&app, "approver", &["invoices:approve"]);
    let admin = app.admin();
    app.invite(&admin, "helen", &["helper"]);
    let anna = app.invite(&admin, "anna", &["approver"]);
    let helper = app.user("helen");
    for id in [admin.id(), anna] {
        let path = format!("/api/users/{id}");
        helper.get(&path).send().expect(200);
        helper.patch(&path).json(json!({"email": "mine@example.com"})).send().expect(403);
        helper.post(&format!("{path}/disable")).send().expect(403);
        helper.post(&format!("{path}/enable")).send().expect(403);
        helper.delete(&format!("{path}/sessions")).send().expect(403);
        set_roles(&helper, &id, &["user"]).expect(403);
    }
    assert!(admin.is_known());
}

#[test]
fn nobody_raises_themselves() {
    let app = spawn_app();
    let alice = app.alice();
    set_roles(&alice, &alice.id(), &["admin"]).expect(403);
    let form = [("username", "alice"), ("password", PASSWORD), ("scope", "users:read users:write roles:write")];
    let asked = app.program(&form);
    assert_eq!(asked.tokens["scope"], "");
    asked.get("/api/users").send().expect(403);
}

#[test]
fn a_token_of_a_narrow_scope_is_an_admins_in_name_only() {
    let app = spawn_app();
    let narrow = app.program(&[("username", "root"), ("password", PASSWORD), ("scope", "users:read roles:write")]);
    let bob = app.bob().id();
    set_roles(&narrow, &bob, &["admin"]).expect(403);
    narrow.post(&format!("/api/users/{bob}/disable")).send().expect(403);
    set_roles(&narrow, &bob, &["user"]).expect(200);
}

#[test]
fn an_admin_makes_an_account_that_nobody_can_sign_in_to_without_a_password() {
    let app = spawn_app();
    let admin = app.admin();
    let new = json!({"username": "zoe", "email": "zoe@example.com"});
    let made = admin.post("/api/users").json(new).send().expect(201).json();
    assert_eq!((&made["roles"], &made["disabled"]), (&json!(["user"]), &json!(false)));
    app.anon().post("/token").form(&[("username", "zoe"), ("password", PASSWORD)]).send().expect(401);
    app.anon().post("/token").form(&[("username", "zoe"), ("password", "")]).send().expect(400);
    let again = json!({"username": "ZOE", "email": "zoe2@example.com"});
    admin.post("/api/users").json(again).send().refused(400, "Username already registered");
}

#[test]
fn an_admin_does_the_same_on_the_pages() {
    let app = spawn_app();
    let root = app.browser_of("root");
    let form =
        [("username", "zoe"), ("email", "zoe@example.com"), ("name", "Zoe"), ("password", PASSWORD), ("roles", "user")];
    let page = root.post("/admin/users").form(&form).send().expect(303).location().to_owned();
    assert!(root.get(&page).send().expect(200).text().contains("zoe@example.com"));
    let page = page.split('?').next().unwrap().to_owned();
    root.post(&page).form(&[("name", "Zoë"), ("email", "zoe@example.org")]).send().expect(303);
    assert!(root.get(&page).send().expect(200).text().contains("zoe@example.org"));
    root.post(&page).form(&[("email", "nowhere")]).send().expect(422);
    assert!(root.get("/admin/users?q=ZO").send().expect(200).text().contains("zoe@example.org"));
    root.post(&format!("{page}/disable")).send().expect(303);
    app.anon().post("/token").form(&[("username", "zoe"), ("password", PASSWORD)]).send().expect(401);
    root.post(&format!("{page}/enable")).send().expect(303);
    app.user("zoe");
    assert!(root.get("/admin").send().expect(200).text().contains("zoe"));
}
