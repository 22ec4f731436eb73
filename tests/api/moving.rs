//! Moving to another database.

use std::time::Duration;

use crate::harness::binary::{Process, command, run, run_with};
use crate::harness::bulk::{crowd, oddities, rows};
use crate::harness::database::{Copy, on_postgres};
use crate::harness::{Home, PASSWORD, within};

#[test]
fn everything_is_in_the_other_database_and_still_here() {
    let home = Home::new(Copy::Peopled);
    crowd(&home, 2500);
    oddities(&home);
    let before = rows(&home);
    // Into a file that does not exist yet, which is the other kind where the tests run on PostgreSQL.
    let file = format!("sqlite://{}", home.path().join("moved.db").display());
    let ran = run(&home, &["move", "--to", &file], "");
    assert!(ran.err.contains("users: 2503 rows, the same on both sides"), "{ran:?}");
    assert!(ran.done().contains("DATABASE_URL"));
    assert_eq!(rows(&home), before);
    // From there into a database of the tests' kind.
    let other = Home::new(Copy::Empty);
    run_with(&home, &["move", "--to", &other.database.url], "", &[("DATABASE_URL", &file)]).done();
    assert_eq!(rows(&other), before);
    let server = Process::serve(&other, &[]);
    server.anon().post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(200);
}

#[test]
fn a_move_that_was_interrupted_goes_on_and_nobody_is_served_from_half_of_it() {
    let home = Home::new(Copy::Peopled);
    crowd(&home, 8000);
    let before = rows(&home);
    let other = Home::new(Copy::Empty);
    let to_there = ["move", "--to", &other.database.url];
    let marks = if on_postgres() { "pg_class WHERE relname" } else { "sqlite_master WHERE name" };
    let begun = format!("SELECT 'begun' AS value FROM {marks} = '__vestibule_move'");
    let arrived = |table: &str| other.database.texts(&format!("SELECT count(*) || '' AS value FROM {table}")) != ["0"];
    let moments: [&dyn Fn() -> bool; 3] =
        [&|| !other.database.texts(&begun).is_empty(), &|| arrived("users"), &|| arrived("passwords")];
    let mut refused = 0;
    for has_come in moments {
        let mut child = command(&home, &to_there, &[]).spawn().unwrap();
        within(Duration::from_secs(30), "its moment has come", has_come);
        child.kill().unwrap();
        child.wait().unwrap();
        refused += usize::from(run(&other, &["user", "list"], "").err.contains("not finished"));
    }
    assert!(refused > 0, "the kills came in between");
    let mut resumed = false;
    within(Duration::from_secs(20), "PostgreSQL has heard of the kill", || {
        let ran = run(&home, &to_there, "");
        resumed = ran.err.contains("going on");
        ran.code == 0
    });
    assert!(resumed);
    assert_eq!(rows(&other), before);
    assert_eq!(rows(&home), before);
}

#[test]
fn a_target_with_people_the_same_place_and_nonsense_are_refused() {
    let home = Home::new(Copy::Peopled);
    let other = Home::new(Copy::Peopled);
    run(&home, &["move", "--to", &other.database.url], "").failed_in_one_line("people in it");
    run(&home, &["move", "--to", &home.database.url], "").failed_in_one_line("nothing to move");
    run(&home, &["move", "--to", "mysql://u:hidden@x/y"], "").failed_in_one_line("sqlite://PATH");
    run(&home, &["move", "--to", "sqlite:///missing/folder/x.db"], "").failed_in_one_line("/missing/folder");
    let gone = run(&home, &["move", "--to", "postgres://u:hidden@127.0.0.1:1/x"], "");
    gone.failed_in_one_line("target");
    assert!(!gone.err.contains("hidden"));
    assert_eq!(run(&home, &["move"], "").code, 2);
    if !on_postgres() {
        let nowhere = [("DATABASE_URL", "sqlite://nothing.db")];
        run_with(&home, &["move", "--to", "sqlite://x.db"], "", &nowhere).failed_in_one_line("no database yet");
        run_with(&home, &["backup", "x.db"], "", &nowhere).failed_in_one_line("no database yet");
    }
}
