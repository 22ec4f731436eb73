//! What somebody would try with mails, links and codes that are not theirs.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{PASSWORD, PUBLIC_URL, TestApp, at_once, spawn_app};
use crate::mail_reset::{forget, reset, reset_mail, reset_with_code};

const NEW: &str = "another horse, stapled";
const ALICE: &str = "alice@example.com";

#[test]
fn a_link_counts_once_also_for_many_at_once() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    let passwords: Vec<String> = (0..4).map(|n| format!("{NEW} number {n}")).collect();
    let mut got = at_once(4, |n| reset(&app, &mail.token(), &passwords[n]).status);
    got.sort_unstable();
    assert_eq!(got, [204, 400, 400, 400]);
    reset(&app, &mail.token(), NEW).expect(400);
}

#[test]
fn a_code_is_guessed_five_times_and_then_counts_no_more() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    let guesses = at_once(8, |n| reset_with_code(&app, ALICE, &format!("AAAA-AAA{n}"), NEW).status);
    assert!(guesses.iter().all(|status| *status == 400), "{guesses:?}");
    reset_with_code(&app, ALICE, &mail.code(), NEW).expect(400);
    // Who guesses does not take the link from who has the mail.
    reset(&app, &mail.token(), NEW).expect(204);
}

#[test]
fn four_wrong_tries_and_a_right_one_go_through() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    (0..4).for_each(|n| drop(reset_with_code(&app, ALICE, &format!("AAAA-AAA{n}"), NEW).expect(400)));
    reset_with_code(&app, ALICE, &mail.code(), NEW).expect(204);
}

#[test]
fn a_code_is_no_good_for_another_address_and_a_link_for_no_other_purpose() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    forget(&app, "bob@example.com").expect(202);
    app.mail_to("bob@example.com");
    reset_with_code(&app, "bob@example.com", &mail.code(), NEW).expect(400);
    let browser = app.browser();
    for path in ["/verify", "/not-me"] {
        browser.post(path).form(&[("code", &mail.token())]).send().expect(404);
    }
    let alice = app.alice();
    alice.patch("/users/me").json(json!({"email": "new@example.com"})).send().expect(200);
    let change = app.mail_to("new@example.com");
    reset(&app, &change.token(), NEW).expect(400);
    reset_with_code(&app, "new@example.com", &change.code(), NEW).expect(400);
    reset(&app, &mail.token(), NEW).expect(204);
}

#[test]
fn a_changed_password_ends_the_link_and_so_does_a_reset() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    let body = json!({"current_password": PASSWORD, "new_password": NEW});
    app.alice().post("/users/me/password").json(body).send().expect(204);
    reset(&app, &mail.token(), "yet another lantern drift").expect(400);
    reset_with_code(&app, ALICE, &mail.code(), "yet another lantern drift").expect(400);
}

#[test]
fn links_lead_to_the_installation_whatever_host_a_request_names() {
    let app = spawn_app();
    for (n, name) in ["Host", "X-Forwarded-Host", "Forwarded", "Origin"].into_iter().enumerate() {
        let value = if name == "Forwarded" { "host=evil.example" } else { "evil.example" };
        let asked = app.anon().post("/forgot").with(name, value).json(json!({"email": ALICE})).send();
        if asked.status == 202 {
            let mail = app.mail_to(ALICE);
            assert!(mail.link().starts_with(&format!("{PUBLIC_URL}/reset?code=")), "{n} {}", mail.link());
            assert!(!mail.raw.contains("evil.example"), "{}", mail.raw);
        }
        app.advance(61);
    }
}

#[test]
fn a_scanner_that_opens_every_link_uses_nothing_up() {
    let app = spawn_app();
    let mail = reset_mail(&app);
    for _ in 0..10 {
        app.browser().get(&mail.path()).send().expect(200);
        app.anon().get(&mail.path()).send().expect(200);
        app.anon().call("HEAD", &mail.path()).send().expect(200);
    }
    reset(&app, &mail.token(), NEW).expect(204);
}

#[test]
fn a_known_and_an_unknown_address_are_answered_alike() {
    let app = spawn_app();
    let (known, unknown) = (forget(&app, ALICE).expect(202), forget(&app, "nobody@example.com").expect(202));
    assert_eq!(known.body, unknown.body);
    let names = |answer: &crate::harness::answer::Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&known), names(&unknown));
    let page = |email: &str| {
        let page = app.browser().post("/forgot").form(&[("email", email)]).send().expect(200).text();
        page.replace(email, "ADDRESS")
    };
    assert_eq!(page(ALICE), page("nobody@example.com"));
    assert_eq!(app.more_mail_to("nobody@example.com"), 0);
    let wrong = |email: &str| {
        let answer = reset_with_code(&app, email, "AAAA-AAAA", NEW).expect(400).json();
        answer["detail"].clone()
    };
    assert_eq!(wrong(ALICE), wrong("nobody@example.com"));
    assert_eq!(wrong("never-asked@example.com"), wrong("bob@example.com"));
}

