//! The four algorithms, the keys that are published, and the profile of the tutorials.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use vestibule::tokens::keys;

use crate::harness::database::Copy;
use crate::harness::forge::{claims_of, header_of};
use crate::harness::{Home, PUBLIC_URL, SECRET_KEY, START, TestApp, spawn_app, spawn_with, start, start_at, wait_for};

const ALL: [&str; 4] = ["ES256", "EdDSA", "RS256", "HS256"];

fn published(app: &TestApp) -> Vec<Value> {
    app.anon().get("/.well-known/jwks.json").send().expect(200).json()["keys"].as_array().unwrap().clone()
}

/// Decodes as a service does that knows no more than the key and its own name.
fn decode(token: &str, key: &DecodingKey, algorithm: &str, audience: Option<&str>) -> Value {
    let mut validation = Validation::new(algorithm.parse::<Algorithm>().unwrap());
    match audience {
        Some(audience) => validation.set_audience(&[audience]),
        None => validation.validate_aud = false,
    }
    jsonwebtoken::decode::<Value>(token, key, &validation).unwrap().claims
}

#[test]
fn every_algorithm_issues_tokens_that_are_taken_back() {
    for algorithm in ALL {
        let app = spawn_with(&[("ALGORITHM", algorithm)]);
        let alice = app.alice();
        assert_eq!(header_of(alice.access())["alg"], algorithm);
        assert!(alice.is_known(), "{algorithm}");
        let next = app.anon().post("/refresh").json(json!({"refresh_token": alice.refresh_token()})).send().expect(200);
        assert!(app.anon().holding(next.json()).is_known(), "{algorithm}");
    }
}

#[test]
fn services_verify_with_nothing_but_the_published_key_and_their_audience() {
    for algorithm in ["ES256", "EdDSA", "RS256"] {
        let app = spawn_with(&[("ALGORITHM", algorithm), ("AUDIENCE", "https://shop.example")]);
        let alice = app.alice();
        let kid = header_of(alice.access())["kid"].clone();
        let key = published(&app).into_iter().find(|key| key["kid"] == kid).expect("the key is published");
        assert_eq!((&key["alg"], &key["use"]), (&json!(algorithm), &json!("sig")));
        let jwk: Jwk = serde_json::from_value(key).unwrap();
        let claims =
            decode(alice.access(), &DecodingKey::from_jwk(&jwk).unwrap(), algorithm, Some("https://shop.example"));
        assert_eq!(claims["username"], "alice");
    }
}

#[test]
fn no_private_part_of_a_key_and_no_shared_secret_is_ever_published() {
    for algorithm in ALL {
        for key in published(&spawn_with(&[("ALGORITHM", algorithm)])) {
            assert_ne!(key["kty"], "oct");
            for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert!(key[private].is_null(), "{algorithm}: {private}");
            }
        }
    }
}

#[test]
fn the_published_keys_may_be_kept_for_a_minute() {
    let answer = spawn_app().anon().get("/.well-known/jwks.json").send().expect(200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=60"));
}

#[test]
fn with_a_shared_secret_a_token_has_no_key_id_and_opens_with_the_secret() {
    let app = spawn_with(&[("ALGORITHM", "HS256")]);
    let alice = app.alice();
    assert!(header_of(alice.access())["kid"].is_null());
    let key = DecodingKey::from_secret(SECRET_KEY.as_bytes());
    assert_eq!(decode(alice.access(), &key, "HS256", Some(PUBLIC_URL))["username"], "alice");
}

#[test]
fn in_the_profile_of_the_tutorials_the_subject_is_the_username_and_there_is_no_audience() {
    let app = spawn_with(&[("ALGORITHM", "HS256"), ("TOKEN_PROFILE", "fastapi")]);
    let alice = app.alice();
    // As `jwt.decode(token, SECRET_KEY, algorithms=[ALGORITHM])` does.
    let claims = decode(alice.access(), &DecodingKey::from_secret(SECRET_KEY.as_bytes()), "HS256", None);
    assert_eq!(claims["sub"], "alice");
    assert!(claims["aud"].is_null());
    assert!(alice.is_known());
    assert_eq!(alice.get("/users/me").send().expect(200).json()["username"], "alice");
}

#[test]
fn in_the_profile_of_the_tutorials_usernames_never_change_and_ends_still_count() {
    let app = spawn_with(&[("TOKEN_PROFILE", "fastapi")]);
    let (admin, alice) = (app.admin(), app.alice());
    let id = alice.get("/users/me").send().expect(200).json()["id"].as_str().unwrap().to_owned();
    let rename = admin.patch(&format!("/api/users/{id}")).json(json!({"username": "alicia"})).send().expect(422);
    assert_eq!(rename.json()["errors"][0]["pointer"], "/username");
    admin.patch(&format!("/api/users/{id}")).json(json!({"name": "Alicia"})).send().expect(200);
    admin.post(&format!("/api/users/{id}/disable")).send().expect(200);
    assert!(!alice.is_known());
}

#[test]
fn a_token_made_for_one_profile_is_no_good_in_the_other() {
    let (plain, fastapi) = (spawn_app(), spawn_with(&[("TOKEN_PROFILE", "fastapi")]));
    plain.anon().bearing(fastapi.alice().access()).get("/protected").send().expect(401);
    assert!(claims_of(plain.alice().access())["uid"].is_null());
}

/// A token from before a restart with other settings, held against the server after it.
fn survives(before: &str, after: &str) -> bool {
    let home = Home::new(Copy::Peopled);
    let mut first = start(home.clone(), &[("ALGORITHM", before)]);
    let alice = first.alice();
    first.stop();
    let second = start(home, &[("ALGORITHM", after)]);
    let refreshed = second.anon().post("/refresh").json(json!({"refresh_token": alice.refresh_token()})).send();
    assert_eq!(refreshed.status, 200, "{before} to {after}");
    second.anon().bearing(alice.access()).is_known()
}

#[test]
fn nobody_is_signed_out_by_a_restart_nor_by_another_asymmetric_algorithm() {
    assert!(survives("ES256", "ES256"));
    assert!(survives("ES256", "EdDSA"));
    assert!(survives("RS256", "ES256"));
    assert!(survives("EdDSA", "HS256"));
    assert!(survives("HS256", "HS256"));
}

#[test]
fn nobody_is_signed_out_when_the_shared_secret_gives_way_to_a_key() {
    assert!(survives("HS256", "ES256"));
}

#[test]
fn a_node_goes_on_signing_after_another_was_started_with_another_algorithm() {
    let home = Home::new(Copy::Peopled);
    let node = start(home.clone(), &[("ALGORITHM", "EdDSA")]);
    start_at(START + 1, home, &[("ALGORITHM", "ES256")]).stop();
    for _ in 0..3 {
        node.advance(1500);
        let alice = node.alice();
        wait_for(keys::purge(&node.app)).unwrap();
        wait_for(keys::follow(&node.app)).unwrap();
        assert!(alice.is_known(), "its token was made a moment ago");
    }
}
