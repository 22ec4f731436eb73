//! The calls of the four tutorials, with the words and statuses that their readers know.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{PASSWORD, TestApp, spawn_app, spawn_with};

#[test]
fn whoever_brings_a_token_is_greeted_by_name_and_a_bad_one_is_refused() {
    let app = spawn_app();
    let alice = app.alice();
    assert_eq!(alice.get("/").send().expect(200).json()["username"], "alice");
    assert!(app.anon().get("/").send().expect(200).json().get("username").is_none());
    app.anon().bearing("nonsense").get("/").send().refused(401, "Could not validate credentials");
    alice.post("/logout").send().expect(204);
    alice.get("/").send().refused(401, "Could not validate credentials");
}

#[test]
fn a_program_is_greeted_and_told_where_the_documentation_is() {
    let greeting = spawn_app().anon().get("/").send().expect(200).json();
    assert!(greeting["message"].is_string());
    assert_eq!(greeting["docs"], "/docs");
}

#[test]
fn signing_up_gives_the_new_account() {
    let app = spawn_app();
    let new = json!({"username": "Carol", "email": "carol@example.com", "password": PASSWORD});
    let account = app.anon().post("/signup").json(new).send().expect(201).json();
    assert_eq!(account["username"], "Carol");
    assert_eq!(account["email"], "carol@example.com");
    assert_eq!(account["email_verified"], false);
    assert_eq!(account["roles"], json!(["user"]));
    assert!(
        account["created_at"].as_str().is_some_and(|time| time.starts_with("2030-01-01T00:00:") && time.ends_with('Z'))
    );
    assert!(account["id"].as_str().is_some_and(|id| id.len() >= 16 && id.parse::<u64>().is_err()), "{account}");
    assert!(!account.to_string().contains("hash") && account["password"].is_null());
    assert_eq!(app.recorded(), ["user.signed_up"]);
}

#[test]
fn signing_up_takes_a_form_as_well() {
    let new = [("username", "carol"), ("email", "carol@example.com"), ("password", PASSWORD)];
    spawn_app().anon().post("/signup").form(&new).send().expect(201);
}

#[test]
fn a_name_or_an_address_that_is_taken_is_refused_in_any_case() {
    let app = spawn_app();
    let sign_up = |username: &str, email: &str| {
        app.anon().post("/signup").json(json!({"username": username, "email": email, "password": PASSWORD})).send()
    };
    sign_up("alice", "new@example.com").refused(400, "Username already registered");
    sign_up("ALICE", "new@example.com").refused(400, "Username already registered");
    sign_up("new", "alice@example.com").refused(400, "Email already registered");
    sign_up("new", "Alice@Example.COM").refused(400, "Email already registered");
    assert!(app.recorded().is_empty());
}

#[test]
fn a_token_is_given_for_the_password_form_of_oauth() {
    let app = spawn_app();
    let form =
        [("grant_type", "password"), ("username", "alice"), ("password", PASSWORD), ("scope", ""), ("client_id", "")];
    let answer = app.anon().post("/token").form(&form).send().expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let tokens = answer.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("bearer"), &json!(1800)));
    assert_eq!(tokens["scope"], "");
    assert!(tokens["access_token"].as_str().is_some_and(|token| token.split('.').count() == 3));
    assert!(tokens["refresh_token"].as_str().is_some_and(|token| token.len() >= 43 && !token.contains('.')));
    assert_eq!(app.recorded(), ["signin.succeeded"]);
}

#[test]
fn login_takes_json_and_a_form_and_answers_as_token_does() {
    let app = spawn_app();
    let json = app.anon().post("/login").json(json!({"username": "alice", "password": PASSWORD})).send().expect(200);
    let form = app.anon().post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(200);
    for answer in [json, form] {
        let tokens = answer.json();
        let names: Vec<&String> = tokens.as_object().unwrap().keys().collect();
        assert_eq!(names, ["access_token", "refresh_token", "token_type", "expires_in", "scope"]);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.varies_by_accept() && answer.header("set-cookie").is_none());
    }
}

