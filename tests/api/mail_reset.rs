//! `/forgot` and `/reset`: somebody who forgot their password gets back in, and nobody else.

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::mail::Mail;
use crate::harness::{PASSWORD, TestApp, spawn_app, spawn_with};

const NEW: &str = "another horse, stapled";
const ALICE: &str = "alice@example.com";

pub fn forget(app: &TestApp, email: &str) -> Answer {
    app.anon().post("/forgot").json(json!({ "email": email })).send()
}

/// The mail that alice gets for having forgotten her password.
pub fn reset_mail(app: &TestApp) -> Mail {
    forget(app, ALICE).expect(202);
    app.mail_to(ALICE)
}

pub fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    app.anon().post("/reset").json(json!({ "token": token, "password": password })).send()
}

pub fn reset_with_code(app: &TestApp, email: &str, code: &str, password: &str) -> Answer {
    app.anon().post("/reset").json(json!({ "email": email, "code": code, "password": password })).send()
}

fn sign_in(app: &TestApp, password: &str) -> u16 {
    app.anon().post("/token").form(&[("username", "alice"), ("password", password)]).send().status
}

const OVER: &str = "This link or code does not count any more, or is not complete. Ask for a new mail.";

#[test]
fn the_link_sets_a_new_password_and_ends_every_session() {
    let app = spawn_app();
    let (program, browser, bob) = (app.alice(), app.browser_of("alice"), app.bob());
    let mail = reset_mail(&app);
    assert!(program.is_known(), "asking changes nothing");
    let answer = reset(&app, &mail.token(), NEW).expect(204);
    assert!(answer.body.is_empty() && answer.header("set-cookie").is_none());
    assert!(!program.is_known() && !browser.is_at_home() && bob.is_known());
    assert_eq!((sign_in(&app, PASSWORD), sign_in(&app, NEW)), (401, 200));
    let told = app.mail_to(ALICE);
    assert!(told.text.contains("password of your account was changed"), "{}", told.text);
    let mut recorded = app.recorded();
    recorded.retain(|fact| !fact.starts_with("signin"));
    // What happens at one moment has no order.
    recorded.sort();
    assert_eq!(recorded, ["email.verified", "password.reset_asked", "password.set"]);
}

#[test]
fn the_code_in_the_same_mail_does_what_the_link_does() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    let typed = format!(" {} ", mail.code().to_lowercase().replace('-', " "));
    reset_with_code(&app, "Alice@Example.com", &typed, NEW).expect(204);
    assert_eq!(sign_in(&app, NEW), 200);
    reset(&app, &mail.token(), PASSWORD).refused(400, OVER);
}

#[test]
fn people_do_it_on_pages_and_are_not_signed_in_by_it() {
    let app = spawn_app();
    let browser = app.browser();
    assert!(browser.get("/login").send().expect(200).text().contains("href=\"/forgot\""));
    let page = browser.post("/forgot").form(&[("email", ALICE)]).send().expect(200).text();
    assert!(page.contains("Look into your mail") && page.contains(&format!("value=\"{ALICE}\"")), "{page}");
    let mail = app.mail_to(ALICE);
    let page = browser.get(&mail.path()).send().expect(200).text();
    assert!(page.contains("Set password") && page.contains(&mail.token()), "{page}");
    let (link, weak) = (mail.token(), [("code", mail.token()), ("password", "password1".to_owned())]);
    let weak: Vec<(&str, &str)> = weak.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = browser.post("/reset").form(&weak).send().expect(422).text();
    assert!(page.contains("too easy to guess") && page.contains(&link), "{page}");
    let done = browser.post("/reset").form(&[("code", &link), ("password", NEW)]).send().expect(303);
    assert_eq!(done.location(), "/login?done=password-reset");
    assert!(!browser.is_at_home());
    browser.get(&mail.path()).send().expect(404);
    assert_eq!(sign_in(&app, NEW), 200);
}

#[test]
fn a_code_can_be_typed_on_the_page() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    let browser = app.browser();
    let code = mail.code();
    let wrong = [("email", ALICE), ("code", "AAAA-AAAA"), ("password", NEW)];
    let page = browser.post("/reset").form(&wrong).send().expect(400).text();
    assert!(page.contains("does not count any more") && page.contains(ALICE), "{page}");
    let form = [("email", ALICE), ("code", code.as_str()), ("password", NEW)];
    browser.post("/reset").form(&form).send().expect(303);
    assert_eq!(sign_in(&app, NEW), 200);
}

#[test]
fn it_counts_for_half_an_hour() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    app.advance(29 * 60);
    app.browser().get(&mail.path()).send().expect(200);
    app.advance(2 * 60);
    app.browser().get(&mail.path()).send().expect(404);
    reset(&app, &mail.token(), NEW).refused(400, OVER);
    reset_with_code(&app, ALICE, &mail.code(), NEW).refused(400, OVER);
    assert_eq!(sign_in(&app, PASSWORD), 200);
}

#[test]
fn the_newest_code_is_the_one_that_counts_and_there_is_one_mail_a_minute() {
    let app = spawn_app();
    let first = reset_mail(&app);
    forget(&app, ALICE).expect(202);
    forget(&app, "ALICE@example.com").expect(202);
    assert_eq!(app.more_mail_to(ALICE), 0, "one a minute");
    app.advance(61);
    let second = reset_mail(&app);
    reset_with_code(&app, ALICE, &first.code(), NEW).refused(400, OVER);
    reset_with_code(&app, ALICE, &second.code(), NEW).expect(204);
}

