//! Known devices: the owner gets in where they have been before, whatever others try meanwhile.

use vestibule::access::Origin;
use vestibule::credentials::device::Device;
use vestibule::platform::ids::RequestId;
use vestibule::platform::secret::{OpaqueToken, Password};
use vestibule::signin::{Onward, Step, begin_in_browser, by_password};

use crate::harness::answer::Answer;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app, spawn_with, wait_for};
use crate::throttle::{address, limited, seconds_to_wait, try_as};

const COOKIE: &str = "vestibule_device";
const WRONG: &str = "not the right one";

fn at(browser: &Person, address: &str, name: &str, password: &str) -> Answer {
    browser.post("/login").with("X-Forwarded-For", address).form(&[("username", name), ("password", password)]).send()
}

/// What the browser is known by.
fn token(browser: &Person) -> String {
    browser.jar.as_ref().and_then(|jar| jar.get(COOKIE)).expect("a device cookie")
}

fn holding(app: &TestApp, token: &str) -> Person {
    let browser = app.browser();
    browser.jar.as_ref().expect("a jar").put(COOKIE, token);
    browser
}

const OF_ALICE: &str = "user_id = (SELECT id FROM users WHERE username = 'alice')";

fn devices_of_alice(app: &TestApp) -> Vec<String> {
    app.home.database.texts(&format!("SELECT user_id AS value FROM devices WHERE {OF_ALICE}"))
}

/// Until strangers have to wait.
fn hammer(app: &TestApp, name: &str) {
    for n in 0..20 {
        try_as(&app.anon(), &address(n), name, WRONG).expect(401);
    }
}

#[test]
fn the_owner_at_a_known_device_gets_in_while_others_hammer_the_account() {
    let app = limited();
    let home = app.browser();
    at(&home, "203.0.113.5", "alice", PASSWORD).expect(303);
    hammer(&app, "alice");
    for n in 30..40 {
        try_as(&app.anon(), &address(n), "alice", WRONG).expect(429);
        at(&home, "203.0.113.77", "Alice@example.com", PASSWORD).expect(303);
    }
    at(&app.browser(), "203.0.113.5", "alice", PASSWORD).expect(429);
}

#[test]
fn also_where_the_whole_address_is_stopped() {
    let app = limited();
    let home = app.browser();
    at(&home, "203.0.113.5", "alice", PASSWORD).expect(303);
    for n in 0..30 {
        try_as(&app.anon(), "203.0.113.5", &format!("victim{n}"), WRONG).expect(401);
    }
    (0..5).for_each(|_| drop(try_as(&app.anon(), "203.0.113.5", "alice", WRONG)));
    at(&home, "203.0.113.5", "alice", PASSWORD).expect(303);
}

#[test]
fn whoever_takes_the_device_has_few_tries_too() {
    let app = limited();
    let home = app.browser();
    at(&home, "203.0.113.5", "alice", PASSWORD).expect(303);
    let thief = holding(&app, &token(&home));
    for n in 0..10 {
        at(&thief, &address(n), "alice", WRONG).expect(401);
    }
    assert_eq!(seconds_to_wait(&at(&thief, &address(11), "alice", WRONG)), 30);
}

#[test]
fn ones_own_device_is_none_of_somebody_elses() {
    let app = limited();
    let bobs = app.browser();
    at(&bobs, "203.0.113.5", "bob", PASSWORD).expect(303);
    hammer(&app, "alice");
    at(&bobs, "203.0.113.5", "alice", PASSWORD).expect(429);
    at(&holding(&app, "made-up"), "203.0.113.5", "alice", PASSWORD).expect(429);
    at(&bobs, "203.0.113.5", "bob", PASSWORD).expect(303);
}

