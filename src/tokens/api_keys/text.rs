//! How a key is written: `vst_`, ten letters that name it, `_`, 43 letters that are its secret (256 bits), and six that
//! check the rest, so that whoever scans texts for secrets knows one without asking anybody. 64 characters in all, of
//! letters, digits and `_`, so that a double click takes the whole.

use crate::platform::ids::ApiKeyId;
use crate::platform::secret::{OpaqueToken, random, same, sha256};

/// How every key begins.
pub const PREFIX: &str = "vst_";
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID: usize = 10;
const SECRET: usize = 43;
const CHECK: usize = 6;

/// A key, whole. Its holder has the text; the database only ever has the digest.
pub struct KeyText {
    pub id: ApiKeyId,
    text: OpaqueToken,
}

impl KeyText {
    pub fn fresh() -> Self {
        let id: String = letters::<ID>();
        let unchecked = format!("{PREFIX}{id}_{}", letters::<SECRET>());
        let text = OpaqueToken::sent(format!("{unchecked}{}", check_letters(&unchecked)));
        Self { id: ApiKeyId::from_outside(id), text }
    }

    /// `None` where it is no key: cut, mistyped, or something else.
    pub fn parse(sent: &str) -> Option<Self> {
        let rest = sent.strip_prefix(PREFIX)?;
        let sound = rest.len() == ID + 1 + SECRET + CHECK && rest.is_ascii();
        let (id, tail) = rest.split_at_checked(ID).filter(|_| sound)?;
        let secret = tail.strip_prefix('_')?;
        if !id.bytes().chain(secret.bytes()).all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (unchecked, check) = sent.split_at_checked(sent.len() - CHECK)?;
        same(check_letters(unchecked).as_bytes(), check.as_bytes())
            .then(|| Self { id: ApiKeyId::from_outside(id), text: OpaqueToken::sent(sent) })
    }

    pub fn digest(&self) -> Vec<u8> {
        self.text.digest()
    }

    pub fn reveal(&self) -> &str {
        self.text.reveal()
    }
}

/// What of a key may be shown.
pub fn beginning(id: &ApiKeyId) -> String {
    format!("{PREFIX}{id}_…")
}

/// So many letters, each as likely as another: bytes beyond the last multiple of 62 are drawn again.
fn letters<const N: usize>() -> String {
    let mut drawn = String::with_capacity(N);
    while drawn.len() < N {
        let fair = random::<64>().into_iter().filter(|byte| usize::from(*byte) < 4 * LETTERS.len());
        drawn.extend(fair.take(N - drawn.len()).map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])));
    }
    drawn
}

/// The first 32 bits of the SHA-256 of what stands before, in base 62.
fn check_letters(unchecked: &str) -> String {
    let digest = sha256(unchecked.as_bytes());
    let mut number = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let mut letters = [LETTERS[0]; CHECK];
    for letter in letters.iter_mut().rev() {
        *letter = LETTERS[(number % 62) as usize];
        number /= 62;
    }
    letters.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_letters_and_is_read_back() {
        let key = KeyText::fresh();
        assert_eq!((key.reveal().len(), key.reveal().starts_with("vst_")), (64, true));
        let read = KeyText::parse(key.reveal()).unwrap_or_else(|| panic!("{} is no key", key.reveal()));
        assert_eq!((read.id, read.text.digest()), (key.id, key.text.digest()));
    }

    /// docs/SECURITY.md tells scanners how to check a key; this one stands there.
    #[test]
    fn the_check_letters_are_those_of_the_documentation() {
        let unchecked = "vst_0123456789_0123456789012345678901234567890123456789012";
        assert_eq!(check_letters(unchecked), "3MFBfb");
        assert!(KeyText::parse(&format!("{unchecked}{}", check_letters(unchecked))).is_some());
    }

    #[test]
    fn what_was_cut_or_mistyped_is_no_key() {
        let key = KeyText::fresh();
        let good = key.reveal();
        let turned: String = good[..10].chars().chain(good[10..].chars().rev()).collect();
        for bad in ["", "vst_", &good[..63], &format!("{good}0"), &good[1..], &turned, &good.replace('_', "-")] {
            assert!(KeyText::parse(bad).is_none(), "{bad}");
        }
        assert!(KeyText::parse(&format!("vst_{}", "é".repeat(30))).is_none());
    }
}
