//! Rows that are written together, and somebody who does the same at the same moment: each row is decided about for itself.

use std::time::Duration;

use serde_json::{Value, json};

use super::import_jobs::{file, send, settled};
use crate::harness::database::on_postgres;
use crate::harness::people::Person;
use crate::harness::{TestApp, at_once, spawn_app, within};

const LIMIT: Duration = Duration::from_secs(60);

fn insert(id: &str, name: &str, email: &str) -> String {
    format!(
        "INSERT INTO users (id, username, username_folded, email, email_folded, created_at, updated_at) \
         VALUES ('{id}', '{name}', '{name}', '{email}', '{email}', 0, 0);"
    )
}

fn counts(import: &Value) -> [u64; 4] {
    ["imported", "converted", "kept", "refused"].map(|kind| import[kind].as_u64().expect("a number"))
}

/// Sends a file while somebody else is in the middle of this, and commits it once the import waits.
fn raced(app: &TestApp, admin: &Person, query: &str, body: String, meanwhile: &str) -> Value {
    let held = app.home.database.hold(meanwhile);
    let id = send(admin, query, body);
    within(LIMIT, "the import waits", || app.home.database.waiting() > 0);
    held.commit();
    settled(admin, &id)
}

#[test]
fn who_takes_a_name_or_an_address_at_the_same_moment_is_kept_and_takes_no_neighbour_along() {
    if !on_postgres() {
        return; // There one writes at a time.
    }
    let app = spawn_app();
    let admin = app.admin();
    let meanwhile = insert("x1", "mover3", "elsewhere@example.org") + &insert("x2", "other", "mover7@example.org");
    let done = raced(&app, &admin, "", file(150), &meanwhile);
    assert_eq!((&done["state"], counts(&done)), (&"done".into(), [148, 0, 2, 0]), "{done}");
    let rows = admin.get(&format!("/api/imports/{}/rows", done["id"].as_str().expect("an id"))).send().json();
    assert_eq!(rows["items"][0]["detail"], "the username \"mover3\" is there already");
    assert_eq!(rows["items"][1]["detail"], "the address \"mover7@example.org\" is there already");
    let furnished =
        "SELECT u.id AS value FROM users u JOIN user_roles r ON r.user_id = u.id WHERE u.username LIKE 'mover%'";
    assert_eq!(app.home.database.texts(furnished).len(), 148);
}

#[test]
fn a_name_that_was_made_up_here_gives_way_to_who_takes_it_at_the_same_moment() {
    if !on_postgres() {
        return;
    }
    let app = spawn_app();
    let admin = app.admin();
    let body = json!({"username": "with space", "email": "space@example.org"}).to_string();
    let done = raced(&app, &admin, "", body.clone(), &insert("x1", "with-space", "other@example.org"));
    assert_eq!(counts(&done), [0, 1, 0, 0], "{done}");
    let names = app.home.database.texts("SELECT username AS value FROM users WHERE username LIKE 'with-%' ORDER BY 1");
    assert_eq!(names, ["with-space", "with-space-2"]);
}

#[test]
fn a_role_that_is_made_between_the_look_and_the_gift_is_not_given_unlooked_at() {
    if !on_postgres() {
        return;
    }
    let app = spawn_app();
    let admin = app.admin();
    app.make_role(&admin, "granter", &["users:read", "users:write", "roles:write"]);
    app.invite(&admin, "gina", &["granter"]);
    let gina = app.user("gina");
    let body = json!({"username": "newcomer", "email": "new@example.org", "roles": ["boss"]}).to_string();
    let meanwhile = "INSERT INTO roles (id, name, created_at) VALUES ('b1', 'boss', 0); \
                     INSERT INTO role_permissions (role_id, permission) VALUES ('b1', 'audit:read');";
    let done = raced(&app, &gina, "?create_roles=true", body, meanwhile);
    assert_eq!(counts(&done), [0, 0, 0, 1], "{done}");
    assert!(app.home.database.texts("SELECT user_id AS value FROM user_roles WHERE role_id = 'b1'").is_empty());
}

#[test]
fn two_imports_of_the_same_file_at_once_make_everybody_once() {
    let app = spawn_app();
    let admin = app.admin();
    let ids = at_once(2, |_| send(&admin, "", file(400)));
    let done: Vec<[u64; 4]> = ids.iter().map(|id| counts(&settled(&admin, id))).collect();
    assert_eq!((done[0][0] + done[1][0], done[0][2] + done[1][2]), (400, 400), "{done:?}");
    assert_eq!(app.home.database.texts("SELECT id AS value FROM users WHERE username LIKE 'mover%'").len(), 400);
}

#[test]
fn who_came_by_a_file_is_found_by_their_name_at_once() {
    let app = spawn_app();
    let admin = app.admin();
    let body = json!({"username": "jdoe", "email": "jdoe@example.org", "name": "Johanna Wunderlich"}).to_string();
    settled(&admin, &send(&admin, "", body));
    let found = admin.get("/api/users?q=wunderlich").send().expect(200).json();
    assert_eq!(found["items"][0]["username"], "jdoe", "{found}");
}

#[test]
fn rows_of_one_file_that_are_alike_come_once_in_a_dry_run_as_in_earnest() {
    let app = spawn_app();
    let admin = app.admin();
    let line = |name: &str, email: &str| json!({"username": name, "email": email}).to_string();
    let mut lines: Vec<String> =
        (0..600).map(|n| line(&format!("info{}", n % 300), &format!("info{n}@example.org"))).collect();
    lines.extend((0..300).map(|n| line(&format!("other{n}"), &format!("INFO{n}@example.org"))));
    let body = lines.join("\n");
    let checked = settled(&admin, &send(&admin, "?dry_run=true", body.as_str()));
    let done = settled(&admin, &send(&admin, "", body.as_str()));
    assert_eq!((counts(&checked), counts(&done)), ([300, 0, 600, 0], [300, 0, 600, 0]));
}
