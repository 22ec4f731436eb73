//! Signing in with a second factor, for programs: `/token`, `/login`, and setting it up under `/users/me`.

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::authenticator::Authenticator;
use crate::harness::forge::claims_of;
use crate::harness::{PASSWORD, TestApp, at_once, spawn_app, spawn_with, start};
use crate::my_password::is_not_fresh;

fn with_otp(app: &TestApp, name: &str, otp: &str) -> Answer {
    app.anon().post("/token").form(&[("username", name), ("password", PASSWORD), ("otp", otp)]).send()
}

fn go_on(app: &TestApp, token: &Value, otp: &str) -> Answer {
    app.anon().post("/token").form(&[("mfa_token", token.as_str().expect("a token")), ("otp", otp)]).send()
}

const WRONG: &str = "The code is wrong, or was used already.";
const OVER: &str = "This sign-in is over: it took longer than 5 minutes, or too many codes were wrong. Sign in again.";

#[test]
fn an_app_is_set_up_with_a_code_of_it_and_gives_ten_recovery_codes() {
    let app = spawn_app();
    let alice = app.alice();
    let offer = alice.post("/users/me/totp").send().expect(200);
    assert_eq!(offer.header("cache-control"), Some("no-store"));
    let offer = offer.json();
    let secret = offer["secret"].as_str().expect("a secret");
    let uri = offer["otpauth_uri"].as_str().expect("an address");
    assert!(
        uri.starts_with("otpauth://totp/") && uri.contains(secret) && uri.contains("alice") && uri.contains("issuer=")
    );
    let phone = Authenticator::scan(secret);
    let confirm = |code: &str| alice.post("/users/me/totp/confirm").json(json!({"code": code})).send();
    confirm(&phone.wrong_code(&app)).refused(400, WRONG);
    // Until then nothing has changed.
    app.user("alice");
    let codes = confirm(&phone.code(&app)).expect(200).json()["recovery_codes"].as_array().expect("codes").clone();
    let distinct: std::collections::HashSet<&str> = codes.iter().filter_map(Value::as_str).collect();
    assert_eq!(distinct.len(), 10);
    confirm(&phone.code(&app)).refused(400, WRONG);
    alice.post("/users/me/totp").send().expect(409);
    let mine = alice.get("/users/me/factors").send().expect(200).json();
    assert_eq!((&mine["recovery_codes_left"], &mine["required"]), (&10.into(), &false.into()));
    assert!(mine["totp"].is_string());
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "factor.added").count(), 1);
}

#[test]
fn the_password_alone_is_half_the_way() {
    let app = spawn_app();
    let (phone, codes) = app.enrol(&app.alice());
    for path in ["/token", "/login"] {
        let form = [("username", "alice"), ("password", PASSWORD)];
        let answer = app.anon().post(path).form(&form).send().expect(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        let answer = answer.json();
        assert_eq!(answer["error"], "mfa_required");
        assert_eq!(answer["methods"], json!(["totp", "recovery_code"]));
        assert!(answer.get("access_token").is_none() && answer.get("refresh_token").is_none());
        app.advance(30);
        go_on(&app, &answer["mfa_token"], &phone.code(&app)).expect(200);
    }
    // The same call again with the code.
    app.advance(30);
    let tokens = with_otp(&app, "alice", &phone.code(&app)).expect(200).json();
    let claims = claims_of(tokens["access_token"].as_str().expect("a token"));
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd", "otp", "mfa"]), &"aal2".into()));
    let json = json!({"username": "alice", "password": PASSWORD, "otp": codes[0]});
    app.anon().post("/login").json(json).send().expect(200);
    // Bob has none, and is asked for none; a code that he sends is nothing to anybody.
    let tokens = with_otp(&app, "bob", "123456").expect(200).json();
    let claims = claims_of(tokens["access_token"].as_str().expect("a token"));
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd"]), &"aal1".into()));
}

#[test]
fn what_was_asked_for_at_first_is_what_one_gets_at_last() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.admin());
    let form = [("username", "root"), ("password", PASSWORD), ("scope", "users:read"), ("client_id", "till")];
    let half = app.anon().post("/token").form(&form).send().expect(401).json();
    let tokens = go_on(&app, &half["mfa_token"], &phone.code(&app)).expect(200).json();
    assert_eq!(tokens["scope"], "users:read");
    assert_eq!(claims_of(tokens["access_token"].as_str().expect("a token"))["client_id"], "till");
    let renewed = app.anon().post("/refresh").json(json!({"refresh_token": tokens["refresh_token"]})).send();
    let claims = claims_of(renewed.expect(200).json()["access_token"].as_str().expect("a token"));
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd", "otp", "mfa"]), &"aal2".into()));
}

