//! What holds of everything that somebody sends as an access token: the fuzz target and `tests/api/fuzz.rs` both ask this
//! file. An input is tried as the text that it is, unless it begins with one of these:
//!
//! * `~` splices: which good token, where (two bytes), how many bytes go, and what comes in their place.
//! * `+` mixes: from which good tokens the header, the claims and the signature are.
//! * `H` is a header and `C` are claims: put into each good token, and then signed with the server's own secret. In a
//!   header `$ES256` stands for the id of that key.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Map, Value};
use vestibule::access::Origin;
use vestibule::app::App;
use vestibule::config::Config;
use vestibule::oauth::grants::{TokenRequest, redeem};
use vestibule::platform::ids::RequestId;
use vestibule::platform::jwt::{Algorithm, Verifier};
use vestibule::platform::secret::Password;
use vestibule::platform::time::{Clock, UnixTime};
use vestibule::signin::{Registration, sign_up};
use vestibule::tokens;

const PUBLIC_URL: &str = "http://vestibule.test";
const SECRET_KEY: &str = "the root of every key in the fuzz targets, 32 bytes";
const PASSWORD: &str = "correct horse battery";
/// 2030-01-01T00:00:00Z, where the clock stands still.
const NOW: i64 = 1_893_456_000;
/// How far ahead another node's clock may be.
const LEEWAY: i64 = 30;

/// An installation that trusts keys of every algorithm, and a token of each.
pub struct House {
    app: App,
    verifiers: Vec<Verifier>,
    good: Vec<Good>,
}

struct Good {
    algorithm: Algorithm,
    text: String,
    kid: String,
}

impl House {
    /// It has a database of its own only while the tokens are made: checking them needs none.
    pub fn open() -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule-fuzz-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let house = runtime.block_on(Self::furnish(&folder));
        std::fs::remove_dir_all(&folder).expect("the folder goes");
        house
    }

    async fn furnish(folder: &Path) -> Self {
        let mut good = Vec::new();
        let mut last = None;
        for algorithm in Algorithm::ALL {
            let settings = [
                ("DATA_DIR", folder.to_str().expect("a plain path")),
                ("PUBLIC_URL", PUBLIC_URL),
                ("SECRET_KEY", SECRET_KEY),
                ("BCRYPT_COST", "10"),
                ("ALGORITHM", algorithm.name()),
            ];
            let config = Config::from_values(settings.map(|(name, value)| (name.to_owned(), value.to_owned())));
            let clock = Clock::set_at(UnixTime::from_seconds(NOW));
            let app = App::open(config.expect("sound settings"), clock).await.expect("the app opens");
            if last.is_none() {
                let typed = Registration {
                    username: "alice".to_owned(),
                    email: "alice@example.com".to_owned(),
                    name: String::new(),
                    password: Some(Password::new(PASSWORD)),
                };
                sign_up(&app, &origin(), typed, None).await.expect("alice signs up");
            }
            good.push(Good::mint(&app, algorithm).await);
            last = Some(app);
        }
        // The keys of the algorithms before retired when the next was set, and their tokens count on.
        let app = last.expect("one algorithm at least");
        Self { verifiers: verifiers(&app), app, good }
    }

    /// Panics where it does not hold. Says whether a token was accepted.
    pub fn try_token(&self, input: &[u8]) -> bool {
        match input {
            [b'~', which, high, low, gone, new @ ..] => {
                let token = self.good(*which).text.as_bytes();
                let from = usize::from(u16::from_be_bytes([*high, *low])) % (token.len() + 1);
                let to = token.len().min(from + usize::from(*gone));
                self.try_bytes(&[&token[..from], new, &token[to..]].concat())
            }
            [b'+', header, claims, signature] => {
                let part = |which: &u8, n| self.good(*which).part(n);
                self.try_text(&[part(header, 0), part(claims, 1), part(signature, 2)].join("."))
            }
            [b'H', header @ ..] => self.try_header(header),
            [b'C', claims @ ..] => self.try_claims(claims),
            bytes => self.try_bytes(bytes),
        }
    }

    fn good(&self, which: u8) -> &Good {
        &self.good[usize::from(which) % self.good.len()]
    }

    fn try_bytes(&self, bytes: &[u8]) -> bool {
        // What is no text ends at the door (`authorization.rs`).
        str::from_utf8(bytes).is_ok_and(|text| self.try_text(text))
    }

    /// Good are the tokens that were minted here, byte for byte, and no other text.
    fn try_text(&self, text: &str) -> bool {
        let minted = self.good.iter().find(|good| good.text == text);
        match tokens::verify(&self.app, text) {
            Ok(_) => assert!(minted.is_some(), "accepted: {text}"),
            Err(bad) => {
                assert!(minted.is_none(), "a good token is refused: {bad:?}");
                let shown = [bad.found, bad.presented.kid, bad.presented.alg, bad.presented.typ];
                for shown in shown.iter().flatten() {
                    assert!(shown.chars().count() <= 100 && !shown.contains(char::is_control), "{shown:?}");
                }
            }
        }
        // Nor does a key take it by itself, whatever stands in the header that chooses among them.
        for verifier in &self.verifiers {
            assert!(verifier.verify::<Value>(text).is_err() || minted.is_some(), "verified: {text}");
        }
        minted.is_some()
    }

    fn try_header(&self, header: &[u8]) -> bool {
        let mut header = String::from_utf8_lossy(header).into_owned();
        for good in &self.good {
            header = header.replace(&format!("${}", good.algorithm.name()), &good.kid);
        }
        let own = URL_SAFE_NO_PAD.encode(&header);
        for good in &self.good {
            self.try_text(&[&own, good.part(1), good.part(2)].join("."));
        }
        let accepted = tokens::verify(&self.app, &own_signature(&own, self.shared().part(1))).is_ok();
        assert!(!accepted || is_sound_header(&header), "accepted: {header}");
        accepted
    }

    fn try_claims(&self, claims: &[u8]) -> bool {
        let own = URL_SAFE_NO_PAD.encode(claims);
        for good in &self.good {
            self.try_text(&[good.part(0), &own, good.part(2)].join("."));
        }
        let accepted = tokens::verify(&self.app, &own_signature(self.shared().part(0), &own)).is_ok();
        assert!(!accepted || are_sound_claims(claims), "accepted: {}", String::from_utf8_lossy(claims));
        accepted
    }

    fn shared(&self) -> &Good {
        self.good.iter().find(|good| good.algorithm == Algorithm::Hs256).expect("one of each")
    }
}

