//! What is almost a token: one byte off, another form, another signature over the same words.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::harness::forge::{changed, claims_of, encode, es256, header_of};
use crate::harness::raw::status_of;
use crate::harness::{TestApp, at_once, spawn_app, spawn_with};

/// The order of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

#[track_caller]
fn refused(app: &TestApp, token: &str) {
    app.anon().bearing(token).get("/protected").send().refused(401, "Could not validate credentials");
}

/// Numbers that are the same in every run: SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
/// Generators").
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).expect("small")
    }

    /// The text with one byte changed to another that a header can hold.
    fn mutate(&mut self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        let place = self.below(bytes.len());
        // Visible ASCII has 94 characters; any but the one that stands there.
        let step = 1 + self.below(93);
        bytes[place] = u8::try_from((usize::from(bytes[place]) - 33 + step) % 94 + 33).expect("a byte");
        String::from_utf8(bytes).expect("ASCII")
    }
}

#[test]
fn no_token_with_one_byte_changed_is_good() {
    at_once(4, |n| {
        let algorithm = ["ES256", "EdDSA", "HS256", "RS256"][n];
        let app = spawn_with(&[("ALGORITHM", algorithm)]);
        let alice = app.alice();
        let mut numbers = Numbers(n as u64);
        for _ in 0..500 {
            let token = numbers.mutate(alice.access());
            assert_ne!(token, alice.access());
            assert!(!app.anon().bearing(&token).is_known(), "{algorithm}: {token}");
        }
        assert!(alice.is_known());
    });
}

#[test]
fn no_refresh_token_with_one_byte_changed_is_good_and_trying_ends_nothing() {
    let app = spawn_app();
    let alice = app.alice();
    let mut numbers = Numbers(5);
    for _ in 0..100 {
        let token = numbers.mutate(alice.refresh_token());
        app.anon().post("/refresh").json(json!({"refresh_token": token})).send().expect(401);
    }
    assert!(alice.is_known());
    app.refresh(&alice).expect(200);
}

/// The signature of a token as the two numbers that it is.
fn numbers_of(token: &str) -> (String, [u8; 32], [u8; 32]) {
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    let bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64");
    (message.to_owned(), bytes[..32].try_into().expect("r"), bytes[32..].try_into().expect("s"))
}

fn with_numbers(message: &str, r: &[u8; 32], s: &[u8; 32]) -> String {
    format!("{message}.{}", encode([*r, *s].concat()))
}

/// The order of the curve without `s`.
fn negated(s: &[u8; 32]) -> [u8; 32] {
    let mut difference = [0; 32];
    let mut borrow = 0;
    for n in (0..32).rev() {
        let digit = i16::from(ORDER[n]) - i16::from(s[n]) - borrow;
        borrow = i16::from(digit < 0);
        difference[n] = u8::try_from(digit.rem_euclid(256)).expect("a byte");
    }
    difference
}

#[test]
fn a_signature_with_a_number_that_can_not_be_one_is_refused() {
    let app = spawn_app();
    let (message, r, s) = numbers_of(app.alice().access());
    let (zero, mut one) = ([0; 32], [0; 32]);
    one[31] = 1;
    for (r, s) in
        [(zero, zero), (zero, s), (r, zero), (ORDER, s), (r, ORDER), (ORDER, ORDER), (one, one), (zero, one), (s, r)]
    {
        refused(&app, &with_numbers(&message, &r, &s));
    }
}

/// Whoever holds a token can write its signature in a second way (r, n − s), that ECDSA verifies.
#[test]
fn the_twin_of_a_signature_is_refused() {
    let app = spawn_app();
    for _ in 0..8 {
        let alice = app.alice();
        let (message, r, s) = numbers_of(alice.access());
        refused(&app, &with_numbers(&message, &r, &negated(&s)));
        assert!(alice.is_known());
    }
}

#[test]
fn the_json_forms_of_a_signature_are_no_token() {
    let app = spawn_app();
    let alice = app.alice();
    let parts: Vec<&str> = alice.access().split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let one = json!({"protected": header, "signature": signature});
    for form in [
        json!({"payload": payload, "protected": header, "signature": signature}),
        json!({"payload": payload, "signatures": [one]}),
        json!({"payload": payload, "header": header_of(alice.access()), "signature": signature}),
        json!({"payload": payload, "signatures": []}),
        json!([header, payload, signature]),
        json!(alice.access()),
    ] {
        let text = form.to_string();
        refused(&app, &text);
        refused(&app, &encode(&text));
        let said = alice.post("/introspect").form(&[("token", &text)]).send().expect(200).json();
        assert_eq!(said, json!({"active": false}), "{text}");
    }
}

