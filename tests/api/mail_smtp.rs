//! Mail over a real server: encrypted and signed in, and with that server down, hanging, refusing, or not who it should be.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::database::Copy;
use crate::harness::mail::Mail;
use crate::harness::smtp::MailServer;
use crate::harness::{Home, TestApp, start, within};
use crate::mail_reset::{forget, reset};

const ALICE: &str = "alice@example.com";
const FROM: &str = "Example <no-reply@example.com>";

fn app_with(home: &Home, url: &str) -> TestApp {
    start(home.clone(), &[("SMTP_URL", url), ("MAIL_FROM", FROM)])
}

fn latest(app: &TestApp) -> Value {
    app.admin().get("/api/outbox").send().expect(200).json()["items"][0].clone()
}

/// What the outbox says of the last mail once it was tried.
fn trouble(app: &TestApp, limit: Duration) -> String {
    let mut said = String::new();
    within(limit, "it was tried", || {
        said = latest(app)["last_error"].as_str().unwrap_or_default().to_owned();
        !said.is_empty()
    });
    assert_eq!(latest(app)["state"], "waiting", "it is tried again");
    said
}

#[test]
fn mail_goes_out_encrypted_and_signed_in() {
    let home = Home::new(Copy::Peopled);
    let server = MailServer::start(home.path(), "friendly");
    let app = app_with(&home, &server.url());
    forget(&app, ALICE).expect(202);
    let taken = server.mail();
    assert_eq!((&taken["tls"], &taken["user"]), (&true.into(), &"app@example.com".into()));
    assert_eq!((&taken["from"], &taken["to"][0]), (&"no-reply@example.com".into(), &ALICE.into()));
    assert_eq!(taken["greeted"], "vestibule.test");
    let mail = Mail::read(taken["raw"].as_str().expect("a mail"));
    assert_eq!(mail.header("From"), "Example <no-reply@example.com>");
    reset(&app, &mail.token(), "another horse, stapled").expect(204);
    assert!(!home.path().join("outbox").exists(), "nothing is written beside it");
    let page = app.browser_of("root").get("/admin/outbox").send().expect(200).text();
    assert!(!page.contains("No mail server is set"));
}

#[test]
fn a_server_without_encryption_is_used_only_where_that_is_said() {
    let home = Home::new(Copy::Peopled);
    let server = MailServer::start(home.path(), "plain");
    let app = app_with(&home, &format!("smtp://localhost:{}", server.port));
    forget(&app, ALICE).expect(202);
    trouble(&app, Duration::from_secs(10));
    assert!(server.has_no_mail());
    drop(app);
    let app = app_with(&home, &format!("smtp://localhost:{}?tls=none", server.port));
    app.advance(120);
    assert_eq!(server.mail()["tls"], false);
}

#[test]
fn a_server_that_can_not_prove_its_name_gets_neither_password_nor_mail() {
    let home = Home::new(Copy::Peopled);
    let server = MailServer::start(home.path(), "friendly");
    let without_ca = server.url().split("/?ca=").next().expect("a URL").to_owned();
    let app = app_with(&home, &without_ca);
    forget(&app, ALICE).expect(202);
    let said = trouble(&app, Duration::from_secs(10));
    assert!(said.contains("certificate"), "{said}");
    assert!(server.has_no_mail());
}

#[test]
fn a_wrong_password_is_told_and_never_shown() {
    let home = Home::new(Copy::Peopled);
    let server = MailServer::start(home.path(), "friendly");
    let app = app_with(&home, &server.url().replace("p%2Fw%20with%20spaces", "wrong-password"));
    forget(&app, ALICE).expect(202);
    let said = trouble(&app, Duration::from_secs(10));
    assert!(said.contains("535") && !said.contains("wrong-password"), "{said}");
}

#[test]
fn what_a_server_refuses_is_tried_again_and_goes_out_once_it_takes_it() {
    for status in ["451", "550"] {
        let home = Home::new(Copy::Peopled);
        let refusing = MailServer::start(home.path(), status);
        let app = app_with(&home, &refusing.url());
        forget(&app, ALICE).expect(202);
        let said = trouble(&app, Duration::from_secs(10));
        assert!(said.contains(status), "{said}");
        drop(app);
        let friendly = MailServer::start(home.path(), "friendly");
        let app = app_with(&home, &friendly.url());
        assert!(friendly.has_no_mail());
        app.advance(120);
        assert_eq!(friendly.mail()["to"][0], ALICE);
    }
}

#[test]
fn with_the_server_down_nobody_who_signs_up_or_asks_is_kept_waiting() {
    let home = Home::new(Copy::Peopled);
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let app = app_with(&home, &format!("smtp://localhost:{nobody}"));
    let before = Instant::now();
    forget(&app, ALICE).expect(202);
    trouble(&app, Duration::from_secs(10));
    assert!(app.alice().is_known() && before.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_server_that_hangs_holds_up_no_request_and_is_given_up_in_time() {
    let home = Home::new(Copy::Peopled);
    let hanging = MailServer::start(home.path(), "hang");
    let app = app_with(&home, &hanging.url());
    forget(&app, ALICE).expect(202);
    within(Duration::from_secs(10), "it is tried", || latest(&app)["tries"] == 1);
    let before = Instant::now();
    for name in ["bob", "root"] {
        forget(&app, &format!("{name}@example.com")).expect(202);
        assert!(app.user(name).is_known());
    }
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
    let kind = "SELECT last_error AS value FROM outbox WHERE last_error IS NOT NULL";
    within(Duration::from_secs(40), "it is given up", || !app.home.database.texts(kind).is_empty());
}
