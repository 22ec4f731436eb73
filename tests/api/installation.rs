//! The settings in force, and what an operator should mend.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::harness::binary::run_with;
use crate::harness::database::on_postgres;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, SECRET_KEY, spawn_app, spawn_with, within};

fn found(person: &Person) -> Vec<String> {
    let report = person.get("/api/health-report").send().expect(200).json();
    let items = report["items"].as_array().unwrap();
    items.iter().map(|item| item["found"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_settings_in_force_are_what_the_console_prints_and_no_secret_is_among_them() {
    // Those that the harness gives a binary, and two more.
    let settings = [
        ("PORT", "0"),
        ("LOG_FORMAT", "json"),
        ("RUST_LOG", "warn"),
        ("SMTP_URL", "smtp://me:s3cretword@localhost:1"),
        ("MAIL_FROM", "a@example.com"),
    ];
    let app = spawn_with(&settings);
    let told = app.admin().get("/api/settings").send().expect(200).json();
    let text = told.to_string();
    assert!(!text.contains(SECRET_KEY) && !text.contains("s3cretword"), "{text}");
    let one = |name: &str| {
        let items = told["items"].as_array().unwrap();
        items.iter().find(|item| item["name"] == name).cloned().expect("the setting")
    };
    assert_eq!(one("BCRYPT_COST")["value"], "10");
    assert_eq!((&one("BCRYPT_COST")["default"], &one("BCRYPT_COST")["set"]), (&json!("12"), &json!(true)));
    assert_eq!((&one("SECRET_KEY")["value"], &one("SIGNUP")["set"]), (&json!("***"), &json!(false)));
    let printed = run_with(&app.home, &["config", "--json"], "", &settings).done();
    let printed: Value = serde_json::from_str(&printed).expect("JSON");
    let named = |item: &Value| (item["name"].as_str().unwrap().to_owned(), item["value"].clone());
    let shown: Map<String, Value> = told["items"].as_array().unwrap().iter().map(named).collect();
    assert_eq!(Value::from(shown), printed);
    let page = app.browser_of("root").get("/admin/settings").send().expect(200).text();
    assert!(page.contains("BCRYPT_COST") && !page.contains("s3cretword"));
}

#[test]
fn settings_and_health_take_a_permission_of_their_own() {
    let app = spawn_app();
    let scope = "users:read users:write roles:write sessions:write audit:read keys:write";
    let other = app.program(&[("username", "root"), ("password", PASSWORD), ("scope", scope)]);
    other.get("/api/settings").send().refused(403, "This needs the permission settings:read, which you do not hold.");
    other.get("/api/health-report").send().expect(403);
}

#[test]
fn what_is_to_be_mended_comes_first_with_how() {
    let app = spawn_app();
    let report = app.admin().get("/api/health-report").send().expect(200).json();
    assert_eq!(report["state"], "mend");
    let states: Vec<&str> =
        report["items"].as_array().unwrap().iter().map(|item| item["state"].as_str().unwrap()).collect();
    let mut sorted = states.clone();
    sorted.sort_by_key(|state| ["mend", "look", "good"].iter().position(|known| known == state));
    assert_eq!(states, sorted);
    for item in report["items"].as_array().unwrap() {
        assert!(!item["says"].as_str().unwrap().is_empty());
        assert_eq!(item["mend"].as_str().unwrap().is_empty(), item["state"] == "good", "{item}");
    }
}

#[test]
fn each_check_finds_what_it_looks_for() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    let admin = app.admin();
    let first = found(&admin);
    // PUBLIC_URL of the tests is http://vestibule.test.
    for expected in [
        "address.not_https",
        "mail.to_files",
        "limits.on",
        "admins.one",
        "admin_factors.missing",
        "keys.rotate",
        "secret.kept",
        "backup.unknown",
    ] {
        assert!(first.contains(&expected.to_owned()), "{expected} in {first:?}");
    }
    // The clock of the tests stands in 2030, and the database's does not.
    assert_eq!(first.contains(&"clock.apart".to_owned()), on_postgres());
    assert!(first.iter().any(|word| word.starts_with("disk.")));
    app.invite(&admin, "ada", &["admin"]);
    assert!(found(&admin).contains(&"admins.several".to_owned()));
    app.home.database.run("UPDATE outbox SET state = 'failed'");
    assert!(found(&admin).contains(&"mail.failing".to_owned()));
    let other =
        spawn_with(&[("PUBLIC_URL", "https://id.example.com"), ("KEY_ROTATION_DAYS", "0"), ("RATE_LIMITS", "off")]);
    let second = found(&other.admin());
    for expected in ["address.sound", "keys.by_hand", "limits.off"] {
        assert!(second.contains(&expected.to_owned()), "{expected} in {second:?}");
    }
}

#[test]
fn a_key_that_did_not_follow_in_time_is_told() {
    let app = spawn_app();
    let admin = app.admin();
    // The timer's first turn may come in between and mend it; its next is an hour away.
    within(Duration::from_secs(10), "an old key is told", || {
        app.home.database.run("UPDATE signing_keys SET signs_from = 1000");
        found(&admin).contains(&"keys.overdue".to_owned())
    });
}

#[test]
fn the_page_says_it_in_the_readers_language() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let page = browser.get("/admin/health").with("Accept-Language", "de").send().expect(200).text();
    assert!(page.contains("root verwaltet allein") && page.contains("Beheben") && !page.contains("Have a look"));
    let page = browser.get("/admin/settings").with("Accept-Language", "de").send().expect(200).text();
    assert!(page.contains("Sprache der Seiten") && !page.contains("Language of the pages"));
}
