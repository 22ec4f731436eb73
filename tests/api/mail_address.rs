//! Whether an address is somebody's: asked at sign-up, and before another one takes its place.

use serde_json::json;

use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app};
use crate::my_password::is_not_fresh;

const ALICE: &str = "alice@example.com";
const NEW: &str = "new@example.com";

fn sign_up(app: &TestApp) -> Person {
    let new = json!({"username": "carol", "email": "carol@example.com", "password": PASSWORD});
    let made = app.anon().post("/signup").json(new).send().expect(201).json();
    assert_eq!(made["email_verified"], false);
    app.user("carol")
}

fn change(person: &Person, email: &str) -> crate::harness::answer::Answer {
    person.patch("/users/me").json(json!({ "email": email })).send()
}

fn follow(app: &TestApp, path: &str) -> crate::harness::answer::Answer {
    let (_, code) = path.split_once("?code=").expect("a token");
    app.browser().post("/verify").form(&[("code", code)]).send()
}

#[test]
fn whoever_signs_up_is_asked_whether_the_address_is_theirs() {
    let app = spawn_app();
    let carol = sign_up(&app);
    assert!(carol.is_known(), "signing in does not wait for it");
    let mail = app.mail_to("carol@example.com");
    for _ in 0..3 {
        let page = app.browser().get(&mail.path()).send().expect(200).text();
        assert!(page.contains("carol@example.com") && page.contains("Confirm address"), "{page}");
    }
    assert_eq!(carol.get("/users/me").send().json()["email_verified"], false, "a GET uses nothing up");
    let done = follow(&app, &mail.path()).expect(303);
    assert_eq!(done.location(), "/login?done=email-confirmed");
    assert_eq!(carol.get("/users/me").send().json()["email_verified"], true);
    follow(&app, &mail.path()).expect(404);
    assert!(app.recorded().contains(&"email.verified".to_owned()));
}

#[test]
fn the_code_is_typed_on_the_account_page() {
    let app = spawn_app();
    let carol = sign_up(&app);
    let browser = app.browser_of("carol");
    let code = app.mail_to("carol@example.com").code();
    assert!(browser.get("/account").send().text().contains("action=\"/account/email/confirm\""));
    let page = browser.post("/account/email/confirm").form(&[("code", "nonsense")]).send().expect(400).text();
    assert!(page.contains("does not count any more"), "{page}");
    browser.post("/account/email/confirm").form(&[("code", &code)]).send().expect(303);
    assert_eq!(carol.get("/users/me").send().json()["email_verified"], true);
    assert!(!browser.get("/account").send().text().contains("action=\"/account/email/confirm\""));
}

#[test]
fn the_mail_is_sent_again_when_somebody_asks_for_it_but_not_twice_a_minute() {
    let app = spawn_app();
    sign_up(&app);
    let browser = app.browser_of("carol");
    let first = app.mail_to("carol@example.com");
    browser.post("/account/email/resend").form(&[]).send().expect(303);
    assert_eq!(app.more_mail_to("carol@example.com"), 0);
    app.advance(61);
    browser.post("/account/email/resend").form(&[]).send().expect(303);
    let second = app.mail_to("carol@example.com");
    follow(&app, &first.path()).expect(404);
    follow(&app, &second.path()).expect(303);
    browser.post("/account/email/resend").form(&[]).send().expect(303);
    assert_eq!(app.more_mail_to("carol@example.com"), 0, "there is nothing to ask any more");
}

#[test]
fn a_verification_counts_for_a_day_and_only_for_the_address_it_was_made_for() {
    let app = spawn_app();
    let carol = sign_up(&app);
    let mail = app.mail_to("carol@example.com");
    let root = app.admin();
    root.patch(&format!("/api/users/{}", carol.id())).json(json!({"email": "c@example.com"})).send().expect(200);
    follow(&app, &mail.path()).expect(404);
    assert_eq!(root.get(&format!("/api/users/{}", carol.id())).send().json()["email_verified"], false);
    let app = spawn_app();
    sign_up(&app);
    let mail = app.mail_to("carol@example.com");
    app.advance(24 * 3600 + 1);
    follow(&app, &mail.path()).expect(404);
}

#[test]
fn another_address_counts_once_it_is_verified_and_the_old_one_is_told_twice() {
    let app = spawn_app();
    let alice = app.alice();
    let asked = change(&alice, NEW).expect(200).json();
    assert_eq!((&asked["email"], &asked["email_pending"]), (&json!(ALICE), &json!(NEW)));
    assert_eq!(asked, alice.get("/users/me").send().json());
    let told = app.mail_to(ALICE);
    assert!(told.text.contains(NEW) && told.text.contains("If it was not you"), "{}", told.text);
    assert!(!told.text.contains("?code="), "the old address can't confirm the new one");
    let mail = app.mail_to(NEW);
    follow(&app, &mail.path()).expect(303);
    let me = alice.get("/users/me").send().json();
    assert_eq!((&me["email"], &me["email_pending"], &me["email_verified"]), (&json!(NEW), &json!(null), &json!(true)));
    let told = app.mail_to(ALICE);
    assert!(told.text.contains("From now on new@example.com"), "{}", told.text);
    app.program(&[("username", NEW), ("password", PASSWORD)]);
    let old = [("username", ALICE), ("password", PASSWORD)];
    app.anon().post("/token").form(&old).send().expect(401);
    let mut recorded = app.recorded();
    recorded.retain(|fact| !fact.starts_with("signin"));
    assert_eq!(recorded, ["email.change_asked", "email.changed"]);
}

