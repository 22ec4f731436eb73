//! `vestibule doctor`: from inside and from outside.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::binary::{Process, Ran, run, run_with};
use crate::harness::database::{Copy, on_postgres};
use crate::harness::smtp::MailServer;
use crate::harness::tls_proxy::{Manner, TlsProxy};
use crate::harness::{Home, spawn_app};

/// What it found: the words, each with its state.
fn found(ran: &Ran) -> BTreeMap<String, String> {
    let told: Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {ran:?}"));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let items = told["items"].as_array().expect("items");
    for item in items {
        assert_eq!(item["mend"] == "", item["state"] == "good", "{item}");
    }
    items.iter().map(|item| (text(&item["found"]), text(&item["state"]))).collect()
}

fn examine(home: &Home, settings: &[(&str, &str)], more: &[&str]) -> BTreeMap<String, String> {
    let arguments: Vec<&str> = ["doctor", "--json"].iter().chain(more).copied().collect();
    found(&run_with(home, &arguments, "", settings))
}

/// A server by the machine's clock, as the command's is.
fn served(settings: &[(&str, &str)]) -> (Home, Process) {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, settings);
    (home, server)
}

#[test]
fn it_says_what_is_to_be_mended_and_how_and_its_exit_code_tells() {
    let (home, server) = served(&[]);
    let here = ("PUBLIC_URL", server.url.as_str());
    let ran = run_with(&home, &["doctor"], "", &[here]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.ends_with("vestibule: 2 things are to be mended\n"), "{ran:?}");
    assert!(ran.out.contains("mend  Limits: RATE_LIMITS is off"), "{}", ran.out);
    assert!(ran.out.contains("\n      Set RATE_LIMITS=on."), "{}", ran.out);
    // The other is an administrator without a second factor.
    home.database.run("DELETE FROM user_roles WHERE role_id = 'admin'");
    let sound = run_with(&home, &["doctor", "--json"], "", &[here, ("RATE_LIMITS", "on")]);
    assert_eq!(sound.code, 0, "{sound:?}");
    let states = found(&sound);
    assert!(states.values().all(|state| state != "mend") && states["admins.none"] == "look", "{states:?}");
}

#[test]
fn the_server_that_answers_proves_that_it_is_this_installation() {
    let (home, server) = served(&[]);
    let states = examine(&home, &[("PUBLIC_URL", &server.url)], &[]);
    assert_eq!(states["outside.reached"], "good");
    assert_eq!((states["proxy.none"].as_str(), states["database.ready"].as_str()), ("good", "good"));
    // Another installation at that address, and nobody.
    let there = Home::new(Copy::Empty);
    let other = Process::serve(&there, &[("SECRET_KEY", "another root of every key, 32 bytes or more")]);
    assert_eq!(examine(&home, &[("PUBLIC_URL", &other.url)], &[])["outside.other"], "mend");
    assert_eq!(examine(&home, &[("PUBLIC_URL", "http://127.0.0.1:9")], &[])["outside.unreachable"], "mend");
    let inside = examine(&home, &[("PUBLIC_URL", "http://127.0.0.1:9")], &["--inside"]);
    assert!(!inside.keys().any(|word| word.starts_with("outside.")), "{inside:?}");
}

#[test]
fn a_database_that_is_away_is_told_of_and_no_key_is_made_for_it() {
    let home = Home::new(Copy::Empty);
    let folder = home.path().join("not-yet");
    let away = [("SECRET_KEY", ""), ("DATABASE_URL", "postgres://nobody@127.0.0.1:9/nothing")];
    let nowhere = [away[0], away[1], ("DATA_DIR", folder.to_str().expect("a plain path"))];
    assert_eq!(examine(&home, &nowhere, &[])["database.unusable"], "mend");
    assert!(!folder.exists());
    assert_eq!(examine(&home, &away, &[])["database.unusable"], "mend");
    assert!(!home.path().join("secret_key").exists());
}

#[test]
fn nobody_else_learns_what_the_server_sees() {
    let app = spawn_app();
    app.anon().get("/health/seen").send().refused(404, "There is nothing here.");
    app.admin().get("/health/seen").send().expect(404);
    for forged in ["", "x", "1.2.3", "1893456000000.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        app.anon().get("/health/seen").with("X-Vestibule-Probe", forged).send().expect(404);
    }
    let probe = vestibule::health::outside::Probe::fresh(app.app.root(), app.clock.now());
    let ask = || app.anon().get("/health/seen").with("X-Vestibule-Probe", probe.text()).send();
    let answer = ask().expect(200);
    let seen = probe.answered(&answer.text(), answer.header("x-vestibule-proof").unwrap()).expect("the server's own");
    assert_eq!((seen.address.as_str(), seen.peer_is_trusted), ("127.0.0.1", false));
    app.advance(301);
    ask().expect(404);
}

/// A server behind a proxy, looked at from outside through it.
fn through(manner: Manner, trusted: &str, days: u32) -> BTreeMap<String, String> {
    let (home, server) = served(&[("PUBLIC_URL", "https://localhost"), ("TRUSTED_PROXIES", trusted)]);
    let proxy = TlsProxy::start(home.path(), server.port(), manner, ("localhost", days));
    let url = format!("https://localhost:{}", proxy.port);
    let ca = proxy.certificate.to_str().unwrap();
    examine(&home, &[("PUBLIC_URL", &url), ("TRUSTED_PROXIES", trusted)], &["--ca", ca])
}

