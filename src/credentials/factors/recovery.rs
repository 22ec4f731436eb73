//! Codes for the day the second factor is not at hand: ten that everybody with a second factor keeps, and the one that an
//! administrator gives. Each is taken once; only a keyed digest is stored.

use super::store;
use crate::access::Method;
use crate::app::App;
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::secret::{Purpose, keyed_digest, random};
use crate::platform::time::UnixTime;

/// How many a person keeps.
pub const CODES: usize = 10;
/// Crockford's base 32: no letter is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 60 random bits, and to guess them takes the key as well.
const CHARS: usize = 12;

/// Whose a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Recovery,
    Bypass,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Bypass => "bypass",
        }
    }

    /// What it proves.
    pub(super) fn method(self) -> Method {
        match self {
            Self::Recovery => Method::OneTimeCode,
            Self::Bypass => Method::Bypass,
        }
    }
}

/// New recovery codes, in place of any before; they are shown this once.
///
/// # Errors
/// A [`Fault`].
pub(super) fn renew(tx: &mut Tx, app: &App, user: &UserId) -> Result<Vec<String>, Fault> {
    store::forget_codes(tx, user, Kind::Recovery)?;
    (0..CODES).map(|_| issue(tx, app, user, Kind::Recovery, None)).collect()
}

/// A code that an administrator passes on, in place of one given before.
///
/// # Errors
/// A [`Fault`].
pub(super) fn bypass(tx: &mut Tx, app: &App, user: &UserId, until: UnixTime) -> Result<String, Fault> {
    store::forget_codes(tx, user, Kind::Bypass)?;
    issue(tx, app, user, Kind::Bypass, Some(until))
}

fn issue(tx: &mut Tx, app: &App, user: &UserId, kind: Kind, until: Option<UnixTime>) -> Result<String, Fault> {
    let code: String = random::<CHARS>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    let new = store::NewCode { kind, created_at: app.now(), expires_at: until };
    store::insert_code(tx, &digest(app, user, &code), user, &new)?;
    Ok(format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]))
}

/// What a code proves that somebody has sent, if it is one of theirs; it is used up now.
///
/// # Errors
/// A [`Fault`].
pub(super) fn prove(tx: &mut Tx, app: &App, user: &UserId, sent: &str) -> Result<Option<Kind>, Fault> {
    let Some(code) = canonical(sent) else { return Ok(None) };
    let digest = digest(app, user, &code);
    for kind in [Kind::Recovery, Kind::Bypass] {
        if store::take_code(tx, &digest, user, kind, app.now())? {
            return Ok(Some(kind));
        }
    }
    Ok(None)
}

/// However somebody has written it down: capitals, dashes, blanks, an O for a zero.
fn canonical(sent: &str) -> Option<String> {
    let letters = sent.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    });
    let code: String = letters.take(CHARS + 1).collect();
    (code.len() == CHARS && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

fn digest(app: &App, user: &UserId, code: &str) -> [u8; 32] {
    keyed_digest(&app.derived_key(Purpose::RecoveryCodes), format!("{} {code}", user.as_str()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn a_code_is_read_however_it_was_written_down() {
        for written in ["0123-abcd-1z0y", "0123ABCD1Z0Y", " o123 abcd-izoy ", "0123-ABCD-LZOY"] {
            assert_eq!(canonical(written).as_deref(), Some("0123abcd1z0y"), "{written}");
        }
        for other in ["", "123456", "0123-abcd-1z0", "0123-abcd-1z0yy", "0123-abcd-1z0u", "0123-abcd-1z0ä"] {
            assert_eq!(canonical(other), None, "{other}");
        }
    }
}
