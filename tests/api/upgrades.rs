//! An upgrade can be undone, whatever interrupts it.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::binary::{Process, command, run};
use crate::harness::bulk::{crowd, oddities, rows};
use crate::harness::database::Copy;
use crate::harness::{Home, PASSWORD, within};

/// One migration back, as the program before it had left the database.
fn with_the_schema_before(home: &Home) {
    home.database.run(include_str!("../../migrations/common/2026-11-22-000075_begun_by/down.sql"));
    home.database.run(
        "DELETE FROM __diesel_schema_migrations WHERE version = '20261122000075'; \
         UPDATE __vestibule_versions SET program = '0.0.9';",
    );
}

fn is_upgraded(home: &Home) -> bool {
    !home
        .database
        .texts("SELECT version AS value FROM __diesel_schema_migrations WHERE version = '20261122000075'")
        .is_empty()
}

fn snapshots(home: &Home) -> Vec<Value> {
    let out = run(home, &["rollback", "--list", "--json"], "").done();
    serde_json::from_str(&out).expect("JSON on standard output")
}

fn people(home: &Home) -> usize {
    home.database.texts("SELECT id AS value FROM users").len()
}

#[test]
fn a_fresh_database_takes_no_snapshot_and_neither_does_one_that_is_up_to_date() {
    let home = Home::new(Copy::Peopled);
    drop(Process::serve(&home, &[]));
    assert_eq!(snapshots(&home), [Value::Null; 0]);
    assert!(run(&home, &["migrate"], "").done().contains("up to date"));
    run(&home, &["rollback"], "").failed_in_one_line("no snapshot");
    run(&home, &["rollback", "yesterday"], "").failed_in_one_line("yesterday");
}

#[test]
fn an_upgrade_is_undone_and_done_again() {
    let home = Home::new(Copy::Peopled);
    oddities(&home);
    with_the_schema_before(&home);
    let before = rows(&home);
    let mut server = Process::serve(&home, &[]);
    assert!(is_upgraded(&home));
    let taken = snapshots(&home);
    assert_eq!((taken.len(), &taken[0]["before"]), (1, &"upgrade".into()));
    // It is used.
    let new = serde_json::json!({"username": "carol", "email": "carol@example.com", "password": PASSWORD});
    server.anon().post("/signup").json(new).send().expect(201);
    server.signal("TERM");
    assert_eq!(server.ended(Duration::from_secs(10)), Some(0));
    // And undone.
    let out = run(&home, &["rollback"], "").done();
    assert!(out.contains("0.0.9"), "{out}");
    assert_eq!(rows(&home), before);
    assert!(!is_upgraded(&home));
    let tables = "SELECT count(*) || '' AS value FROM users";
    assert_eq!(home.database.texts(tables), ["3"]);
    // The same again is the same again.
    run(&home, &["rollback"], "").done();
    assert_eq!(rows(&home), before);
    // What was done after the upgrade is kept as well.
    let kept = snapshots(&home).into_iter().find(|snapshot| snapshot["before"] == "rollback").unwrap();
    run(&home, &["rollback", kept["name"].as_str().unwrap()], "").done();
    assert!(is_upgraded(&home) && people(&home) == 4);
    run(&home, &["rollback"], "").done();
    // Upgraded anew, people sign in.
    let server = Process::serve(&home, &[]);
    server.anon().post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(200);
    assert!(is_upgraded(&home));
}

#[test]
fn several_that_start_at_once_take_one_snapshot() {
    let home = Home::new(Copy::Peopled);
    crowd(&home, 2000);
    with_the_schema_before(&home);
    let starts: Vec<_> = (0..3).map(|_| command(&home, &["migrate"], &[]).spawn().unwrap()).collect();
    for mut start in starts {
        assert!(start.wait().unwrap().success());
    }
    assert!(is_upgraded(&home));
    assert_eq!(snapshots(&home).len(), 1);
}

