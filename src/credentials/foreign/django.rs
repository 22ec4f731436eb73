//! Django's forms: `algorithm$work$salt$hash`, the salt as it is, the hash in base64.

use super::{Derived, Digest, limits, phc};

pub(super) fn read(text: &str) -> Result<Derived, String> {
    let parts: Vec<&str> = text.split('$').collect();
    let (function, salt, hash) = match parts.as_slice() {
        [name, iterations, salt, hash] => {
            let digest = name.strip_prefix("pbkdf2_").and_then(Digest::named).ok_or_else(|| phc::unknown(text))?;
            let hash = phc::decode(hash)?;
            (limits::pbkdf2(digest, number(iterations)?, hash.len())?, salt, hash)
        }
        ["scrypt", n, salt, r, p, hash] => {
            let n = number(n)?;
            if !n.is_power_of_two() {
                return Err("the N of scrypt is no power of two".into());
            }
            (limits::scrypt(u64::from(n.ilog2()), number(r)?, number(p)?)?, salt, phc::decode(hash)?)
        }
        _ => return Err(phc::unknown(text)),
    };
    let salt = salt.as_bytes().to_vec();
    limits::lengths(&salt, &hash)?;
    Ok(Derived { function, salt, expected: hash })
}

/// The bcrypt hash in `bcrypt_sha256$$2b$12$…`.
pub(super) fn bcrypt_sha256(text: &str) -> Result<String, String> {
    let hash = text.strip_prefix("bcrypt_sha256$").unwrap_or_default();
    limits::bcrypt(hash)?;
    Ok(hash.to_owned())
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "the hash names no number where one has to be".into())
}