#[test]
fn a_code_is_never_taken_twice() {
    let app = spawn_app();
    let (phone, codes) = app.enrol(&app.alice());
    let code = phone.code(&app);
    with_otp(&app, "alice", &code).expect(200);
    with_otp(&app, "alice", &code).refused(401, WRONG);
    // Nor one from before it, though its window is still open.
    with_otp(&app, "alice", &phone.code_at(app.now() - 30)).refused(401, WRONG);
    with_otp(&app, "alice", &codes[3]).expect(200);
    with_otp(&app, "alice", &codes[3]).refused(401, WRONG);
    with_otp(&app, "alice", &codes[4].to_uppercase().replace('-', " ")).expect(200);
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "factor.recovery_code_used").count(), 2);
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "signin.factor_failed").count(), 3);
}

#[test]
fn of_many_who_send_the_same_code_at_once_one_gets_in() {
    let app = spawn_app();
    let (phone, codes) = app.enrol(&app.alice());
    for code in [phone.code(&app), codes[0].clone()] {
        let halves: Vec<Value> = (0..8).map(|_| app.half_way("alice")["mfa_token"].clone()).collect();
        let answers = at_once(8, |n| go_on(&app, &halves[n], &code).status);
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    }
}

#[test]
fn clocks_may_be_one_step_apart() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    app.advance(300);
    with_otp(&app, "alice", &phone.code_at(app.now() - 60)).expect(401);
    with_otp(&app, "alice", &phone.code_at(app.now() + 60)).expect(401);
    with_otp(&app, "alice", &phone.code_at(app.now() - 30)).expect(200);
    with_otp(&app, "alice", &phone.code_at(app.now() + 30)).expect(200);
}

#[test]
fn an_mfa_token_has_five_tries_five_minutes_and_one_use() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    let half = app.half_way("alice");
    for _ in 0..5 {
        go_on(&app, &half["mfa_token"], &phone.wrong_code(&app)).refused(401, WRONG);
    }
    go_on(&app, &half["mfa_token"], &phone.code(&app)).refused(401, OVER);
    let late = app.half_way("alice");
    app.advance(300);
    go_on(&app, &late["mfa_token"], &phone.code(&app)).refused(401, OVER);
    let used = app.half_way("alice");
    go_on(&app, &used["mfa_token"], &phone.code(&app)).expect(200);
    app.advance(30);
    go_on(&app, &used["mfa_token"], &phone.code(&app)).refused(401, OVER);
    for made_up in ["", "x", "a.b", "..", &"x".repeat(1000), "\u{0}.\u{0}"] {
        go_on(&app, &made_up.into(), &phone.code(&app)).expect(if made_up.is_empty() { 400 } else { 401 });
    }
}

#[test]
fn many_tries_at_once_are_no_more_than_five() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    let half = app.half_way("alice");
    let wrong = phone.wrong_code(&app);
    let answers = at_once(20, |_| go_on(&app, &half["mfa_token"], &wrong).json()["detail"].clone());
    assert_eq!(answers.iter().filter(|detail| *detail == WRONG).count(), 5);
}

#[test]
fn an_mfa_token_is_for_nobody_else_and_no_token_of_another_kind() {
    let app = spawn_app();
    let (alices, _) = app.enrol(&app.alice());
    let (bobs, codes) = app.enrol(&app.bob());
    let half = app.half_way("alice");
    go_on(&app, &half["mfa_token"], &bobs.code(&app)).refused(401, WRONG);
    go_on(&app, &half["mfa_token"], &codes[0]).refused(401, WRONG);
    let token = half["mfa_token"].as_str().expect("a token");
    app.anon().bearing(token).get("/users/me").send().expect(401);
    app.anon().post("/refresh").json(json!({"refresh_token": token})).send().expect(401);
    let (id, secret) = token.split_once('.').expect("two parts");
    let other = app.half_way("bob")["mfa_token"].as_str().expect("a token").to_owned();
    let (others_id, others_secret) = other.split_once('.').expect("two parts");
    for forged in [format!("{id}.{others_secret}"), format!("{others_id}.{secret}"), format!("{id}."), id.to_owned()] {
        go_on(&app, &forged.into(), &alices.code(&app)).refused(401, OVER);
    }
}