impl Good {
    async fn mint(app: &App, algorithm: Algorithm) -> Self {
        let (username, password) = ("alice".to_owned(), Password::new(PASSWORD));
        let request = TokenRequest::Password { username, password, otp: None, client_id: None, scope: None };
        let text =
            redeem(app, &origin(), request, tokens::Delivery::Body).await.expect("alice gets a token").access_token;
        let header = URL_SAFE_NO_PAD.decode(text.split('.').next().unwrap_or_default()).expect("base64");
        let header: Value = serde_json::from_slice(&header).expect("JSON");
        assert_eq!(header["alg"], algorithm.name());
        let kid = header["kid"].as_str().unwrap_or_default().to_owned();
        Self { algorithm, text, kid }
    }

    fn part(&self, n: usize) -> &str {
        self.text.split('.').nth(n).expect("three parts")
    }
}

fn origin() -> Origin {
    let request_id = RequestId::fresh(UnixTime::from_seconds(NOW));
    Origin {
        request_id,
        address: "127.0.0.1".to_owned(),
        user_agent: "fuzz".to_owned(),
        languages: String::new(),
        device: None,
    }
}

fn verifiers(app: &App) -> Vec<Verifier> {
    let (published, _) = app.keys.published();
    let asymmetric = published.keys.iter().map(|jwk| {
        let said = serde_json::to_value(jwk).expect("JSON");
        let algorithm = said["alg"].as_str().and_then(Algorithm::parse).expect("an algorithm");
        Verifier::asymmetric(algorithm, jwk).expect("a sound key")
    });
    let shared = Verifier::shared_secret(app.root().hmac_key());
    let all: Vec<Verifier> = asymmetric.chain([shared]).collect();
    assert_eq!(all.len(), Algorithm::ALL.len());
    all
}

fn own_signature(header: &str, claims: &str) -> String {
    let (message, key) = (format!("{header}.{claims}"), EncodingKey::from_secret(SECRET_KEY.as_bytes()));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, jsonwebtoken::Algorithm::HS256);
    format!("{message}.{}", signature.expect("a signature"))
}

fn object(json: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(json).ok()
}

/// What a header must be even where its signature is right.
fn is_sound_header(header: &str) -> bool {
    let Some(header) = object(header.as_bytes()) else { return false };
    let text = |name| header.get(name).and_then(Value::as_str);
    let absent = |name: &&str| header.get(*name).is_none_or(Value::is_null);
    let typ = text("typ").unwrap_or_default().to_lowercase();
    text("alg") == Some("HS256")
        && matches!(&*typ, "at+jwt" | "application/at+jwt")
        && !header.contains_key("crit")
        && ["kid", "jwk", "jku", "x5u", "x5c"].iter().all(absent)
}

/// And what claims must say.
fn are_sound_claims(claims: &[u8]) -> bool {
    let Some(claims) = object(claims) else { return false };
    let is_now = |name, test: fn(i64) -> bool| claims.get(name).and_then(Value::as_i64).is_some_and(test);
    let is_aimed = match claims.get("aud") {
        Some(Value::Array(several)) => several.iter().any(|one| one == PUBLIC_URL),
        one => one.is_some_and(|one| one == PUBLIC_URL),
    };
    let named = |name: &&str| claims.get(*name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    claims.get("iss").is_some_and(|iss| iss == PUBLIC_URL)
        && claims.get("type").is_some_and(|kind| kind == "access")
        && is_aimed
        && is_now("exp", |exp| exp > NOW)
        && is_now("nbf", |nbf| nbf <= NOW + LEEWAY)
        && is_now("iat", |iat| iat <= NOW + LEEWAY)
        && ["sub", "sid", "jti", "client_id"].iter().all(named)
}
