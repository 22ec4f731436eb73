//! Making keys and signing with them. jsonwebtoken's `encode` parses the private key for every token, which for RSA costs more
//! than the signature; here a key is parsed once and held, and so is the encoded header.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{EncodingKey, Header};
use serde::Serialize;

use super::{Algorithm, canonical};

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

/// Signs, with the key and the header that belong together.
pub struct Signer {
    /// The first part of every token, and the dot.
    header: String,
    key: HeldKey,
}

enum HeldKey {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
    Shared(hmac::Key),
}

impl Signer {
    /// `None` where the key is damaged.
    pub fn asymmetric(private: &PrivateKey, kid: &str, typ: &str) -> Option<Self> {
        let pkcs8 = private.pkcs8();
        let key = match private.algorithm {
            Algorithm::Es256 => HeldKey::Ec(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).ok()?),
            Algorithm::EdDsa => HeldKey::Ed(Ed25519KeyPair::from_pkcs8(pkcs8).ok()?),
            Algorithm::Rs256 => HeldKey::Rsa(RsaKeyPair::from_pkcs8(pkcs8).ok()?),
            Algorithm::Hs256 => return None,
        };
        let header = Header { kid: Some(kid.to_owned()), ..header(private.algorithm, typ) };
        Some(Self { header: first_part(&header)?, key })
    }

    /// `None` where the header can't be written, which is a defect.
    pub fn shared_secret(secret: &[u8], typ: &str) -> Option<Self> {
        let key = HeldKey::Shared(hmac::Key::new(hmac::HMAC_SHA256, secret));
        Some(Self { header: first_part(&header(Algorithm::Hs256, typ))?, key })
    }

    /// The compact form (RFC 7515 section 7.1). `None` where the key can't sign.
    pub fn sign(&self, claims: &impl Serialize) -> Option<String> {
        let mut token = self.header.clone();
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims).ok()?, &mut token);
        let signature = self.key.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Some(token)
    }
}

impl HeldKey {
    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Self::Ec(pair) => {
                let mut signature = pair.sign(&SystemRandom::new(), message).ok()?.as_ref().to_vec();
                canonical::settle(&mut signature);
                signature
            }
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
                signature
            }
            Self::Shared(key) => hmac::sign(key, message).as_ref().to_vec(),
        })
    }
}

fn header(algorithm: Algorithm, typ: &str) -> Header {
    let mut header = Header::new(algorithm.raw());
    header.typ = Some(typ.to_owned());
    header
}

fn first_part(header: &Header) -> Option<String> {
    Some(URL_SAFE_NO_PAD.encode(serde_json::to_vec(header).ok()?) + ".")
}
