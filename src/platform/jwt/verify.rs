//! Believing a token: its header before anything else, then its signature by a key that knows its own algorithm.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation};
use serde::de::DeserializeOwned;

use super::presented::{self, presented};
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

    /// The claims, where the signature is this key's.
    ///
    /// # Errors
    /// [`BadJws`].
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<T, BadJws> {
        if self.algorithm == Algorithm::Es256 && !has_canonical_signature(token) {
            return Err(BadJws::Signature);
        }
        let decoded = jsonwebtoken::decode::<T>(token, &self.key, &self.validation);
        // The signature is checked before the claims are read.
        decoded.map(|data| data.claims).map_err(|error| match error.kind() {
            ErrorKind::Json(_) | ErrorKind::Utf8(_) | ErrorKind::InvalidClaimFormat(_) => BadJws::Claims,
            _ => BadJws::Signature,
        })
    }
}

/// The claims of a token whose signature was found good before, over this very text: it is not checked again.
pub fn claims_of_verified<T: DeserializeOwned>(token: &str) -> Option<T> {
    jsonwebtoken::dangerous::insecure_decode_claims(token).ok()
}

/// Why a token whose header was in order is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadJws {
    /// It is not this key's over this text.
    Signature,
    /// It is, and what was signed is not what was expected.
    Claims,
}

/// What a header may say before anything is believed.
pub struct Unverified {
    pub kid: Option<String>,
    algorithm: jsonwebtoken::Algorithm,
}

/// Why a header is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadHeader {
    /// No JWS in compact form (RFC 7515 section 7.1).
    NotJws,
    /// It says to be of another type (RFC 8725 section 3.11).
    Type,
    /// It names a critical extension (RFC 7515 section 4.1.11).
    Critical,
    /// It brings a key of its own (RFC 8725 section 3.10).
    BringsKey,
    /// `none`, or one that nobody knows (RFC 8725 section 3.2).
    Algorithm,
}

/// Reads the header of a token of type `typ`.
///
/// # Errors
/// [`BadHeader`].
pub fn read_header(token: &str, typ: &str) -> Result<Unverified, BadHeader> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| unreadable(token))?;
    if header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some() {
        return Err(BadHeader::BringsKey);
    }
    // Even as `null`, which jsonwebtoken takes for none.
    if presented::header(token).is_none_or(|header| header.get("crit").is_some()) {
        return Err(BadHeader::Critical);
    }
    let sent = header.typ.as_deref().unwrap_or_default();
    let sent = sent.strip_prefix("application/").unwrap_or(sent);
    if !sent.eq_ignore_ascii_case(typ) {
        return Err(BadHeader::Type);
    }
    Ok(Unverified { kid: header.kid, algorithm: header.alg })
}

fn unreadable(token: &str) -> BadHeader {
    let known = |alg: &str| alg.parse::<jsonwebtoken::Algorithm>().is_ok();
    match presented(token).alg {
        Some(alg) if !known(&alg) => BadHeader::Algorithm,
        _ => BadHeader::NotJws,
    }
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
