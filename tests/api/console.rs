//! The command line, by whoever has the machine.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::Value;

use crate::harness::binary::{Process, command, run, run_with};
use crate::harness::database::{Copy, on_postgres};
use crate::harness::{Home, PASSWORD, SECRET_KEY, spawn_app, within};

fn listed(home: &Home) -> Vec<Value> {
    let out = run(home, &["user", "list", "--json"], "").done();
    serde_json::from_str(&out).expect("JSON on standard output")
}

#[test]
fn an_account_is_made_with_the_password_on_standard_input() {
    let app = spawn_app();
    let home = &app.home;
    let arguments = ["user", "add", "ada", "--email", "ada@example.com", "--role", "admin", "--role", "user"];
    let out = run(home, &arguments, &format!("{PASSWORD}\n")).done();
    assert!(out.contains("ada") && out.lines().count() == 1);
    app.user("ada").get("/api/users").send().expect(200);
    let ada = listed(home).into_iter().find(|user| user["username"] == "ada").expect("ada is listed");
    assert_eq!((&ada["email"], &ada["roles"]), (&"ada@example.com".into(), &serde_json::json!(["admin", "user"])));
    assert_eq!(ada["disabled"], false);
    let plain = run(home, &["user", "list"], "").done();
    assert!(plain.lines().count() == 4 && plain.contains("alice@example.com"));
}

#[test]
fn what_can_not_be_done_is_said_in_one_line_with_code_1() {
    let home = Home::new(Copy::Peopled);
    let add = |name: &str, email: &str, password: &str, role: &str| {
        run(&home, &["user", "add", name, "--email", email, "--role", role], password)
    };
    add("ALICE", "new@example.com", PASSWORD, "user").failed_in_one_line("username");
    add("new", "Alice@example.com", PASSWORD, "user").failed_in_one_line("email");
    add("n", "nowhere", "short", "user").failed_in_one_line("2 to 64");
    add("new", "new@example.com", "", "user").failed_in_one_line("8 characters");
    add("new", "new@example.com", PASSWORD, "pirate").failed_in_one_line("pirate");
    run(&home, &["user", "disable", "nobody"], "").failed_in_one_line("nobody");
    run(&home, &["user", "disable", "root"], "").failed_in_one_line("last administrator");
    run(&home, &["user", "set-password", "alice"], "password\n").failed_in_one_line("easy to guess");
    assert_eq!(listed(&home).len(), 3);
}

#[test]
fn wrong_use_is_code_2_and_says_how_to_use_it() {
    let home = Home::new(Copy::Empty);
    for arguments in [
        &["nonsense"][..],
        &["user"],
        &["user", "add"],
        &["user", "add", "x"],
        &["serve", "--port", "1"],
        &["user", "add", "x", "--email", "x@example.com", "--password", "y"],
    ] {
        let ran = run(&home, arguments, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains("Usage"), "{arguments:?}: {}", ran.err);
    }
    let help = run(&home, &["--help"], "").done();
    assert!(["serve", "migrate", "user", "keys", "config"].iter().all(|word| help.contains(word)));
    run(&home, &["--version"], "").done();
}

#[test]
fn a_new_password_signs_everybody_out_who_knew_the_old_one() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[]);
    let sign_in =
        |password: &str| server.anon().post("/token").form(&[("username", "alice"), ("password", password)]).send();
    let alice = server.anon().holding(sign_in(PASSWORD).expect(200).json());
    assert!(alice.is_known());
    run(&home, &["user", "set-password", "alice"], "another horse, stapled\n").done();
    within(Duration::from_secs(1), "the server knows", || !alice.is_known());
    sign_in(PASSWORD).expect(401);
    sign_in("another horse, stapled").expect(200);
}

#[test]
fn somebody_can_be_disabled_while_there_is_no_administrator_yet() {
    let home = Home::new(Copy::Empty);
    run(&home, &["user", "add", "carol", "--email", "carol@example.com"], PASSWORD).done();
    let server = Process::serve(&home, &[]);
    let form = [("username", "carol"), ("password", PASSWORD)];
    let tokens = server.anon().post("/token").form(&form).send().expect(200).json();
    let out = run(&home, &["user", "disable", "carol"], "").done();
    assert!(out.contains("carol is disabled"));
    within(Duration::from_secs(1), "the server refuses carol", || !server.anon().holding(tokens.clone()).is_known());
    server.anon().post("/token").form(&form).send().expect(401);
    assert_eq!(listed(&home)[0]["disabled"], true);
}

#[test]
fn a_live_server_sees_within_a_second_who_was_disabled_and_enabled() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[]);
    let form = [("username", "alice"), ("password", PASSWORD)];
    let tokens = server.anon().post("/token").form(&form).send().expect(200).json();
    let alice = server.anon().holding(tokens);
    assert!(alice.is_known());
    let out = run(&home, &["user", "disable", "alice"], "").done();
    assert!(out.contains("alice is disabled"));
    within(Duration::from_secs(1), "the server refuses alice", || !alice.is_known());
    server.anon().post("/token").form(&form).send().expect(401);
    run(&home, &["user", "enable", "Alice@Example.com"], "").done();
    server.anon().post("/token").form(&form).send().expect(200);
    let who = home.database.texts("SELECT actor_name AS value FROM audit_log WHERE kind = 'user.disabled'");
    assert_eq!(who, ["console"]);
}

