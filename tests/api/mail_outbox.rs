//! What waits, what went out, and what did not: the outbox as administrators see it, and as nodes work through it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::binary::Process;
use crate::harness::database::Copy;
use crate::harness::mail::Mail;
use crate::harness::{Home, TestApp, spawn_app, spawn_with, start, within};
use crate::mail_reset::forget;

const ALICE: &str = "alice@example.com";

/// Nothing can be written to the folder of mails until this is dropped.
pub struct InTheWay(std::path::PathBuf);

impl InTheWay {
    pub fn of(app: &TestApp) -> Self {
        let path = app.home.path().join("outbox");
        std::fs::write(&path, "in the way").expect("a file");
        Self(path)
    }
}

impl Drop for InTheWay {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).expect("ours");
    }
}

fn latest(app: &TestApp) -> Value {
    app.admin().get("/api/outbox").send().expect(200).json()["items"][0].clone()
}

fn tried(app: &TestApp, times: i64) {
    within(Duration::from_secs(5), &format!("{times} tries"), || {
        let entry = latest(app);
        entry["tries"] == times && !entry["last_error"].is_null()
    });
}

#[test]
fn administrators_see_what_became_of_each_mail_and_no_link() {
    let app = spawn_app();
    forget(&app, ALICE).expect(202);
    let mail = app.mail_to(ALICE);
    app.mail_is_out();
    let answer = app.admin().get("/api/outbox?limit=1").send().expect(200);
    let list = answer.json();
    let entry = &list["items"][0];
    assert_eq!((&entry["kind"], &entry["to"]), (&json!("reset_password"), &json!(ALICE)));
    assert_eq!((&entry["state"], &entry["tries"], &entry["last_error"]), (&json!("sent"), &json!(1), &Value::Null));
    assert!(!answer.text().contains(&mail.token()) && !answer.text().contains(&mail.code()));
    let next = list["next"].as_str().expect("more");
    let older = app.admin().get(&format!("/api/outbox?limit=1&after={next}")).send().expect(200).json();
    assert_eq!(older["items"][0]["kind"], "verify_address");
    let page = app.browser_of("root").get("/admin/outbox").send().expect(200).text();
    assert!(page.contains(ALICE) && page.contains("Set a new password") && !page.contains(&mail.token()), "{page}");
    assert!(page.contains("No mail server is set"), "{page}");
    app.alice().get("/api/outbox").send().expect(403);
    app.admin().get("/api/outbox?limit=0").send().expect(422);
    app.admin().get("/api/outbox?after=nonsense").send().expect(422);
}

#[test]
fn what_can_not_be_sent_is_tried_again_and_again_with_growing_pauses() {
    let app = spawn_app();
    let in_the_way = InTheWay::of(&app);
    forget(&app, ALICE).expect(202);
    tried(&app, 1);
    assert_eq!(latest(&app)["state"], "waiting");
    app.advance(61);
    tried(&app, 2);
    app.advance(121);
    tried(&app, 3);
    drop(in_the_way);
    app.advance(241);
    app.mail_to(ALICE);
    app.mail_is_out();
    assert_eq!((&latest(&app)["state"], &latest(&app)["tries"]), (&json!("sent"), &json!(4)));
}

#[test]
fn a_link_that_has_expired_is_given_up_and_forgotten() {
    let app = spawn_app();
    let _in_the_way = InTheWay::of(&app);
    forget(&app, ALICE).expect(202);
    for times in 1..=5 {
        tried(&app, times);
        app.advance(60 << (times - 1) | 1);
    }
    within(Duration::from_secs(5), "it is given up", || latest(&app)["state"] == "failed");
    let left = "SELECT id AS value FROM outbox WHERE sealed IS NOT NULL";
    assert_eq!(app.home.database.texts(left), Vec::<String>::new());
    let id = latest(&app)["id"].as_str().expect("an id").to_owned();
    app.admin().post(&format!("/api/outbox/{id}/resend")).send().expect(409);
}

