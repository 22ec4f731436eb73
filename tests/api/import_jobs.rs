//! Files of users sent to the server: how far they are, what became of each row, and that a restart loses nothing.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::binary::{Process, run};
use crate::harness::database::Copy;
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, TestApp, spawn_app, within};

/// Longer than any of these takes, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(180);

fn line(name: &str) -> String {
    json!({"username": name, "email": format!("{name}@example.org")}).to_string()
}

pub fn file(rows: usize) -> String {
    (0..rows).map(|n| line(&format!("mover{n}")) + "\n").collect()
}

fn look(person: &Person, id: &str) -> Value {
    person.get(&format!("/api/imports/{id}")).send().expect(200).json()
}

/// The import once the server is no more at it.
pub fn settled(person: &Person, id: &str) -> Value {
    let is_moving = |import: &Value| ["checking", "running"].contains(&import["state"].as_str().unwrap_or_default());
    within(LIMIT, "the import is gone through", || !is_moving(&look(person, id)));
    look(person, id)
}

pub fn send(person: &Person, query: &str, body: impl Into<Vec<u8>>) -> String {
    let answer = person.post(&format!("/api/import{query}")).body("application/octet-stream", body).send().expect(202);
    let id = answer.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(answer.header("location"), Some(format!("/api/imports/{id}").as_str()));
    id
}

fn counts(import: &Value) -> [u64; 4] {
    ["imported", "converted", "kept", "refused"].map(|kind| import[kind].as_u64().expect("a number"))
}

fn users(app: &TestApp) -> usize {
    app.home.database.texts("SELECT id AS value FROM users").len()
}

