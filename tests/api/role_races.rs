//! Roles that are changed, deleted and given at the same moment: whatever the order, nobody has more than they should.

use serde_json::json;

use crate::harness::forge::claims_of;
use crate::harness::people::Person;
use crate::harness::{TestApp, at_once, spawn_app};

fn give(person: &Person, id: &str, roles: &[&str]) -> u16 {
    person.put(&format!("/api/users/{id}/roles")).json(json!({ "roles": roles })).send().status
}

fn holders_of_nothing(app: &TestApp) -> usize {
    let query = "SELECT u.user_id AS value FROM user_roles u JOIN roles r ON r.id = u.role_id WHERE r.name = 'clerk'";
    app.home.database.texts(query).len()
}

#[test]
fn a_role_that_is_deleted_while_it_is_given_is_had_by_nobody() {
    for _ in 0..10 {
        let app = spawn_app();
        let admin = app.admin();
        let clerk = app.make_role(&admin, "clerk", &["invoices:approve"]);
        let (alice, bob) = (app.alice().id(), app.bob().id());
        let statuses = at_once(3, |n| match n {
            0 => admin.delete(&format!("/api/roles/{clerk}")).send().status,
            1 => give(&admin, &alice, &["clerk"]),
            _ => give(&admin, &bob, &["user", "clerk"]),
        });
        assert_eq!(statuses[0], 204);
        assert!(statuses[1..].iter().all(|status| [200, 422].contains(status)), "{statuses:?}");
        assert_eq!(holders_of_nothing(&app), 0);
        let scope = claims_of(app.alice().access())["scope"].clone();
        assert_eq!(scope, "");
    }
}

#[test]
fn a_refresh_in_the_midst_of_a_change_keeps_nothing_that_is_taken_away() {
    for _ in 0..10 {
        let app = spawn_app();
        let admin = app.admin();
        let clerk = app.make_role(&admin, "clerk", &["invoices:approve"]);
        app.invite(&admin, "carl", &["clerk"]);
        let carl = app.user("carl");
        let answers = at_once(3, |n| match n {
            0 => admin.patch(&format!("/api/roles/{clerk}")).json(json!({"permissions": ["invoices:read"]})).send(),
            1 => app.refresh(&carl),
            _ => app.anon().post("/token").form(&[("username", "carl"), ("password", crate::harness::PASSWORD)]).send(),
        });
        for answer in &answers[1..] {
            let token = carl.holding(answer.clone().expect(200).json());
            let has_it = claims_of(token.access())["scope"] == "invoices:approve";
            assert!(!(has_it && token.is_known()), "a token with what was taken away still counts");
            assert!(has_it || token.is_known(), "a token with what is true counts");
        }
    }
}

#[test]
fn a_role_that_is_raised_while_somebody_lower_gives_it_is_theirs_only_in_one_order() {
    for _ in 0..5 {
        let app = spawn_app();
        let admin = app.admin();
        app.make_role(&admin, "helper", &["users:read", "roles:write", "users:write"]);
        let team = app.make_role(&admin, "team", &["users:read"]);
        let helen = app.invite(&admin, "helen", &["helper"]);
        let helper = app.user("helen");
        let statuses = at_once(2, |n| match n {
            0 => admin.patch(&format!("/api/roles/{team}")).json(json!({"permissions": ["audit:read"]})).send().status,
            _ => give(&helper, &helen, &["helper", "team"]),
        });
        assert_eq!(statuses[0], 200);
        assert!([200, 403].contains(&statuses[1]), "{statuses:?}");
        // Once it gives more than they hold, they give it to nobody.
        assert_eq!(give(&app.user("root"), &helen, &["helper"]), 200);
        assert_eq!(give(&app.user("helen"), &app.bob().id(), &["team"]), 403);
    }
}

#[test]
fn of_two_who_change_a_role_in_the_state_that_both_have_read_one_is_told() {
    let app = spawn_app();
    let admin = app.admin();
    let clerk = app.make_role(&admin, "clerk", &[]);
    let path = format!("/api/roles/{clerk}");
    let tag = admin.get(&path).send().header("etag").unwrap().to_owned();
    let statuses = at_once(4, |n| {
        let body = json!({"permissions": [format!("app:{n}")]});
        admin.patch(&path).with("If-Match", &tag).json(body).send().status
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 3, "{statuses:?}");
}

#[test]
fn of_two_who_make_a_role_of_one_name_one_is_first() {
    let app = spawn_app();
    let admin = app.admin();
    let statuses =
        at_once(3, |_| admin.post("/api/roles").json(json!({"name": "clerk", "permissions": []})).send().status);
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 2, "{statuses:?}");
}