#[test]
fn the_signing_keys_are_listed_without_their_secrets() {
    let home = Home::new(Copy::Peopled);
    let _server = Process::serve(&home, &[("ALGORITHM", "EdDSA")]);
    let list = |arguments: &[&str]| run_with(&home, arguments, "", &[("ALGORITHM", "EdDSA")]).done();
    let keys: Vec<Value> = serde_json::from_str(&list(&["keys", "list", "--json"])).expect("JSON");
    let of = |name: &str| keys.iter().find(|key| key["algorithm"] == name).expect("a key");
    let (before, after) = (of("ES256"), of("EdDSA"));
    assert_eq!((keys.len(), &before["state"], &after["state"]), (2, &"verifies".into(), &"signs".into()));
    assert!(before["retired_at"].is_string() && after["retired_at"].is_null());
    assert_eq!(after["signs_from"], after["created_at"]);
    for key in &keys {
        let mut members: Vec<&String> = key.as_object().expect("an object").keys().collect();
        members.sort_unstable();
        assert_eq!(members, ["algorithm", "created_at", "kid", "retired_at", "signs_from", "state", "verifies_until"]);
    }
    let plain = list(&["keys", "list"]);
    assert_eq!(plain.lines().count(), 2);
    for key in &keys {
        let words = ["kid", "algorithm", "state", "created_at"].map(|name| key[name].as_str().expect("a text"));
        assert!(plain.lines().any(|line| words.iter().all(|word| line.contains(word))), "{words:?} in {plain}");
    }
}

#[test]
fn a_command_with_another_algorithm_leaves_the_keys_of_a_live_server_alone() {
    let home = Home::new(Copy::Peopled);
    let _server = Process::serve(&home, &[("ALGORITHM", "EdDSA")]);
    let in_use = || home.database.texts("SELECT id AS value FROM signing_keys WHERE retired_at IS NULL");
    let before = in_use();
    assert_eq!(before.len(), 1);
    // As an operator runs them whose shell has not read the server's settings.
    run(&home, &["user", "list"], "").done();
    run(&home, &["keys", "list"], "").done();
    assert_eq!(in_use(), before);
}

#[test]
fn the_settings_in_force_are_shown_with_their_secrets_masked() {
    let home = Home::new(Copy::Empty);
    let url = "postgres://somebody:verysecret@db.example/vestibule";
    for arguments in [&["config"][..], &["config", "--json"]] {
        let out = run_with(&home, arguments, "", &[("DATABASE_URL", url)]).done();
        assert!(out.contains("BCRYPT_COST") && out.contains("db.example"), "{out}");
        assert!(!out.contains(SECRET_KEY) && !out.contains("verysecret"), "{out}");
    }
    let out = run(&home, &["config", "--json"], "").done();
    assert_eq!(serde_json::from_str::<Value>(&out).expect("JSON")["PUBLIC_URL"], "http://vestibule.test");
}

#[test]
fn migrating_again_changes_nothing() {
    let home = Home::new(Copy::Peopled);
    run(&home, &["migrate"], "").done();
    assert_eq!(listed(&home).len(), 3);
}

#[test]
fn a_port_in_use_is_told_in_one_line() {
    let home = Home::new(Copy::Empty);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    run_with(&home, &["serve"], "", &[("PORT", &port)]).failed_in_one_line(&format!("port {port}"));
}

#[test]
fn a_data_folder_that_can_not_be_written_is_told_in_one_line() {
    let home = Home::new(Copy::Empty);
    let file = home.path().join("a-file");
    std::fs::write(&file, "not a folder").expect("a file");
    let folder = file.join("data");
    let settings = [("DATA_DIR", folder.to_str().expect("a plain path"))];
    run_with(&home, &["serve"], "", &settings).failed_in_one_line("a-file");
    if !on_postgres() {
        let url = format!("sqlite://{}", folder.join("vestibule.db").display());
        run_with(&home, &["serve"], "", &[("DATABASE_URL", &url)]).failed_in_one_line("a-file");
    }
}

#[test]
fn a_database_that_does_not_answer_is_told_in_one_line_without_its_password() {
    let home = Home::new(Copy::Empty);
    let ran = run_with(&home, &["serve"], "", &[("DATABASE_URL", "postgres://u:verysecret@127.0.0.1:1/x")]);
    ran.failed_in_one_line("127.0.0.1");
    assert!(!ran.err.contains("verysecret"));
}

#[test]
fn a_list_that_nobody_reads_to_its_end_is_no_failure() {
    let home = Home::new(Copy::Peopled);
    let mut child = command(&home, &["user", "list"], &[]).spawn().expect("the binary starts");
    drop(child.stdout.take());
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
}
