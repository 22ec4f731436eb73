//! Believing a token: its header before anything else, then its signature by a key that knows its own algorithm.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};
use serde::de::DeserializeOwned;

use super::{Algorithm, canonical};

/// Verifies with one key and the one algorithm that belongs to it (RFC 8725 section 3.1).
pub struct Verifier {
    algorithm: Algorithm,
    key: DecodingKey,
    validation: Validation,
}

impl Verifier {
    pub fn asymmetric(algorithm: Algorithm, jwk: &Jwk) -> Option<Self> {
        Some(Self::new(algorithm, DecodingKey::from_jwk(jwk).ok()?))
    }

    pub fn shared_secret(secret: &[u8]) -> Self {
        Self::new(Algorithm::Hs256, DecodingKey::from_secret(secret))
    }

    fn new(algorithm: Algorithm, key: DecodingKey) -> Self {
        // Claims are checked in one place, against the clock that is passed in, so none is checked here.
        let mut validation = Validation::new(algorithm.raw());
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        Self { algorithm, key, validation }
    }

    /// The claims, where the signature is this key's. `None` for anything else.
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        if self.algorithm == Algorithm::Es256 && !has_canonical_signature(token) {
            return None;
        }
        jsonwebtoken::decode::<T>(token, &self.key, &self.validation).ok().map(|data| data.claims)
    }
}

/// What a header may say before anything is believed.
pub struct Unverified {
    pub kid: Option<String>,
    algorithm: jsonwebtoken::Algorithm,
}

/// Reads the header of a token of type `typ`. `None` where it is no JWS in compact form, of another type (RFC 8725
/// section 3.11), names a critical extension (RFC 7515 section 4.1.11), or brings a key of its own (RFC 8725 section 3.10).
pub fn read_header(token: &str, typ: &str) -> Option<Unverified> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let sent = header.typ?;
    let sent = sent.strip_prefix("application/").unwrap_or(&sent);
    let brings_key = header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some();
    let critical = header.crit.is_some() || header.extras.inner().contains_key("crit");
    (sent.eq_ignore_ascii_case(typ) && !brings_key && !critical)
        .then_some(Unverified { kid: header.kid, algorithm: header.alg })
}

impl Unverified {
    /// The algorithm comes from the key; what the token says must agree with it.
    pub fn agrees_with(&self, verifier: &Verifier) -> bool {
        self.algorithm == verifier.algorithm.raw()
    }
}

/// Our own signatures are; a twin of one is somebody's work.
fn has_canonical_signature(token: &str) -> bool {
    let signature = token.rsplit('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    signature.is_some_and(|signature| canonical::is_settled(&signature))
}
