//! Tokens in cookies under fastapi-jwt-auth's names: writes need the double-submit token, and nothing counts that another
//! origin sent.

use std::collections::BTreeMap;

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::forge::claims_of;
use crate::harness::people::{HTML, Person};
use crate::harness::{PASSWORD, TestApp, spawn_app};

const NAMES: [&str; 4] = ["access_token_cookie", "csrf_access_token", "csrf_refresh_token", "refresh_token_cookie"];

/// The cookies of an answer: name, value, attributes.
fn cookies(answer: &Answer) -> BTreeMap<String, (String, String)> {
    let lines = answer.headers_named("set-cookie");
    let read = |line: &String| {
        let (pair, attributes) = line.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), (value.to_owned(), attributes.to_owned()))
    };
    lines.iter().map(read).collect()
}

fn sign_in(app: &TestApp) -> (Answer, BTreeMap<String, (String, String)>) {
    let body = json!({"username": "alice", "password": PASSWORD, "cookies": true});
    let answer = app.anon().post("/login").json(body).send().expect(200);
    let set = cookies(&answer);
    (answer, set)
}

/// A browser app that sends these cookies, and no header but what it is given.
fn page(app: &TestApp, set: &BTreeMap<String, (String, String)>, headers: &[(&str, &str)]) -> Person {
    let line = set.iter().map(|(name, (value, _))| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    headers.iter().fold(app.anon().with("Cookie", &line), |person, (name, value)| person.with(name, value))
}

#[test]
fn four_cookies_are_set_and_scripts_may_read_only_the_double_submit_tokens() {
    let app = spawn_app();
    let (answer, set) = sign_in(&app);
    assert_eq!(set.keys().map(String::as_str).collect::<Vec<_>>(), NAMES);
    for (name, (_, attributes)) in &set {
        assert_eq!(attributes.contains("HttpOnly"), !name.starts_with("csrf_"), "{name}: {attributes}");
        assert!(attributes.contains("SameSite=Lax") && attributes.contains("Path=/"), "{attributes}");
    }
    assert_eq!(json!(set["access_token_cookie"].0), answer.json()["access_token"]);
    assert_eq!(claims_of(&set["access_token_cookie"].0)["csrf"], set["csrf_access_token"].0);
    let plain = app.anon().post("/login").json(json!({"username": "alice", "password": PASSWORD})).send().expect(200);
    assert!(cookies(&plain).is_empty(), "without being asked for, no cookie is set");
    let bare = claims_of(plain.json()["access_token"].as_str().expect("a token"));
    assert!(bare.get("csrf").is_none(), "a token for the header needs none");
}

#[test]
fn reading_needs_the_cookie_alone_and_writing_the_double_submit_token_too() {
    let app = spawn_app();
    let (_, set) = sign_in(&app);
    page(&app, &set, &[]).get("/users/me").send().expect(200);
    let write = |headers: &[(&str, &str)]| page(&app, &set, headers).delete("/users/me/sessions").send();
    write(&[]).refused(401, "Missing CSRF Token");
    let mismatch = "CSRF double submit tokens do not match";
    write(&[("X-CSRF-Token", "guessed")]).refused(401, mismatch);
    write(&[("X-CSRF-Token", &set["csrf_refresh_token"].0)]).refused(401, mismatch);
    write(&[("X-CSRF-Token", &set["csrf_access_token"].0)]).expect(204);
}

#[test]
fn a_pair_of_cookies_that_somebody_planted_does_not_match() {
    let app = spawn_app();
    let (_, mut set) = sign_in(&app);
    set.get_mut("csrf_access_token").unwrap().0 = "planted".into();
    let planted = page(&app, &set, &[("X-CSRF-Token", "planted")]);
    planted.delete("/users/me/sessions").send().refused(401, "CSRF double submit tokens do not match");
}

#[test]
fn a_refresh_by_cookie_rotates_the_cookies() {
    let app = spawn_app();
    let (_, set) = sign_in(&app);
    page(&app, &set, &[]).post("/refresh").send().refused(401, "Missing CSRF Token");
    let csrf = [("X-CSRF-Token", set["csrf_refresh_token"].0.as_str())];
    let renewed = cookies(&page(&app, &set, &csrf).post("/refresh").send().expect(200));
    assert_eq!(renewed.keys().map(String::as_str).collect::<Vec<_>>(), NAMES);
    assert_ne!(renewed["refresh_token_cookie"].0, set["refresh_token_cookie"].0);
    page(&app, &renewed, &[]).get("/users/me").send().expect(200);
    app.anon().post("/refresh").send().refused(401, "Not authenticated");
}

#[test]
fn signing_out_takes_the_cookies_away_and_kills_what_was_in_them() {
    let app = spawn_app();
    let (_, set) = sign_in(&app);
    let csrf = [("X-CSRF-Token", set["csrf_access_token"].0.as_str())];
    let answer = page(&app, &set, &csrf).post("/logout").send().expect(204);
    let removed = cookies(&answer);
    assert_eq!(removed.keys().map(String::as_str).collect::<Vec<_>>(), NAMES);
    assert!(removed.values().all(|(value, attributes)| value.is_empty() && attributes.contains("Max-Age=0")));
    page(&app, &set, &[]).get("/users/me").send().refused(401, "Could not validate credentials");
}

#[test]
fn a_header_wins_over_a_cookie_and_pages_do_not_look_at_token_cookies() {
    let app = spawn_app();
    let (_, set) = sign_in(&app);
    let both = page(&app, &set, &[("Authorization", "Bearer garbage")]);
    both.get("/users/me").send().refused(401, "Could not validate credentials");
    let html = [("Accept", "text/html")];
    assert!(page(&app, &set, &html).get("/account").send().expect(303).location().starts_with("/login"));
}

#[test]
fn a_browser_that_signs_out_ends_the_session_of_its_tokens_too() {
    for gone in [&[][..], &["access_token_cookie"], &["refresh_token_cookie"]] {
        let app = spawn_app();
        let (answer, mut set) = sign_in(&app);
        let holder = app.anon().holding(answer.json());
        set.retain(|name, _| !gone.contains(&name.as_str()));
        let browser = page(&app, &set, &[("Accept", HTML), ("Sec-Fetch-Site", "same-origin")]);
        let out = browser.post("/logout").send().expect(303);
        assert!(!holder.is_known(), "without {gone:?}");
        app.refresh(&holder).expect(401);
        assert_eq!(cookies(&out).keys().collect::<Vec<_>>(), set.keys().collect::<Vec<_>>(), "each is taken away");
        assert_eq!(app.recorded(), ["signin.succeeded", "session.signed_out"]);
    }
}

#[test]
fn another_site_signs_nobody_out() {
    let app = spawn_app();
    let (answer, set) = sign_in(&app);
    page(&app, &set, &[("Accept", HTML), ("Sec-Fetch-Site", "cross-site")]).post("/logout").send().expect(403);
    assert!(app.anon().holding(answer.json()).is_known());
}
