//! Hashes that other programs made sign in with the password they were made from, and with no other, and are made anew then.

use serde_json::json;

use crate::harness::binary::run;
use crate::harness::{PASSWORD, TestApp, spawn_app, spawn_with};

/// Everybody's password, as other programs keep it: made by Python's hashlib, crypt, argon2-cffi, bcrypt and Django.
const HASHES: &[(&str, &str)] = &[
    ("pbkdf2_sha256 of Django", "pbkdf2_sha256$20000$seasalt$Hf4ZrtGt48FiWgNsPSgzUYDFLNDSEu8sWYBvn/Pv76U="),
    ("pbkdf2_sha1 of Django", "pbkdf2_sha1$20000$seasalt$0jeRBJbOAMq17MiG/X/ScAlGEwE="),
    (
        "scrypt of Django",
        "scrypt$16384$seasalt$8$1$SeFqIcfVoCQ85h5NbG3EpG8ZJwwKWu1+rKv1XMRmc3UIyHKqDpR7rR98Hm7A1fBSl9U5maL45wsoJFnVK2bpuQ==",
    ),
    ("scrypt as PHC", "$scrypt$ln=14,r=8,p=1$TmFDbE5hQ2xOYUNs$fBnbxr/GL2F657410wEzcZ3U7ZsGDs5JWha0e012pkY"),
    (
        "pbkdf2-sha256 as PHC",
        "$pbkdf2-sha256$i=27500,l=32$TmFDbE5hQ2xOYUNs$rEQU614NWJYLzlP6F4olpIvnqDd07PDjFpk5urwnNPY",
    ),
    (
        "pbkdf2-sha512 of Authelia",
        "$pbkdf2-sha512$31000$TmFDbE5hQ2xOYUNs$XLuUoQi8qgCa21HRK0LrkX4jPlDOFOkU16OGY8YDvCAr1WS1hu7LFkWSx45u8ByubV3XsOh/CZCKxbMMkATm4Q",
    ),
    (
        "sha512crypt",
        "$6$rounds=5000$seasaltsea$aiL14ReWhk7cKu52UKWya.4Ytl4gM5MZJKNllq2FEtr5eOXV1TEewMAgX3w62Ldx7QIzTq.zr/pdbJlyzhwrv/",
    ),
    ("sha256crypt", "$5$seasaltsea$GliQ9NvjEFnd.Yk8HiXEMYAhO.tXvXGawdR5VjNQI64"),
    ("argon2id", "$argon2id$v=19$m=4096,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$liIaNPOs5GkUE5iCB5bJh31Uih7ONzxRVWUi6W4OfpQ"),
    ("argon2i", "$argon2i$v=19$m=4096,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$S0NSbB3xLisLLSlT5NI6xK6Atd+RDuJqUDM4EV4hmpc"),
    ("argon2id of version 1.0", "$argon2id$v=16$m=1024,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$JBcZe8YSmkD99YomNfFpUA"),
    (
        "argon2 of Django",
        "argon2$argon2id$v=19$m=8192,t=2,p=8$c2FsdHNhbHRzYWx0$JqwzI0TRk0e/ENSuU/9hV+hWL6j93Q5HMUQ2W3AbCfo",
    ),
    ("bcrypt_sha256 of Django", "bcrypt_sha256$$2b$06$cdeMvhQ/7L03e.vEsOqtVOD/r3V1Cq9vwkvohEibCa3SwNOuywJzq"),
    ("bcrypt of Django", "bcrypt$$2b$06$o82/a9uXJHoVKtCg.6Qmg...iA0fpj74oghhKCfHhf0mmcBVPn3Ii"),
    ("bcrypt", "$2a$06$pkvtrL3OADZDTref3II6UODR09zYrvxLw/gH2XlngV5SUFO2t5QCK"),
];

/// Imports somebody with this hash.
fn import(app: &TestApp, name: &str, hash: &str) -> crate::harness::binary::Ran {
    let line = json!({"username": name, "email": format!("{name}@example.org"), "password_hash": hash});
    run(&app.home, &["import", "-"], &format!("{line}\n"))
}

fn sign_in(app: &TestApp, name: &str, password: &str) -> u16 {
    app.anon().post("/token").form(&[("username", name), ("password", password)]).send().status
}

fn hash(app: &TestApp, name: &str) -> String {
    let query =
        format!("SELECT hash AS value FROM passwords WHERE user_id = (SELECT id FROM users WHERE username = '{name}')");
    app.home.database.texts(&query).remove(0)
}

#[test]
fn every_kind_of_hash_signs_in_and_is_made_anew() {
    let app = spawn_with(&[("BCRYPT_COST", "10")]);
    let lines = HASHES.iter().enumerate().map(|(n, (_, hash))| {
        json!({"username": format!("mover{n}"), "email": format!("mover{n}@example.org"), "password_hash": hash})
            .to_string()
    });
    let file = lines.collect::<Vec<_>>().join("\n");
    let out = run(&app.home, &["import", "-"], &file).done();
    assert!(out.contains(&format!("{} imported (0 of them converted)", HASHES.len())), "{out}");
    for (n, (kind, _)) in HASHES.iter().enumerate() {
        let name = format!("mover{n}");
        let before = hash(&app, &name);
        assert_eq!(sign_in(&app, &name, "correct horse batterx"), 401, "{kind}");
        assert_eq!(hash(&app, &name), before, "a wrong password changes nothing: {kind}");
        assert_eq!(sign_in(&app, &name, PASSWORD), 200, "{kind}");
        assert!(hash(&app, &name).starts_with("$2b$10$"), "{kind}: {}", hash(&app, &name));
        assert_eq!(sign_in(&app, &name, PASSWORD), 200, "{kind}");
        assert_eq!(sign_in(&app, &name, "correct horse batterx"), 401, "{kind}");
    }
}

