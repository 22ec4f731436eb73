//! The rules for a new password. What passes them is an [`AcceptedPassword`], and nothing else can be hashed.

pub use zxcvbn::feedback::Warning as Clue;
use zxcvbn::{Score, zxcvbn};

use super::ForeignHash;
use crate::app::App;
use crate::platform::hasher::{Busy, MAX_BYTES};
use crate::platform::secret::Password;

const MIN_CHARS: usize = 8;
/// Shorter parts of a name stand in many words.
const TELLING_CHARS: usize = 4;

/// Why a password will not do. The sentences stand in `texts`.
#[derive(Clone, Debug, PartialEq)]
pub enum Weak {
    /// Fewer characters than this.
    Short(usize),
    /// More bytes than bcrypt takes.
    Long {
        most: usize,
        bytes: usize,
    },
    Nul,
    /// It contains its owner's name.
    Own,
    /// Too few guesses find it; why, where that is known.
    Easy(Option<Clue>),
}

/// A password that keeps the rules.
pub struct AcceptedPassword(Password);

/// The hash of an accepted password: what a store takes.
pub struct Hashed(String);

impl AcceptedPassword {
    /// Holds a typed password against the rules: length, no NUL, none of the names of its owner (first the username, however
    /// short; then address, what they want to be called), and an estimate of how many guesses it withstands, which knows 30 000 common passwords.
    ///
    /// # Errors
    /// Inside, why it will not do; outside, [`Busy`] where too many are waiting.
    pub async fn accept(app: &App, typed: Password, names: &[&str]) -> Result<Result<Self, Weak>, Busy> {
        // The estimate takes milliseconds, so it is made where hashes are.
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        app.hasher.off_thread(move || Self::judge(typed, &names)).await
    }

    fn judge(typed: Password, names: &[String]) -> Result<Self, Weak> {
        let text = typed.reveal();
        if text.chars().count() < MIN_CHARS {
            return Err(Weak::Short(MIN_CHARS));
        }
        if text.len() > MAX_BYTES {
            return Err(Weak::Long { most: MAX_BYTES, bytes: text.len() });
        }
        if text.contains('\0') {
            return Err(Weak::Nul);
        }
        let lower = text.to_lowercase();
        let username = names.first().map(|username| username.to_lowercase());
        let told = names.iter().flat_map(|name| telling(name)).chain(username);
        if told.filter(|part| !part.is_empty()).any(|part| lower.contains(&part)) {
            return Err(Weak::Own);
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let estimate = zxcvbn(text, &names);
        if estimate.score() < Score::Two {
            return Err(Weak::Easy(estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning)));
        }
        Ok(Self(typed))
    }

    /// # Errors
    /// [`Busy`] where too many are waiting to be hashed.
    pub async fn hash(self, app: &App) -> Result<Hashed, Busy> {
        app.hasher.hash(self.0).await.map(Hashed)
    }
}

impl Hashed {
    /// A new hash, at the current cost, of a password that was just found to be the right one.
    pub(super) async fn again(app: &App, proven: Password) -> Result<Self, Busy> {
        app.hasher.hash(proven).await.map(Self)
    }

    /// The hash of somebody who moves in: whatever password it was made from signs in.
    pub fn moved_in(hash: ForeignHash) -> Self {
        Self(hash.into_text())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name, and what of it would give a password away: the words in it, and what stands before the `@`.
fn telling(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let (before, _) = lower.split_once('@').unwrap_or((&lower, ""));
    let words = before.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= TELLING_CHARS);
    let whole = [lower.as_str(), before].into_iter().filter(|name| name.len() > 2);
    whole.chain(words).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(text: &str) -> Result<(), Weak> {
        let names = ["alice", "a.winter@example.com", "Alice Mary von Trapp"].map(str::to_owned);
        AcceptedPassword::judge(Password::new(text), &names).map(drop)
    }

    #[test]
    fn good_passwords_pass() {
        for good in ["correct horse battery", "Tr0ub4dor&3x!", "パスワードは長い方がいい"] {
            assert_eq!(accept(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_password_of_71_bytes_is_the_longest() {
        let long = "q7#Lw".repeat(15);
        assert_eq!(accept(&long[..71]), Ok(()));
        assert!(accept(&long[..72]).is_err_and(|why| why == Weak::Long { most: 71, bytes: 72 }));
    }

    #[test]
    fn bad_passwords_are_refused_with_a_reason() {
        for bad in ["short1!", "password", "12345678", "qwertyuiop", "alice-in-wonderland", "nul\0nul\0nul\0x"] {
            assert!(accept(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_part_of_ones_names_may_stand_in_it() {
        for bad in ["kettle.winter.orbit", "kettle TRAPP orbit", "kettle a.winter orbit", "xx-Alice-kettle-orbit"] {
            assert!(accept(bad).is_err_and(|why| why == Weak::Own), "{bad}");
        }
        assert_eq!(accept("kettle von orbit violet"), Ok(()), "a short word stands in many passwords");
    }

    #[test]
    fn common_passwords_are_too_easy() {
        for common in
            ["password1", "Password1", "iloveyou2", "sunshine1", "qwerty123", "p@ssw0rd", "11111111", "abcdefgh1"]
        {
            assert!(accept(common).is_err_and(|why| matches!(why, Weak::Easy(_))), "{common}");
        }
    }
}
