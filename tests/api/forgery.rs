//! Tokens that somebody else made, or changed, against the default: ES256 with a published key.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use vestibule::platform::jwt::{Algorithm, PrivateKey};

use crate::harness::forge::{changed, claims_of, encode, es256, header_of, hs256, unsigned};
use crate::harness::{TestApp, spawn_app, spawn_with};

struct Attack {
    app: TestApp,
    token: String,
    header: Value,
    claims: String,
}

fn attack() -> Attack {
    let app = spawn_app();
    let token = app.alice().access().to_owned();
    let claims = changed(&claims_of(&token), &json!({"username": "root", "roles": ["admin"]})).to_string();
    Attack { header: header_of(&token), token, claims, app }
}

impl Attack {
    #[track_caller]
    fn fails(&self, token: &str) {
        self.app.anon().bearing(token).get("/protected").send().refused(401, "Could not validate credentials");
    }

    fn header(&self, change: Value) -> Value {
        changed(&self.header, &change)
    }
}

fn foreign_key() -> Vec<u8> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    pair.to_pkcs8v1().unwrap().as_ref().to_vec()
}

#[test]
fn no_algorithm_is_no_signature_however_it_is_spelt() {
    let attack = attack();
    for none in ["none", "None", "NONE", "nOnE", "", "null", "HS0"] {
        attack.fails(&unsigned(&attack.header(json!({"alg": none})), &attack.claims));
        attack.fails(&unsigned(&attack.header(json!({"alg": none, "kid": null})), &attack.claims));
    }
    for alg in [json!(null), json!(5), json!(["ES256"]), json!({})] {
        attack.fails(&unsigned(&attack.header(json!({"alg": alg})), &attack.claims));
    }
    attack.fails(&unsigned(&attack.header, &attack.claims));
}

#[test]
fn the_public_key_is_no_shared_secret() {
    let attack = attack();
    let jwk = attack.app.published_key();
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    // SubjectPublicKeyInfo of a P-256 key (RFC 5480): a fixed beginning, then the point.
    let spki = [hex("3059301306072a8648ce3d020106082a8648ce3d030107034200"), point.clone()].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&spki));
    for secret in
        [point, coordinate("x"), spki, pem.into_bytes(), jwk.to_string().into_bytes(), Vec::new(), vec![0; 32]]
    {
        for change in [json!({"alg": "HS256"}), json!({"alg": "HS256", "kid": null}), json!({})] {
            attack.fails(&hs256(&attack.header(change), &attack.claims, &secret));
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |c: u8| (c as char).to_digit(16).unwrap() as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect()
}

#[test]
fn another_key_is_refused_under_any_name() {
    let attack = attack();
    let key = foreign_key();
    let own_name = PrivateKey::from_pkcs8(Algorithm::Es256, key.clone()).public_jwk().unwrap().common.key_id.unwrap();
    for kid in [
        attack.header["kid"].clone(),
        json!(own_name),
        json!(null),
        json!(""),
        json!("../../data/secret_key"),
        json!("' OR '1'='1"),
        json!("x\u{0}"),
        json!(5),
        json!(["x"]),
    ] {
        attack.fails(&es256(&attack.header(json!({"kid": kid})), &attack.claims, &key));
    }
}

#[test]
fn a_key_that_comes_with_the_token_is_never_used() {
    let attack = attack();
    let key = foreign_key();
    let jwk =
        serde_json::to_value(PrivateKey::from_pkcs8(Algorithm::Es256, key.clone()).public_jwk().unwrap()).unwrap();
    for brought in [
        json!({"jwk": jwk}),
        json!({"jwk": jwk, "kid": jwk["kid"]}),
        json!({"jku": "http://127.0.0.1:1/jwks.json"}),
        json!({"x5u": "http://127.0.0.1:1/cert.pem"}),
        json!({"x5c": ["MIIB"]}),
    ] {
        attack.fails(&es256(&attack.header(brought), &attack.claims, &key));
    }
}

#[test]
fn a_token_of_the_own_key_is_good_until_it_brings_a_key_along() {
    let attack = attack();
    let key = attack.app.private_key();
    let claims = claims_of(&attack.token).to_string();
    attack.app.anon().bearing(&es256(&attack.header, &claims, &key)).get("/protected").send().expect(200);
    let jwk = attack.app.published_key();
    for brought in [
        json!({"jwk": jwk}),
        json!({"jku": "http://vestibule.test/.well-known/jwks.json"}),
        json!({"x5u": "http://x"}),
        json!({"x5c": ["MIIB"]}),
        json!({"crit": ["exp"]}),
        json!({"kid": null}),
        json!({"typ": "JWT"}),
        json!({"alg": "ES384"}),
        json!({"alg": "RS256"}),
    ] {
        attack.fails(&es256(&attack.header(brought.clone()), &claims, &key));
    }
}

#[test]
fn a_signature_that_is_not_over_this_text_is_refused() {
    let attack = attack();
    let parts: Vec<&str> = attack.token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("three parts") };
    let forged = encode(&attack.claims);
    let zero = encode([0_u8; 64]);
    for token in [
        format!("{header}.{forged}.{signature}"),
        format!("{header}.{claims}.{zero}"),
        format!("{header}.{forged}.{zero}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{}", &signature[..signature.len() - 4]),
        format!("{header}.{claims}.{signature}AAAA"),
        format!("{}.{claims}.{signature}", encode(attack.header(json!({"x": 1})).to_string())),
    ] {
        attack.fails(&token);
    }
}

