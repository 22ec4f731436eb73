//! What an access token says, and claims that make one worthless although its signature is right (RFC 8725). With
//! `ALGORITHM=HS256` the test holds the key, and changes one thing at a time.

use serde_json::{Value, json};

use crate::harness::forge::{changed, claims_of, header_of, hs256_header, own};
use crate::harness::{PUBLIC_URL, START, TestApp, spawn_app, spawn_with};

struct House {
    app: TestApp,
    header: Value,
    claims: Value,
}

fn house() -> House {
    let app = spawn_with(&[("ALGORITHM", "HS256")]);
    let claims = claims_of(app.alice().access());
    House { app, header: hs256_header(), claims }
}

impl House {
    fn status(&self, token: &str) -> u16 {
        let answer = self.app.anon().bearing(token).get("/protected").send();
        if answer.status == 401 {
            assert_eq!(answer.json()["detail"], "Could not validate credentials");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
        }
        answer.status
    }

    fn with_claims(&self, change: Value) -> u16 {
        self.status(&own(&self.header, &changed(&self.claims, &change).to_string()))
    }

    fn with_header(&self, change: Value) -> u16 {
        self.status(&own(&changed(&self.header, &change), &self.claims.to_string()))
    }

    /// The claims with this piece of text in place of the value of one, as no JSON library would write it.
    fn with_text(&self, name: &str, text: &str) -> u16 {
        let claims = changed(&self.claims, &json!({ name: "PLACE" })).to_string();
        self.status(&own(&self.header, &claims.replace("\"PLACE\"", text)))
    }
}

#[test]
fn an_access_token_is_as_rfc_9068_has_it() {
    let app = spawn_app();
    let alice = app.program(&[("username", "alice"), ("password", crate::harness::PASSWORD), ("client_id", "shop")]);
    let (header, claims) = (header_of(alice.access()), claims_of(alice.access()));
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("ES256")));
    assert_eq!(header["kid"], app.published_key()["kid"]);
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(PUBLIC_URL), &json!(PUBLIC_URL)));
    assert_eq!((&claims["iat"], &claims["nbf"], &claims["exp"]), (&json!(START), &json!(START), &json!(START + 1800)));
    assert_eq!(
        (&claims["auth_time"], &claims["fresh"], &claims["type"]),
        (&json!(START), &json!(true), &json!("access"))
    );
    assert_eq!(
        (&claims["username"], &claims["roles"], &claims["scope"]),
        (&json!("alice"), &json!(["user"]), &json!(""))
    );
    assert_eq!(claims["client_id"], "shop");
    assert!(claims["jti"].is_string() && claims["sid"].is_string() && claims["sub"].is_string());
}

#[test]
fn a_token_that_the_test_signs_is_good_as_long_as_nothing_is_changed() {
    let house = house();
    assert_eq!(house.with_claims(json!({})), 200);
    assert_eq!(house.with_header(json!({"typ": "AT+JWT"})), 200);
    assert_eq!(house.with_header(json!({"typ": "application/at+jwt"})), 200);
    assert_eq!(house.with_claims(json!({"aud": [PUBLIC_URL, "https://shop.example"]})), 200);
    assert_eq!(house.with_claims(json!({"more": {"of": ["anything"]}})), 200);
}

#[test]
fn every_claim_must_be_there() {
    let house = house();
    for name in ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope", "sid", "type"] {
        assert_eq!(house.with_claims(json!({ name: null })), 401, "without {name}");
    }
    for name in ["sub", "jti", "client_id", "sid", "iss", "aud", "type"] {
        assert_eq!(house.with_claims(json!({ name: "" })), 401, "with an empty {name}");
    }
}

#[test]
fn a_token_is_dead_at_the_second_of_its_end() {
    let house = house();
    let now = house.app.now();
    assert_eq!(house.with_claims(json!({"exp": now + 1})), 200);
    assert_eq!(house.with_claims(json!({"exp": now})), 401);
    assert_eq!(house.with_claims(json!({"exp": now - 1})), 401);
    assert_eq!(house.with_claims(json!({"exp": -1})), 401);
    assert_eq!(house.with_claims(json!({"exp": 0})), 401);
}