#[test]
fn what_was_begun_ends_with_the_password_the_account_and_the_grant() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    let alice = app.anon().holding(with_otp(&app, "alice", &phone.code(&app)).expect(200).json());
    app.advance(30);
    let half = app.half_way("alice");
    let change = json!({"current_password": PASSWORD, "new_password": "another horse, stapled"});
    alice.post("/users/me/password").json(change).send().expect(204);
    go_on(&app, &half["mfa_token"], &phone.code(&app)).expect(401);
    let (bobs, _) = app.enrol(&app.bob());
    let half = app.half_way("bob");
    let id = app.home.database.texts("SELECT id AS value FROM users WHERE username = 'bob'").remove(0);
    app.admin().post(&format!("/api/users/{id}/disable")).send().expect(200);
    go_on(&app, &half["mfa_token"], &bobs.code(&app)).expect(401);
}

#[test]
fn it_goes_on_at_another_node() {
    let first = spawn_app();
    let second = start(first.home.clone(), &[]);
    let (phone, _) = first.enrol(&first.alice());
    second.advance(30);
    let half = first.half_way("alice");
    go_on(&second, &half["mfa_token"], &phone.code(&second)).expect(200);
    first.half_way("alice");
    with_otp(&first, "alice", &phone.code(&first)).refused(401, WRONG);
}

#[test]
fn removing_it_takes_a_fresh_proof_of_both_factors() {
    let app = spawn_app();
    // Somebody who knows the password is in already when alice sets up her second factor.
    let (thief, alice) = (app.alice(), app.alice());
    let (phone, _) = app.enrol(&alice);
    is_not_fresh(thief.delete("/users/me/totp").send());
    is_not_fresh(thief.post("/users/me/recovery-codes").send());
    let fresh = app.anon().holding(with_otp(&app, "alice", &phone.code(&app)).expect(200).json());
    app.advance(15 * 60 + 1);
    is_not_fresh(fresh.delete("/users/me/totp").send());
    is_not_fresh(alice.delete("/users/me/totp").send());
    let again = app.anon().holding(with_otp(&app, "alice", &phone.code(&app)).expect(200).json());
    assert!(again.delete("/users/me/totp").send().expect(204).body.is_empty());
    again.delete("/users/me/totp").send().expect(409);
    app.user("alice");
    let left = again.get("/users/me/factors").send().expect(200).json()["recovery_codes_left"].clone();
    assert_eq!(left, 0);
    assert!(app.recorded().contains(&"factor.removed".to_owned()));
}

#[test]
fn whoever_has_just_set_it_up_may_remove_it_again() {
    let app = spawn_app();
    let alice = app.alice();
    app.enrol(&alice);
    alice.delete("/users/me/totp").send().expect(204);
}

#[test]
fn setting_it_up_takes_a_fresh_proof() {
    let app = spawn_app();
    let alice = app.alice();
    app.advance(15 * 60 + 1);
    let stale = app.anon().holding(app.refresh(&alice).expect(200).json());
    is_not_fresh(stale.post("/users/me/totp").send());
    is_not_fresh(stale.post("/users/me/totp/confirm").json(json!({"code": "123456"})).send());
}

#[test]
fn new_recovery_codes_replace_the_old_ones() {
    let app = spawn_app();
    let alice = app.alice();
    alice.post("/users/me/recovery-codes").send().expect(409);
    let (_, old) = app.enrol(&alice);
    let new = alice.post("/users/me/recovery-codes").send().expect(200).json()["recovery_codes"].clone();
    with_otp(&app, "alice", &old[0]).refused(401, WRONG);
    with_otp(&app, "alice", new[0].as_str().expect("a code")).expect(200);
}

#[test]
fn codes_and_secrets_stand_in_the_database_sealed_or_hashed() {
    let app = spawn_app();
    let alice = app.alice();
    let offer = alice.post("/users/me/totp").send().expect(200).json();
    let phone = Authenticator::scan(offer["secret"].as_str().expect("a secret"));
    let sealed = app.home.database.bytes("SELECT sealed AS value FROM totp_secrets");
    assert!(sealed.len() > 20 && !sealed.windows(20).any(|part| phone.is(part)));
    let confirmed =
        alice.post("/users/me/totp/confirm").json(json!({"code": phone.code(&app)})).send().expect(200).json();
    let code = confirmed["recovery_codes"][0].as_str().expect("a code").replace('-', "");
    let hash = app.home.database.bytes("SELECT hash AS value FROM recovery_codes ORDER BY hash LIMIT 1");
    assert!(hash.len() == 32 && !hash.windows(12).any(|part| part == code.as_bytes()));
}

