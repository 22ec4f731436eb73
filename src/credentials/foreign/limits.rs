//! What checking a hash may cost here. Whoever imports a file could otherwise have every sign-in burn a machine.

use argon2::{Algorithm, Argon2, Version};

use super::{Digest, Function};
use crate::platform::hasher::cost_of;

/// bcrypt: two seconds on a slow machine.
const BCRYPT_COST: u32 = 15;
/// Argon2 and scrypt: as much as one check may hold, in KiB.
const MEMORY_KIB: u64 = 128 * 1024;
/// Argon2: memory times passes, in KiB.
const ARGON2_WORK_KIB: u64 = 1024 * 1024;
/// Lanes that run one after the other.
const LANES: u64 = 16;
/// scrypt: N times r times p.
const SCRYPT_WORK: u64 = 1 << 22;
/// PBKDF2: iterations times blocks.
const PBKDF2_WORK: u64 = 2_000_000;
/// `$5$` and `$6$`.
const SHA_CRYPT_ROUNDS: u64 = 1_000_000;
/// Bytes of a salt or of a hash.
const LONGEST: usize = 128;
/// Shorter ones are found by trying.
const SHORTEST_HASH: usize = 16;
/// A bcrypt hash: `$2b$12$`, 22 characters of salt, 31 of hash.
const BCRYPT_CHARS: usize = 60;

pub(super) fn bcrypt(text: &str) -> Result<(), String> {
    let letters = |c: char| c.is_ascii_alphanumeric() || "./$".contains(c);
    let cost = cost_of(text).filter(|_| text.len() == BCRYPT_CHARS && text.chars().all(letters));
    match cost {
        None => Err("the bcrypt hash is not complete".into()),
        Some(4..=BCRYPT_COST) if text.as_bytes().get(6) == Some(&b'$') => Ok(()),
        Some(cost) => Err(format!("bcrypt of cost {cost} is not taken: 4 to {BCRYPT_COST} is")),
    }
}

pub(super) fn argon2(
    (algorithm, version): (Algorithm, Version),
    (memory, passes, lanes): (u64, u64, u64),
    length: usize,
) -> Result<Function, String> {
    if memory > MEMORY_KIB || memory.saturating_mul(passes) > ARGON2_WORK_KIB || lanes > LANES {
        return Err(format!(
            "argon2 with m={memory},t={passes},p={lanes} is dearer to check than is allowed: m up to {MEMORY_KIB}, m times t up to {ARGON2_WORK_KIB}, p up to {LANES}"
        ));
    }
    let small = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let params = argon2::Params::new(small(memory), small(passes), small(lanes), Some(length));
    let params = params.map_err(|error| format!("the parameters of argon2 are not sound: {error}"))?;
    Ok(Function::Argon2(Argon2::new(algorithm, version, params)))
}

pub(super) fn scrypt(log_n: u64, r: u64, p: u64) -> Result<Function, String> {
    let n = u32::try_from(log_n).ok().and_then(|log_n| 1_u64.checked_shl(log_n)).unwrap_or(u64::MAX);
    // The table, and beside it the blocks and what they are mixed in.
    let memory = n.saturating_add(p).saturating_add(1).saturating_mul(r) / 8;
    if memory > MEMORY_KIB || n.saturating_mul(r).saturating_mul(p) > SCRYPT_WORK || p > LANES {
        return Err(format!("scrypt with ln={log_n},r={r},p={p} is dearer to check than is allowed"));
    }
    let small = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let params = scrypt::Params::new(u8::try_from(log_n).unwrap_or(u8::MAX), small(r), small(p));
    params.map(Function::Scrypt).map_err(|error| format!("the parameters of scrypt are not sound: {error}"))
}

pub(super) fn pbkdf2(digest: Digest, iterations: u64, length: usize) -> Result<Function, String> {
    let blocks = u64::try_from(length.div_ceil(digest.bytes())).unwrap_or(u64::MAX);
    if iterations.saturating_mul(blocks) > PBKDF2_WORK {
        return Err(format!(
            "PBKDF2 with {iterations} iterations is dearer to check than is allowed: up to {PBKDF2_WORK}"
        ));
    }
    let iterations = u32::try_from(iterations).ok().and_then(std::num::NonZeroU32::new);
    iterations.map(|count| Function::Pbkdf2(digest, count)).ok_or_else(|| "PBKDF2 needs iterations".into())
}

pub(super) fn sha_crypt(text: &str) -> Result<(), String> {
    let mut parts = text.split('$').skip(2);
    let first = parts.next().unwrap_or_default();
    let rounds = match first.strip_prefix("rounds=") {
        Some(rounds) => rounds.parse().map_err(|_| "the rounds of the hash are no number".to_owned())?,
        None => 5_000_u64,
    };
    let letters = |c: char| c.is_ascii_alphanumeric() || "./$=".contains(c);
    let fields = text.split('$').count() - usize::from(first.starts_with("rounds="));
    let length = text.rsplit('$').next().map_or(0, str::len);
    if fields != 4 || !text.chars().all(letters) || length != if text.starts_with("$6$") { 86 } else { 43 } {
        return Err("the crypt(3) hash is not complete".into());
    }
    match rounds {
        1_000..=SHA_CRYPT_ROUNDS => Ok(()),
        _ => Err(format!("crypt(3) with {rounds} rounds is not taken: 1000 to {SHA_CRYPT_ROUNDS} is")),
    }
}

/// The parts of a derived hash have lengths that make sense.
pub(super) fn lengths(salt: &[u8], hash: &[u8]) -> Result<(), String> {
    if salt.is_empty() || salt.len() > LONGEST {
        return Err(format!("the salt of the hash has {} bytes: 1 to {LONGEST} are taken", salt.len()));
    }
    if !(SHORTEST_HASH..=LONGEST).contains(&hash.len()) {
        return Err(format!("the hash has {} bytes: {SHORTEST_HASH} to {LONGEST} are taken", hash.len()));
    }
    Ok(())
}
