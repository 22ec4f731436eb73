//! Tokens that the server did not make: signed with its own keys, with others, or not at all.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use vestibule::platform::jwt::install_provider;
use vestibule::platform::secret::Purpose;

use super::{SECRET_KEY, TestApp};

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn part(token: &str, n: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(n).expect("a part")).expect("base64");
    serde_json::from_slice(&bytes).expect("JSON")
}

pub fn header_of(token: &str) -> Value {
    part(token, 0)
}

pub fn claims_of(token: &str) -> Value {
    part(token, 1)
}

/// The compact form of these two with this signature over them.
fn assemble(header: &Value, claims: &str, sign: impl FnOnce(&[u8]) -> String) -> String {
    let message = format!("{}.{}", encode(header.to_string()), encode(claims));
    let signature = sign(message.as_bytes());
    format!("{message}.{signature}")
}

fn signed(header: &Value, claims: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    install_provider();
    assemble(header, claims, |message| jsonwebtoken::crypto::sign(message, key, algorithm).expect("a signature"))
}

/// Signed with a shared secret, whatever the header says.
pub fn hs256(header: &Value, claims: &str, secret: &[u8]) -> String {
    signed(header, claims, &EncodingKey::from_secret(secret), Algorithm::HS256)
}

/// As the server signs with `ALGORITHM=HS256`: everything about the token is right but for what the test changed.
pub fn own(header: &Value, claims: &str) -> String {
    hs256(header, claims, SECRET_KEY.as_bytes())
}

pub fn unsigned(header: &Value, claims: &str) -> String {
    assemble(header, claims, |_| String::new())
}

/// Signed with an ES256 key in PKCS#8; of the two forms that a signature has, the one that the server takes.
pub fn es256(header: &Value, claims: &str, pkcs8: &[u8]) -> String {
    let key = EncodingKey::from_ec_der(pkcs8);
    let small = |token: &String| {
        let signature = token.rsplit('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).expect("base64");
        signature[32] < 0x7f
    };
    std::iter::repeat_with(|| signed(header, claims, &key, Algorithm::ES256)).find(small).expect("one in two is")
}

/// The header of a token that `ALGORITHM=HS256` signs.
pub fn hs256_header() -> Value {
    json!({"typ": "at+jwt", "alg": "HS256"})
}

/// `value` with some members changed; `null` takes one away.
pub fn changed(value: &Value, change: &Value) -> Value {
    let mut value = value.clone();
    let members = value.as_object_mut().expect("an object");
    for (name, new) in change.as_object().expect("an object") {
        if new.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), new.clone());
        }
    }
    value
}

impl TestApp {
    /// The server's own private ES256 key.
    pub fn private_key(&self) -> Vec<u8> {
        let kids = self.home.database.texts("SELECT id AS value FROM signing_keys WHERE algorithm = 'ES256'");
        let kid = kids.first().expect("a key");
        let sealed = self.home.database.bytes(&format!("SELECT sealed AS value FROM signing_keys WHERE id = '{kid}'"));
        self.app.root().seal(Purpose::SigningKeys).open(&sealed, kid.as_bytes()).expect("the key opens")
    }

    /// What `/.well-known/jwks.json` says.
    pub fn published_key(&self) -> Value {
        self.anon().get("/.well-known/jwks.json").send().expect(200).json()["keys"][0].clone()
    }
}