/// With the server's own key: what is wrong is the header's alone.
struct Own {
    app: TestApp,
    key: Vec<u8>,
    header: Value,
    claims: Value,
}

fn own() -> Own {
    let app = spawn_app();
    let alice = app.alice();
    Own { key: app.private_key(), header: header_of(alice.access()), claims: claims_of(alice.access()), app }
}

#[test]
fn a_key_id_is_looked_up_among_the_own_keys_and_nowhere_else() {
    let own = own();
    let good = own.header["kid"].as_str().expect("a kid");
    let sign = |kid: &Value| es256(&changed(&own.header, &json!({"kid": kid})), &own.claims.to_string(), &own.key);
    own.app.anon().bearing(&sign(&json!(good))).get("/protected").send().expect(200);
    let other = if good.starts_with('A') { "B" } else { "A" };
    for kid in [
        json!("unknown"),
        json!(""),
        json!("/dev/null"),
        json!("../../../../dev/null"),
        json!(format!("../{good}")),
        json!(format!("{good}/")),
        json!(format!("' UNION SELECT '{good}' --")),
        json!("x' OR 'a'='a"),
        json!(format!("{good}\0")),
        json!(format!(" {good}")),
        json!(format!("{other}{}", &good[1..])),
        json!(good.to_uppercase() + "x"),
        json!("http://127.0.0.1:1/jwks.json"),
        json!("x".repeat(8000)),
        json!(0),
        json!(true),
        json!([good]),
        json!({"kid": good}),
    ] {
        refused(&own.app, &sign(&kid));
    }
}

#[test]
fn a_token_of_a_hundred_kilobytes_is_refused_although_its_signature_is_right() {
    let own = own();
    let padding = "x".repeat(75_000);
    let claims = changed(&own.claims, &json!({ "padding": padding }));
    let token = es256(&own.header, &claims.to_string(), &own.key);
    assert!(token.len() > 100_000);
    refused(&own.app, &token);
    let header = changed(&own.header, &json!({ "padding": padding }));
    refused(&own.app, &es256(&header, &own.claims.to_string(), &own.key));
    // A claim that nobody knows may be deep; one that is read may not, and neither brings the server down.
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for name in ["deep", "roles"] {
        let text = changed(&own.claims, &json!({ name: "PLACE" })).to_string().replace("\"PLACE\"", &deep);
        let taken = own.app.anon().bearing(&es256(&own.header, &text, &own.key)).is_known();
        assert!(!taken || name == "deep", "{name}");
    }
    own.app.anon().get("/health").send().expect(200);
}

#[test]
fn what_is_no_utf_8_is_no_token_although_its_signature_is_right() {
    let own = own();
    let spoil = |value: &Value| {
        let text = changed(value, &json!({"username": "PLACE"})).to_string();
        let (before, after) = text.split_once("PLACE").expect("a place");
        [before.as_bytes(), b"\xff\xfe", after.as_bytes()].concat()
    };
    let key = EncodingKey::from_ec_der(&own.key);
    for (header, claims) in [
        (own.header.to_string().into_bytes(), spoil(&own.claims)),
        (spoil(&own.header), own.claims.to_string().into_bytes()),
    ] {
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::ES256).expect("a signature");
        refused(&own.app, &format!("{message}.{signature}"));
    }
}

#[test]
fn bytes_that_are_no_text_around_a_good_token_make_it_none() {
    let app = spawn_app();
    let alice = app.alice();
    let token = alice.access().as_bytes();
    for value in [
        [b"Bearer ", token, b"\xff"].concat(),
        [b"Bearer \xff", token].concat(),
        [b"Bearer\xc2\xa0", token].concat(),
        [b"B\xe9arer ", token].concat(),
        [b"Bearer ", &token[..20], b"\x80", &token[20..]].concat(),
        [b"Bearer ", &token[..20], b"\0", &token[20..]].concat(),
        [b"Bearer ", &token[..20], b"\t", &token[20..]].concat(),
    ] {
        let head: &[u8] = b"GET /users/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ";
        let answer = app.raw_bytes(&[head, &value, b"\r\n\r\n"].concat());
        assert!(matches!(status_of(&answer), 400 | 401), "{answer}");
    }
    assert!(alice.is_known());
}
