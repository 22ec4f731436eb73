//! Hashes of passwords that other programs made. They are taken as they are, verified at the next sign-in, and made anew
//! then. Only [`ForeignHash::parse`] makes one, so none is stored whose check would cost minutes or gigabytes.

mod django;
mod limits;
mod phc;
mod verify;

use crate::platform::hasher::cost_of;
use crate::platform::secret::Password;

/// A hash that somebody else made, in a form that is known here and at a price that can be paid.
pub struct ForeignHash {
    text: String,
    kind: Kind,
}

/// How such a hash is checked.
enum Kind {
    /// As our own are made.
    Bcrypt,
    /// bcrypt of the hexadecimal SHA-256 of the password: Django's way around bcrypt's end.
    BcryptOfSha256(String),
    /// `$5$` and `$6$`, the functions of `crypt(3)`.
    ShaCrypt,
    Derived(Derived),
}

/// What was derived from a password, and how to derive it again.
struct Derived {
    function: Function,
    salt: Vec<u8>,
    expected: Vec<u8>,
}

/// A function that takes a password, a salt and a length.
enum Function {
    Argon2(argon2::Argon2<'static>),
    Scrypt(scrypt::Params),
    Pbkdf2(Digest, std::num::NonZeroU32),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

impl ForeignHash {
    /// Reads `$2a$`, `$2b$`, `$2y$`; `$argon2id$`, `$argon2i$`, `$scrypt$` and `$pbkdf2-…$` as PHC strings; Django's forms;
    /// `$5$` and `$6$`.
    ///
    /// # Errors
    /// One sentence: no form that is known, or dearer to check than is allowed here.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if !text.chars().all(|c| c.is_ascii_graphic()) {
            return Err("a hash has only visible ASCII characters".into());
        }
        // Django writes its own word in front of what others write alone.
        let plain =
            text.strip_prefix("bcrypt$").or_else(|| text.strip_prefix("argon2").filter(|rest| rest.starts_with('$')));
        let text = plain.unwrap_or(text);
        let word = text.strip_prefix('$').unwrap_or(text).split('$').next().unwrap_or_default();
        let kind = match (text.starts_with('$'), word) {
            (true, "2a" | "2b" | "2y") => limits::bcrypt(text).map(|()| Kind::Bcrypt),
            (true, "5" | "6") => limits::sha_crypt(text).map(|()| Kind::ShaCrypt),
            (true, _) => phc::read(text).map(Kind::Derived),
            (false, "bcrypt_sha256") => django::bcrypt_sha256(text).map(Kind::BcryptOfSha256),
            (false, _) => django::read(text).map(Kind::Derived),
        }?;
        Ok(Self { text: text.to_owned(), kind })
    }

    /// PBKDF2 as Keycloak keeps it, in parts.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn pbkdf2(digest: &str, iterations: u64, salt: &[u8], hash: &[u8]) -> Result<Self, String> {
        let digest = digest.strip_prefix("pbkdf2").unwrap_or(digest).trim_start_matches('-');
        let name = if digest.is_empty() { "pbkdf2".to_owned() } else { format!("pbkdf2-{digest}") };
        Self::parse(&format!("${name}$i={iterations}${}${}", phc::encode(salt), phc::encode(hash)))
    }

    /// Argon2 as Keycloak keeps it, in parts: its kind (`id` or `i`), its version, memory in KiB, passes, lanes.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn argon2(
        (kind, version): (&str, &str),
        (memory, passes, lanes): (u64, u64, u64),
        (salt, hash): (&[u8], &[u8]),
    ) -> Result<Self, String> {
        let version = if version == "1.0" { 16 } else { 19 };
        let kind = kind.to_ascii_lowercase();
        let (salt, hash) = (phc::encode(salt), phc::encode(hash));
        Self::parse(&format!("$argon2{kind}$v={version}$m={memory},t={passes},p={lanes}${salt}${hash}"))
    }

    /// A stored hash that is none of our own kind.
    pub(super) fn stored(text: &str) -> Option<Self> {
        if cost_of(text).is_some() { None } else { Self::parse(text).ok() }
    }

    /// As it is stored: in the words of whoever made it.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Whether it was made from this password. Takes milliseconds.
    pub(super) fn fits(&self, typed: &Password) -> bool {
        verify::fits(self, typed)
    }
}