#[test]
fn people_sign_in_with_their_name_or_address_in_any_case() {
    let app = spawn_app();
    for name in ["ALICE", "alice@example.com", "Alice@EXAMPLE.com"] {
        assert!(app.user(name).is_known(), "{name}");
    }
}

#[test]
fn unknown_name_wrong_password_and_disabled_account_are_told_the_same() {
    let app = spawn_app();
    let admin = app.admin();
    let bob = app.home.database.texts("SELECT id AS value FROM users WHERE username = 'bob'").remove(0);
    admin.post(&format!("/api/users/{bob}/disable")).send().expect(200);
    let mut told = Vec::new();
    for (name, password) in [("nobody", PASSWORD), ("alice", "not the right one"), ("bob", PASSWORD)] {
        for path in ["/token", "/login"] {
            let answer = app.anon().post(path).form(&[("username", name), ("password", password)]).send();
            let answer = answer.refused(401, "Incorrect username or password");
            assert_eq!(answer.json()["error"], "invalid_grant");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
            let mut body = answer.json();
            body["request_id"] = json!("");
            told.push(body);
        }
    }
    assert!(told.iter().all(|body| *body == told[0]), "{told:?}");
}

#[test]
fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let app = spawn_with(&[("BCRYPT_COST", "10")]);
    // The quickest of many tries is what it costs; on a busy machine it takes more tries to see one that was not disturbed.
    let mut quickest = ["nobody", "alice"].map(|name| time_of_failure(&app, name));
    let alike = |[unknown, wrong]: [Duration; 2]| unknown > wrong / 2 && wrong > unknown / 2;
    for _ in 0..60 {
        for (best, name) in quickest.iter_mut().zip(["nobody", "alice"]) {
            *best = time_of_failure(&app, name).min(*best);
        }
        if alike(quickest) {
            break;
        }
    }
    assert!(alike(quickest), "unknown and wrong: {quickest:?}");
}

fn time_of_failure(app: &TestApp, name: &str) -> Duration {
    let begun = Instant::now();
    app.anon().post("/token").form(&[("username", name), ("password", "not the right one")]).send().expect(401);
    begun.elapsed()
}

#[test]
fn a_missing_field_at_the_token_endpoints_is_an_invalid_request() {
    let app = spawn_app();
    for (path, form) in [
        ("/token", vec![("username", "alice")]),
        ("/token", vec![("password", PASSWORD)]),
        ("/token", vec![("username", ""), ("password", PASSWORD)]),
        ("/token", vec![("grant_type", "refresh_token")]),
        ("/login", vec![("username", "alice")]),
    ] {
        let answer = app.anon().post(path).form(&form).send().expect(400);
        assert_eq!(answer.json()["error"], "invalid_request", "{path} {form:?}");
    }
    let unknown = app.anon().post("/token").form(&[("grant_type", "magic")]).send().expect(400);
    assert_eq!(unknown.json()["error"], "unsupported_grant_type");
}

#[test]
fn users_me_says_who_one_is() {
    let app = spawn_app();
    let alice = app.alice();
    let me = alice.get("/users/me").send().expect(200).json();
    assert_eq!((&me["username"], &me["email"]), (&json!("alice"), &json!("alice@example.com")));
    assert_eq!((&me["roles"], &me["name"]), (&json!(["user"]), &json!(null)));
    assert_eq!(me["id"], alice.id());
}

