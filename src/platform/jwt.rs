//! JSON Web Signatures (RFC 7515) with keys that know their own algorithm. What jsonwebtoken leaves unchecked in the
//! header is refused here; claims are none of this module's business (see `tokens::verify`).

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What signs access tokens. `none` has no word here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    Es256,
    EdDsa,
    Rs256,
    Hs256,
}

impl Algorithm {
    pub const ALL: [Self; 4] = [Self::Es256, Self::EdDsa, Self::Rs256, Self::Hs256];

    /// As it stands in the header (RFC 7518 section 3.1, RFC 8037 section 3.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
            Self::Hs256 => "HS256",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    fn raw(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
        }
    }
}

/// jsonwebtoken panics at its first use where no provider, or more than one, was compiled in: settle it first.
pub fn install_provider() {
    // An error says that it is installed already.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
}

/// A private key of our own making, as PKCS#8 DER.
pub struct PrivateKey {
    algorithm: Algorithm,
    pkcs8: Vec<u8>,
}

impl PrivateKey {
    /// A new key pair. `None` for HS256, whose key is the installation's secret.
    pub fn generate(algorithm: Algorithm) -> Option<Self> {
        let pkcs8 = match algorithm {
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
                pair.to_pkcs8v1().ok()?.as_ref().to_vec()
            }
            // Version 1 of PKCS#8: jsonwebtoken takes an Ed25519 key of 48 bytes only.
            Algorithm::EdDsa => {
                Ed25519KeyPair::generate_pkcs8v1(&aws_lc_rs::rand::SystemRandom::new()).ok()?.as_ref().to_vec()
            }
            Algorithm::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
                let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
                der.as_ref().to_vec()
            }
            Algorithm::Hs256 => return None,
        };
        Some(Self { algorithm, pkcs8 })
    }

    pub fn from_pkcs8(algorithm: Algorithm, pkcs8: Vec<u8>) -> Self {
        Self { algorithm, pkcs8 }
    }

    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    fn encoding(&self) -> Option<EncodingKey> {
        match self.algorithm {
            Algorithm::Es256 => Some(EncodingKey::from_ec_der(&self.pkcs8)),
            Algorithm::EdDsa => Some(EncodingKey::from_ed_der(&self.pkcs8)),
            // jsonwebtoken takes RSA keys as PKCS#1 where they come as DER, but unwraps PKCS#8 from PEM.
            Algorithm::Rs256 => {
                let pem = pem::encode(&pem::Pem::new("PRIVATE KEY", self.pkcs8.clone()));
                EncodingKey::from_rsa_pem(pem.as_bytes()).ok()
            }
            Algorithm::Hs256 => None,
        }
    }

    /// The public half, with its RFC 7638 thumbprint as key id.
    pub fn public_jwk(&self) -> Option<Jwk> {
        let mut jwk = Jwk::from_encoding_key(&self.encoding()?, self.algorithm.raw()).ok()?;
        jwk.common.key_id = jwk.thumbprint(ThumbprintHash::SHA256).ok();
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Some(jwk)
    }
}

/// Signs. Made once per key, since parsing it costs more than the rest.
pub struct Signer {
    header: Header,
    key: EncodingKey,
}

impl Signer {
    pub fn asymmetric(private: &PrivateKey, kid: &str, typ: &str) -> Option<Self> {
        let mut header = header(private.algorithm, typ);
        header.kid = Some(kid.to_owned());
        Some(Self { header, key: private.encoding()? })
    }

    pub fn shared_secret(secret: &[u8], typ: &str) -> Self {
        Self { header: header(Algorithm::Hs256, typ), key: EncodingKey::from_secret(secret) }
    }

    /// The compact form. `None` where the key can't sign.
    pub fn sign(&self, claims: &impl Serialize) -> Option<String> {
        jsonwebtoken::encode(&self.header, claims, &self.key).ok()
    }
}

fn header(algorithm: Algorithm, typ: &str) -> Header {
    let mut header = Header::new(algorithm.raw());
    header.typ = Some(typ.to_owned());
    header
}

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
        let decoded = jsonwebtoken::decode::<T>(token, &self.key, &self.validation);
        // The signature is checked before the claims are read.
        decoded.map(|data| data.claims).map_err(|error| match error.kind() {
            ErrorKind::Json(_) | ErrorKind::Utf8(_) | ErrorKind::InvalidClaimFormat(_) => BadJws::Claims,
            _ => BadJws::Signature,
        })
    }
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
    if header.crit.is_some() || header.extras.inner().contains_key("crit") {
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

/// What the header of a token that was refused says, for people to read: whoever sent it may have written anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presented {
    pub kid: Option<String>,
    pub alg: Option<String>,
    pub typ: Option<String>,
}

/// Reads it without believing any of it.
pub fn presented(token: &str) -> Presented {
    let mut parts = token.split('.');
    let header = parts.next().filter(|_| parts.count() == 2).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header: Option<Value> = header.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let said = |name: &str| match header.as_ref()?.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(harmless(text)),
        other => Some(harmless(&other.to_string())),
    };
    Presented { kid: said("kid"), alg: said("alg"), typ: said("typ") }
}

/// A text that somebody sent, cut short, without what would change how the text around it is shown.
pub fn harmless(text: &str) -> String {
    const LONGEST: usize = 100;
    let turns =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.chars().filter(|c| !c.is_control() && !turns(*c)).take(LONGEST).collect()
}

impl Unverified {
    /// The algorithm comes from the key; what the token says must agree with it.
    pub fn agrees_with(&self, verifier: &Verifier) -> bool {
        self.algorithm == verifier.algorithm.raw()
    }
}