#[test]
fn the_cookie_is_long_lived_and_for_the_server_alone() {
    let app = spawn_app();
    let browser = app.browser();
    let line = |answer: Answer| {
        let lines = answer.headers_named("set-cookie");
        lines.into_iter().find(|line| line.starts_with(COOKIE)).expect("a device cookie").to_ascii_lowercase()
    };
    let first = line(at(&browser, "", "alice", PASSWORD).expect(303));
    for attribute in ["httponly", "samesite=lax", "path=/", "max-age=34560000"] {
        assert!(first.contains(attribute), "{first}");
    }
    let before = token(&browser);
    line(at(&browser, "", "alice", PASSWORD).expect(303));
    assert_eq!(token(&browser), before, "a known device keeps its token");
    assert_eq!(devices_of_alice(&app).len(), 1);
    assert!(at(&app.browser(), "", "alice", WRONG).expect(401).header("set-cookie").is_none());
    assert!(
        app.anon()
            .post("/token")
            .form(&[("username", "alice"), ("password", PASSWORD)])
            .send()
            .header("set-cookie")
            .is_none()
    );
}

#[test]
fn under_https_it_belongs_to_this_host_alone() {
    let app = spawn_with(&[("PUBLIC_URL", "https://id.example.com")]);
    let answer = at(&app.browser(), "", "alice", PASSWORD).expect(303);
    let lines = answer.headers_named("set-cookie");
    let line = lines.iter().find(|line| line.starts_with("__Host-vestibule_device=")).expect("a device cookie");
    assert!(line.contains("Secure") && line.contains("Path=/") && !line.contains("Domain"), "{line}");
}

#[test]
fn who_share_a_browser_are_both_known_there_and_a_planted_token_is_worth_nothing() {
    let app = limited();
    let shared = app.browser();
    at(&shared, "203.0.113.5", "bob", PASSWORD).expect(303);
    let planted = token(&shared);
    at(&shared, "203.0.113.5", "alice", PASSWORD).expect(303);
    assert_ne!(token(&shared), planted, "a new user gets a new token");
    hammer(&app, "alice");
    hammer(&app, "bob");
    for name in ["alice", "bob"] {
        at(&shared, "203.0.113.6", name, PASSWORD).expect(303);
    }
    at(&holding(&app, &planted), "203.0.113.5", "alice", PASSWORD).expect(429);
}

#[test]
fn only_a_digest_is_kept_and_no_longer_than_the_cookie() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let kept = app.home.database.bytes(&format!("SELECT hash AS value FROM devices WHERE {OF_ALICE}"));
    assert_eq!(kept.len(), 32);
    assert!(!kept.windows(8).any(|part| token(&browser).as_bytes().windows(8).any(|own| own == part)));
    app.advance(401 * 86_400);
    wait_for(vestibule::credentials::device::purge(&app.app)).expect("the database answers");
    assert!(devices_of_alice(&app).is_empty());
}

/// What a sign-in at a browser that holds this token says of the browser, in a word; and what it holds from then on.
fn sign_in_at(app: &TestApp, name: &str, held: Option<&str>) -> (&'static str, String) {
    let origin = Origin {
        request_id: RequestId::from_outside("test"),
        address: "203.0.113.7".into(),
        user_agent: "test".into(),
        languages: String::new(),
        device: held.map(|token| OpaqueToken::sent(token).digest()),
    };
    let begun = wait_for(async {
        let step =
            by_password(&app.app, &origin, (name.to_owned(), Password::new(PASSWORD)), Onward::to_tokens(None, None))
                .await
                .expect("the password is right");
        let Step::Done(proven) = step else { panic!("no second factor is set up") };
        begin_in_browser(&app.app, &origin, None, proven).await.expect("a session begins")
    });
    match begun.device {
        Device::First(token) => ("first", token.reveal().to_owned()),
        Device::New(token) => ("new", token.reveal().to_owned()),
        Device::Known => ("known", held.expect("a token").to_owned()),
        Device::None => ("none", String::new()),
    }
}

#[test]
fn whoever_sends_a_notice_learns_whether_a_device_is_new() {
    let app = spawn_app();
    let (first, token) = sign_in_at(&app, "alice", None);
    assert_eq!((first, sign_in_at(&app, "alice", Some(&token)).0), ("first", "known"));
    assert_eq!(sign_in_at(&app, "alice", None).0, "new");
    assert_eq!(sign_in_at(&app, "alice", Some("made up")).0, "new");
    let (bobs, shared) = sign_in_at(&app, "bob", Some(&token));
    assert_eq!((bobs, sign_in_at(&app, "alice", Some(&shared)).0), ("first", "known"));
}
