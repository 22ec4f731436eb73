//! Whose an import is: it does nothing that whoever began it may not do any more, and is decided about by nobody who may do less.

use serde_json::{Value, json};

use super::import_jobs::{file, send, serve, settled};
use crate::harness::binary::run;
use crate::harness::database::Copy;
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, TestApp, spawn_app};

/// A file that a server was stopped at before it had taken the first row; who sent it, and the import's id.
fn left_behind(home: &Home, name: &str, by: impl FnOnce(&Person) -> Person) -> String {
    let (mut server, person) = serve(home, name);
    let sender = by(&person);
    let id = send(&sender, "?dry_run=true", file(3));
    settled(&sender, &id);
    server.signal("KILL");
    server.ended(std::time::Duration::from_secs(20));
    home.database.run("UPDATE imports SET state = 'running', rows_done = 0, imported = 0, bytes_done = 0");
    id
}

fn with_key(person: &Person) -> Person {
    let new = json!({"name": "nightly job", "scope": ["users:write"], "expires": "90d"});
    let made = person.post("/api/api-keys").json(new).send().expect(201).json();
    person.bearing(made["key"].as_str().expect("a key"))
}

/// What became of it once a server is there again.
fn gone_on(home: &Home, id: &str) -> Value {
    let (_server, root) = serve(home, "root");
    settled(&root, id)
}

fn was_stopped(import: &Value) {
    assert_eq!((&import["state"], &import["imported"]), (&"failed".into(), &0.into()), "{import}");
    assert!(import["failure"].as_str().is_some_and(|why| why.contains("may not import")), "{import}");
}

#[test]
fn whoever_may_no_more_imports_no_more() {
    let home = Home::new(Copy::Peopled);
    run(&home, &["user", "add", "second", "--email", "second@example.org", "--role", "admin"], PASSWORD).done();
    let id = left_behind(&home, "second", Person::clone);
    run(&home, &["user", "disable", "second"], "").done();
    was_stopped(&gone_on(&home, &id));
}

#[test]
fn an_import_ends_with_the_key_that_began_it() {
    let home = Home::new(Copy::Peopled);
    let id = left_behind(&home, "root", with_key);
    home.database.run(
        "UPDATE sessions SET ended_at = created_at, end_reason = 'ended_by_user' \
         WHERE id IN (SELECT session_id FROM api_keys)",
    );
    was_stopped(&gone_on(&home, &id));
}

#[test]
fn an_import_ends_with_a_session_that_was_taken_away_and_goes_on_for_whoever_has_signed_out() {
    for (reason, goes_on) in
        [("not_me", false), ("ended_by_admin", false), ("password_set", false), ("signed_out", true)]
    {
        let home = Home::new(Copy::Peopled);
        let id = left_behind(&home, "root", Person::clone);
        home.database.run(&format!("UPDATE sessions SET ended_at = created_at, end_reason = '{reason}'"));
        let import = gone_on(&home, &id);
        match goes_on {
            true => assert_eq!((&import["state"], &import["imported"]), (&"done".into(), &3.into()), "{import}"),
            false => was_stopped(&import),
        }
    }
}

#[test]
fn the_log_names_the_key_that_a_program_imports_by() {
    let app = spawn_app();
    let program = app.with_key(&app.admin(), &["users:write"]);
    settled(&program, &send(&program, "", file(2)));
    let by =
        "SELECT kind AS value FROM audit_log WHERE detail LIKE '%nightly job%' AND actor_name = 'root' ORDER BY seq";
    let facts = app.home.database.texts(by);
    assert_eq!(facts[facts.len() - 4..], ["import.sent", "user.imported", "user.imported", "users.imported"]);
}

/// Somebody who may write accounts and nothing else.
fn clerk(app: &TestApp, admin: &Person) -> Person {
    app.make_role(admin, "writer", &["users:read", "users:write"]);
    app.invite(admin, "carl", &["writer"]);
    app.user("carl")
}

#[test]
fn nobody_decides_about_what_somebody_sent_who_may_do_more() {
    let app = spawn_app();
    let admin = app.admin();
    let carl = clerk(&app, &admin);
    let (of_root, of_carl) = (send(&admin, "?dry_run=true", file(1)), send(&carl, "?dry_run=true", file(1)));
    settled(&admin, &of_root);
    settled(&admin, &of_carl);
    let detail = "Somebody sent this file who holds permissions that you do not hold, so only they, or who holds as much, decide about it.";
    carl.post(&format!("/api/imports/{of_root}/run")).send().refused(403, detail);
    carl.delete(&format!("/api/imports/{of_root}")).send().refused(403, detail);
    assert_eq!(settled(&admin, &of_root)["state"], "checked");
    carl.post(&format!("/api/imports/{of_carl}/run")).send().expect(202);
    settled(&carl, &of_carl);
    admin.delete(&format!("/api/imports/{of_carl}")).send().expect(204);
    let told = "SELECT kind || ' ' || actor_name || ' ' || detail AS value FROM audit_log WHERE kind LIKE 'import.%' ORDER BY seq";
    let told = app.home.database.texts(told);
    let begins = ["import.sent root", "import.sent carl", "import.started carl", "import.discarded root"];
    assert!(told.iter().zip(begins).all(|(entry, begin)| entry.starts_with(begin)) && told.len() == 4, "{told:?}");
    assert!(told[3].contains(r#""sent_by":"carl""#) && told[3].contains(&of_carl), "{told:?}");
}
