//! Guessing is kept slow: for one account at one address, over all accounts from one address, over all addresses at one
//! account, on every node and however many guess at once.

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::database::Copy;
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, TestApp, at_once, spawn_with, start, wait_for};

/// The limits as they are by default, behind a proxy that says where a request comes from.
const LIMITED: [(&str, &str); 2] = [("RATE_LIMITS", "on"), ("TRUSTED_PROXIES", "127.0.0.1")];
const WRONG: &str = "not the right one";

pub fn limited() -> TestApp {
    spawn_with(&LIMITED)
}

pub fn try_as(person: &Person, address: &str, name: &str, password: &str) -> Answer {
    person.post("/token").with("X-Forwarded-For", address).form(&[("username", name), ("password", password)]).send()
}

fn guess(app: &TestApp, address: &str, name: &str) -> Answer {
    try_as(&app.anon(), address, name, WRONG)
}

#[track_caller]
pub fn seconds_to_wait(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 429, "{}", answer.text());
    answer.header("retry-after").expect("a time to wait").parse().expect("seconds")
}

/// An address of its own for each number.
pub fn address(n: usize) -> String {
    format!("198.51.{}.{}", 100 + n / 250, n % 250 + 1)
}

fn stops_recorded(app: &TestApp) -> usize {
    app.recorded().iter().filter(|fact| *fact == "tries.stopped").count()
}

#[test]
fn after_five_wrong_passwords_that_address_waits_half_a_minute_and_nobody_else_does() {
    let app = limited();
    for _ in 0..5 {
        guess(&app, "192.0.2.1", "alice").refused(401, "Incorrect username or password");
    }
    let answer = try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD);
    assert_eq!(seconds_to_wait(&answer), 30);
    let body = answer.json();
    assert_eq!(body["type"], "/errors/too-many-tries");
    assert_eq!(
        (&body["detail"], &body["error"]),
        (&json!("Too many tries. Try again in 30 seconds."), &json!("temporarily_unavailable"))
    );
    try_as(&app.anon(), "192.0.2.1", "bob", PASSWORD).expect(200);
    try_as(&app.anon(), "192.0.2.2", "alice", PASSWORD).expect(200);
    assert_eq!(stops_recorded(&app), 1);
}

#[test]
fn whoever_waits_as_long_as_they_are_told_gets_in_and_a_second_earlier_does_not() {
    let app = limited();
    (0..5).for_each(|_| drop(guess(&app, "192.0.2.1", "alice").expect(401)));
    let wait = seconds_to_wait(&guess(&app, "192.0.2.1", "alice"));
    app.advance(wait - 1);
    assert_eq!(seconds_to_wait(&guess(&app, "192.0.2.1", "alice")), 1);
    app.advance(1);
    try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(200);
    assert_eq!(stops_recorded(&app), 1, "once, however many tries it stops");
}

#[test]
fn a_stop_doubles_with_each_try_up_to_a_quarter_of_an_hour_and_is_forgotten_in_time() {
    let app = limited();
    (0..4).for_each(|_| drop(guess(&app, "192.0.2.1", "alice").expect(401)));
    for expected in [30, 60, 120, 240, 480, 900, 900, 900] {
        guess(&app, "192.0.2.1", "alice").expect(401);
        assert_eq!(seconds_to_wait(&guess(&app, "192.0.2.1", "alice")), expected);
        app.advance(expected);
    }
    app.advance(24 * 3600);
    (0..5).for_each(|_| drop(guess(&app, "192.0.2.1", "alice").expect(401)));
    assert_eq!(seconds_to_wait(&guess(&app, "192.0.2.1", "alice")), 30);
}

#[test]
fn waiting_in_vain_makes_nothing_worse() {
    let app = limited();
    (0..5).for_each(|_| drop(guess(&app, "192.0.2.1", "alice").expect(401)));
    (0..50).for_each(|_| drop(guess(&app, "192.0.2.1", "alice").expect(429)));
    app.advance(30);
    try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(200);
}

#[test]
fn the_right_password_clears_what_was_mistyped_before() {
    let app = limited();
    for _ in 0..3 {
        (0..4).for_each(|_| drop(guess(&app, "192.0.2.1", "alice").expect(401)));
        try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(200);
    }
}

#[test]
fn somebody_elses_right_password_clears_nothing_of_mine() {
    let app = limited();
    for _ in 0..5 {
        guess(&app, "192.0.2.1", "alice").expect(401);
        try_as(&app.anon(), "192.0.2.1", "bob", PASSWORD).expect(200);
    }
    guess(&app, "192.0.2.1", "alice").expect(429);
}