#[test]
fn where_one_is_required_programs_are_told_to_use_a_browser_first() {
    for (setting, name, status) in
        [("required", "alice", 401), ("required", "root", 401), ("admins", "root", 401), ("admins", "alice", 200)]
    {
        let app = spawn_with(&[("SECOND_FACTOR", setting)]);
        let form = [("username", name), ("password", PASSWORD)];
        let answer = app.anon().post("/token").form(&form).send().expect(status).json();
        if status == 401 {
            assert_eq!((&answer["error"], &answer["methods"]), (&"mfa_required".into(), &json!([])));
            assert!(answer.get("mfa_token").is_none());
        }
    }
}

#[test]
fn where_one_is_required_the_last_can_not_be_removed() {
    let mut app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    app.stop();
    let app = start(app.home.clone(), &[("SECOND_FACTOR", "required")]);
    app.advance(60);
    let alice = app.anon().holding(with_otp(&app, "alice", &phone.code(&app)).expect(200).json());
    alice.delete("/users/me/totp").send().expect(409);
}

#[test]
fn an_administrator_lets_somebody_in_once_whose_phone_is_gone() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    let (admin, id) = (app.admin(), app.user_id("alice"));
    let path = format!("/api/users/{id}/bypass");
    app.bob().post(&path).send().expect(403);
    app.anon().post(&path).send().expect(401);
    let bobs = app.user_id("bob");
    admin.post(&format!("/api/users/{bobs}/bypass")).send().expect(409);
    let first = admin.post(&path).send().expect(200).json()["code"].as_str().expect("a code").to_owned();
    let given = admin.post(&path).send().expect(200);
    assert_eq!(given.header("cache-control"), Some("no-store"));
    let code = given.json()["code"].as_str().expect("a code").to_owned();
    with_otp(&app, "alice", &first).refused(401, WRONG);
    with_otp(&app, "bob", &code).expect(200);
    let wrong = app.anon().post("/token").form(&[("username", "alice"), ("password", "not it"), ("otp", &code)]).send();
    wrong.refused(401, "Incorrect username or password");
    let tokens = with_otp(&app, "alice", &code).expect(200).json();
    let claims = claims_of(tokens["access_token"].as_str().expect("a token"));
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["pwd"]), &"aal1".into()));
    with_otp(&app, "alice", &code).refused(401, WRONG);
    with_otp(&app, "alice", &phone.code(&app)).expect(200);
    let recorded = app.recorded();
    assert!(
        recorded.contains(&"factor.bypass_given".to_owned()) && recorded.contains(&"factor.bypass_used".to_owned())
    );
    let late = admin.post(&path).send().expect(200).json()["code"].as_str().expect("a code").to_owned();
    app.advance(24 * 3600);
    with_otp(&app, "alice", &late).refused(401, WRONG);
    // Whom an administrator has let in puts away what is lost.
    let admin = app.admin();
    let code = admin.post(&path).send().expect(200).json()["code"].as_str().expect("a code").to_owned();
    app.anon().holding(with_otp(&app, "alice", &code).expect(200).json()).delete("/users/me/totp").send().expect(204);
    app.user("alice");
}

#[test]
fn a_lost_phone_is_replaced_also_where_a_second_factor_is_required() {
    let mut app = spawn_app();
    app.enrol(&app.alice());
    let path = format!("/api/users/{}/bypass", app.user_id("alice"));
    let code = app.admin().post(&path).send().expect(200).json()["code"].as_str().expect("a code").to_owned();
    app.stop();
    let app = start(app.home.clone(), &[("SECOND_FACTOR", "required")]);
    let alice = app.anon().holding(with_otp(&app, "alice", &code).expect(200).json());
    alice.delete("/users/me/totp").send().expect(204);
    let form = [("username", "alice"), ("password", PASSWORD)];
    let next = app.browser().post("/login").form(&form).send().expect(303);
    assert!(next.location().starts_with("/login/enrol?attempt="));
}

#[test]
fn a_bypass_is_not_given_to_somebody_above() {
    let app = spawn_app();
    let admin = app.admin();
    app.enrol(&admin);
    app.home.database.run(
        "INSERT INTO roles (id, name, created_at) VALUES ('desk', 'desk', 0); \
         INSERT INTO role_permissions (role_id, permission) VALUES ('desk', 'users:read'), ('desk', 'users:write');",
    );
    app.invite(&admin, "clerk", &["desk"]);
    let root = app.user_id("root");
    app.user("clerk").post(&format!("/api/users/{root}/bypass")).send().expect(403);
}
