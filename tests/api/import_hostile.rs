//! Files that are broken, huge, wrongly written or meant to harm: a clear line each, and nothing half done.

use std::io::Write;
use std::path::Path;

use crate::harness::binary::{Ran, run};
use crate::harness::{TestApp, spawn_app};

fn import(app: &TestApp, bytes: impl AsRef<[u8]>, options: &[&str]) -> Ran {
    let path = app.home.path().join("sent-in");
    std::fs::write(&path, bytes).expect("a file");
    import_file(app, &path, options)
}

fn import_file(app: &TestApp, path: &Path, options: &[&str]) -> Ran {
    let path = path.to_str().expect("a plain path");
    let all: Vec<&str> = ["import", path].into_iter().chain(options.iter().copied()).collect();
    run(&app.home, &all, "")
}

fn users(app: &TestApp) -> Vec<String> {
    app.home.database.texts("SELECT username AS value FROM users ORDER BY username")
}

const HEAD: &str = "username,email,name\n";

#[test]
fn a_file_that_is_none_is_told_in_one_line() {
    let app = spawn_app();
    for (bytes, about) in [
        (&b""[..], "can't be told"),
        (b"\n\n  \n", "can't be told"),
        (b"nonsense", "can't be told"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-16 or no text"),
        (b"\xff\xfeu\x00s\x00e\x00r\x00", "UTF-16"),
        (b"\xfe\xff\x00u\x00s", "UTF-16"),
        (b"{}", "can't be told"),
        (b"[]", "can't be told"),
        (b"[[[[[[[[", "can't be told"),
        (b"username,email,pasword_hash\nx,x@example.org,y\n", "heading \"pasword_hash\" is not known"),
        (b"username,email,email\nx,x@example.org,y\n", "heading \"email\" is there twice"),
        (b"username,name\nx,y\n", "no heading \"email\""),
    ] {
        let ran = import(&app, bytes, &[]);
        ran.failed_in_one_line(about);
    }
    run(&app.home, &["import", "/nowhere/at/all"], "").failed_in_one_line("can't be read");
    run(&app.home, &["import", "/"], "").failed_in_one_line("can't be");
    assert_eq!(run(&app.home, &["import", "-", "--format", "ldap"], "").code, 2);
    assert_eq!(users(&app), ["alice", "bob", "root"]);
}

#[test]
fn each_bad_row_has_its_line_and_the_others_go_in() {
    let app = spawn_app();
    let lines: [(&[u8], &str); 10] = [
        (br#"{"username": "one", "email": "one@example.org"}"#, ""),
        (br#"{"username": "two", "email": "two@example.org""#, "not valid JSON"),
        (br#"{"username": "a", "username": "b", "email": "three@example.org"}"#, "duplicate key \"username\""),
        (br#"{"username": "four", "email": "four@example.org", "is_admin": true}"#, "unknown key \"is_admin\""),
        (b"{\"username\": \"f\xfcnf\", \"email\": \"five@example.org\"}", "not UTF-8, but perhaps Latin-1"),
        (br#"{"username": "six\u0000", "email": "six@example.org"}"#, "became"),
        (br#"{"username": "seven", "email": "seven@example.org\u0000"}"#, "no email address"),
        (br#"[1, 2, 3]"#, "no JSON object"),
        (br#"{"username": "nine", "email": "nine@example.org", "roles": ["a\u0000b"]}"#, "no role"),
        (br#"{"username": "ten", "email": "ten@example.org", "created_at": "soon"}"#, "\"soon\" is no time"),
    ];
    let file = lines.map(|(line, _)| line).join(&b'\n');
    let ran = import(&app, file, &[]);
    assert_eq!(ran.code, 1);
    for (n, (_, about)) in lines.iter().enumerate().skip(1) {
        let start = format!("row {}", n + 1);
        let line = ran
            .out
            .lines()
            .find(|line| line.starts_with(&format!("{start}:")) || line.starts_with(&format!("{start} ")));
        assert!(line.is_some_and(|line| line.contains(about)), "{about}: {line:?}");
    }
    assert!(ran.out.contains("2 imported") && !ran.out.contains("struct"), "{}", ran.out);
    assert_eq!(users(&app), ["alice", "bob", "one", "root", "six"]);
}

#[test]
fn a_table_may_be_written_by_any_spreadsheet() {
    let app = spawn_app();
    let file = "\u{feff}username,email,name\r\n\"a1\",a1@example.org,\"Line\r\nbreak, \"\"quoted\"\"\"\r\n\r\na2,a2@example.org,'=SUM(A1)\r\na3,a3@example.org\r\na4,a4@example.org,x,y\r\n\"a5\",\"a5@example.org\",last";
    let ran = import(&app, file, &[]);
    assert!(ran.out.contains("3 imported (1 of them converted), 0 kept as they were, 2 refused."), "{}", ran.out);
    assert!(ran.out.contains("the row has 2 fields under 3 headings") && ran.out.contains("the row has 4 fields"));
    let names = app.home.database.texts("SELECT name AS value FROM users WHERE username LIKE 'a_' ORDER BY username");
    assert_eq!(names, ["Linebreak, \"quoted\"", "=SUM(A1)", "last"]);
}

#[test]
fn names_with_markup_or_of_ten_thousand_letters_do_no_harm() {
    let app = spawn_app();
    let long = "x".repeat(10_000);
    let file = format!(
        "{HEAD}<script>alert(1)</script>,m@example.org,<b>bold</b>\n{long},l@example.org,{long}\n\u{202e}evil,r@example.org,\u{202e}evil\n"
    );
    let ran = import(&app, file, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.lines().all(|line| line.len() < 1000), "{}", ran.out);
    assert!(users(&app).contains(&"script-alert-1-script".to_owned()));
    let page = app.browser_of("root").get("/admin/users").send().expect(200).text();
    assert!(!page.contains("<b>bold</b>") && page.contains("bold"));
}

#[test]
fn a_row_of_a_hundred_megabytes_is_passed_over_in_little_memory() {
    let app = spawn_app();
    let path = app.home.path().join("long");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    file.write_all(br#"{"username": "first", "email": "first@example.org"}"#).expect("written");
    file.write_all(b"\n{\"username\": \"").expect("written");
    for _ in 0..100 {
        file.write_all(&[b'x'; 1024 * 1024]).expect("written");
    }
    file.write_all(b"\"}\n{\"username\": \"last\", \"email\": \"last@example.org\"}\n").expect("written");
    drop(file);
    let ran = import_file(&app, &path, &[]);
    assert!(ran.out.contains("row 2: refused: the row is longer than 1048576 bytes"), "{ran:?}");
    assert_eq!(users(&app), ["alice", "bob", "first", "last", "root"]);
}

#[test]
fn a_quote_that_never_closes_swallows_no_memory_and_a_list_that_breaks_off_is_told() {
    let app = spawn_app();
    let ran = import(&app, format!("{HEAD}x,x@example.org,\"{}", "y\n".repeat(3_000_000)), &[]);
    assert!(ran.code == 1 && ran.out.contains("row 1: refused: the row is longer"), "{}", ran.out);
    let ran = import(&app, br#"[{"model": "auth.user", "pk": 1, "fields": {"username": "whole", "email": "w@example.org", "password": ""}}, {"model": "#, &[]);
    assert!(ran.code == 1 && ran.err.contains("ends in the middle of its JSON"), "{ran:?}");
    assert!(users(&app).contains(&"whole".to_owned()), "what was whole stays");
    let ran = import(&app, br#"{"realm": "x", "users": {"not": "a list"}}"#, &[]);
    assert!(ran.code == 1 && ran.err.contains("no list of users"), "{ran:?}");
    let deep = format!("[{}", "[".repeat(200_000));
    assert_eq!(import(&app, deep, &["--format", "django"]).code, 1);
    let nested = format!("{{\"username\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(import(&app, nested, &["--format", "jsonl"]).code, 1);
}

#[test]
fn what_comes_after_a_list_is_not_lost_in_silence() {
    let app = spawn_app();
    let list = |name: &str| format!("[{{\"username\": {name:?}, \"email\": \"{name}@example.org\"}}]\n");
    for more in [list("second"), "{\"username\": \"third\"}".to_owned(), "x".to_owned()] {
        let ran = import(&app, list("first") + &more, &["--format", "jsonl"]);
        assert!(ran.code == 1 && ran.err.contains("more in the file after the end of its list"), "{ran:?}");
    }
    let realm = |name: &str| {
        format!(
            "{{\"realm\": \"r\", \"users\": [{{\"username\": {name:?}, \"email\": \"{name}@example.org\"}}], \"x\": [1, {{}}]}}"
        )
    };
    let twice = realm("first").replace("\"x\"", "\"users\"");
    for file in [realm("first") + &realm("second"), twice] {
        let ran = import(&app, file, &["--format", "keycloak"]);
        assert!(ran.code == 1 && ran.err.contains("more in the file after the end of its list"), "{ran:?}");
    }
    assert_eq!(import(&app, realm("first"), &["--format", "keycloak"]).code, 0);
    assert_eq!(users(&app), ["alice", "bob", "first", "root"], "what was whole stays");
    assert_eq!(import(&app, list("last") + " \n\n", &["--format", "jsonl"]).code, 0);
}

#[test]
fn no_report_says_what_stood_where_a_hash_should() {
    let app = spawn_app();
    let secrets =
        ["Summer2026!", "171e6599c861cdbf291ad70e5f2c7b5a", "Summer2026!$x$y$z", "$Summer2026!$x", "md5$Summer2026!"];
    let rows = secrets.iter().enumerate().map(|(n, hash)| format!("s{n},s{n}@example.org,{hash}\n"));
    let ran = import(&app, format!("username,email,password_hash\n{}", rows.collect::<String>()), &[]);
    assert!(ran.code == 1 && ran.out.contains("5 refused"), "{ran:?}");
    assert!(ran.out.contains("hashes of the kind \"md5\" can't be checked here"), "{}", ran.out);
    assert!(!ran.out.contains("Summer") && !ran.out.contains("171e65") && !ran.err.contains("Summer"), "{ran:?}");
    let numbers = br#"{"username": "nn", "email": "nn@example.org", "password_hash": 20262026}"#;
    let ran = import(&app, numbers, &[]);
    assert!(ran.out.contains("invalid type: integer, expected a string") && !ran.out.contains("2026"), "{ran:?}");
    let plain = "users:\n  alice: \"Summer2026!\"\n";
    let ran = import(&app, plain, &["--format", "authelia"]);
    assert!(ran.out.contains("invalid type: string, expected an object") && !ran.out.contains("Summer"), "{ran:?}");
    let yescrypt = "username,email,password_hash\nyy,yy@example.org,$y$j9T$c2FsdA$aGFzaA\n";
    assert!(import(&app, yescrypt, &[]).out.contains("of the kind \"y\""));
}

#[test]
fn yaml_that_points_to_itself_or_blows_up_is_refused() {
    let app = spawn_app();
    for (file, about) in [
        ("users:\n  a: &a\n    email: a@example.org\n  b: *a\n".to_owned(), "anchors"),
        ("users:\n  a: *nothing\n".to_owned(), "YAML"),
        ("users:\n  a: [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]\n".to_owned(), "nests deeper"),
        ("users:\n  a: {email: a@example.org}\n  a: {email: b@example.org}\n".to_owned(), "twice"),
        (format!("users:\n  a: {{email: {}}}\n", "x".repeat(17 * 1024 * 1024)), "16 MB"),
        ("users:\n\t- x".to_owned(), "YAML"),
        ("users:\n".to_owned(), "no \"users:\""),
    ] {
        let ran = import(&app, file, &[]);
        assert!(ran.code == 1 && ran.err.contains(about), "{about}: {} {}", ran.out, ran.err);
    }
    assert_eq!(users(&app), ["alice", "bob", "root"]);
}