#[test]
fn a_mail_whose_link_is_dead_by_now_is_not_sent() {
    let app = spawn_app();
    let in_the_way = InTheWay::of(&app);
    forget(&app, ALICE).expect(202);
    tried(&app, 1);
    drop(in_the_way);
    app.advance(31 * 60);
    within(Duration::from_secs(10), "it is given up", || latest(&app)["state"] == "failed");
    assert_eq!(app.more_mail_to(ALICE), 0);
}

#[test]
fn an_administrator_has_it_tried_at_once() {
    let app = spawn_app();
    let in_the_way = InTheWay::of(&app);
    forget(&app, ALICE).expect(202);
    tried(&app, 1);
    let entry = latest(&app);
    let browser = app.browser_of("root");
    let page = browser.get("/admin/outbox").send().expect(200).text();
    assert!(page.contains("Waiting") && page.contains("Try now") && page.contains("can&#39;t be written"), "{page}");
    drop(in_the_way);
    let id = entry["id"].as_str().expect("an id");
    browser.post(&format!("/admin/outbox/{id}/resend")).form(&[]).send().expect(303);
    app.mail_to(ALICE);
    // The mail that tells root of the new browser waits on, for nobody has asked for it.
    let sent = format!("SELECT id AS value FROM outbox WHERE id = '{id}' AND state = 'sent'");
    within(Duration::from_secs(10), "it is sent", || !app.home.database.texts(&sent).is_empty());
    assert!(app.recorded().contains(&"mail.resent".to_owned()));
    app.admin().post(&format!("/api/outbox/{id}/resend")).send().expect(409);
    app.admin().post("/api/outbox/nothing/resend").send().expect(404);
}

#[test]
fn nobodys_letter_box_is_flooded_by_sending_one_mail_again_and_again() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    app.alice().post("/users/me/password").json(new_password()).send().expect(204);
    app.mail_to(ALICE);
    app.mail_is_out();
    let id = latest(&app)["id"].as_str().expect("an id").to_owned();
    let again = || app.admin().post(&format!("/api/outbox/{id}/resend")).send();
    (0..10).for_each(|_| drop(again().expect(202)));
    assert!(again().expect(429).header("retry-after").is_some());
    app.advance(16 * 60);
    again().expect(202);
}

fn new_password() -> Value {
    json!({"current_password": crate::harness::PASSWORD, "new_password": "another long battery"})
}

#[test]
fn two_nodes_send_one_mail_once() {
    let home = Home::new(Copy::Peopled);
    let (here, there) = (start(home.clone(), &[]), start(home, &[]));
    for n in 0..10 {
        let node = if n % 2 == 0 { &here } else { &there };
        forget(node, ALICE).expect(202);
        here.mail_is_out();
        here.advance(61);
        there.advance(61);
    }
    assert_eq!(here.more_mail_to(ALICE), 10);
    let tries = here.home.database.texts("SELECT id AS value FROM outbox WHERE tries > 1");
    assert_eq!(tries, Vec::<String>::new());
}

#[test]
fn the_log_names_the_file_of_a_mail_and_never_what_is_in_it() {
    let home = Home::new(Copy::Peopled);
    let node = Process::serve(&home, &[]);
    node.anon().post("/forgot").json(json!({ "email": ALICE })).send().expect(202);
    within(Duration::from_secs(5), "the mail is written", || node.log().contains(".eml"));
    let file = std::fs::read_dir(home.path().join("outbox")).expect("a folder").flatten().next().expect("a mail");
    let mail = Mail::read(&std::fs::read_to_string(file.path()).expect("a mail"));
    let link = mail.path();
    node.anon().with("Accept", "text/html").get(&link).send();
    let log = node.log();
    assert!(log.contains(file.file_name().to_str().expect("a name")), "{log}");
    for secret in [mail.token(), mail.code(), "code=".to_owned()] {
        assert!(!log.contains(&secret), "{secret} in {log}");
    }
}

#[test]
fn mails_that_are_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let app = spawn_app();
    forget(&app, ALICE).expect(202);
    app.mail_to(ALICE);
    let folder = app.home.path().join("outbox");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
        assert_eq!(mode(&entry.path()), 0o600);
    }
}
