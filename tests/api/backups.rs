//! A backup beside a running server, and putting it back.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::harness::binary::{Process, run, run_with};
use crate::harness::bulk::{crowd, oddities, rows};
use crate::harness::database::Copy;
use crate::harness::{Home, PASSWORD};

fn backup(home: &Home) -> PathBuf {
    let file = home.path().join("kept.db");
    let out = run(home, &["backup", file.to_str().unwrap()], "").done();
    assert!(out.contains("users") && out.contains("SECRET_KEY"), "{out}");
    file
}

fn restore(home: &Home, file: &Path) -> crate::harness::binary::Ran {
    run(home, &["restore", file.to_str().unwrap()], "")
}

fn names(home: &Home) -> Vec<String> {
    home.database.texts("SELECT username AS value FROM users ORDER BY username_folded")
}

fn left_over(home: &Home) -> Vec<String> {
    let files = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    files.filter(|name| name.contains("draft")).collect()
}

#[test]
fn a_backup_of_a_running_server_is_sound_and_for_the_owner_alone() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[]);
    let file = backup(&home);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    server.anon().post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(200);
    assert_eq!(left_over(&home), [""; 0]);
    run(&home, &["backup", file.to_str().unwrap()], "").failed_in_one_line("is there already");
    run(&home, &["backup", "missing/folder/kept.db"], "").failed_in_one_line("missing/folder");
}

#[test]
fn every_row_comes_back_to_the_letter_also_in_the_other_database() {
    let home = Home::new(Copy::Peopled);
    crowd(&home, 2500);
    oddities(&home);
    let before = rows(&home);
    let file = backup(&home);
    // The backup is a SQLite file whatever it was made from: there, and back into a database of the tests' kind.
    let other = Home::new(Copy::Empty);
    restore(&other, &file).done();
    assert_eq!(rows(&other), before);
    let again = backup(&other);
    let third = Home::new(Copy::Empty);
    restore(&third, &again).done();
    assert_eq!(rows(&third), before);
}

#[test]
fn people_sign_in_on_what_was_restored() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[]);
    let form = [("username", "alice"), ("password", PASSWORD)];
    let tokens = server.anon().post("/token").form(&form).send().expect(200).json();
    let file = backup(&home);
    let other = Home::new(Copy::Empty);
    restore(&other, &file).done();
    let there = Process::serve(&other, &[]);
    there.anon().post("/token").form(&form).send().expect(200);
    assert!(there.anon().holding(tokens).is_known(), "tokens that are out go on to count");
}

#[test]
fn what_holds_people_is_replaced_only_when_asked_and_kept() {
    let home = Home::new(Copy::Peopled);
    let file = backup(&home);
    crowd(&home, 5);
    restore(&home, &file).failed_in_one_line("--replace");
    assert_eq!(names(&home).len(), 8);
    let out = run(&home, &["restore", file.to_str().unwrap(), "--replace"], "").done();
    assert_eq!(names(&home), ["alice", "bob", "root"]);
    let kept = out.split('`').nth(1).and_then(|command| command.strip_prefix("vestibule rollback ")).unwrap();
    run(&home, &["rollback", kept], "").done();
    assert_eq!(names(&home).len(), 8);
    assert_eq!(left_over(&home), [""; 0]);
}

#[test]
fn nothing_is_replaced_under_a_running_server() {
    let home = Home::new(Copy::Peopled);
    let file = backup(&home);
    let mut server = Process::serve(&home, &[]);
    run(&home, &["restore", file.to_str().unwrap(), "--replace"], "").failed_in_one_line("stop it first");
    run(&home, &["rollback"], "").failed_in_one_line("stop it first");
    run(&home, &["move", "--to", "sqlite://elsewhere.db"], "").failed_in_one_line("stop it first");
    server.signal("KILL");
    server.ended(std::time::Duration::from_secs(5));
    crate::harness::within(std::time::Duration::from_secs(10), "the database knows that the server is gone", || {
        run(&home, &["restore", file.to_str().unwrap(), "--replace"], "").code == 0
    });
}

#[test]
fn nothing_is_opened_while_another_takes_the_databases_place() {
    let home = Home::new(Copy::Peopled);
    if crate::harness::database::on_postgres() {
        return; // There each connection asks by itself.
    }
    let lock =
        std::fs::OpenOptions::new().create(true).append(true).open(home.path().join("vestibule.db-lock")).unwrap();
    lock.lock().unwrap();
    for command in [&["migrate"][..], &["user", "list"], &["serve"]] {
        run(&home, command, "").failed_in_one_line("another command has it for itself");
    }
    assert!(!home.path().join("vestibule.db-wal").exists(), "the database was opened");
    lock.unlock().unwrap();
    run(&home, &["migrate"], "").done();
}

#[test]
fn what_is_no_sound_backup_is_refused_and_nothing_has_changed() {
    let home = Home::new(Copy::Peopled);
    crowd(&home, 500);
    let file = backup(&home);
    let bytes = std::fs::read(&file).unwrap();
    let other = Home::new(Copy::Empty);
    let bad = other.path().join("bad.db");
    let mut damaged = bytes.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4096].fill(0x5a);
    for (content, why) in [
        (&b"Dear diary"[..], "no sound backup"),
        (&[][..], "no sound backup"),
        (&bytes[..bytes.len() / 2], "no sound backup"),
        (&bytes[..bytes.len() - 4096], "no sound backup"),
        (&damaged[..], "no sound backup"),
    ] {
        std::fs::write(&bad, content).unwrap();
        let ran = restore(&other, &bad);
        ran.failed_in_one_line(why);
        assert_eq!(names(&other), [""; 0]);
    }
    restore(&other, Path::new("nowhere.db")).failed_in_one_line("nowhere.db");
    restore(&other, other.path()).failed_in_one_line("no file");
    assert_eq!(left_over(&other), [""; 0]);
    restore(&other, &file).done();
}

#[test]
fn another_secret_key_and_a_newer_version_are_refused_with_what_to_do() {
    let home = Home::new(Copy::Peopled);
    let file = backup(&home);
    let other = Home::new(Copy::Empty);
    let key = [("SECRET_KEY", "quite another key, of 32 bytes or more")];
    let ran = run_with(&other, &["restore", file.to_str().unwrap()], "", &key);
    ran.failed_in_one_line("another SECRET_KEY");
    assert_eq!(names(&other), [""; 0]);
    home.database.run(
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001'); \
         INSERT INTO __vestibule_versions (schema, program) VALUES ('20991231000001', '9.9.9');",
    );
    // The program of then makes such a backup; this one neither serves nor copies what it does not know.
    run(&home, &["serve"], "").failed_in_one_line("Vestibule 9.9.9");
    run(&home, &["user", "list"], "").failed_in_one_line("newer than this program");
    run(&home, &["backup", "later.db"], "").failed_in_one_line("newer");
}