#[test]
fn protected_routes_tell_no_token_from_a_bad_one() {
    let app = spawn_app();
    for path in ["/users/me", "/protected"] {
        let none = app.anon().get(path).send().refused(401, "Not authenticated");
        assert_eq!(none.header("www-authenticate"), Some("Bearer"));
        let bad = app.anon().bearing("x.y.z").get(path).send().refused(401, "Could not validate credentials");
        assert_eq!(bad.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    }
    let welcome = app.alice().get("/protected").send().expect(200).json();
    assert_eq!(welcome, json!({"message": "Welcome, alice!"}));
}

#[test]
fn the_scheme_of_the_authorization_header_is_read_in_any_case() {
    let app = spawn_app();
    let alice = app.alice();
    for scheme in ["bearer", "BEARER", "Bearer "] {
        app.anon().with("Authorization", &format!("{scheme} {}", alice.access())).get("/protected").send().expect(200);
    }
    for other in ["Bearer", "Basic YWxpY2U6eA==", alice.access(), "Token x"] {
        app.anon().with("Authorization", other).get("/protected").send().refused(401, "Not authenticated");
    }
}

#[test]
fn refresh_takes_the_token_as_json_as_a_form_and_as_bearer() {
    let app = spawn_app();
    let first = app.alice();
    let second = app.anon().post("/refresh").json(json!({"refresh_token": first.refresh_token()})).send().expect(200);
    let second = app.anon().holding(second.json());
    let third = app.anon().post("/refresh").form(&[("refresh_token", second.refresh_token())]).send().expect(200);
    let third = app.anon().holding(third.json());
    let last = app.anon().bearing(third.refresh_token()).post("/refresh").send().expect(200);
    assert_eq!(last.header("cache-control"), Some("no-store"));
    let last = app.anon().holding(last.json());
    assert!(last.is_known());
    assert_ne!(last.refresh_token(), first.refresh_token());
}

#[test]
fn a_refresh_without_a_token_or_with_a_bad_one_is_unauthorized() {
    let app = spawn_app();
    app.anon().post("/refresh").send().expect(401);
    app.anon().post("/refresh").json(json!({})).send().expect(401);
    let bad = app.anon().post("/refresh").json(json!({"refresh_token": "nonsense"})).send().expect(401);
    assert_eq!(bad.json()["error"], "invalid_grant");
    let form = [("grant_type", "refresh_token"), ("refresh_token", "nonsense")];
    let oauth = app.anon().post("/token").form(&form).send().expect(400);
    assert_eq!(oauth.json()["error"], "invalid_grant");
}

#[test]
fn the_oauth_grant_for_refreshing_rotates_as_well() {
    let app = spawn_app();
    let alice = app.alice();
    let form = [("grant_type", "refresh_token"), ("refresh_token", alice.refresh_token())];
    let next = app.program(&form);
    assert!(next.is_known());
    assert_ne!(next.refresh_token(), alice.refresh_token());
}

#[test]
fn signing_out_ends_the_access_and_the_refresh_token() {
    let app = spawn_app();
    let alice = app.alice();
    let gone = alice.post("/logout").send().expect(204);
    assert!(gone.body.is_empty());
    alice.get("/users/me").send().refused(401, "Could not validate credentials");
    app.anon().post("/refresh").json(json!({"refresh_token": alice.refresh_token()})).send().expect(401);
    assert_eq!(app.recorded(), ["signin.succeeded", "session.signed_out"]);
}

#[test]
fn the_server_describes_itself_as_rfc_8414_has_it() {
    let metadata = spawn_app().anon().get("/.well-known/oauth-authorization-server").send().expect(200).json();
    assert_eq!(metadata["issuer"], "http://vestibule.test");
    assert_eq!(metadata["token_endpoint"], "http://vestibule.test/token");
    assert_eq!(metadata["jwks_uri"], "http://vestibule.test/.well-known/jwks.json");
    assert_eq!(metadata["grant_types_supported"], json!(["password", "refresh_token"]));
}

#[test]
fn liveness_and_readiness_are_told() {
    let app = spawn_app();
    app.anon().get("/health").send().expect(200);
    app.anon().get("/health/ready").send().expect(200);
    app.app.drain();
    app.anon().get("/health").send().expect(200);
    app.anon().get("/health/ready").send().expect(503);
}