#[test]
fn a_token_that_was_good_dies_by_the_clock_even_where_it_is_remembered() {
    let app = spawn_app();
    let alice = app.alice();
    assert!(alice.is_known());
    app.advance(1799 - 1);
    assert!(alice.is_known());
    app.advance(2);
    assert!(!alice.is_known());
}

#[test]
fn an_end_that_is_no_whole_number_of_seconds_is_refused() {
    let house = house();
    for text in [
        "\"1893460000\"",
        "\"never\"",
        "true",
        "[1893460000]",
        "{}",
        "null",
        "1e400",
        "99999999999999999999",
        "-9223372036854775809",
        "1e30",
        "\"\"",
    ] {
        assert_eq!(house.with_text("exp", text), 401, "exp {text}");
        assert_eq!(house.with_text("nbf", text), 401, "nbf {text}");
        assert_eq!(house.with_text("iat", text), 401, "iat {text}");
    }
}

#[test]
fn a_token_from_the_future_is_refused_beyond_half_a_minute() {
    let house = house();
    let now = house.app.now();
    assert_eq!(house.with_claims(json!({"nbf": now + 30})), 200);
    assert_eq!(house.with_claims(json!({"nbf": now + 31})), 401);
    assert_eq!(house.with_claims(json!({"iat": now + 30})), 200);
    assert_eq!(house.with_claims(json!({"iat": now + 31})), 401);
    assert_eq!(house.with_claims(json!({"nbf": i64::MAX})), 401);
}

#[test]
fn another_issuer_is_refused() {
    let house = house();
    for issuer in [
        json!("http://evil.test"),
        json!("http://vestibule.test/"),
        json!("HTTP://VESTIBULE.TEST"),
        json!([PUBLIC_URL]),
        json!([PUBLIC_URL, "http://evil.test"]),
        json!(5),
        json!({}),
    ] {
        assert_eq!(house.with_claims(json!({"iss": issuer})), 401, "{issuer}");
    }
}

#[test]
fn another_audience_is_refused() {
    let house = house();
    for audience in [
        json!("https://shop.example"),
        json!(["https://shop.example"]),
        json!([]),
        json!([5]),
        json!(5),
        json!({}),
        json!([[PUBLIC_URL]]),
        json!("http://vestibule.test.evil.example"),
    ] {
        assert_eq!(house.with_claims(json!({"aud": audience})), 401, "{audience}");
    }
}

#[test]
fn another_kind_of_token_is_refused() {
    let house = house();
    for typ in [
        json!("JWT"),
        json!("refresh+jwt"),
        json!("at+jwt "),
        json!(""),
        json!(null),
        json!(5),
        json!(["at+jwt"]),
        json!("application/application/at+jwt"),
    ] {
        assert_eq!(house.with_header(json!({"typ": typ})), 401, "{typ}");
    }
    assert_eq!(house.with_claims(json!({"type": "refresh"})), 401);
}

#[test]
fn a_critical_extension_is_refused() {
    let house = house();
    for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!("exp"), json!({})] {
        assert_eq!(house.with_header(json!({"crit": crit})), 401, "{crit}");
    }
    assert_eq!(house.with_header(json!({"crit": ["b64"], "b64": false})), 401);
}

#[test]
fn a_claim_that_stands_twice_is_refused() {
    let house = house();
    let claims = house.claims.to_string();
    for twice in [r#"{"sub":"somebody else","#, r#"{"exp":9999999999,"#, r#"{"iss":"http://evil.test","#] {
        assert_eq!(house.status(&own(&house.header, &claims.replacen('{', twice, 1))), 401, "{twice}");
    }
    let wrong: [&str; 6] = ["", "{}", "[]", "null", "5", "not JSON"];
    assert!(wrong.iter().all(|text| house.status(&own(&house.header, text)) == 401));
}

#[test]
fn claims_of_a_wrong_type_are_refused() {
    let house = house();
    for (name, value) in [
        ("sub", json!(5)),
        ("sid", json!(["x"])),
        ("roles", json!("admin")),
        ("scope", json!(["users:read"])),
        ("jti", json!("no id of ours")),
        ("username", json!(null)),
    ] {
        assert_eq!(house.with_claims(json!({ name: value })), 401, "{name}");
    }
}