#[test]
fn a_proxy_that_says_who_its_clients_are_is_sound() {
    let states = through(Manner::Append, "127.0.0.1", 90);
    for expected in ["outside.reached", "certificate.good", "hsts.there", "proxy.sound", "address.sound"] {
        assert_eq!(states.get(expected).map(String::as_str), Some("good"), "{expected} in {states:?}");
    }
    assert!(states.keys().any(|word| word.starts_with("plain.")));
}

#[test]
fn each_way_in_which_a_proxy_hides_its_clients_is_told() {
    for (manner, trusted, expected) in [
        (Manner::Drop, "127.0.0.1", "proxy.silent"),
        (Manner::PassOn, "127.0.0.1", "proxy.gullible"),
        (Manner::Append, "", "proxy.undeclared"),
    ] {
        assert_eq!(through(manner, trusted, 90).get(expected).map(String::as_str), Some("mend"), "{expected}");
    }
}

#[test]
fn a_certificate_that_ends_soon_or_is_not_for_this_name_is_told() {
    assert_eq!(through(Manner::Append, "127.0.0.1", 10)["certificate.expires_soon"], "mend");
    let home = Home::new(Copy::Peopled);
    let proxy = TlsProxy::start(home.path(), 9, Manner::Append, ("elsewhere.example", 90));
    let url = format!("https://localhost:{}", proxy.port);
    let ca = proxy.certificate.to_str().unwrap();
    for more in [&["--ca", ca][..], &[]] {
        let states = examine(&home, &[("PUBLIC_URL", &url)], more);
        assert_eq!(states["certificate.bad"], "mend");
        assert_eq!(states["outside.unreachable"], "mend");
    }
}

#[test]
fn the_mail_server_is_asked_and_nothing_is_sent() {
    let app = spawn_app();
    let server = MailServer::start(app.home.path(), "friendly");
    let from = ("MAIL_FROM", "no-reply@example.com");
    let url = server.url();
    let states = examine(&app.home, &[("SMTP_URL", &url), from], &["--inside"]);
    assert_eq!(states["mail.answers"], "good");
    assert!(server.has_no_mail());
    let wrong = url.replace("p%2Fw", "other");
    assert_eq!(examine(&app.home, &[("SMTP_URL", &wrong), from], &["--inside"])["mail.silent"], "mend");
    let away = [("SMTP_URL", "smtp://127.0.0.1:9?tls=none"), from];
    assert_eq!(examine(&app.home, &away, &["--inside"])["mail.silent"], "mend");
}

#[test]
fn before_the_first_start_it_says_so_and_makes_nothing() {
    let home = Home::new(Copy::Empty);
    let folder = home.path().join("nothing");
    let data = folder.to_str().unwrap();
    let url = format!("sqlite://{data}/vestibule.db");
    let settings = [("DATA_DIR", data), ("DATABASE_URL", url.as_str()), ("SECRET_KEY", "")];
    let ran = run_with(&home, &["doctor", "--json"], "", &settings);
    assert_eq!((ran.code, found(&ran)["database.new"].as_str()), (0, "look"));
    assert!(!folder.exists());
}

#[test]
fn it_migrates_nothing_and_says_what_is_pending() {
    let (home, server) = served(&[]);
    let newest = "(SELECT max(version) FROM __diesel_schema_migrations)";
    home.database.run(&format!("DELETE FROM __diesel_schema_migrations WHERE version = {newest}"));
    let states = examine(&home, &[("PUBLIC_URL", &server.url)], &[]);
    assert_eq!(states["database.behind"], "look");
    assert_eq!(states["outside.reached"], "good", "the rest is looked at all the same");
    let elsewhere = ("DATABASE_URL", "postgres://nobody:hidden@127.0.0.1:9/none");
    let ran = run_with(&home, &["doctor", "--inside"], "", &[elsewhere]);
    assert!(ran.code == 1 && ran.out.contains("Database: ") && !ran.out.contains("hidden"), "{ran:?}");
}

#[test]
fn a_backup_is_known_and_grows_old() {
    let app = spawn_app();
    let told = || {
        let report = app.admin().get("/api/health-report").send().expect(200).json();
        let words = report["items"].as_array().unwrap().iter().map(|item| item["found"].as_str().unwrap().to_owned());
        words.filter(|word| word.starts_with("backup.")).collect::<Vec<_>>()
    };
    assert_eq!(told(), ["backup.unknown"]);
    let file = app.home.path().join("kept.db");
    run(&app.home, &["backup", file.to_str().unwrap()], "").done();
    // The command's clock is the machine's, the server's stands in 2030.
    assert_eq!(told(), ["backup.old"]);
    app.home
        .database
        .run(&format!("UPDATE counters SET value = {} WHERE name = 'backup'", app.now() * 1000 - 86_400_000));
    assert_eq!(told(), ["backup.known"]);
    app.advance(7 * 86_400);
    assert_eq!(told(), ["backup.old"]);
    assert!(on_postgres() || app.home.path().join("vestibule.db").exists());
}
