//! PHC strings, `$name$v=…$key=value,…$salt$hash`, and what came before them and looks alike.

use argon2::{Algorithm, Version};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Derived, Digest, Function, limits};

/// Base64 with or without `=` at its end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Base64; passlib's has a dot for the plus.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, String> {
    BASE64.decode(text.replace('.', "+")).map_err(|_| "the hash is not written in base64".into())
}

pub(super) fn read(text: &str) -> Result<Derived, String> {
    let mut parts = text.split('$').skip(1).peekable();
    let name = parts.next().unwrap_or_default();
    let version = parts.next_if(|part| part.starts_with("v=")).map_or("19", |part| &part[2..]);
    let (Some(parameters), Some(salt), Some(hash), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(unknown(text));
    };
    if OTHERS.contains(&name) {
        return Err(unknown(text));
    }
    let (salt, expected) = (decode(salt)?, decode(hash)?);
    limits::lengths(&salt, &expected)?;
    let function = function(name, version, parameters, expected.len())?;
    Ok(Derived { function, salt, expected })
}

fn function(name: &str, version: &str, parameters: &str, length: usize) -> Result<Function, String> {
    let value = |key| value_of(parameters, key);
    match name {
        "argon2id" | "argon2i" | "argon2d" => {
            let algorithm = match name {
                "argon2id" => Algorithm::Argon2id,
                "argon2i" => Algorithm::Argon2i,
                _ => Algorithm::Argon2d,
            };
            let version = match version {
                "19" => Version::V0x13,
                "16" => Version::V0x10,
                _ => return Err("this version of argon2 is not known".into()),
            };
            limits::argon2((algorithm, version), (value("m")?, value("t")?, value("p")?), length)
        }
        "scrypt" => limits::scrypt(value("ln")?, value("r")?, value("p")?),
        _ => {
            let digest = name.strip_prefix("pbkdf2").ok_or_else(|| unknown(name))?;
            let digest = Digest::named(digest.trim_start_matches(['-', '_'])).ok_or_else(|| unknown(name))?;
            // Before there were PHC strings, the number stood there alone.
            let iterations = parameters.parse().or_else(|_| value("i"))?;
            limits::pbkdf2(digest, iterations, length)
        }
    }
}

fn value_of(parameters: &str, key: &str) -> Result<u64, String> {
    let value = parameters.split(',').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
    value.and_then(|value| value.parse().ok()).ok_or_else(|| format!("the hash does not say its {key}"))
}

/// What others write in front of hashes that nobody here checks.
const OTHERS: [&str; 14] =
    ["1", "2", "2x", "3", "7", "apr1", "argon2", "bcrypt", "gy", "md5", "sha1", "y", "unsalted_md5", "unsalted_sha1"];

/// Names a kind that it knows, and nothing else of the text: it may be a password.
pub(super) fn unknown(text: &str) -> String {
    let word = text.trim_start_matches('$').split('$').next().unwrap_or_default();
    match OTHERS.iter().find(|other| text.contains('$') && **other == word) {
        Some(kind) => format!("hashes of the kind {kind:?} can't be checked here"),
        None => "this is no hash of a kind that can be checked here".into(),
    }
}
