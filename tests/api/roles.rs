//! Roles as sets of permissions: made, changed and deleted, and never beyond what somebody holds.

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::forge::claims_of;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app};

const HELPER: [&str; 4] = ["users:read", "users:write", "roles:write", "sessions:write"];

/// Somebody who looks after people and roles, and may do nothing else.
fn helper(app: &TestApp, admin: &Person) -> Person {
    app.make_role(admin, "helper", &HELPER);
    app.invite(admin, "helen", &["helper"]);
    app.user("helen")
}

fn give(person: &Person, id: &str, roles: &[&str]) -> Answer {
    person.put(&format!("/api/users/{id}/roles")).json(json!({ "roles": roles })).send()
}

fn change(person: &Person, role: &str, permissions: &[&str]) -> Answer {
    person.patch(&format!("/api/roles/{role}")).json(json!({ "permissions": permissions })).send()
}

fn scope(person: &Person) -> String {
    claims_of(person.access())["scope"].as_str().expect("a scope").to_owned()
}

fn renewed(app: &TestApp, person: &Person) -> Person {
    person.holding(app.refresh(person).expect(200).json())
}

#[test]
fn a_role_is_made_read_changed_and_deleted() {
    let app = spawn_app();
    let admin = app.admin();
    let new = json!({"name": "clerk", "description": "Looks after invoices", "permissions": ["invoices:read", "invoices:approve"]});
    let answer = admin.post("/api/roles").json(new).send().expect(201);
    let made = answer.json();
    let path = format!("/api/roles/{}", made["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), Some(path.as_str()));
    assert_eq!(made["permissions"], json!(["invoices:approve", "invoices:read"]));
    assert_eq!((&made["built_in"], &made["holders"]), (&json!(false), &json!(0)));
    app.invite(&admin, "carl", &["clerk"]);
    let read = admin.get(&path).send().expect(200).json();
    assert_eq!((&read["name"], &read["holders"]), (&json!("clerk"), &json!(1)));
    let after =
        admin.patch(&path).json(json!({"name": "accounts.clerk", "description": null})).send().expect(200).json();
    assert_eq!((&after["name"], &after["description"]), (&json!("accounts.clerk"), &json!("")));
    assert_eq!(after["permissions"], made["permissions"]);
    admin.delete(&path).send().expect(204);
    admin.get(&path).send().expect(404);
    admin.delete(&path).send().expect(404);
    let roles = admin.get(&format!("/api/users/{}", app.user_id("carl"))).send().json()["roles"].clone();
    assert_eq!(roles, json!([]));
    assert_eq!(app.recorded(), ["signin.succeeded", "role.created", "user.created", "role.changed", "role.deleted"]);
}

#[test]
fn roles_are_listed_page_by_page() {
    let app = spawn_app();
    let admin = app.admin();
    for n in 0..5 {
        app.make_role(&admin, &format!("role{n}"), &["a:b"]);
    }
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/roles?limit=2&after={after}")).send().expect(200).json();
        names.extend(page["items"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut after);
    }
    assert_eq!(names, ["admin", "role0", "role1", "role2", "role3", "role4", "user"]);
    for wrong in ["limit=0", "limit=x", "after=x", "after=LWF0CgoK"] {
        admin.get(&format!("/api/roles?{wrong}")).send().expect(422);
        admin.get(&format!("/api/permissions?{wrong}")).send().expect(422);
    }
}

#[test]
fn what_is_no_role_is_refused_value_by_value() {
    let app = spawn_app();
    let admin = app.admin();
    let pointers = |body: Value| -> Vec<String> {
        let errors = admin.post("/api/roles").json(body).send().expect(422).json()["errors"].clone();
        errors.as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(pointers(json!({})), ["/name", "/permissions"]);
    assert_eq!(
        pointers(json!({"name": "Clerk", "permissions": ["Invoices:read", "x"]})),
        ["/name", "/permissions", "/permissions"]
    );
    for name in ["", "two words", "ärzte", "a\u{0}", "<b>", "مدير", &"a".repeat(65)] {
        assert_eq!(pointers(json!({"name": name, "permissions": []})), ["/name"], "{name:?}");
    }
    for word in ["", "a", "a:", "a b:c", "a:b\n", "<b>:c", "a\u{0}:b", &format!("a:{}", "b".repeat(99))] {
        assert_eq!(pointers(json!({"name": "x", "permissions": [word]})), ["/permissions"], "{word:?}");
    }
    let many: Vec<String> = (0..501).map(|n| format!("a:{n}")).collect();
    assert_eq!(pointers(json!({"name": "x", "permissions": many})), ["/permissions"]);
    assert_eq!(pointers(json!({"name": "x", "description": "y".repeat(501), "permissions": []})), ["/description"]);
    app.make_role(&admin, "clerk", &[]);
    let again = admin.post("/api/roles").json(json!({"name": "clerk", "permissions": []})).send().expect(400).json();
    assert_eq!(again["errors"][0]["pointer"], "/name");
    let other = app.make_role(&admin, "baker", &[]);
    admin.patch(&format!("/api/roles/{other}")).json(json!({"name": "clerk"})).send().expect(400);
    for id in ["nobody", "%00", "..", &"a".repeat(300)] {
        admin.get(&format!("/api/roles/{id}")).send().expect(404);
    }
}

#[test]
fn the_roles_of_the_house_stay() {
    let app = spawn_app();
    let admin = app.admin();
    change(&admin, "admin", &[]).expect(409);
    admin.patch("/api/roles/admin").json(json!({"name": "boss"})).send().expect(409);
    admin.delete("/api/roles/admin").send().expect(409);
    admin.patch("/api/roles/user").json(json!({"name": "people"})).send().expect(409);
    admin.delete("/api/roles/user").send().expect(409);
    change(&admin, "user", &["wiki:read"]).expect(200);
    assert_eq!(scope(&app.alice()), "wiki:read");
    assert!(scope(&renewed(&app, &admin)).contains("users:write wiki:read"), "{}", scope(&renewed(&app, &app.admin())));
}

#[test]
fn admin_has_every_permission_whatever_its_rows_say() {
    let app = spawn_app();
    let admin = app.admin();
    app.make_role(&admin, "clerk", &["invoices:approve"]);
    app.home.database.run("DELETE FROM role_permissions WHERE role_id = 'admin'");
    let words = admin.get("/api/roles/admin").send().expect(200).json()["permissions"].clone();
    assert!(words.as_array().unwrap().contains(&json!("invoices:approve")), "{words}");
    assert!(scope(&app.admin()).contains("invoices:approve"));
}

#[test]
fn nobody_makes_or_changes_a_role_beyond_what_they_hold() {
    let app = spawn_app();
    let admin = app.admin();
    let helper = helper(&app, &admin);
    let approver = app.make_role(&admin, "approver", &["invoices:approve"]);
    let reader = app.make_role(&admin, "reader", &["users:read"]);
    let own = admin.get("/api/roles?limit=200").send().json();
    let own = own["items"].as_array().unwrap().iter().find(|role| role["name"] == "helper").unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for words in [&["audit:read"][..], &["users:read", "invoices:approve"], &["keys:write"]] {
        helper.post("/api/roles").json(json!({"name": "mine", "permissions": words})).send().expect(403);
        change(&helper, &reader, words).expect(403);
        // Also not into the role that they have themselves, or that everybody has.
        change(&helper, &own, &[&HELPER, words].concat()).expect(403);
        change(&helper, "user", words).expect(403);
    }
    // Nor may they touch one that gives more, not even to take something away from it.
    change(&helper, &approver, &[]).expect(403);
    helper.patch(&format!("/api/roles/{approver}")).json(json!({"name": "nobody"})).send().expect(403);
    helper.delete(&format!("/api/roles/{approver}")).send().expect(403);
    change(&helper, "admin", &[]).expect(403);
    change(&helper, &reader, &["users:read", "users:write"]).expect(200);
    helper.post("/api/roles").json(json!({"name": "mine", "permissions": ["users:read"]})).send().expect(201);
}

#[test]
fn a_word_that_nobody_has_used_is_made_up_by_an_administrator_alone() {
    let app = spawn_app();
    let admin = app.admin();
    let helper = helper(&app, &admin);
    // An app may ask for it already: whoever could name it would have it.
    let sly = json!({"name": "sly", "permissions": ["invoices:approve"]});
    helper.post("/api/roles").json(sly.clone()).send().expect(403);
    let narrow = app.program(&[("username", "root"), ("password", PASSWORD), ("scope", "roles:write users:read")]);
    narrow.post("/api/roles").json(sly).send().expect(403);
    // Not even somebody with every word there is, who is not an administrator.
    let every = [
        "audit:read",
        "keys:write",
        "roles:write",
        "sessions:write",
        "settings:read",
        "tokens:introspect",
        "users:read",
        "users:write",
    ];
    app.make_role(&admin, "every", &every);
    app.invite(&admin, "eve", &["every"]);
    let eve = app.user("eve");
    eve.post("/api/roles").json(json!({"name": "sly", "permissions": ["invoices:approve"]})).send().expect(403);
    eve.post(&format!("/api/users/{}/disable", admin.id())).send().expect(403);
    // The administrator gives at once, with the same token, what they have just made up.
    app.make_role(&admin, "approver", &["invoices:approve"]);
    give(&admin, &app.bob().id(), &["approver"]).expect(200);
}

#[test]
fn a_changed_role_is_gone_from_tokens_already_out() {
    let app = spawn_app();
    let admin = app.admin();
    let clerk = app.make_role(&admin, "clerk", &["invoices:read", "invoices:approve"]);
    for name in ["carl", "cleo"] {
        app.invite(&admin, name, &["clerk"]);
    }
    let (carl, cleo, alice) = (app.user("carl"), app.user("cleo"), app.alice());
    change(&admin, &clerk, &["invoices:read"]).expect(200);
    assert!(!carl.is_known() && !cleo.is_known() && alice.is_known() && admin.is_known());
    let carl = renewed(&app, &carl);
    assert_eq!(scope(&carl), "invoices:read");
    assert!(carl.is_known());
    // What says nothing about permissions ends no token.
    admin.patch(&format!("/api/roles/{clerk}")).json(json!({"description": "Reads"})).send().expect(200);
    change(&admin, &clerk, &["invoices:read"]).expect(200);
    assert!(carl.is_known());
    // Another name is in tokens too.
    admin.patch(&format!("/api/roles/{clerk}")).json(json!({"name": "reader"})).send().expect(200);
    assert!(!carl.is_known());
    let carl = renewed(&app, &carl);
    assert_eq!(claims_of(carl.access())["roles"], json!(["reader"]));
    assert!(carl.is_known());
}

#[test]
fn a_deleted_role_is_gone_at_once_and_one_of_the_same_name_is_another() {
    let app = spawn_app();
    let admin = app.admin();
    let clerk = app.make_role(&admin, "clerk", &["invoices:approve"]);
    let carl_id = app.invite(&admin, "carl", &["clerk", "user"]);
    let (carl, browser) = (app.user("carl"), app.browser_of("carl"));
    admin.delete(&format!("/api/roles/{clerk}")).send().expect(204);
    assert!(!carl.is_known() && browser.is_at_home());
    let carl = renewed(&app, &carl);
    let claims = claims_of(carl.access());
    assert_eq!((&claims["roles"], &claims["scope"]), (&json!(["user"]), &json!("")));
    // Whoever had the old one does not have the new one, and tokens with the new one count.
    app.make_role(&admin, "clerk", &["invoices:approve"]);
    assert_eq!(admin.get(&format!("/api/users/{carl_id}")).send().json()["roles"], json!(["user"]));
    give(&admin, &carl_id, &["clerk"]).expect(200);
    let carl = app.user("carl");
    assert!(carl.is_known());
    assert_eq!(scope(&carl), "invoices:approve");
}

#[test]
fn services_are_told_of_a_changed_role() {
    let app = spawn_app();
    let admin = app.admin();
    let clerk = app.make_role(&admin, "clerk", &["invoices:approve"]);
    app.invite(&admin, "carl", &["clerk"]);
    let before = app.user("carl");
    let service = app.service();
    change(&admin, &clerk, &[]).expect(200);
    let items = service.get("/revocations").send().expect(200).json()["items"].clone();
    let entry = items.as_array().unwrap().last().unwrap().clone();
    assert_eq!((&entry["role"], &entry["sid"], &entry["sub"]), (&json!("clerk"), &Value::Null, &Value::Null));
    let cursor: i64 = entry["cursor"].as_str().unwrap().parse().unwrap();
    let version = |person: &Person| claims_of(person.access())["rv"].as_i64().unwrap_or(0);
    let after = app.user("carl");
    assert!(version(&before) < cursor && version(&after) >= cursor);
}

#[test]
fn another_node_refuses_a_changed_role_too() {
    let app = spawn_app();
    let other = crate::harness::start(app.home.clone(), &[]);
    let admin = app.admin();
    let clerk = app.make_role(&admin, "clerk", &["invoices:approve"]);
    app.invite(&admin, "carl", &["clerk"]);
    let carl = app.user("carl");
    let there = Person::at(&other.url, other.clock.clone()).bearing(carl.access());
    assert!(there.is_known());
    change(&admin, &clerk, &[]).expect(200);
    crate::harness::within(std::time::Duration::from_secs(3), "the other node knows", || !there.is_known());
}

#[test]
fn roles_take_a_fresh_proof() {
    let app = spawn_app();
    let admin = app.admin();
    let clerk = app.make_role(&admin, "clerk", &[]);
    app.advance(16 * 60);
    let path = format!("/api/roles/{clerk}");
    admin.post("/api/roles").json(json!({"name": "x", "permissions": []})).send().refused(401, "Fresh token required");
    change(&admin, &clerk, &["a:b"]).refused(401, "Fresh token required");
    admin.delete(&path).send().refused(401, "Fresh token required");
    admin.get(&path).send().expect(200);
}

#[test]
fn somebody_who_looks_after_users_sees_roles_and_changes_none() {
    let app = spawn_app();
    let admin = app.admin();
    app.make_role(&admin, "looker", &["users:read", "users:write"]);
    let clerk = app.make_role(&admin, "clerk", &[]);
    app.invite(&admin, "lou", &["looker"]);
    let lou = app.user("lou");
    lou.get("/api/roles").send().expect(200);
    lou.get(&format!("/api/roles/{clerk}")).send().expect(200);
    lou.get("/api/permissions").send().expect(200);
    let missing = "This needs the permission roles:write, which you do not hold.";
    lou.post("/api/roles").json(json!({"name": "x", "permissions": []})).send().refused(403, missing);
    change(&lou, &clerk, &[]).refused(403, missing);
    lou.delete(&format!("/api/roles/{clerk}")).send().refused(403, missing);
    give(&lou, &app.bob().id(), &["clerk"]).refused(403, missing);
}

#[test]
fn every_word_that_is_known_is_listed_with_the_roles_that_give_it() {
    let app = spawn_app();
    let admin = app.admin();
    app.make_role(&admin, "clerk", &["invoices:approve", "users:read"]);
    app.make_role(&admin, "auditor", &["invoices:approve"]);
    let (mut words, mut after) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/permissions?limit=3&after={after}")).send().expect(200).json();
        words.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut after);
    }
    let names: Vec<&str> = words.iter().map(|word| word["permission"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "audit:read",
            "invoices:approve",
            "keys:write",
            "roles:write",
            "sessions:write",
            "settings:read",
            "tokens:introspect",
            "users:read",
            "users:write"
        ]
    );
    assert_eq!((&words[1]["roles"], &words[1]["built_in"]), (&json!(["auditor", "clerk"]), &json!(false)));
    assert_eq!((&words[7]["roles"], &words[7]["built_in"]), (&json!(["clerk"]), &json!(true)));
}

#[test]
fn what_somebody_may_do_is_told_with_the_roles_that_give_it() {
    let app = spawn_app();
    let admin = app.admin();
    app.make_role(&admin, "clerk", &["invoices:approve", "invoices:read"]);
    app.make_role(&admin, "reader", &["invoices:read"]);
    let carl = app.invite(&admin, "carl", &["clerk", "reader"]);
    let path = format!("/api/users/{carl}/permissions");
    let told = admin.get(&path).send().expect(200).json();
    let item = |permission: &str, roles: &[&str]| {
        let roles: Vec<Value> = roles.iter().map(|name| json!({"name": name, "until": null})).collect();
        json!({"permission": permission, "roles": roles})
    };
    assert_eq!(
        told["items"],
        json!([item("invoices:approve", &["clerk"]), item("invoices:read", &["clerk", "reader"])])
    );
    admin.post(&format!("/api/users/{carl}/disable")).send().expect(200);
    let told = admin.get(&path).send().expect(200).json();
    assert_eq!((&told["disabled"], &told["items"]), (&json!(true), &json!([])));
    let all = admin.get(&format!("/api/users/{}/permissions", admin.id())).send().json();
    assert_eq!(all["items"].as_array().unwrap().len(), 10);
    admin.get("/api/users/nobody/permissions").send().expect(404);
}
