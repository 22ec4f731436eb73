//! A 401 that can be explained: an administrator with the request id sees why; the client learns nothing.

use serde_json::{Value, json};
use vestibule::signin::recognise::operator;
use vestibule::tokens::keys::{self, Start};

use crate::harness::answer::Answer;
use crate::harness::forge::{changed, claims_of, es256, header_of, hs256, own, unsigned};
use crate::harness::people::Person;
use crate::harness::{PUBLIC_URL, TestApp, spawn_app, spawn_with, wait_for, within};

/// The request id of an answer.
pub fn id_of(answer: &Answer) -> String {
    answer.header("x-request-id").expect("every answer has one").to_owned()
}

/// What the administrator reads about a request, as soon as it is written down.
#[track_caller]
pub fn why(app: &TestApp, admin: &Person, answer: &Answer) -> Value {
    let path = format!("/api/refusals/{}", id_of(answer));
    let mut told = Value::Null;
    within(std::time::Duration::from_secs(30), "it is written down", || {
        // Just after an outage a thread may still be without a connection.
        let _ = wait_for(vestibule::tokens::refusals::keep(&app.app));
        let answer = admin.get(&path).send();
        told = answer.json();
        answer.status == 200
    });
    told
}

/// A client that learns what RFC 6750 section 3.1 allows, and nothing beside.
#[track_caller]
fn refused(answer: &Answer) {
    assert_eq!(answer.status, 401, "{}", answer.text());
    assert_eq!(answer.headers_named("www-authenticate"), [r#"Bearer error="invalid_token""#]);
    let body = json!({
        "type": "/errors/invalid-token",
        "title": "Invalid token",
        "status": 401,
        "detail": "Could not validate credentials",
        "request_id": id_of(answer),
    });
    assert_eq!(answer.json(), body);
    let usual = [
        "cache-control",
        "content-length",
        "content-security-policy",
        "content-type",
        "date",
        "referrer-policy",
        "vary",
        "www-authenticate",
        "x-content-type-options",
        "x-frame-options",
        "x-request-id",
    ];
    let unusual: Vec<&str> = answer.headers.keys().map(|name| name.as_str()).filter(|n| !usual.contains(n)).collect();
    assert_eq!(unusual, [""; 0]);
}

pub fn ask(app: &TestApp, token: &str) -> Answer {
    let answer = app.anon().bearing(token).get("/protected").send();
    refused(&answer);
    answer
}

#[test]
fn every_reason_is_told_to_the_administrator_and_none_to_the_client() {
    let app = spawn_with(&[("ALGORITHM", "HS256")]);
    let (admin, alice) = (app.admin(), app.alice());
    let (header, claims) = (header_of(alice.access()), claims_of(alice.access()));
    let text = claims.to_string();
    let headed = |change: Value| own(&changed(&header, &change), &text);
    let claiming = |change: Value| own(&header, &changed(&claims, &change).to_string());
    let ahead = app.now() + 3600;
    for (token, reason, sentence) in [
        ("nonsense".to_owned(), "malformed", "does not have the form of one"),
        ("a".repeat(20_000), "too_long", "longer than any token"),
        (headed(json!({"typ": "JWT"})), "wrong_type", "of the type “JWT”"),
        (headed(json!({"crit": ["exp"]})), "critical_extension", "crit"),
        (headed(json!({"jku": "https://evil.example/keys"})), "brings_key", "a key of its own"),
        (headed(json!({"kid": "nobody's"})), "unknown_key", "given up: “nobody's”"),
        (unsigned(&changed(&header, &json!({"alg": "none"})), &text), "wrong_algorithm", "the algorithm “none”"),
        (hs256(&header, &text, b"another secret of the same length"), "bad_signature", "not made with the key"),
        (claiming(json!({"exp": "tomorrow"})), "unreadable_claims", "does not say what"),
        (claiming(json!({"sid": ""})), "unreadable_claims", "does not say what"),
        (claiming(json!({"iss": "https://old.example"})), "wrong_issuer", "“https://old.example”; this"),
        (claiming(json!({"aud": "https://other.example"})), "wrong_audience", "made for “https://other.example”; here"),
        (claiming(json!({"aud": null})), "wrong_audience", "made for nothing; here"),
        (claiming(json!({"type": "refresh"})), "wrong_kind", "of the kind “refresh”"),
        (claiming(json!({"nbf": ahead})), "not_yet_valid", "only from 2030-01-01T01:00:0"),
        (claiming(json!({"exp": 1})), "expired", "had expired"),
    ] {
        app.advance(4);
        let told = why(&app, &admin, &ask(&app, &token));
        assert_eq!(told["reason"], reason, "{told}");
        assert!(told["explanation"].as_str().unwrap().contains(sentence), "{told}");
        assert_eq!((&told["token"], &told["route"]), (&json!("access"), &json!("GET /protected")));
        assert_eq!(told["address"], "127.0.0.1");
    }
}

#[test]
fn what_is_proven_is_told_apart_from_what_anybody_may_write() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let (header, claims) = (header_of(alice.access()), claims_of(alice.access()));
    let ours =
        es256(&header, &changed(&claims, &json!({"aud": "https://other.example"})).to_string(), &app.private_key());
    let told = why(&app, &admin, &ask(&app, &ours));
    let expected = json!({
        "request_id": told["request_id"],
        "at": told["at"],
        "token": "access",
        "reason": "wrong_audience",
        "user_id": alice.id(),
        "username": "alice",
        "session_id": alice.sid(),
        "token_id": claims["jti"],
        "issued_at": "2030-01-01T00:00:00Z",
        "expires_at": "2030-01-01T00:30:00Z",
        "address": "127.0.0.1",
        "route": "GET /protected",
        "explanation": format!("It was made for “https://other.example”; here “{PUBLIC_URL}” is expected."),
        "found": "https://other.example",
        "expected": PUBLIC_URL,
        "header": {"proven": true, "kid": header["kid"], "alg": "ES256", "typ": "at+jwt"},
        "key": "signs",
        "cause": null,
    });
    assert_eq!(told, expected);
    let forged = format!("{}x", &ours[..ours.len() - 1]);
    let told = why(&app, &admin, &ask(&app, &forged));
    assert_eq!((&told["header"]["proven"], &told["key"]), (&json!(false), &json!("signs")));
    for name in ["user_id", "username", "session_id", "token_id", "issued_at", "expires_at", "found", "cause"] {
        assert_eq!(told[name], Value::Null, "nothing of a forged token is taken for true: {name}");
    }
}

#[test]
fn an_expired_token_tells_for_how_long_and_whose() {
    let app = spawn_app();
    let alice = app.alice();
    assert!(alice.is_known(), "remembered ones are told of as well");
    app.advance(30 * 60 + 240);
    let told = why(&app, &app.admin(), &ask(&app, alice.access()));
    assert_eq!(told["reason"], "expired");
    assert_eq!(told["explanation"], "The token had expired 4 minutes before.");
    assert_eq!((&told["username"], &told["key"]), (&json!("alice"), &json!("signs")));
    assert_eq!(told["token_id"], claims_of(alice.access())["jti"]);
}

#[test]
fn an_ended_session_tells_who_ended_it_when_and_why() {
    let app = spawn_app();
    let admin = app.admin();
    let end = |path: &str, name: &str| {
        let person = app.user(name);
        let path = path.replace("{id}", &person.id());
        let call = if path.ends_with("sessions") { admin.delete(&path) } else { admin.post(&path) };
        assert!(call.send().status < 300);
        why(&app, &admin, &ask(&app, person.access()))
    };
    let told = end("/api/users/{id}/sessions", "alice");
    assert_eq!(told["reason"], "session_ended");
    assert_eq!((&told["cause"]["what"], &told["cause"]["by"]), (&json!("ended_by_admin"), &json!("root")));
    let sentence = "Its session was ended by root at 2030-01-01 00:00:00 UTC: signed out everywhere.";
    assert_eq!(told["explanation"], sentence);
    let told = end("/api/users/{id}/disable", "bob");
    assert_eq!((&told["cause"]["what"], &told["cause"]["by"]), (&json!("user_disabled"), &json!("root")));
    let (here, there) = (app.alice(), app.alice());
    here.post("/logout").send().expect(204);
    let told = why(&app, &admin, &ask(&app, here.access()));
    assert_eq!((&told["cause"]["what"], &told["cause"]["by"]), (&json!("signed_out"), &json!("alice")));
    let other = app.alice();
    there.delete("/users/me/sessions").send().expect(204);
    let told = why(&app, &admin, &ask(&app, other.access()));
    assert_eq!((&told["cause"]["what"], &told["cause"]["by"]), (&json!("ended_by_user"), &json!("alice")));
    there.delete("/users/me").send().expect(204);
    let told = why(&app, &admin, &ask(&app, there.access()));
    assert_eq!((&told["cause"]["what"], &told["cause"]["by"]), (&json!("user_deleted"), &json!("alice")));
    assert_eq!((&told["reason"], &told["username"]), (&json!("session_ended"), &json!(null)));
}

#[test]
fn changed_roles_tell_who_changed_them() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let roles = json!({"roles": ["user", "admin"]});
    admin.put(&format!("/api/users/{}/roles", alice.id())).json(roles).send().expect(200);
    let told = why(&app, &admin, &ask(&app, alice.access()));
    assert_eq!(told["reason"], "stale");
    assert_eq!((&told["cause"]["what"], &told["cause"]["by"]), (&json!("roles_changed"), &json!("root")));
    assert!(told["explanation"].as_str().unwrap().starts_with("root changed the roles of its user at 2030-01-01"));
    // What happens later does not change why it was refused then.
    let answer = ask(&app, alice.access());
    why(&app, &admin, &answer);
    app.advance(60);
    admin.delete(&format!("/api/users/{}/sessions", alice.id())).send().expect(204);
    assert_eq!(why(&app, &admin, &answer)["reason"], "stale");
}