#[test]
fn a_hash_that_would_burn_the_machine_is_refused() {
    let app = spawn_app();
    let (salt, sum) = ("c2FsdHNhbHRzYWx0c2FsdA", "liIaNPOs5GkUE5iCB5bJh31Uih7ONzxRVWUi6W4OfpQ");
    for hash in [
        format!("$argon2id$v=19$m=4194304,t=3,p=4${salt}${sum}"),
        format!("$argon2id$v=19$m=131072,t=4000000,p=1${salt}${sum}"),
        format!("$argon2id$v=19$m=1024,t=18446744073709551615,p=1${salt}${sum}"),
        format!("$argon2id$v=19$m=65536,t=1,p=16777215${salt}${sum}"),
        format!("$scrypt$ln=30,r=8,p=1${salt}${sum}"),
        format!("$scrypt$ln=63,r=4294967295,p=4294967295${salt}${sum}"),
        format!("$scrypt$ln=14,r=8,p=1000000${salt}${sum}"),
        // A small table, and blocks beside it that are not.
        format!("$scrypt$ln=1,r=524288,p=4${salt}${sum}"),
        format!("$pbkdf2-sha256$i=4000000000${salt}${sum}"),
        "pbkdf2_sha256$999999999$salt$Hf4ZrtGt48FiWgNsPSgzUYDFLNDSEu8sWYBvn/Pv76U=".into(),
        "scrypt$1073741824$seasalt$8$1$SeFqIcfVoCQ85h5NbG3EpG8ZJwwKWu1+rKv1XMRmc3UIyHKqDpR7rR98Hm7A1fBSl9U5maL45wsoJFnVK2bpuQ==".into(),
        "$2b$31$qze4UcwpUt5xRnUzQjSj6uAz98CbbFvSfoBx36GaJZRb9OysSAPu6".into(),
        format!("$6$rounds=999999999$salt${}", "a".repeat(86)),
    ] {
        let ran = import(&app, "burner", &hash);
        assert_eq!(ran.code, 1, "{hash}: {ran:?}");
        assert!(ran.out.starts_with("row 1 (burner): refused: ") && ran.out.contains("0 imported"), "{hash}: {}", ran.out);
        assert!(!ran.out.contains(sum), "{}", ran.out);
    }
}

#[test]
fn what_is_no_hash_is_refused_and_not_repeated() {
    let app = spawn_app();
    for hash in [
        "hunter2hunter2",
        "$plaintext$hunter2",
        "md5$salt$hunter2hunter2",
        "$argon2id$hunter2",
        "$2b$12$hunter2",
        "$argon2id$v=19$m=4096,t=3,p=4$hunter2!$hunter2!",
        "pbkdf2_sha256$x$salt$hunter2",
        "$6$salt$hunter2",
        "$pbkdf2-sha256$i=0$c2FsdHNhbHRzYWx0c2FsdA$liIaNPOs5GkUE5iCB5bJh31Uih7ONzxRVWUi6W4OfpQ",
        "$",
        "$$$$",
        "pbkdf2_sha256$1000$a\u{0}hunter2$AAAAAAAAAAAAAAAAAAAAAA==",
    ] {
        let ran = import(&app, "nobody", hash);
        assert_eq!(ran.code, 1, "{hash}: {ran:?}");
        assert!(!ran.out.contains("$hunter2") && !ran.out.contains("hunter2!"), "{}", ran.out);
    }
    assert!(app.home.database.texts("SELECT username AS value FROM users WHERE username = 'nobody'").is_empty());
}

#[test]
fn whoever_has_no_password_yet_gets_in_by_none() {
    let app = spawn_app();
    let line = json!({"username": "silent", "email": "silent@example.org"});
    run(&app.home, &["import", "-"], &line.to_string()).done();
    for password in ["", PASSWORD, "null"] {
        assert_ne!(sign_in(&app, "silent", password), 200);
    }
}

#[test]
fn a_password_without_end_does_not_hold_up_everybody_where_it_is_taken_up_in_each_round() {
    let app = spawn_with(&[("BCRYPT_COST", "10")]);
    // passlib's own number of rounds, with which this would take minutes.
    let hash = format!("$6$rounds=656000$saltstring${}", "a".repeat(86));
    assert_eq!(import(&app, "slow", &hash).code, 0);
    let time = |password: &str| {
        let started = std::time::Instant::now();
        assert_eq!(sign_in(&app, "slow", password), 401);
        started.elapsed()
    };
    // Somebody else's work may fall into one try; a length that counted would show in each.
    let tries: Vec<_> = (0..4).map(|_| (time(&"a".repeat(60_000)), time("short"))).collect();
    assert!(tries.iter().any(|(long, short)| *long < *short * 3), "{tries:?}");
}

#[test]
fn a_row_with_more_roles_than_anybody_has_is_refused_and_its_reason_is_short() {
    let app = spawn_app();
    let roles: Vec<String> = (0..150).map(|n| format!("role{n}")).collect();
    let many = json!({"username": "many", "email": "many@example.org", "roles": roles});
    let few = json!({"username": "few", "email": "few@example.org", "roles": [format!("r{}", "x".repeat(60_000))]});
    let ran = run(&app.home, &["import", "-"], &format!("{many}\n{few}\n"));
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("row 1 (many): refused: there are more than 100 roles"), "{}", ran.out.len());
    assert!(ran.out.len() < 2_000, "{}", ran.out.len());
}