#[test]
fn a_file_is_looked_through_first_and_done_when_somebody_says_so() {
    let app = spawn_app();
    let admin = app.admin();
    let body = [
        line("one"),
        line("alice"),
        r#"{"username": "with space", "email": "space@example.org"}"#.into(),
        "nonsense".into(),
        line("two"),
    ]
    .join("\n");
    let id = send(&admin, "?dry_run=true", body.as_str());
    let checked = settled(&admin, &id);
    assert_eq!((&checked["state"], counts(&checked)), (&"checked".into(), [2, 1, 1, 1]), "{checked}");
    assert_eq!(
        (&checked["percent"], &checked["format"], &checked["by"]),
        (&100.into(), &"jsonl".into(), &"root".into())
    );
    assert_eq!(users(&app), 3, "nothing was changed");
    let rows = |query: &str| admin.get(&format!("/api/imports/{id}/rows{query}")).send().expect(200).json();
    let first = rows("?limit=2");
    assert_eq!(first["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        first["items"][0],
        json!({"row": 2, "verdict": "kept", "who": "alice", "detail": "the username \"alice\" is there already"})
    );
    let rest = rows(&format!("?limit=2&after={}", first["next"].as_str().expect("more")));
    assert_eq!((&rest["items"][0]["row"], &rest["next"]), (&4.into(), &Value::Null));
    assert_eq!(rows("?verdict=refused")["items"][0]["row"], 4);
    admin.post(&format!("/api/imports/{id}/run")).send().expect(202);
    let done = settled(&admin, &id);
    assert_eq!((&done["state"], counts(&done)), (&"done".into(), [2, 1, 1, 1]), "{done}");
    assert_eq!(users(&app), 6);
    admin.post(&format!("/api/imports/{id}/run")).send().expect(409);
    assert!(std::fs::read_dir(app.home.path().join("imports")).expect("a folder").next().is_none(), "the file is gone");
    let facts: Vec<String> = app.recorded().into_iter().filter(|fact| fact.starts_with("user")).collect();
    assert_eq!(facts, ["user.imported", "user.imported", "user.imported", "users.imported"]);
    admin.delete(&format!("/api/imports/{id}")).send().expect(204);
    admin.get(&format!("/api/imports/{id}")).send().expect(404);
    admin.get(&format!("/api/imports/{id}/rows")).send().expect(404);
}

#[test]
fn a_file_may_come_as_it_is_or_in_a_form() {
    let app = spawn_app();
    let admin = app.admin();
    let id = send(&admin, "", file(250));
    assert_eq!(counts(&settled(&admin, &id)), [250, 0, 0, 0]);
    let form = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\nContent-Type: text/csv\r\n\r\nusername,email\nformer,former@example.org\n\r\n--X--\r\n";
    let sent = admin.post("/api/import").body("multipart/form-data; boundary=X", form).send().expect(202).json();
    let done = settled(&admin, sent["id"].as_str().expect("an id"));
    assert_eq!(
        (&done["file_name"], &done["format"], counts(&done)),
        (&"people.csv".into(), &"csv".into(), [1, 0, 0, 0])
    );
    let listed = admin.get("/api/imports").send().expect(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(listed["items"][0]["file_name"], "people.csv");
}

#[test]
fn what_can_not_be_taken_is_told_at_once() {
    let app = spawn_app();
    let admin = app.admin();
    let refused = |query: &str, body: &str| admin.post(&format!("/api/import{query}")).body("text/plain", body).send();
    let detail = |query: &str, body: &str| {
        refused(query, body).expect(422).json()["detail"].as_str().unwrap_or_default().to_owned()
    };
    assert!(detail("", "").contains("not empty"));
    assert!(detail("", "nonsense").contains("can't be told"));
    assert!(detail("?format=ldap", "x").contains("jsonl, csv"));
    assert!(detail("?dry_run=perhaps", "x").contains("true or false"));
    refused("?dryrun=true", "{}").expect(400);
    let broken = |boundary: &str, body: &str| {
        admin.post("/api/import").body(&format!("multipart/form-data{boundary}"), body).send().status
    };
    assert_eq!(broken("", "x"), 400);
    assert_eq!(broken("; boundary=X", "--X\r\nnonsense"), 400);
    assert_eq!(broken("; boundary=X", "--X--\r\n"), 400);
    assert!(
        std::fs::read_dir(app.home.path().join("imports")).expect("a folder").next().is_none(),
        "nothing stays behind"
    );
    let head = format!("Authorization: Bearer {}\nContent-Length: 1173741825\n", admin.access());
    assert_eq!(app.raw_status("POST /api/import", &head), 413);
}

#[test]
fn a_file_that_breaks_off_keeps_what_was_whole_and_says_so() {
    let app = spawn_app();
    let admin = app.admin();
    let body = r#"{"realm": "x", "users": [{"username": "whole", "email": "whole@example.org"}, {"username": "half"#;
    let done = settled(&admin, &send(&admin, "", body));
    assert_eq!((&done["state"], counts(&done)), (&"failed".into(), [1, 0, 0, 0]), "{done}");
    assert!(done["failure"].as_str().is_some_and(|why| why.contains("in the middle")), "{done}");
}

#[test]
fn each_permission_is_asked_for() {
    let app = spawn_app();
    let admin = app.admin();
    let database = &app.home.database;
    let role = |name: &str, words: &[&str]| {
        database.run(&format!("INSERT INTO roles (id, name, created_at) VALUES ('{name}', '{name}', 0)"));
        for word in words {
            database.run(&format!("INSERT INTO role_permissions (role_id, permission) VALUES ('{name}', '{word}')"));
        }
    };
    role("reader", &["users:read"]);
    role("writer", &["users:read", "users:write"]);
    role("granter", &["users:read", "users:write", "roles:write"]);
    role("auditor", &["audit:read"]);
    for name in ["reader", "writer", "granter"] {
        app.invite(&admin, name, &[name]);
    }
    let (reader, writer, granter) = (app.user("reader"), app.user("writer"), app.user("granter"));
    reader.post("/api/import").body("text/plain", file(1)).send().expect(403);
    reader.get("/api/imports").send().expect(403);
    let with_roles = |name: &str, roles: &[&str]| {
        json!({"username": name, "email": format!("{name}@example.org"), "roles": roles}).to_string()
    };
    let body = [
        with_roles("plain", &["user"]),
        with_roles("boss", &["admin"]),
        with_roles("read", &["reader"]),
        with_roles("aud", &["auditor"]),
    ]
    .join("\n");
    for (person, made) in [(&writer, 1), (&granter, 1), (&admin, 2)] {
        let done = settled(person, &send(person, "", body.as_str()));
        assert_eq!(done["imported"], made, "{done}");
    }
    let made: Vec<String> = database.texts(
        "SELECT username AS value FROM users WHERE username IN ('boss', 'aud', 'read', 'plain') ORDER BY username",
    );
    assert_eq!(made, ["aud", "boss", "plain", "read"]);
    let id = send(&admin, "?dry_run=true", file(1));
    settled(&admin, &id);
    reader.get(&format!("/api/imports/{id}")).send().expect(403);
    reader.post(&format!("/api/imports/{id}/run")).send().expect(403);
    reader.delete(&format!("/api/imports/{id}")).send().expect(403);
    app.advance(16 * 60);
    let stale = |answer: crate::harness::answer::Answer| {
        assert_eq!(answer.expect(401).json()["detail"], "Fresh token required")
    };
    stale(admin.post("/api/import").body("text/plain", file(1)).send());
    stale(admin.post(&format!("/api/imports/{id}/run")).send());
}

#[test]
fn an_export_streams_and_gives_secrets_to_nobody_but_whoever_holds_all() {
    let app = spawn_app();
    let admin = app.admin();
    settled(&admin, &send(&admin, "", file(1200)));
    let out = admin.get("/api/export?secrets=false").send().expect(200);
    assert_eq!(
        (out.header("content-type"), out.header("cache-control")),
        (Some("application/jsonl"), Some("no-store"))
    );
    assert!(out.header("content-disposition").is_some_and(|name| name.starts_with("attachment; filename=\"users-")));
    let text = out.text();
    assert_eq!(text.lines().count(), 1203);
    assert!(!text.contains("password_hash") && !text.contains("$2b$"));
    let whole = admin.get("/api/export").send().expect(200).text();
    assert!(whole.lines().all(|line| line.contains("\"password_hash\":")) && whole.contains("$2b$"));
    assert_eq!(admin.get("/api/export?secrets=true").send().expect(200).text(), whole);
    let csv = admin.get("/api/export?format=csv&secrets=true").send().expect(200).text();
    assert_eq!(csv.lines().count(), 1204);
    assert_eq!(csv, run(&app.home, &["export", "--format", "csv"], "").done());
    admin.get("/api/export?format=xml").send().expect(422);
    app.alice().get("/api/export").send().expect(403);
    app.home.database.run("INSERT INTO roles (id, name, created_at) VALUES ('reader', 'reader', 0)");
    app.home.database.run("INSERT INTO role_permissions (role_id, permission) VALUES ('reader', 'users:read')");
    app.invite(&admin, "reader", &["reader"]);
    let reader = app.user("reader");
    let without = |person: &Person| !person.get("/api/export").send().expect(200).text().contains("password_hash");
    assert!(without(&reader));
    reader.get("/api/export?secrets=true").send().expect(403);
    let narrow = app.program(&[("username", "root"), ("password", PASSWORD), ("scope", "users:read")]);
    assert!(without(&narrow));
    narrow.get("/api/export?secrets=true").send().expect(403);
    let every: Vec<&str> = admin.tokens["scope"].as_str().expect("a scope").split(' ').collect();
    let key = app.with_key(&admin, &every);
    assert!(without(&key), "a key proves nothing anew");
    assert!(key.get("/api/export?secrets=true").send().expect(200).text().contains("$2b$"));
    admin.get("/api/export?secrets=").send().expect(200);
    app.advance(16 * 60);
    assert!(without(&admin));
    admin.get("/api/export?secrets=true").send().expect(401);
}

/// A server in a process of its own, and somebody there with tokens.
pub fn serve(home: &Home, name: &str) -> (Process, Person) {
    let server = Process::serve(home, &[]);
    let tokens =
        server.anon().post("/token").form(&[("username", name), ("password", PASSWORD)]).send().expect(200).json();
    let person = server.anon().holding(tokens);
    (server, person)
}

/// Sends a file and kills the server while it is at it.
fn killed_midway(home: &Home, name: &str, rows: usize) -> String {
    let (mut server, person) = serve(home, name);
    let id = send(&person, "", file(rows));
    within(LIMIT, "some rows are taken", || look(&person, &id)["imported"].as_u64().is_some_and(|done| done >= 200));
    server.signal("KILL");
    server.ended(LIMIT);
    id
}

#[test]
fn a_restart_goes_on_where_the_server_was_killed() {
    let home = Home::new(Copy::Peopled);
    let rows = 20_000;
    let id = killed_midway(&home, "root", rows);
    let before = home.database.texts("SELECT id AS value FROM users").len();
    assert!(before < rows, "it was killed too late: {before}");
    let (_server, person) = serve(&home, "root");
    let done = settled(&person, &id);
    assert_eq!((&done["state"], counts(&done)), (&"done".into(), [rows as u64, 0, 0, 0]), "{done}");
    assert_eq!(home.database.texts("SELECT id AS value FROM users").len(), rows + 3);
    assert_eq!(home.database.texts("SELECT id AS value FROM audit_log WHERE kind = 'user.imported'").len(), rows);
}