#[test]
fn one_address_over_many_accounts_is_stopped_and_others_are_not() {
    let app = limited();
    for n in 0..30 {
        guess(&app, "192.0.2.1", &format!("victim{n}")).expect(401);
    }
    let wait = seconds_to_wait(&guess(&app, "192.0.2.1", "another"));
    assert!(wait <= 300, "{wait}");
    try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(429);
    try_as(&app.anon(), "192.0.2.2", "alice", PASSWORD).expect(200);
    app.advance(wait);
    try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(200);
}

#[test]
fn an_office_that_signs_in_rightly_is_never_stopped() {
    let app = limited();
    for _ in 0..40 {
        try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(200);
    }
}

#[test]
fn stuffing_from_many_addresses_is_stopped_at_the_account_for_ten_seconds_at_the_most() {
    let app = limited();
    for n in 0..20 {
        guess(&app, &address(n), "alice").expect(401);
    }
    let mut longest = 0;
    for n in 20..32 {
        let wait = seconds_to_wait(&guess(&app, &address(n), "alice"));
        longest = longest.max(wait);
        app.advance(wait);
        guess(&app, &address(n), "alice").expect(401);
    }
    assert_eq!(longest, 10, "it grows, and never beyond");
    try_as(&app.anon(), "203.0.113.9", "bob", PASSWORD).expect(200);
    app.advance(10);
    try_as(&app.anon(), "203.0.113.9", "alice", PASSWORD).expect(200);
}

#[test]
fn a_network_of_version_6_is_one_address() {
    let app = limited();
    for n in 0..5 {
        guess(&app, &format!("2001:db8:0:1:{n}::{n}"), "alice").expect(401);
    }
    guess(&app, "2001:db8:0:1:ffff::1", "alice").expect(429);
    try_as(&app.anon(), "2001:db8:0:2::1", "alice", PASSWORD).expect(200);
}

#[test]
fn whoever_names_an_address_of_their_own_is_not_believed() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    for n in 0..5 {
        guess(&app, &address(n), "alice").expect(401);
    }
    guess(&app, &address(6), "alice").expect(429);
}

#[test]
fn spelling_a_name_another_way_is_no_way_around() {
    let app = limited();
    for name in ["alice", "ALICE", " alice", "Alice ", "\talicE"] {
        guess(&app, "192.0.2.1", name).expect(401);
    }
    guess(&app, "192.0.2.1", "aLICE").expect(429);
}

#[test]
fn page_json_and_grant_count_together_and_the_page_keeps_the_name() {
    let app = limited();
    let fields = [("username", "alice"), ("password", WRONG)];
    for _ in 0..2 {
        app.anon().post("/token").form(&fields).send().expect(401);
        app.anon().post("/login").json(json!({"username": "alice", "password": WRONG})).send().expect(401);
    }
    app.browser().post("/login").form(&fields).send().expect(401);
    let page = app.browser().post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send();
    assert_eq!(seconds_to_wait(&page), 30);
    assert!(page.is_page() && page.text().contains("Too many tries. Try again in 30 seconds."));
    assert!(page.text().contains("value=\"alice\""), "the name is kept");
    app.anon().post("/login").json(json!({"username": "alice", "password": PASSWORD})).send().expect(429);
}

#[test]
fn of_sixty_four_guesses_at_once_five_are_checked() {
    let app = limited();
    let answers = at_once(64, |_| guess(&app, "192.0.2.1", "alice").status);
    let (checked, stopped) =
        (answers.iter().filter(|s| **s == 401).count(), answers.iter().filter(|s| **s == 429).count());
    assert_eq!((checked, stopped), (5, 59), "{answers:?}");
}

#[test]
fn what_one_node_counts_the_other_knows() {
    let home = Home::new(Copy::Peopled);
    let (one, two) = (start(home.clone(), &LIMITED), start(home, &LIMITED));
    for n in 0..5 {
        guess(if n % 2 == 0 { &one } else { &two }, "192.0.2.1", "alice").expect(401);
    }
    for node in [&one, &two] {
        try_as(&node.anon(), "192.0.2.1", "alice", PASSWORD).expect(429);
    }
    two.advance(31);
    try_as(&two.anon(), "192.0.2.1", "alice", PASSWORD).expect(200);
}

