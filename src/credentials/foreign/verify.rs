//! Holding a password against a hash that somebody else made.

use argon2::Block;
use aws_lc_rs::pbkdf2;
use sha_crypt::password_hash::PasswordVerifier;
use sha_crypt::{PasswordHashRef, ShaCrypt};

use super::{Derived, Digest, ForeignHash, Function, Kind};
use crate::platform::hex::hex;
use crate::platform::secret::{Password, same, sha256};

/// Bytes of the longest password that is held against crypt(3), which takes it up once more in every round.
const LONGEST_FOR_CRYPT: usize = 256;

pub(super) fn fits(hash: &ForeignHash, typed: &Password) -> bool {
    let password = typed.reveal().as_bytes();
    match &hash.kind {
        Kind::Bcrypt => bcrypt::non_truncating_verify(password, &hash.text).unwrap_or(false),
        Kind::BcryptOfSha256(inner) => bcrypt::non_truncating_verify(hex(&sha256(password)), inner).unwrap_or(false),
        Kind::ShaCrypt if password.len() > LONGEST_FOR_CRYPT => false,
        Kind::ShaCrypt => PasswordHashRef::new(&hash.text)
            .is_ok_and(|text| ShaCrypt::default().verify_password(password, text).is_ok()),
        Kind::Derived(derived) => derived.fits(password),
    }
}

impl Derived {
    fn fits(&self, password: &[u8]) -> bool {
        let mut found = vec![0; self.expected.len()];
        let made = match &self.function {
            Function::Argon2(argon2) => {
                let memory = vec![Block::default(); argon2.params().block_count()];
                argon2.hash_password_into_with_memory(password, &self.salt, &mut found, memory).is_ok()
            }
            Function::Scrypt(params) => scrypt::scrypt(password, &self.salt, params, &mut found).is_ok(),
            Function::Pbkdf2(digest, iterations) => {
                pbkdf2::derive(digest.algorithm(), *iterations, &self.salt, password, &mut found);
                true
            }
        };
        made && same(&found, &self.expected)
    }
}

impl Digest {
    /// By the name that hashes have for it; PBKDF2 without one is the first, SHA-1 (RFC 8018).
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "" | "sha1" => Some(Self::Sha1),
            "sha256" => Some(Self::Sha256),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// How long its output is.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn algorithm(self) -> pbkdf2::Algorithm {
        match self {
            Self::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Self::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Self::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        }
    }
}
