//! Keys that must go: stolen ones at once, old ones in time.

use serde_json::json;
use vestibule::tokens::keys::{self, Start, State};

use crate::harness::forge::{changed, claims_of, es256, header_of};
use crate::harness::{START, at_once, spawn_app, spawn_with, wait_for, within};
use crate::keys::{SECOND, kid, kids, rotate, state};

#[test]
fn no_token_of_a_key_in_the_wrong_hands_counts_any_more_and_nobody_is_signed_out() {
    let app = spawn_app();
    let (before, stolen) = (app.alice(), app.private_key());
    let next = rotate(&app, Start::WhenKnown);
    let new = rotate(&app, Start::Compromised);
    assert_eq!(kids(&app.anon()), std::slice::from_ref(&new.kid));
    let claims = claims_of(before.access());
    for kid in [kid(&before), next.kid, new.kid.clone()] {
        let header = json!({"typ": "at+jwt", "alg": "ES256", "kid": kid});
        let forged = es256(&header, &changed(&claims, &json!({"username": "root"})).to_string(), &stolen);
        assert!(!app.anon().bearing(&forged).is_known());
    }
    assert!(!before.is_known(), "it can't be told from a forged one");
    let after = app.anon().holding(app.refresh(&before).expect(200).json());
    assert!(after.is_known() && kid(&after) == new.kid);
    let told = app.home.database.texts("SELECT detail AS value FROM audit_log WHERE kind = 'key.rotated'");
    assert_eq!((told.len(), told.iter().filter(|detail| detail.contains("compromised")).count()), (2, 1));
}

#[test]
fn a_stolen_key_makes_no_token_that_outlives_the_last_of_its_own() {
    let app = spawn_app();
    let (before, stolen) = (app.alice(), app.private_key());
    rotate(&app, Start::Now);
    let claims = changed(&claims_of(before.access()), &json!({"exp": START + 20 * 365 * 86_400}));
    let forged = app.anon().bearing(&es256(&header_of(before.access()), &claims.to_string(), &stolen));
    assert!(forged.is_known(), "until then it is as good as the key");
    app.advance(1800 + 31);
    assert!(!forged.is_known(), "although nobody has deleted the key yet");
}

#[test]
fn a_key_is_followed_by_another_when_it_has_become_old() {
    let day = 86_400;
    let app = spawn_with(&[("KEY_ROTATION_DAYS", "30")]);
    let tidy = || wait_for(keys::rotate_when_due(&app.app)).expect("the database answers");
    let first = kids(&app.anon());
    // The first key came a day before the test.
    app.advance(28 * day);
    tidy();
    wait_for(keys::follow(&app.app)).expect("the keys open");
    assert_eq!(kids(&app.anon()), first);
    let before = app.alice();
    app.advance(2 * day);
    at_once(4, |_| tidy());
    within(SECOND, "one key more is published", || kids(&app.anon()).len() == 2);
    let late = app.alice();
    assert_eq!(kid(&late), kid(&before), "its turn has not come");
    app.advance(70);
    assert_ne!(kid(&app.alice()), kid(&before));
    assert!(late.is_known());
    tidy();
    assert_eq!(kids(&app.anon()).len(), 2, "and once a month is enough");
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "key.rotated").count(), 1);
}

#[test]
fn without_a_schedule_and_with_a_shared_secret_no_key_follows_by_itself() {
    for settings in [[("KEY_ROTATION_DAYS", "0")], [("ALGORITHM", "HS256")]] {
        let app = spawn_with(&settings);
        app.advance(3660 * 86_400);
        wait_for(keys::rotate_when_due(&app.app)).expect("the database answers");
        assert_eq!(app.recorded(), [""; 0], "{settings:?}");
    }
}

#[test]
fn a_key_in_the_wrong_hands_is_retired_at_once_although_another_was_to_follow() {
    let app = spawn_app();
    let before = kid(&app.alice());
    let next = rotate(&app, Start::WhenKnown);
    app.advance(10);
    let urgent = rotate(&app, Start::Now);
    let states = [&before, &next.kid, &urgent.kid].map(|kid| state(&app, kid));
    assert_eq!(states, [Some(State::Verifies), Some(State::Verifies), Some(State::Signs)]);
    app.advance(120);
    let states = [&before, &next.kid, &urgent.kid].map(|kid| state(&app, kid));
    assert_eq!(states, [Some(State::Verifies), Some(State::Verifies), Some(State::Signs)]);
}
