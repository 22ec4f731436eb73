//! A device with a passkey, in software (WebAuthn Level 3, section 6). Honest until a test tells it otherwise.

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::PUBLIC_URL;

/// Somebody is there, and the device has checked that it is its owner; may be backed up, and is.
pub const PRESENT: u8 = 0x01;
pub const VERIFIED: u8 = 0x04;
pub const MAY_BE_BACKED_UP: u8 = 0x08;
pub const BACKED_UP: u8 = 0x10;
const HAS_KEY: u8 = 0x40;

pub struct Device {
    /// The page that asks, as the browser would write it down.
    pub origin: String,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    pub id: Vec<u8>,
    /// Whose key it is, as the server called them.
    pub handle: Vec<u8>,
    /// The page stands in a frame on another site.
    pub framed: bool,
    key: EcdsaKeyPair,
}

impl Device {
    pub fn new() -> Self {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref()).expect("that key");
        Self {
            origin: PUBLIC_URL.to_owned(),
            rp_id: PUBLIC_URL.trim_start_matches("http://").to_owned(),
            flags: PRESENT | VERIFIED,
            counter: 1,
            id: sha256(key.public_key().as_ref()),
            handle: Vec::new(),
            framed: false,
            key,
        }
    }

    /// `navigator.credentials.create()`: what it gives for these options.
    pub fn make(&mut self, options: &Value) -> Value {
        self.handle = decode(&options["user"]["id"]);
        let data = self.authenticator_data(HAS_KEY, &self.attested());
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".to_vec();
        object.extend([0x59, 0, 0]);
        let end = object.len();
        object[end - 2..].copy_from_slice(&u16::try_from(data.len()).expect("short").to_be_bytes());
        object.extend(data);
        let client = self.client_data("webauthn.create", options);
        self.credential(json!({"clientDataJSON": encode(&client), "attestationObject": encode(&object), "transports": ["internal"]}))
    }

    /// `navigator.credentials.get()`: what it gives for these options.
    pub fn sign(&mut self, options: &Value) -> Value {
        self.counter += 1;
        self.sign_as_it_is(options)
    }

    /// The same, by a device that does not count.
    pub fn sign_as_it_is(&self, options: &Value) -> Value {
        let data = self.authenticator_data(0, &[]);
        let client = self.client_data("webauthn.get", options);
        let signed = [data.as_slice(), &sha256(&client)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        self.credential(json!({
            "clientDataJSON": encode(&client),
            "authenticatorData": encode(&data),
            "signature": encode(signature.as_ref()),
            "userHandle": encode(&self.handle),
        }))
    }

    fn credential(&self, response: Value) -> Value {
        let id = encode(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}})
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let mut data = json!({"type": kind, "challenge": options["challenge"], "origin": self.origin});
        if self.framed {
            data["crossOrigin"] = true.into();
            data["topOrigin"] = "https://evil.example".into();
        }
        data.to_string().into_bytes()
    }

    fn authenticator_data(&self, flags: u8, rest: &[u8]) -> Vec<u8> {
        let counter = self.counter.to_be_bytes();
        [sha256(self.rp_id.as_bytes()).as_slice(), &[self.flags | flags], &counter, rest].concat()
    }

    /// A model that tells nothing, the id, and the key as COSE has it (RFC 9053 section 7.1.1).
    fn attested(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let length = u16::try_from(self.id.len()).expect("short").to_be_bytes();
        let head = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20";
        [&[0; 16][..], &length, &self.id, head, &point[1..33], b"\x22\x58\x20", &point[33..]].concat()
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().expect("a text")).expect("base64url")
}
