//! Everybody as a file, and back: what comes out goes in elsewhere and comes out the same, byte for byte.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::harness::authenticator::Authenticator;
use crate::harness::binary::run;
use crate::harness::database::Copy;
use crate::harness::{Home, PASSWORD, TestApp, spawn_app};

/// Names that are hard on files.
const NAMES: [&str; 9] = [
    "=1+1",
    "'quoted'",
    "\"a\", \"b\"",
    "@SUM(A1)",
    "-x",
    "شركة الأمل",
    "<script>alert(1)</script>",
    "''=x",
    "x;=1+1;'+y",
];

/// An installation with people of all kinds.
fn varied() -> TestApp {
    let app = spawn_app();
    let admin = app.admin();
    for (n, name) in NAMES.iter().enumerate() {
        let id = app.invite(&admin, &format!("person{n}"), if n % 2 == 0 { &["user"] } else { &["admin", "user"] });
        admin.patch(&format!("/api/users/{id}")).json(json!({"name": name})).send().expect(200);
        if n == 3 {
            admin.post(&format!("/api/users/{id}/disable")).send().expect(200);
        }
    }
    let plus = json!({"username": "nobody.yet", "email": "+plus@example.com", "roles": []});
    admin.post("/api/users").json(plus).send().expect(201);
    app.enrol(&app.alice());
    app
}

fn export(home: &Home, options: &[&str]) -> String {
    let arguments: Vec<&str> = ["export"].into_iter().chain(options.iter().copied()).collect();
    run(home, &arguments, "").done()
}

#[test]
fn an_export_goes_in_elsewhere_and_comes_out_the_same() {
    let app = varied();
    for form in ["jsonl", "csv"] {
        let first = export(&app.home, &["--format", form]);
        let elsewhere = Home::new(Copy::Empty);
        let out = run(&elsewhere, &["import", "-"], &first).done();
        assert!(out.starts_with("13 imported (0 of them converted), 0 kept"), "{form}: {out}");
        assert_eq!(export(&elsewhere, &["--format", form]), first, "{form}");
        let again = run(&elsewhere, &["import", "-"], &first).done();
        assert!(again.contains("0 imported (0 of them converted), 13 kept"), "{form}: {again}");
        assert_eq!(export(&elsewhere, &["--format", form]), first, "{form}");
    }
}

#[test]
fn a_line_is_what_the_contract_says() {
    let app = varied();
    let out = export(&app.home, &[]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |name: &str| {
        lines.iter().find(|line| line["username"] == name).expect("a line").as_object().expect("an object")
    };
    let keys = |name: &str| of(name).keys().map(String::as_str).collect::<Vec<_>>();
    let all =
        ["username", "email", "email_verified", "name", "roles", "disabled", "password_hash", "totp", "created_at"];
    assert_eq!(keys("alice"), all);
    assert_eq!(keys("bob"), all.into_iter().filter(|key| *key != "totp").collect::<Vec<_>>());
    assert_eq!(of("nobody.yet")["password_hash"], Value::Null);
    assert!(of("bob")["password_hash"].as_str().is_some_and(|hash| hash.starts_with("$2b$")));
    assert_eq!(of("person3")["disabled"], true);
    let plain = export(&app.home, &["--without-secrets"]);
    assert!(!plain.contains("$2b$") && !plain.contains("totp") && !plain.contains("password_hash"), "{plain}");
}

#[test]
fn who_moves_with_an_authenticator_app_signs_in_with_it() {
    let app = varied();
    let out = export(&app.home, &[]);
    let alice = out.lines().find(|line| line.contains("\"alice\"")).expect("alice");
    let alice: Value = serde_json::from_str(alice).expect("JSON");
    let elsewhere = spawn_app();
    let line = json!({"username": "alice2", "email": "alice2@example.org", "password_hash": alice["password_hash"], "totp": alice["totp"]});
    run(&elsewhere.home, &["import", "-"], &line.to_string()).done();
    elsewhere.half_way("alice2");
    let phone = Authenticator::scan(alice["totp"].as_str().expect("a secret"));
    let with = |otp: &str| {
        elsewhere.anon().post("/token").form(&[("username", "alice2"), ("password", PASSWORD), ("otp", otp)]).send()
    };
    with(&phone.wrong_code(&elsewhere)).expect(401);
    let code = phone.code(&elsewhere);
    with(&code).expect(200);
    with(&code).expect(401);
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let app = varied();
    let out = export(&app.home, &["--format", "csv"]);
    assert!(out.starts_with("username,email,email_verified,name,roles,disabled,password_hash,totp,created_at\r\n"));
    // Much of Europe has a semicolon between cells, and no regard for quotes in the middle of one.
    for cell in out.split([',', '\n', ';']) {
        let cell = cell.trim_start_matches('"');
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell:?}");
    }
    assert!(out.contains("'+plus@example.com") && out.contains(",'=1+1,") && out.contains(",'@SUM(A1),"), "{out}");
}