#[test]
fn a_change_that_waits_is_shown_and_can_be_dropped() {
    let app = spawn_app();
    let (alice, browser) = (app.alice(), app.browser_of("alice"));
    let done = browser.post("/account/email").form(&[("email", NEW)]).send().expect(303);
    assert_eq!(done.location(), "/account?done=email-asked");
    let page = browser.get("/account").send().text();
    assert!(
        page.contains("new@example.com waits to be confirmed") && page.contains("Keep alice@example.com"),
        "{page}"
    );
    let mail = app.mail_to(NEW);
    browser.post("/account/email/keep").form(&[]).send().expect(303);
    assert_eq!(alice.get("/users/me").send().json()["email_pending"], json!(null));
    follow(&app, &mail.path()).expect(404);
    // A program drops it by sending the address that is.
    change(&alice, "other@example.com").expect(200);
    assert_eq!(change(&alice, ALICE).expect(200).json()["email_pending"], json!(null));
    assert_eq!(alice.get("/users/me").send().json()["email"], ALICE);
}

#[test]
fn it_takes_a_young_proof() {
    let app = spawn_app();
    let (alice, browser) = (app.alice(), app.browser_of("alice"));
    app.advance(16 * 60);
    is_not_fresh(change(&alice, NEW));
    assert!(
        browser.post("/account/email").form(&[("email", NEW)]).send().expect(303).location().starts_with("/confirm")
    );
    alice.patch("/users/me").json(json!({"name": "Alice"})).send().expect(200);
    assert_eq!(app.more_mail_to(NEW), 0);
}

#[test]
fn an_address_that_somebody_has_is_told_only_to_who_reads_its_mail() {
    let app = spawn_app();
    let alice = app.alice();
    let (free, taken) = (change(&alice, NEW).expect(200).json(), change(&alice, "bob@example.com").expect(200).json());
    assert_eq!((&free["email"], &taken["email"]), (&json!(ALICE), &json!(ALICE)));
    assert_eq!(taken["email_pending"], "bob@example.com");
    let page = follow(&app, &app.mail_to("bob@example.com").path()).expect(400).text();
    assert!(page.contains("Email already registered"), "{page}");
    assert_eq!(alice.get("/users/me").send().json()["email"], ALICE);
    // Nor does it help to be first: of two who want one address, one gets it.
    let (alice, bob) = (app.alice(), app.bob());
    change(&alice, "same@example.com").expect(200);
    change(&bob, "same@example.com").expect(200);
    let (one, two) = (app.mail_to("same@example.com"), app.mail_to("same@example.com"));
    follow(&app, &one.path()).expect(303);
    follow(&app, &two.path()).expect(400);
}

#[test]
fn an_administrator_who_changes_an_address_has_the_old_one_told_and_a_mail_to_it_opens_nothing() {
    let app = spawn_app();
    let (root, id) = (app.admin(), app.alice().id());
    let reset = crate::mail_reset::reset_mail(&app);
    root.patch(&format!("/api/users/{id}")).json(json!({"email": NEW})).send().expect(200);
    let told = app.mail_to(ALICE);
    assert!(told.text.contains("From now on new@example.com"), "{}", told.text);
    let asked = app.mail_to(NEW);
    assert_eq!(root.get(&format!("/api/users/{id}")).send().json()["email_verified"], false);
    follow(&app, &asked.path()).expect(303);
    assert_eq!(root.get(&format!("/api/users/{id}")).send().json()["email_verified"], true);
    crate::mail_reset::reset(&app, &reset.token(), "another horse, stapled").expect(400);
    crate::mail_reset::forget(&app, ALICE).expect(202);
    assert_eq!(app.more_mail_to(ALICE), 0);
    root.patch(&format!("/api/users/{id}")).json(json!({"name": "Alice"})).send().expect(200);
    assert_eq!(app.more_mail_to(ALICE) + app.more_mail_to(NEW), 0);
}

#[test]
fn a_code_is_good_for_whoever_it_was_sent_for_and_nobody_else() {
    let app = spawn_app();
    change(&app.alice(), NEW).expect(200);
    let code = app.mail_to(NEW).code();
    let bob = app.browser_of("bob");
    bob.post("/account/email/confirm").form(&[("code", &code)]).send().expect(400);
    app.browser_of("alice").post("/account/email/confirm").form(&[("code", &code)]).send().expect(303);
}

#[test]
fn a_changed_password_is_told_and_ends_what_waits() {
    let app = spawn_app();
    let alice = app.alice();
    change(&alice, NEW).expect(200);
    let (mail, told) = (app.mail_to(NEW), app.mail_to(ALICE));
    assert!(told.header("Subject").contains("about to change"));
    let body = json!({"current_password": PASSWORD, "new_password": "another horse, stapled"});
    alice.post("/users/me/password").json(body).send().expect(204);
    assert_eq!(app.mail_to(ALICE).header("Subject"), "Your password was changed");
    follow(&app, &mail.path()).expect(404);
    assert_eq!(alice.get("/users/me").send().json()["email_pending"], json!(null));
}

#[test]
fn a_change_that_waits_does_not_undo_what_an_administrator_puts_right() {
    let app = spawn_app();
    let (root, alice) = (app.admin(), app.alice());
    change(&alice, NEW).expect(200);
    let mail = app.mail_to(NEW);
    let path = format!("/api/users/{}", alice.id());
    root.patch(&path).json(json!({"name": "Alice"})).send().expect(200);
    assert_eq!(alice.get("/users/me").send().json()["email_pending"], NEW, "another name concerns no address");
    root.patch(&path).json(json!({"email": "right@example.com"})).send().expect(200);
    follow(&app, &mail.path()).expect(404);
    let me = alice.get("/users/me").send().json();
    assert_eq!((&me["email"], &me["email_pending"]), (&json!("right@example.com"), &json!(null)));
}