#[test]
fn where_no_snapshot_can_be_taken_it_says_how_else_and_asks() {
    let home = Home::new(Copy::Peopled);
    with_the_schema_before(&home);
    std::fs::write(home.path().join("snapshots"), "in the way").unwrap();
    for start in [&["serve"][..], &["migrate"], &["user", "list"]] {
        let ran = run(&home, start, "");
        ran.failed_in_one_line("migrate --yes");
        assert!(!is_upgraded(&home));
    }
    run(&home, &["migrate", "--yes"], "").done();
    assert!(is_upgraded(&home));
}

#[test]
fn the_last_five_of_a_kind_are_kept() {
    let home = Home::new(Copy::Peopled);
    for _ in 0..6 {
        with_the_schema_before(&home);
        run(&home, &["migrate"], "").done();
    }
    assert_eq!(snapshots(&home).len(), 5);
}

#[test]
fn a_backup_of_an_older_schema_is_brought_up_to_date() {
    let home = Home::new(Copy::Peopled);
    with_the_schema_before(&home);
    let file = home.path().join("old.db");
    run(&home, &["backup", file.to_str().unwrap()], "").done();
    assert!(!is_upgraded(&home));
    let other = Home::new(Copy::Empty);
    assert!(run(&other, &["restore", file.to_str().unwrap()], "").done().contains("older"));
    assert!(is_upgraded(&other));
    assert!(run(&other, &["migrate"], "").done().contains("up to date"));
}

/// Runs it to its end once to know how long it takes, then kills it at moments all over that time; `sound` looks at what is
/// there after each.
fn killed_all_over(home: &Home, arguments: &[&str], ready: impl Fn(), sound: impl Fn()) {
    ready();
    let begun = Instant::now();
    assert_eq!(run(home, arguments, "").code, 0);
    let whole = begun.elapsed();
    for fifth in 0..5 {
        ready();
        let mut child = command(home, arguments, &[]).spawn().unwrap();
        let begun = Instant::now();
        within(whole * 2, "its moment has come", || begun.elapsed() >= whole * fifth / 5);
        child.kill().unwrap();
        child.wait().unwrap();
        // PostgreSQL hears of it a moment later.
        within(Duration::from_secs(20), "the database is free", || {
            run(home, &["rollback", "is-it-free"], "").err.contains("is-it-free")
        });
        sound();
    }
}

#[test]
fn a_kill_in_the_middle_of_an_upgrade_leaves_the_old_or_the_new() {
    let home = Home::new(Copy::Peopled);
    crowd(&home, 3000);
    let ready = || {
        if is_upgraded(&home) {
            with_the_schema_before(&home);
        }
    };
    killed_all_over(&home, &["migrate"], ready, || assert_eq!(people(&home), 3003));
    run(&home, &["migrate"], "").done();
    run(&home, &["rollback"], "").done();
    assert!(!is_upgraded(&home) && people(&home) == 3003);
}

#[test]
fn a_kill_in_the_middle_of_a_restore_or_rollback_leaves_the_old_or_the_new() {
    let home = Home::new(Copy::Peopled);
    crowd(&home, 3000);
    let file = home.path().join("kept.db");
    run(&home, &["backup", file.to_str().unwrap()], "").done();
    let restore = ["restore", file.to_str().unwrap(), "--replace"];
    let ready = || home.database.run("DELETE FROM users WHERE id LIKE 'crowd-%9'");
    let sound = || assert!([2703, 3003].contains(&people(&home)), "{}", people(&home));
    killed_all_over(&home, &restore, ready, sound);
    run(&home, &restore, "").done();
    assert_eq!(people(&home), 3003);
    let name = snapshots(&home).last().unwrap()["name"].as_str().unwrap().to_owned();
    killed_all_over(&home, &["rollback", &name], || {}, sound);
    run(&home, &["rollback", &name], "").done();
    assert!([2703, 3003].contains(&people(&home)));
    assert!(run(&home, &["migrate"], "").done().contains("up to date"));
}