#[test]
fn only_the_compact_form_to_the_letter_is_a_token() {
    let attack = attack();
    let token = &attack.token;
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("three parts") };
    for token in [
        format!("{header}.{claims}"),
        format!("{token}."),
        format!("{token}.x"),
        format!(".{claims}.{signature}"),
        format!("{header}=.{claims}.{signature}"),
        format!("{header}.{claims}.{signature}=="),
        format!("{header}.{claims}.{}", flipped_end(signature)),
        format!("{header} .{claims}.{signature}"),
        token.replace('.', ".."),
        token.to_uppercase(),
        "..".to_owned(),
        ".".to_owned(),
        "null".to_owned(),
        "a".repeat(100_000),
        format!("{header}.{}.{signature}", "A".repeat(100_000)),
    ] {
        attack.fails(&token);
    }
}

/// The same bytes, written with a last letter whose unused bits are set: not canonical.
fn flipped_end(signature: &str) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = signature.chars().last().and_then(|c| alphabet.find(c)).unwrap();
    let other = alphabet.chars().nth(last ^ 1).unwrap();
    format!("{}{other}", &signature[..signature.len() - 1])
}

#[test]
fn bytes_that_are_no_text_are_no_token() {
    let app = spawn_app();
    for token in ["\u{fc}.\u{fc}.\u{fc}", "令牌", "a b c", "Bearer", "\"x\"", "<script>"] {
        assert_eq!(app.raw_status("GET /users/me", &format!("Authorization: Bearer {token}\n")), 401, "{token}");
    }
    let bytes = b"GET /users/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \xff\xfe.x.y\r\n\r\n";
    assert!(app.raw_bytes(bytes).starts_with("HTTP/1.1 40"));
    app.anon().get("/health").send().expect(200);
}

#[test]
fn a_refresh_token_opens_no_door() {
    let app = spawn_app();
    let alice = app.alice();
    app.anon().bearing(alice.refresh_token()).get("/protected").send().refused(401, "Could not validate credentials");
    app.anon().post("/refresh").json(json!({"refresh_token": alice.access()})).send().expect(401);
}

#[test]
fn a_token_of_another_installation_is_refused() {
    let (here, there) = (spawn_app(), spawn_with(&[("PUBLIC_URL", "http://elsewhere.test")]));
    // Both have the same keys, as a copied database has.
    here.anon().bearing(there.alice().access()).get("/protected").send().expect(401);
    there.anon().bearing(here.alice().access()).get("/protected").send().expect(401);
}

#[test]
fn the_permissions_of_a_token_are_those_of_its_scope_and_not_of_its_roles() {
    let app = spawn_with(&[("ALGORITHM", "HS256")]);
    let alice = app.alice();
    let claims = changed(&claims_of(alice.access()), &json!({"roles": ["admin"]}));
    let token = crate::harness::forge::own(&header_of(alice.access()), &claims.to_string());
    app.anon().bearing(&token).get("/api/users").send().expect(403);
}
