//! An authenticator app, written from RFC 4226 and RFC 6238 and not from the library that the server uses.

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use super::TestApp;
use super::people::Person;

pub struct Authenticator(Vec<u8>);

impl Authenticator {
    /// Takes over a secret, as text in base 32 (RFC 4648 section 6).
    pub fn scan(secret: &str) -> Self {
        let value = |letter: u8| match letter {
            b'A'..=b'Z' => u32::from(letter - b'A'),
            b'2'..=b'7' => u32::from(letter - b'2') + 26,
            other => panic!("no base 32: {other}"),
        };
        let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
        for letter in secret.bytes() {
            held = held << 5 | value(letter);
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((held >> bits & 0xff) as u8);
            }
        }
        Self(bytes)
    }

    /// One that has these bytes already.
    pub fn of(secret: &[u8]) -> Self {
        Self(secret.to_vec())
    }

    /// The six digits at a moment.
    pub fn code_at(&self, seconds: i64) -> String {
        let counter = u64::try_from(seconds / 30).expect("after 1970").to_be_bytes();
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let digest = hmac::sign(&key, &counter);
        let digest = digest.as_ref();
        let offset = usize::from(digest[19] & 0xf);
        let number = u32::from_be_bytes(digest[offset..offset + 4].try_into().expect("4 bytes")) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// Whether these bytes are the secret.
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.0 == bytes
    }

    pub fn code(&self, app: &TestApp) -> String {
        self.code_at(app.now())
    }

    /// One that is certainly none of those that would be taken now.
    pub fn wrong_code(&self, app: &TestApp) -> String {
        let taken: Vec<String> = (-2..=2).map(|step| self.code_at(app.now() + step * 30)).collect();
        (0..10).map(|n| format!("{n}{n}{n}{n}{n}{n}")).find(|code| !taken.contains(code)).expect("a wrong one")
    }
}

impl TestApp {
    /// Somebody sets up an authenticator app; gives it, and their recovery codes. Half a minute later its next code is due.
    pub fn enrol(&self, person: &Person) -> (Authenticator, Vec<String>) {
        let offer = person.post("/users/me/totp").send().expect(200).json();
        let phone = Authenticator::scan(offer["secret"].as_str().expect("a secret"));
        let code = phone.code(self);
        let confirmed = person.post("/users/me/totp/confirm").json(json!({"code": code})).send().expect(200).json();
        let codes = confirmed["recovery_codes"].as_array().expect("codes");
        let codes = codes.iter().map(|code| code.as_str().expect("a text").to_owned()).collect();
        self.advance(30);
        (phone, codes)
    }

    /// Name and password alone, where a second factor is asked for: what is answered.
    pub fn half_way(&self, name: &str) -> Value {
        let form = [("username", name), ("password", super::PASSWORD)];
        let answer = self.anon().post("/token").form(&form).send().expect(401).json();
        assert_eq!(answer["error"], "mfa_required");
        answer
    }
}