#[test]
fn the_key_is_told_to_sign_to_be_retired_or_to_be_unknown() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    alice.post("/logout").send().expect(204);
    assert_eq!(why(&app, &admin, &ask(&app, alice.access()))["key"], "signs");
    let console = wait_for(operator(&app.app)).expect("the database answers");
    wait_for(keys::rotate(&app.app, &console, Start::Now)).expect("a new key");
    app.advance(1);
    assert_eq!(why(&app, &admin, &ask(&app, alice.access()))["key"], "verifies");
    let header = changed(&header_of(alice.access()), &json!({"kid": "0ld"}));
    let foreign = es256(&header, &claims_of(alice.access()).to_string(), &app.private_key());
    let told = why(&app, &admin, &ask(&app, &foreign));
    assert_eq!((&told["key"], &told["header"]["kid"]), (&json!("unknown"), &json!("0ld")));
    let header = changed(&header_of(alice.access()), &json!({"alg": "HS256"}));
    let mixed = hs256(&header, &claims_of(alice.access()).to_string(), b"the public key, say");
    assert_eq!(why(&app, &admin, &ask(&app, &mixed))["reason"], "wrong_algorithm");
}

#[test]
fn a_key_that_counts_no_more_is_told_whatever_the_token_says() {
    let app = spawn_app();
    let alice = app.alice();
    let claims = changed(&claims_of(alice.access()), &json!({"exp": app.now() + 86_400}));
    let long = es256(&header_of(alice.access()), &claims.to_string(), &app.private_key());
    let rotate = |start| {
        let console = wait_for(operator(&app.app)).expect("the database answers");
        wait_for(keys::rotate(&app.app, &console, start)).expect("a new key");
    };
    rotate(Start::Now);
    app.advance(1800 + 40);
    let admin = app.admin();
    let told = why(&app, &admin, &ask(&app, &long));
    assert_eq!(
        (&told["reason"], &told["key"], &told["username"]),
        (&json!("key_retired"), &json!("verifies"), &json!("alice"))
    );
    rotate(Start::Compromised);
    let told = why(&app, &app.admin(), &ask(&app, &long));
    assert_eq!(
        (&told["reason"], &told["key"], &told["username"]),
        (&json!("unknown_key"), &json!("unknown"), &json!(null))
    );
}

#[test]
fn an_authorization_header_without_a_bearer_token_is_told_too() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let answer = app.anon().get("/users/me").with("Authorization", alice.access()).send();
    assert_eq!(answer.clone().refused(401, "Not authenticated").header("www-authenticate"), Some("Bearer"));
    assert_eq!(why(&app, &admin, &answer)["reason"], "not_bearer");
}
