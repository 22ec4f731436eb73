//! People are told by mail of what was done to their account, by what does it.

use serde_json::json;

use crate::harness::authenticator::Authenticator;
use crate::harness::{PASSWORD, TestApp, spawn_app};

const ALICE: &str = "alice@example.com";

fn posted(app: &TestApp, kind: &str) -> usize {
    app.home.database.texts(&format!("SELECT id AS value FROM outbox WHERE kind = '{kind}'")).len()
}

#[test]
fn a_sign_in_at_a_new_browser_is_told_of_and_undone_by_whom_it_was_not() {
    let app = spawn_app();
    let mine = app.browser_of("alice");
    let before = posted(&app, "new_device");
    let thief = app.browser_of("alice");
    assert_eq!(posted(&app, "new_device"), before + 1);
    let mail = app.mail_to(ALICE);
    let (thief_again, page) = (thief.clone(), app.browser().get(&mail.path()).send().expect(200).text());
    assert!(page.contains("It was not me") && thief.is_at_home(), "a GET does nothing");
    app.browser().post("/not-me").form(&[("code", &mail.token())]).send().expect(200);
    assert!(!thief.is_at_home() && !mine.is_at_home());
    // The thief's browser is not known any more, and the password opens nothing.
    assert_eq!(
        app.home
            .database
            .texts("SELECT id AS value FROM users WHERE id IN (SELECT user_id FROM devices) AND username = 'alice'"),
        Vec::<String>::new()
    );
    thief_again.post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(401);
}

#[test]
fn a_known_browser_and_programs_are_not_told_of() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let before = posted(&app, "new_device");
    browser.post("/logout").form(&[]).send().expect(303);
    browser.post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(303);
    app.alice();
    assert_eq!(posted(&app, "new_device"), before);
}

#[test]
fn second_factors_that_come_and_go_are_told_of() {
    let app = spawn_app();
    let alice = app.alice();
    let (_, codes) = app.enrol(&alice);
    assert_eq!(posted(&app, "factor_added"), 1);
    let otp = [("username", "alice"), ("password", PASSWORD), ("otp", &codes[0])];
    app.anon().post("/token").form(&otp).send().expect(200);
    assert_eq!(posted(&app, "recovery_code_used"), 1);
    alice.delete("/users/me/totp").send().expect(204);
    assert_eq!(posted(&app, "factor_removed"), 1);
    app.mail_is_out();
    let told = app.mail_to(ALICE);
    assert!(!told.text.contains(&codes[0]) && !told.text.contains(PASSWORD));
}

#[test]
fn a_reset_forgets_the_browsers_that_were_known() {
    let app = spawn_app();
    app.browser_of("alice");
    app.anon().post("/forgot").json(json!({"email": ALICE})).send().expect(202);
    let mail = app.mail_to(ALICE);
    let set = json!({"token": mail.token(), "password": "another horse, stapled"});
    app.anon().post("/reset").json(set).send().expect(204);
    let known = "SELECT user_id AS value FROM devices WHERE user_id IN (SELECT id FROM users WHERE username = 'alice')";
    assert_eq!(app.home.database.texts(known), Vec::<String>::new());
}

#[test]
fn a_stranger_who_came_in_can_not_close_the_way_back() {
    let app = spawn_app();
    app.browser_of("alice");
    let thief = app.browser_of("alice");
    let mail = app.mail_to(ALICE);
    // They set up a second factor of theirs, take the address and change the password.
    let page = thief.post("/account/factors/totp").form(&[]).send().expect(200).text();
    let secret = page
        .split_once("<p class=\"secret-text\"><code>")
        .expect("a secret")
        .1
        .split_once("</code>")
        .expect("its end")
        .0;
    let phone = Authenticator::scan(secret);
    thief.post("/account/factors/totp/confirm").form(&[("code", &phone.code(&app))]).send().expect(200);
    thief.post("/account/email").form(&[("email", "thief@example.com")]).send().expect(303);
    let theirs = app.mail_to("thief@example.com");
    thief.post("/verify").form(&[("link", &theirs.token()), ("code", &theirs.token())]).send();
    app.home.database.run(
        "UPDATE users SET email = 'thief@example.com', email_folded = 'thief@example.com' WHERE username = 'alice'",
    );
    let change = [("current_password", PASSWORD), ("new_password", "mine from now on, lantern")];
    thief.post("/account/password").form(&change).send().expect(303);
    // The owner follows the link of the first mail.
    app.browser().post("/not-me").form(&[("code", &mail.token())]).send().expect(200);
    assert!(!thief.is_at_home());
    let row = "SELECT email AS value FROM users WHERE username = 'alice'";
    assert_eq!(app.home.database.texts(row), [ALICE]);
    assert_eq!(app.home.database.texts("SELECT user_id AS value FROM totp_secrets"), Vec::<String>::new());
    let again =
        app.anon().post("/token").form(&[("username", "alice"), ("password", "mine from now on, lantern")]).send();
    again.refused(401, "Incorrect username or password");
}
