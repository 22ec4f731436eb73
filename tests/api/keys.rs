//! Signing keys come and go, and nobody notices: published, then signing, then only verifying, then gone.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule::signin::recognise;
use vestibule::tokens::keys::{self, KeyInfo, Start, State};

use crate::harness::binary::{Process, run, run_with};
use crate::harness::database::Copy;
use crate::harness::forge::header_of;
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, START, TestApp, spawn_app, spawn_with, start, start_at, wait_for, within};

pub const SECOND: Duration = Duration::from_secs(1);
/// The life of a token, and what a key is kept beyond it at the most.
const FORGOTTEN_AFTER: u64 = 1800 + 600;

pub fn rotate(app: &TestApp, start: Start) -> KeyInfo {
    wait_for(async {
        let operator = recognise::operator(&app.app).await.expect("the database answers");
        keys::rotate(&app.app, &operator, start).await.expect("a new key")
    })
}

pub fn purge(app: &TestApp) {
    wait_for(keys::purge(&app.app)).expect("the database answers");
}

pub fn kids(anon: &Person) -> Vec<String> {
    let set = anon.get("/.well-known/jwks.json").send().expect(200).json();
    let keys = set["keys"].as_array().expect("keys");
    keys.iter().map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

pub fn kid(person: &Person) -> String {
    header_of(person.access())["kid"].as_str().expect("a kid").to_owned()
}

pub fn state(app: &TestApp, kid: &str) -> Option<State> {
    let keys = wait_for(keys::list(&app.app)).expect("the database answers");
    keys.into_iter().find(|key| key.kid == kid).map(|key| key.state)
}

#[test]
fn a_new_key_is_published_at_once_and_signs_once_everybody_can_have_seen_it() {
    let app = spawn_app();
    let before = app.alice();
    let new = rotate(&app, Start::WhenKnown);
    assert_ne!(new.kid, kid(&before));
    let wait = u64::try_from(new.signs_from.seconds() - app.now()).expect("it lies ahead");
    assert!(wait >= 60, "known for as long as the key set may be kept: {wait} s");
    assert_eq!(kids(&app.anon()), [kid(&before), new.kid.clone()]);
    assert_eq!((state(&app, &kid(&before)), state(&app, &new.kid)), (Some(State::Signs), Some(State::Published)));
    assert_eq!(kid(&app.alice()), kid(&before));
    app.advance(wait - 2);
    let last = app.alice();
    assert_eq!(kid(&last), kid(&before));
    app.advance(2);
    let after = app.alice();
    assert_eq!(kid(&after), new.kid);
    assert_eq!((state(&app, &kid(&before)), state(&app, &new.kid)), (Some(State::Verifies), Some(State::Signs)));
    assert!(before.is_known() && last.is_known() && after.is_known());
    let refreshed = app.anon().holding(app.refresh(&before).expect(200).json());
    assert_eq!(kid(&refreshed), new.kid);
}

#[test]
fn now_means_now() {
    let app = spawn_app();
    let before = app.alice();
    let new = rotate(&app, Start::Now);
    let after = app.alice();
    assert_eq!(kid(&after), new.kid);
    assert!(before.is_known() && after.is_known());
    assert_eq!((state(&app, &kid(&before)), state(&app, &new.kid)), (Some(State::Verifies), Some(State::Signs)));
}

#[test]
fn two_rotations_in_a_row_take_their_turns() {
    let app = spawn_app();
    let mut tokens = vec![app.alice()];
    let first = rotate(&app, Start::WhenKnown);
    app.advance(10);
    let second = rotate(&app, Start::WhenKnown);
    assert_eq!(kids(&app.anon()), [kid(&tokens[0]), first.kid.clone(), second.kid.clone()]);
    for (moment, turn) in [
        (first.signs_from.seconds() - 1, kid(&tokens[0])),
        (first.signs_from.seconds() + 1, first.kid.clone()),
        (second.signs_from.seconds() + 1, second.kid.clone()),
    ] {
        app.advance(u64::try_from(moment - app.now()).expect("it lies ahead"));
        tokens.push(app.alice());
        assert_eq!(kid(&tokens[tokens.len() - 1]), turn);
        assert!(tokens.iter().all(Person::is_known));
    }
}

#[test]
fn a_key_that_was_passed_over_never_signs() {
    let app = spawn_app();
    let passed_over = rotate(&app, Start::WhenKnown);
    app.advance(10);
    let urgent = rotate(&app, Start::Now);
    assert_eq!(kid(&app.alice()), urgent.kid);
    app.advance(120);
    let late = app.alice();
    assert_ne!(kid(&late), passed_over.kid, "it retired before its turn came");
    assert_eq!(kid(&late), urgent.kid);
}

#[test]
fn a_key_that_was_passed_over_by_a_change_of_algorithm_never_signs() {
    let home = Home::new(Copy::Peopled);
    let mut first = start(home.clone(), &[]);
    let passed_over = rotate(&first, Start::WhenKnown);
    first.stop();
    start_at(START + 10, home.clone(), &[("ALGORITHM", "EdDSA")]).stop();
    let back = start_at(START + 20, home, &[]);
    let current = kid(&back.alice());
    back.advance(120);
    assert_ne!(kid(&back.alice()), passed_over.kid, "it retired before its turn came");
    assert_eq!(kid(&back.alice()), current);
}

#[test]
fn an_old_key_goes_when_its_last_token_has_expired_and_not_before() {
    let app = spawn_app();
    let before = app.alice();
    let new = rotate(&app, Start::Now);
    app.advance(1790);
    purge(&app);
    app.advance(1);
    assert!(before.is_known());
    assert_eq!(kids(&app.anon()), [kid(&before), new.kid.clone()]);
    app.advance(FORGOTTEN_AFTER);
    purge(&app);
    within(SECOND, "the old key is published no more", || kids(&app.anon()) == [new.kid.clone()]);
    assert!(!before.is_known());
    let after = app.anon().holding(app.refresh(&before).expect(200).json());
    assert!(after.is_known() && kid(&after) == new.kid, "nobody was signed out by it");
}

#[test]
fn an_old_key_outlives_a_long_token_under_a_shorter_setting() {
    let home = Home::new(Copy::Peopled);
    let mut long = start(home.clone(), &[("ACCESS_TOKEN_EXPIRE_MINUTES", "1440")]);
    let alice = long.alice();
    long.stop();
    let short = start(home, &[("ACCESS_TOKEN_EXPIRE_MINUTES", "5")]);
    let alice = short.anon().holding(alice.tokens);
    rotate(&short, Start::Now);
    short.advance(3600);
    purge(&short);
    wait_for(keys::follow(&short.app)).expect("the keys open");
    assert!(alice.is_known(), "its token lives for a day, and with it its key");
}

#[test]
fn a_key_that_a_command_made_outlives_the_servers_longer_tokens() {
    let home = Home::new(Copy::Peopled);
    let server = start(home.clone(), &[("ACCESS_TOKEN_EXPIRE_MINUTES", "120")]);
    run(&home, &["keys", "rotate", "--now"], "").done();
    within(SECOND, "the new key is published", || kids(&server.anon()).len() == 2);
    let alice = server.alice();
    rotate(&server, Start::Now);
    server.advance(110 * 60);
    purge(&server);
    wait_for(keys::follow(&server.app)).expect("the keys open");
    assert!(alice.is_known(), "its token lives for two hours, whatever the command was set to");
}

#[test]
fn a_key_set_is_told_apart_by_its_etag() {
    let app = spawn_app();
    let fetch = |etag: &str| app.anon().get("/.well-known/jwks.json").with("If-None-Match", etag).send();
    let etag = fetch("\"another\"").expect(200).header("etag").expect("an etag").to_owned();
    let same = fetch(&etag).expect(304);
    assert!(same.body.is_empty());
    assert_eq!((same.header("etag"), same.header("cache-control")), (Some(&*etag), Some("public, max-age=60")));
    for known in ["*", &format!("\"x\", {etag}"), &format!("W/{etag}")] {
        fetch(known).expect(304);
    }
    rotate(&app, Start::WhenKnown);
    assert_ne!(fetch(&etag).expect(200).header("etag"), Some(&*etag));
}

#[test]
fn another_node_takes_a_new_key_over_within_a_second() {
    let home = Home::new(Copy::Peopled);
    let (here, there) = (start(home.clone(), &[]), start(home, &[]));
    let new = rotate(&here, Start::Now);
    within(SECOND, "the other node publishes it", || kids(&there.anon()).contains(&new.kid));
    assert!(there.anon().bearing(here.alice().access()).is_known());
    assert_eq!(kid(&there.alice()), new.kid);
}

#[test]
fn a_live_server_takes_over_within_a_second_what_was_rotated_at_the_console() {
    let home = Home::new(Copy::Empty);
    let server = Process::serve(&home, &[]);
    let new = json!({"username": "carol", "email": "carol@example.com", "password": PASSWORD});
    server.anon().post("/signup").json(new).send().expect(201);
    let form = [("username", "carol"), ("password", PASSWORD)];
    let sign_in = || server.anon().holding(server.anon().post("/token").form(&form).send().expect(200).json());
    let before = sign_in();
    let told = run(&home, &["keys", "rotate"], "").done();
    within(SECOND, "two keys are published", || kids(&server.anon()).len() == 2);
    let next = kids(&server.anon()).into_iter().find(|each| *each != kid(&before)).expect("the new one");
    assert!(told.contains(&next) && told.lines().count() == 1, "{told}");
    assert_eq!(kid(&sign_in()), kid(&before), "its turn has not come");
    let told = run(&home, &["keys", "rotate", "--now"], "").done();
    within(SECOND, "three keys are published", || kids(&server.anon()).len() == 3);
    let after = sign_in();
    assert!(told.contains(&kid(&after)), "{told}");
    assert!(before.is_known() && after.is_known());
    let keys: Vec<Value> = serde_json::from_str(&run(&home, &["keys", "list", "--json"], "").done()).expect("JSON");
    let state = |kid: &str| keys.iter().find(|key| key["kid"] == kid).map(|key| key["state"].clone());
    assert_eq!(state(&kid(&after)), Some(json!("signs")));
    let who = home.database.texts("SELECT actor_name AS value FROM audit_log WHERE kind = 'key.rotated'");
    assert_eq!(who, ["console", "console"]);
}

#[test]
fn a_shared_secret_is_not_rotated_but_changed() {
    let home = Home::new(Copy::Peopled);
    let _server = start(home.clone(), &[("ALGORITHM", "HS256")]);
    // Whatever the shell of the command has set, the server's algorithm counts.
    for set in [&[][..], &[("ALGORITHM", "HS256")], &[("ALGORITHM", "ES256")]] {
        run_with(&home, &["keys", "rotate"], "", set).failed_in_one_line("SECRET_KEY");
    }
}

#[test]
fn keys_that_can_not_be_opened_are_told_in_one_sentence_with_what_to_do() {
    let home = Home::new(Copy::Peopled);
    let other = [("SECRET_KEY", "quite another key, of 32 bytes or more")];
    for arguments in [&["serve"][..], &["keys", "list"], &["keys", "rotate", "--now"], &["user", "list"]] {
        let ran = run_with(&home, arguments, "", &other);
        assert!(ran.err.contains("another SECRET_KEY") && ran.err.contains("start with that one"), "{}", ran.err);
        ran.failed_in_one_line("can't be opened");
    }
    run(&home, &["keys", "list"], "").done();
}

#[test]
fn every_switch_of_the_algorithm_keeps_old_tokens_until_they_expire_and_publishes_no_secret() {
    let home = Home::new(Copy::Peopled);
    let mut tokens: Vec<Value> = Vec::new();
    for (step, algorithm) in ["ES256", "EdDSA", "HS256", "RS256", "ES256", "HS256", "EdDSA"].into_iter().enumerate() {
        let moment = START + 60 * i64::try_from(step).expect("small");
        let app = start_at(moment, home.clone(), &[("ALGORITHM", algorithm)]);
        let alice = app.alice();
        assert_eq!(header_of(alice.access())["alg"], algorithm);
        tokens.push(alice.tokens);
        for (age, old) in tokens.iter().enumerate() {
            assert!(app.anon().holding(old.clone()).is_known(), "number {age} under {algorithm}");
        }
        no_secret_is_published(&app.anon());
    }
    let app = start_at(START + 1800 + 30, home, &[("ALGORITHM", "EdDSA")]);
    let known = tokens.iter().map(|old| app.anon().holding(old.clone()).is_known());
    assert_eq!(known.collect::<Vec<_>>(), [false, true, true, true, true, true, true]);
    app.advance(FORGOTTEN_AFTER);
    purge(&app);
    within(SECOND, "only the current key is left", || kids(&app.anon()).len() == 1);
    assert_eq!(kids(&app.anon()), [kid(&app.alice())]);
    for old in &tokens {
        app.refresh(&app.anon().holding(old.clone())).expect(200);
    }
}

fn no_secret_is_published(anon: &Person) {
    let set = anon.get("/.well-known/jwks.json").send().expect(200).json();
    for key in set["keys"].as_array().expect("keys") {
        let members: Vec<&str> = key.as_object().expect("an object").keys().map(String::as_str).collect();
        let public = ["alg", "crv", "e", "kid", "kty", "n", "use", "x", "y"];
        assert!(members.iter().all(|name| public.contains(name)), "{members:?}");
        assert_ne!(key["kty"], "oct");
    }
}

#[test]
fn after_a_switch_a_token_of_the_old_algorithm_still_needs_its_own_key() {
    let app = spawn_with(&[("ALGORITHM", "EdDSA")]);
    let es256 = app.private_key();
    let alice = app.alice();
    let header = json!({"typ": "at+jwt", "alg": "ES256", "kid": kid(&alice)});
    let claims = crate::harness::forge::claims_of(alice.access()).to_string();
    let forged = crate::harness::forge::es256(&header, &claims, &es256);
    app.anon().bearing(&forged).get("/protected").send().refused(401, "Could not validate credentials");
    let shared = crate::harness::forge::own(&crate::harness::forge::hs256_header(), &claims);
    app.anon().bearing(&shared).get("/protected").send().refused(401, "Could not validate credentials");
}