#[test]
fn a_file_is_made_for_its_owner_alone_and_never_written_over() {
    let app = varied();
    let path = app.home.path().join("users.jsonl");
    let name = path.to_str().expect("a plain path");
    assert_eq!(export(&app.home, &["--output", name]), "");
    assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(&path).expect("text"), export(&app.home, &[]));
    run(&app.home, &["export", "--output", name], "").failed_in_one_line("is there already");
    let out = run(&app.home, &["export"], "");
    assert!(out.err.contains("13 users were exported; password hashes"), "{}", out.err);
}

#[test]
fn a_live_server_knows_them_within_a_second_and_the_log_says_who_did_it() {
    let app = spawn_app();
    let line = json!({"username": "fresh", "email": "fresh@example.org", "created_at": "2001-02-03T04:05:06Z", "roles": ["admin"]});
    run(&app.home, &["import", "-"], &line.to_string()).done();
    let found = app.admin().get("/api/users?q=fresh").send().expect(200).json();
    assert_eq!(found["items"][0]["created_at"], "2001-02-03T04:05:06Z");
    let facts = app.home.database.texts(
        "SELECT kind || ' ' || actor_name || ' ' || COALESCE(subject_name, '') AS value FROM audit_log WHERE kind LIKE 'user%.imported' ORDER BY kind",
    );
    assert_eq!(facts, ["user.imported console fresh", "users.imported console "]);
    run(&app.home, &["export"], "").done();
    let exported = app.home.database.texts("SELECT detail AS value FROM audit_log WHERE kind = 'users.exported'");
    assert_eq!(exported, [r#"{"form":"jsonl","secrets":true}"#]);
}

#[test]
fn a_dry_run_says_what_would_be_and_changes_nothing() {
    let app = spawn_app();
    let file = [
        json!({"username": "new", "email": "new@example.org", "roles": ["pilot"]}),
        json!({"username": "New", "email": "other@example.org"}),
        json!({"username": "with space", "email": "space@example.org"}),
        json!({"username": "with space", "email": "space2@example.org"}),
        json!({"username": "ALICE", "email": "alice9@example.org"}),
        json!({"username": "alice9", "email": "Alice@Example.com"}),
        json!({"username": "broken", "email": "nowhere"}),
    ]
    .map(|line| line.to_string())
    .join("\n");
    let before = export(&app.home, &[]);
    let dry = run(&app.home, &["import", "-", "--dry-run", "--create-roles"], &file);
    assert_eq!(export(&app.home, &[]), before);
    assert!(app.home.database.texts("SELECT name AS value FROM roles WHERE name = 'pilot'").is_empty());
    let real = run(&app.home, &["import", "-", "--create-roles"], &file);
    assert_eq!((dry.code, real.code), (1, 1));
    assert_eq!(dry.out.replace("would be imported", "imported"), real.out);
    for line in [
        "row 2 (New): kept: the username \"New\" is there already",
        "row 3 (with space): converted: the username \"with space\" became \"with-space\"",
        "row 4 (with space): converted: the username \"with space\" became \"with-space\"; \"with-space\" was taken, so it became \"with-space-2\"",
        "row 5 (ALICE): kept",
        "row 6 (alice9): kept: the address \"Alice@Example.com\" is there already",
        "row 7 (broken): refused: \"nowhere\" is no email address",
        "3 imported (2 of them converted), 3 kept as they were, 1 refused.",
    ] {
        assert!(real.out.contains(line), "{line} in {}", real.out);
    }
    let again = run(&app.home, &["import", "-", "--create-roles", "--json"], &file);
    let report: Value = serde_json::from_str(&again.out).expect("JSON");
    assert_eq!((&report["imported"], &report["kept"], &report["refused"]), (&0.into(), &6.into(), &1.into()));
    assert_eq!(report["rows"].as_array().map(Vec::len), Some(7));
    assert_eq!(
        report["rows"][0],
        json!({"row": 1, "verdict": "kept", "who": "new", "detail": "the address \"new@example.org\" is there already"})
    );
}