#[test]
fn a_disabled_account_is_stopped_like_any_other_whatever_its_password() {
    let app = limited();
    app.home.database.run("UPDATE users SET disabled_at = 1 WHERE username = 'alice'");
    for _ in 0..5 {
        try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(401);
    }
    try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(429);
}

#[test]
fn the_current_password_cannot_be_guessed_with_a_token() {
    let app = limited();
    let alice = app.alice();
    let change = |current: &str| {
        let body = json!({"current_password": current, "new_password": "another horse, stapled"});
        alice.post("/users/me/password").json(body).send()
    };
    (0..5).for_each(|_| drop(change(WRONG).expect(400)));
    assert_eq!(seconds_to_wait(&change(PASSWORD)), 30);
    app.advance(30);
    change(PASSWORD).expect(204);
}

#[test]
fn names_that_are_taken_cannot_be_listed_by_signing_up() {
    let app = limited();
    let sign_up = |address: &str, password: &str| {
        let new = json!({"username": "alice", "email": "new@example.com", "password": password});
        app.anon().post("/signup").with("X-Forwarded-For", address).json(new).send()
    };
    (0..35).for_each(|_| drop(sign_up("192.0.2.1", "short").expect(422)));
    (0..30).for_each(|_| drop(sign_up("192.0.2.1", PASSWORD).expect(400)));
    assert_eq!(seconds_to_wait(&sign_up("192.0.2.1", PASSWORD)), 30);
    sign_up("192.0.2.2", PASSWORD).expect(400);
    let form = [("username", "carol"), ("email", "carol@example.com"), ("password", PASSWORD)];
    let page = app.browser().post("/signup").with("X-Forwarded-For", "192.0.2.1").form(&form).send();
    assert!(seconds_to_wait(&page) <= 30 && page.is_page() && page.text().contains("value=\"carol\""));
}

#[test]
fn what_is_kept_names_nobody_and_goes_when_it_is_forgotten() {
    let app = limited();
    (0..6).for_each(|_| drop(guess(&app, "192.0.2.1", "alice")));
    let rows = || app.home.database.texts("SELECT 'row' AS value FROM budgets").len();
    assert_eq!(rows(), 4, "account and address, account, address, installation");
    app.advance(24 * 3600);
    wait_for(vestibule::throttle::purge(&app.app)).expect("the database answers");
    assert_eq!(rows(), 0);
}

#[test]
fn limits_that_are_off_stop_nobody() {
    let app = spawn_with(&[("RATE_LIMITS", "off")]);
    (0..12).for_each(|_| drop(guess(&app, "192.0.2.1", "alice").expect(401)));
    try_as(&app.anon(), "192.0.2.1", "alice", PASSWORD).expect(200);
}

#[test]
fn codes_are_not_guessed_by_beginning_anew_again_and_again() {
    let app = limited();
    let (phone, _) = app.enrol(&app.alice());
    let half = |address: &str| try_as(&app.anon(), address, "alice", PASSWORD).expect(401).json()["mfa_token"].clone();
    let send = |address: &str, token: &serde_json::Value, code: &str| {
        let form = [("mfa_token", token.as_str().expect("a token")), ("otp", code)];
        app.anon().post("/token").with("X-Forwarded-For", address).form(&form).send()
    };
    let (thief, owner) = ("192.0.2.1", "192.0.2.2");
    for _ in 0..10 {
        send(thief, &half(thief), &phone.wrong_code(&app)).expect(401);
    }
    let token = half(thief);
    assert_eq!(seconds_to_wait(&send(thief, &token, &phone.code(&app))), 30);
    // The owner, elsewhere, gets in all the same.
    send(owner, &half(owner), &phone.code(&app)).expect(200);
    app.advance(30);
    send(thief, &token, &phone.code(&app)).expect(200);
}

#[test]
fn codes_that_are_guessed_from_many_addresses_are_slow_and_the_owner_waits_a_minute_at_the_most() {
    let app = limited();
    let (phone, _) = app.enrol(&app.alice());
    let mut longest = 0;
    for n in 0..60 {
        let from = address(n);
        let half = try_as(&app.anon(), &from, "alice", PASSWORD).expect(401).json()["mfa_token"].clone();
        let form = [("mfa_token", half.as_str().expect("a token")), ("otp", &phone.wrong_code(&app))];
        let answer = app.anon().post("/token").with("X-Forwarded-For", &from).form(&form).send();
        if answer.status == 429 {
            let wait = seconds_to_wait(&answer);
            longest = longest.max(wait);
            app.advance(wait);
        }
    }
    assert!((10..=60).contains(&longest), "{longest}");
}
