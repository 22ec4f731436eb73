//! `POST /users/me/password`, and what it takes to be asked for: a proof of identity that is young.

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::forge::claims_of;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app};

const NEW: &str = "another horse, stapled";

fn change(person: &Person, current: &str, new: &str) -> Answer {
    person.post("/users/me/password").json(json!({"current_password": current, "new_password": new})).send()
}

fn sign_in(app: &TestApp, password: &str) -> Answer {
    app.anon().post("/token").form(&[("username", "alice"), ("password", password)]).send()
}

#[track_caller]
pub fn is_not_fresh(answer: Answer) {
    let answer = answer.refused(401, "Fresh token required");
    let challenge = answer.header("www-authenticate").expect("a challenge");
    assert!(challenge.starts_with("Bearer ") && challenge.contains("error=\"insufficient_user_authentication\""));
}

#[test]
fn a_new_password_ends_every_other_session_and_keeps_this_one() {
    let app = spawn_app();
    let (here, there, browser, bob) = (app.alice(), app.alice(), app.browser_of("alice"), app.bob());
    let answer = change(&here, PASSWORD, NEW).expect(204);
    assert!(answer.body.is_empty());
    assert!(here.is_known() && !there.is_known() && !browser.is_at_home() && bob.is_known());
    app.refresh(&there).expect(401);
    assert!(app.anon().holding(app.refresh(&here).expect(200).json()).is_known());
    sign_in(&app, PASSWORD).refused(401, "Incorrect username or password");
    sign_in(&app, NEW).expect(200);
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "password.set").count(), 1);
}

#[test]
fn it_comes_as_a_form_too() {
    let app = spawn_app();
    let form = [("current_password", PASSWORD), ("new_password", NEW)];
    app.alice().post("/users/me/password").form(&form).send().expect(204);
    sign_in(&app, NEW).expect(200);
}

#[test]
fn a_wrong_current_password_changes_nothing() {
    let app = spawn_app();
    let (here, there) = (app.alice(), app.alice());
    for wrong in ["not the right one", "", "Correct Horse Battery", NEW] {
        change(&here, wrong, NEW).expect(400);
    }
    assert!(there.is_known());
    sign_in(&app, NEW).expect(401);
    sign_in(&app, PASSWORD).expect(200);
    assert!(!app.recorded().contains(&"password.set".to_owned()));
}

#[test]
fn a_weak_new_password_is_named_as_wrong_and_changes_nothing() {
    let app = spawn_app();
    let (here, there) = (app.alice(), app.alice());
    for weak in ["short1!", "password1", "qwertyuiop", "alice-in-wonderland", "nul\0nul\0nul\0xy", &"q7#Lw".repeat(15)]
    {
        let answer = change(&here, PASSWORD, weak).expect(422).json();
        assert_eq!(answer["errors"][0]["pointer"], "/new_password", "{weak}");
        assert!(!answer.to_string().contains(weak));
    }
    assert!(there.is_known());
    sign_in(&app, PASSWORD).expect(200);
}

#[test]
fn what_is_missing_is_named() {
    let app = spawn_app();
    let answer = app.alice().post("/users/me/password").json(json!({})).send().expect(422).json();
    let pointers: Vec<&Value> = answer["errors"].as_array().expect("errors").iter().map(|e| &e["pointer"]).collect();
    assert_eq!(pointers, ["/current_password", "/new_password"]);
    app.anon().post("/users/me/password").json(json!({})).send().refused(401, "Not authenticated");
}

#[test]
fn after_a_quarter_of_an_hour_a_proof_is_too_old() {
    let app = spawn_app();
    let alice = app.alice();
    app.advance(14 * 60 + 50);
    change(&alice, "not the right one", NEW).expect(400);
    app.advance(60);
    assert!(alice.is_known());
    is_not_fresh(change(&alice, PASSWORD, NEW));
    is_not_fresh(change(&alice, "not the right one", "weak"));
    sign_in(&app, PASSWORD).expect(200);
}

#[test]
fn a_refresh_is_no_proof_and_a_new_sign_in_is_one() {
    let app = spawn_app();
    let alice = app.alice();
    app.advance(16 * 60);
    let refreshed = app.anon().holding(app.refresh(&alice).expect(200).json());
    assert_eq!(claims_of(refreshed.access())["fresh"], false);
    is_not_fresh(change(&refreshed, PASSWORD, NEW));
    let anew = app.alice();
    assert_eq!(claims_of(anew.access())["fresh"], true);
    is_not_fresh(change(&refreshed, PASSWORD, NEW));
    change(&anew, PASSWORD, NEW).expect(204);
    assert!(!refreshed.is_known());
}
