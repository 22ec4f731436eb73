//! Two who change the same thing: the second is told, if they have said what they have read (RFC 9110 section 13.1.1).

use serde_json::json;

use crate::harness::{at_once, spawn_app};

#[test]
fn a_change_of_what_somebody_else_has_changed_meanwhile_is_refused_and_says_how_to_go_on() {
    let app = spawn_app();
    let admin = app.admin();
    let path = format!("/api/users/{}", app.user_id("alice"));
    let read = admin.get(&path).send().expect(200);
    let tag = read.header("etag").expect("a tag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'));
    let first = admin.patch(&path).with("If-Match", &tag).json(json!({"name": "Alice"})).send().expect(200);
    let second = admin.patch(&path).with("If-Match", &tag).json(json!({"name": "Eve"})).send().expect(412);
    assert_eq!(second.json()["type"], "/errors/changed-meanwhile");
    assert!(second.json()["detail"].as_str().unwrap().contains("ETag"));
    let now = admin.get(&path).send();
    assert_eq!(now.json()["name"], "Alice");
    assert_eq!(now.header("etag"), first.header("etag"));
    admin.patch(&path).with("If-Match", first.header("etag").unwrap()).json(json!({"name": "Eve"})).send().expect(200);
}

#[test]
fn roles_are_a_part_of_the_state_of_a_user() {
    let app = spawn_app();
    let admin = app.admin();
    let clerk = app.make_role(&admin, "clerk", &[]);
    let id = app.user_id("alice");
    let (path, roles) = (format!("/api/users/{id}"), format!("/api/users/{id}/roles"));
    let tag = || admin.get(&path).send().header("etag").unwrap().to_owned();
    let before = tag();
    let put = |tag: &str, roles_now: &[&str]| {
        admin.put(&roles).with("If-Match", tag).json(json!({"roles": roles_now})).send()
    };
    let after = put(&before, &["user", "clerk"]).expect(200).header("etag").unwrap().to_owned();
    assert_eq!(after, tag());
    put(&before, &[]).expect(412);
    admin.patch(&path).with("If-Match", &before).json(json!({"name": "x"})).send().expect(412);
    // A role that goes by itself changes it too.
    admin.delete(&format!("/api/roles/{clerk}")).send().expect(204);
    assert_ne!(tag(), after);
    put(&after, &["user"]).expect(412);
}

#[test]
fn lists_of_tags_and_the_star_are_understood_and_weak_ones_match_nothing() {
    let app = spawn_app();
    let admin = app.admin();
    let path = format!("/api/users/{}", app.user_id("alice"));
    let tag = admin.get(&path).send().header("etag").unwrap().to_owned();
    let patch = |expected: &str| admin.patch(&path).with("If-Match", expected).json(json!({})).send().status;
    assert_eq!([patch("*"), patch(&tag), patch(&format!("\"x\", {tag}"))], [200, 200, 200]);
    assert_eq!([patch(&format!("W/{tag}")), patch("\"x\"")], [412, 412]);
    assert_eq!([patch(tag.trim_matches('"')), patch("\"x")], [400, 400]);
}

#[test]
fn a_role_is_deleted_in_the_state_that_was_read() {
    let app = spawn_app();
    let admin = app.admin();
    let path = format!("/api/roles/{}", app.make_role(&admin, "clerk", &["a:b"]));
    let tag = admin.get(&path).send().header("etag").unwrap().to_owned();
    let other =
        admin.patch(&path).json(json!({"permissions": []})).send().expect(200).header("etag").unwrap().to_owned();
    admin.delete(&path).with("If-Match", &tag).send().expect(412);
    admin.delete(&path).with("If-Match", &other).send().expect(204);
}

#[test]
fn of_several_who_change_somebody_at_once_one_is_first() {
    let app = spawn_app();
    let admin = app.admin();
    let path = format!("/api/users/{}", app.user_id("alice"));
    let tag = admin.get(&path).send().header("etag").unwrap().to_owned();
    let statuses = at_once(4, |n| {
        admin.patch(&path).with("If-Match", &tag).json(json!({"name": format!("Alice {n}")})).send().status
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 3, "{statuses:?}");
}

#[test]
fn whoever_may_not_change_something_is_not_told_that_it_has_changed() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let path = format!("/api/users/{}", admin.id());
    alice.patch(&path).with("If-Match", "\"x\"").json(json!({"name": "x"})).send().expect(403);
}

#[test]
fn somebody_is_deleted_only_in_the_state_that_was_read() {
    let app = spawn_app();
    let (root, bob) = (app.admin(), app.bob().id());
    let path = format!("/api/users/{bob}");
    let read = root.get(&path).send().expect(200);
    let tag = read.header("ETag").expect("an ETag").to_owned();
    root.patch(&path).json(json!({"name": "Bob"})).send().expect(200);
    root.delete(&path).with("If-Match", &tag).send().expect(412);
    let now = root.get(&path).send().expect(200);
    root.delete(&path).with("If-Match", now.header("ETag").expect("an ETag")).send().expect(204);
}
