//! Secrets as types: no `Debug`, no `Display`, only their digest goes to the database. Randomness, key derivation and
//! sealing, all from aws-lc.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{constant_time, digest, hkdf, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// HMAC-SHA-256: a digest that only the holder of the key can make.
pub fn keyed_digest(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes).as_ref());
    out
}

/// Whether both are the same, in a time that does not tell where they differ.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// `N` random bytes from the operating system's generator.
///
/// # Panics
/// Where the system has no randomness to give: nothing that follows would be safe.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).unwrap_or_else(|_| panic!("the operating system gives no random bytes"));
    bytes
}

/// A password as somebody typed it. Forgotten as soon as it was hashed.
pub struct Password(String);

impl Password {
    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// An opaque token of 256 random bits. The holder has the text; the database only ever has the digest.
pub struct OpaqueToken(String);

impl OpaqueToken {
    /// How long one of ours is: 32 bytes in base64url.
    const CHARS: usize = 43;

    pub fn fresh() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::<32>()))
    }

    /// One that was sent in; whether it is known, its digest tells.
    pub fn sent(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it could be one of ours.
    pub fn has_our_length(&self) -> bool {
        self.0.len() == Self::CHARS
    }

    pub fn digest(&self) -> Vec<u8> {
        sha256(self.0.as_bytes()).to_vec()
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// A code to be read in a mail and typed: 8 characters of Crockford's base 32, 40 random bits. It counts only together with
/// what it was made for, and for a few tries.
pub struct ShortCode(String);

impl ShortCode {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const LENGTH: usize = 8;

    pub fn fresh() -> Self {
        let letter = |byte: u8| char::from(Self::LETTERS[usize::from(byte % 32)]);
        Self(random::<{ Self::LENGTH }>().into_iter().map(letter).collect())
    }

    /// One that was typed: case, spaces and hyphens make no difference, nor do letters that look like digits. `None` where it
    /// can be no code.
    pub fn typed(text: &str) -> Option<Self> {
        let meant = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(meant).collect();
        let known = |c: char| u8::try_from(c).is_ok_and(|byte| Self::LETTERS.contains(&byte));
        (code.len() == Self::LENGTH && code.chars().all(known)).then_some(Self(code))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// In two halves, as people read it.
    pub fn spaced(&self) -> String {
        let (left, right) = self.0.split_at(Self::LENGTH / 2);
        format!("{left}-{right}")
    }
}

/// `SECRET_KEY`: at least 32 bytes; the HS256 key, and the root of every other key.
#[derive(Clone)]
pub struct RootKey(Vec<u8>);

/// What a derived key is for: each purpose has a key of its own, none tells another.
#[derive(Clone, Copy)]
pub enum Purpose {
    Cookie,
    SigningKeys,
    Successors,
    SetupLink,
    CsrfTokens,
    TotpSecrets,
    RecoveryCodes,
    Budgets,
    Outbox,
    MailCodes,
    AuditCheckpoints,
    Probes,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Cookie => b"vestibule cookie v1",
            Self::SigningKeys => b"vestibule signing keys v1",
            Self::Successors => b"vestibule refresh successors v1",
            Self::SetupLink => b"vestibule setup link v1",
            Self::CsrfTokens => b"vestibule csrf tokens v1",
            Self::TotpSecrets => b"vestibule totp secrets v1",
            Self::RecoveryCodes => b"vestibule recovery codes v1",
            Self::Budgets => b"vestibule budgets v1",
            Self::Outbox => b"vestibule outbox v1",
            Self::MailCodes => b"vestibule mail codes v1",
            Self::AuditCheckpoints => b"vestibule audit checkpoints v1",
            Self::Probes => b"vestibule probes v1",
        }
    }
}

impl RootKey {
    pub const MIN_BYTES: usize = 32;

    /// `None` where there are fewer than [`Self::MIN_BYTES`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() >= Self::MIN_BYTES).then_some(Self(bytes))
    }

    /// The key itself, for HS256 (RFC 7518 section 3.2).
    pub fn hmac_key(&self) -> &[u8] {
        &self.0
    }

    /// HKDF-SHA-256 (RFC 5869) of the root for one purpose.
    ///
    /// # Panics
    /// For `N` above 255 × 32 only.
    pub fn derive<const N: usize>(&self, purpose: Purpose) -> [u8; N] {
        struct Length(usize);
        impl hkdf::KeyType for Length {
            fn len(&self) -> usize {
                self.0
            }
        }
        let mut out = [0; N];
        let info = [purpose.label()];
        hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
            .extract(&self.0)
            .expand(&info, Length(N))
            .and_then(|okm| okm.fill(&mut out))
            .unwrap_or_else(|_| panic!("HKDF gives at most 255 blocks"));
        out
    }

    pub fn seal(&self, purpose: Purpose) -> Seal {
        Seal::new(self.derive(purpose))
    }
}

/// Authenticated encryption (AES-256-GCM, random nonce in front). What is sealed for one `context` does not open in another.
pub struct Seal([u8; 32]);

impl Seal {
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    fn key(&self) -> RandomizedNonceKey {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0).unwrap_or_else(|_| panic!("AES-256 takes 32 bytes"))
    }

    pub fn close(&self, plain: &[u8], context: &[u8]) -> Vec<u8> {
        let mut text = plain.to_vec();
        let nonce = self
            .key()
            .seal_in_place_append_tag(Aad::from(context), &mut text)
            .unwrap_or_else(|_| panic!("AES-GCM seals anything below 64 GiB"));
        [nonce.as_ref().as_slice(), &text].concat()
    }

    /// `None` where it was sealed with another key, for another context, or changed since.
    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let plain = self.key().open_in_place(nonce, Aad::from(context), &mut text).ok()?;
        Some(plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_the_same_key_and_context() {
        let root = RootKey::new([7; 32]).expect("32 bytes");
        let sealed = root.seal(Purpose::SigningKeys).close(b"private", b"kid");
        assert_eq!(root.seal(Purpose::SigningKeys).open(&sealed, b"kid").as_deref(), Some(&b"private"[..]));
        assert!(root.seal(Purpose::SigningKeys).open(&sealed, b"other").is_none());
        assert!(root.seal(Purpose::Successors).open(&sealed, b"kid").is_none());
        assert!(root.seal(Purpose::SigningKeys).open(&sealed[..5], b"kid").is_none());
    }

    #[test]
    fn a_code_is_read_back_however_it_was_typed() {
        let code = ShortCode::fresh();
        let typed = ShortCode::typed(&format!(" {} ", code.spaced().to_lowercase())).expect("a code");
        assert_eq!(typed.reveal(), code.reveal());
        assert_eq!(ShortCode::typed("oil0-oil0").map(|code| code.spaced()).as_deref(), Some("0110-0110"));
        for wrong in ["", "1234567", "123456789", "1234567U", "1234567ä"] {
            assert!(ShortCode::typed(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_fresh_token_has_the_length_of_ours() {
        assert!(OpaqueToken::fresh().has_our_length() && !OpaqueToken::sent("x").has_our_length());
    }

    #[test]
    fn a_root_key_has_at_least_32_bytes() {
        assert!(RootKey::new([0; 31]).is_none());
    }
}