#[test]
fn a_known_and_an_unknown_address_take_the_same_time() {
    let app = spawn_app();
    // The machine may be busy with something else; what tells them apart would tell each time.
    let ratios: Vec<f64> = (0..3).map(|_| ratio_of_times(&app)).collect();
    assert!(ratios.iter().any(|ratio| (0.8..1.25).contains(ratio)), "known / unknown: {ratios:?}");
}

fn ratio_of_times(app: &TestApp) -> f64 {
    let took = |email: &str| {
        let before = Instant::now();
        forget(app, email).expect(202);
        before.elapsed()
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..41 {
        app.advance(61);
        if n % 2 == 0 {
            known.push(took(ALICE));
            app.mail_is_out();
            unknown.push(took("nobody@example.com"));
        } else {
            unknown.push(took("nobody@example.com"));
            app.mail_is_out();
            known.push(took(ALICE));
        }
        app.mail_is_out();
    }
    median(known).as_secs_f64() / median(unknown).as_secs_f64()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[test]
fn nothing_in_an_address_or_a_name_begins_a_header_or_an_element() {
    let app = spawn_app();
    for bad in ["a@example.com\r\nBcc: eve@example.com", "a@example.com,eve@example.com", "\"<b>\"@example.com"] {
        forget(&app, bad).expect(422);
        let new = json!({"username": "carol", "email": bad, "password": PASSWORD});
        app.anon().post("/signup").json(new).send().expect(422);
    }
    let name = "<img src=x onerror=alert(1)>\u{202e} Click https://evil.example";
    let new = json!({"username": "carol", "email": "o'neil&co@example.com", "name": name, "password": PASSWORD});
    app.anon().post("/signup").json(new).send().expect(201);
    let mail = app.mail_to("o'neil&co@example.com");
    assert!(!mail.html.contains("<img") && !mail.raw.contains("evil.example"), "{}", mail.raw);
    // What a device calls itself is no better.
    app.alice()
        .patch("/users/me")
        .with("User-Agent", "<b>Evil</b>/1 (x\")")
        .json(json!({"email": "n@example.com"}))
        .send()
        .expect(200);
    let mail = app.mail_to("n@example.com");
    assert!(!mail.html.contains("<b>") && !mail.text.contains("<b>"), "{}", mail.html);
}

#[test]
fn a_reset_in_somebody_elses_browser_gives_that_browser_nothing() {
    let app = spawn_app();
    let (mallory, mail) = (app.browser_of("bob"), reset_mail(&app));
    let cookie = mallory.jar.clone().expect("a browser");
    let before: Vec<_> = ["sid", "__Host-sid", "id"].iter().map(|name| cookie.get(name)).collect();
    let done = mallory.post("/reset").form(&[("code", &mail.token()), ("password", NEW)]).send().expect(303);
    assert!(done.headers_named("set-cookie").is_empty());
    let after: Vec<_> = ["sid", "__Host-sid", "id"].iter().map(|name| cookie.get(name)).collect();
    assert_eq!(before, after);
    let page = mallory.get("/account").send().expect(200).text();
    assert!(page.contains("bob@example.com") && !page.contains(ALICE), "still bob, and not alice");
}

#[test]
fn what_is_stored_opens_nothing() {
    let app = spawn_app();
    let away = app.home.path().join("outbox");
    // Mail can't be written now, so that the letter stays in the outbox.
    std::fs::write(&away, "in the way").expect("a file");
    forget(&app, ALICE).expect(202);
    let waits = "SELECT kind AS value FROM outbox WHERE state = 'waiting' AND last_error IS NOT NULL";
    crate::harness::within(Duration::from_secs(5), "it was tried", || !app.home.database.texts(waits).is_empty());
    let stored = app.home.database.bytes("SELECT sealed AS value FROM outbox WHERE state = 'waiting'");
    std::fs::remove_file(&away).expect("ours");
    app.advance(61);
    let mail = app.mail_to(ALICE);
    let (token, code) = (mail.token(), mail.code().replace('-', ""));
    let told = String::from_utf8_lossy(&stored);
    assert!(!told.contains(&token) && !told.contains(&code));
    app.mail_is_out();
    let left = "SELECT id AS value FROM outbox WHERE sealed IS NOT NULL";
    assert_eq!(app.home.database.texts(left), Vec::<String>::new(), "wiped once it was sent");
    let about = app.home.database.texts("SELECT about AS value FROM outbox").concat()
        + &app.home.database.texts("SELECT detail AS value FROM audit_log").concat();
    assert!(!about.contains(&token) && !about.contains(&code), "{about}");
}
