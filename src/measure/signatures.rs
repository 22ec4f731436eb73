//! What a signature takes by the algorithm in force, to make and to check, with a key of its own.

use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};

use crate::platform::jwt::{Algorithm, PrivateKey, Signer, Verifier, install_provider};
use crate::platform::secret::random;

const SPAN: Duration = Duration::from_millis(300);

#[derive(Serialize)]
pub struct Signing {
    pub algorithm: &'static str,
    /// Milliseconds on one core.
    pub sign_ms: f64,
    pub check_ms: f64,
}

/// `None` where a new key does not do, which is a defect.
pub(super) fn measure(algorithm: Algorithm) -> Option<Signing> {
    install_provider();
    let (signer, verifier) = new_key(algorithm)?;
    // About as long as those of a token.
    let claims = json!({
        "iss": "https://id.example.com", "sub": "01a200cbd9647147916c9ae54e99c186", "aud": "https://id.example.com",
        "exp": 1_795_311_489, "iat": 1_795_309_689, "jti": "01a200cbda517d659619f6a0e5f48955", "scope": "users:read users:write",
        "sid": "01a200cbda517d659619f6a0e5f48955", "username": "alice", "roles": ["user", "admin"], "type": "access"
    });
    let token = signer.sign(&claims)?;
    verifier.verify::<Value>(&token).ok()?;
    let sign_ms = each(|| drop(signer.sign(&claims)));
    let check_ms = each(|| drop(verifier.verify::<Value>(&token)));
    Some(Signing { algorithm: algorithm.name(), sign_ms, check_ms })
}

fn new_key(algorithm: Algorithm) -> Option<(Signer, Verifier)> {
    const TYP: &str = "at+jwt";
    if algorithm == Algorithm::Hs256 {
        let secret = random::<32>();
        return Some((Signer::shared_secret(&secret, TYP)?, Verifier::shared_secret(&secret)));
    }
    let private = PrivateKey::generate(algorithm)?;
    let verifier = Verifier::asymmetric(algorithm, &private.public_jwk()?)?;
    Some((Signer::asymmetric(&private, "bench", TYP)?, verifier))
}

/// Milliseconds.
fn each(mut work: impl FnMut()) -> f64 {
    let (began, mut done) = (Instant::now(), 0.0);
    while began.elapsed() < SPAN {
        work();
        done += 1.0;
    }
    began.elapsed().as_secs_f64() * 1000.0 / done
}