#[test]
fn whoever_asks_again_and_again_makes_no_link_worthless_before_it_is_read() {
    let app = spawn_app();
    let links: Vec<String> = (0..4)
        .map(|_| {
            app.advance(61);
            reset_mail(&app).token()
        })
        .collect();
    reset(&app, &links[1], NEW).expect(204);
    assert_eq!(app.mail_to(ALICE).header("Subject"), "Your password was changed");
    for link in &links {
        reset(&app, link, "yet another horse, stapled").refused(400, OVER);
    }
    app.advance(61);
    let early = reset_mail(&app).token();
    app.advance(29 * 60);
    let last = reset_mail(&app).token();
    app.advance(61);
    reset(&app, &early, NEW).refused(400, OVER);
    reset(&app, &last, NEW).expect(204);
}

#[test]
fn a_weak_password_is_refused_and_the_link_still_counts() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    for weak in ["short1!", "password1", "alice-in-wonderland"] {
        let answer = reset(&app, &mail.token(), weak).expect(422).json();
        assert_eq!(answer["errors"][0]["pointer"], "/password");
        let answer = reset_with_code(&app, ALICE, &mail.code(), weak).expect(422).json();
        assert_eq!(answer["errors"][0]["pointer"], "/password");
    }
    reset(&app, &mail.token(), NEW).expect(204);
}

#[test]
fn who_was_disabled_gets_no_mail_and_a_link_from_before_does_nothing() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    let root = app.admin();
    root.post(&format!("/api/users/{}/disable", app.alice().id())).send().expect(200);
    reset(&app, &mail.token(), NEW).refused(400, OVER);
    app.advance(61);
    forget(&app, ALICE).expect(202);
    assert_eq!(app.more_mail_to(ALICE), 0);
}

#[test]
fn an_administrator_has_somebody_set_a_new_password() {
    let app = spawn_app();
    let (root, alice) = (app.admin(), app.alice());
    let path = format!("/api/users/{}/reset-password", alice.id());
    app.bob().post(&path).send().expect(403);
    root.post(&path).send().expect(202);
    assert!(alice.is_known() && sign_in(&app, PASSWORD) == 200, "the old one works until then");
    reset(&app, &app.mail_to(ALICE).token(), NEW).expect(204);
    assert_eq!(sign_in(&app, NEW), 200);
    // Nobody does it to somebody who holds what they do not.
    root.post("/api/users").json(json!({"username": "ada", "email": "ada@example.com"})).send().expect(201);
    app.home.database.run(
        "INSERT INTO roles (id, name, created_at) VALUES ('desk', 'desk', 0); \
         INSERT INTO role_permissions (role_id, permission) VALUES ('desk', 'users:read'), ('desk', 'users:write');",
    );
    app.invite(&root, "desk1", &["desk"]);
    app.user("desk1").post(&format!("/api/users/{}/reset-password", root.id())).send().expect(403);
    assert_eq!(app.more_mail_to("root@example.com"), 0);
    // Somebody who never had a password gets their first one so.
    app.user("desk1").post(&path).send().expect(202);
    root.post(&format!("/api/users/{}/disable", alice.id())).send().expect(200);
    app.advance(61);
    root.post(&path).send().refused(409, "This account is disabled. Enable it first, then send the mail.");
}

#[test]
fn the_administrators_page_has_a_button_for_it() {
    let app = spawn_app();
    let (browser, id) = (app.browser_of("root"), app.alice().id());
    let page = browser.get(&format!("/admin/users/{id}")).send().expect(200).text();
    assert!(page.contains(&format!("action=\"/admin/users/{id}/reset-password\"")), "{page}");
    let done = browser.post(&format!("/admin/users/{id}/reset-password")).form(&[]).send().expect(303);
    assert!(browser.get(done.location()).send().text().contains("A mail to set a new password is on its way"));
    app.mail_to(ALICE);
}

#[test]
fn a_mail_is_in_the_language_that_the_browser_asks_for_or_that_is_set() {
    let app = spawn_app();
    let ask = |app: &TestApp, languages: &str| {
        app.browser().with("Accept-Language", languages).post("/forgot").form(&[("email", ALICE)]).send().expect(200);
        app.mail_to(ALICE)
    };
    let german = ask(&app, "de-AT,de;q=0.9");
    assert!(
        german.text.contains("Guten Tag alice") && german.text.contains("Neues Passwort setzen"),
        "{}",
        german.text
    );
    assert!(german.html.contains("lang=\"de\""));
    app.advance(61);
    assert!(ask(&app, "fr").text.contains("Hello alice"));
    let app = spawn_with(&[("PAGE_LANGUAGE", "de")]);
    assert!(ask(&app, "en").text.contains("Guten Tag alice"));
}

#[test]
fn a_mail_is_what_mail_programs_expect() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.header("Message-ID").ends_with("@vestibule.test>"));
    assert_eq!(mail.header("Subject"), "Set a new password");
    assert!(mail.header("Content-Type").starts_with("multipart/alternative"));
    for part in [mail.link(), mail.code()] {
        assert!(mail.html.contains(&part), "{part} in {}", mail.html);
    }
    assert!(!mail.html.contains("<img") && !mail.html.contains("<script") && !mail.html.contains("url("));
}
