//! The rules for a new password. What passes them is an [`AcceptedPassword`], and nothing else can be hashed.

use zxcvbn::{Score, zxcvbn};

use crate::app::App;
use crate::platform::hasher::Busy;
use crate::platform::secret::Password;

const MIN_CHARS: usize = 8;
/// bcrypt ends at 72 bytes, the last of which is its own.
const MAX_BYTES: usize = 71;

/// A password that keeps the rules.
pub struct AcceptedPassword(Password);

/// The hash of an accepted password: what a store takes.
pub struct Hashed(String);

impl AcceptedPassword {
    /// Holds a typed password against the rules: length, no NUL, none of the names of its owner, and an estimate of how
    /// many guesses it withstands.
    ///
    /// # Errors
    /// Inside, one sentence that helps to find a better one; outside, [`Busy`] where too many are waiting.
    pub async fn accept(app: &App, typed: Password, names: &[&str]) -> Result<Result<Self, String>, Busy> {
        // The estimate takes milliseconds, so it is made where hashes are.
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        app.hasher.off_thread(move || Self::judge(typed, &names)).await
    }

    fn judge(typed: Password, names: &[String]) -> Result<Self, String> {
        let text = typed.reveal();
        if text.chars().count() < MIN_CHARS {
            return Err(format!("A password has at least {MIN_CHARS} characters."));
        }
        if text.len() > MAX_BYTES {
            return Err(format!("A password has at most {MAX_BYTES} bytes; this one has {}.", text.len()));
        }
        if text.contains('\0') {
            return Err("A password can't contain a NUL character.".into());
        }
        let lower = text.to_lowercase();
        if names.iter().any(|name| name.len() > 2 && lower.contains(&name.to_lowercase())) {
            return Err("A password can't contain your username or address.".into());
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let estimate = zxcvbn(text, &names);
        if estimate.score() < Score::Two {
            return Err(advice(&estimate));
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

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn advice(estimate: &zxcvbn::Entropy) -> String {
    let warning = estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    match warning {
        Some(warning) => format!("This password is too easy to guess: {}", lower_first(&warning.to_string())),
        None => "This password is too easy to guess. A few words that don't belong together make a good one.".into(),
    }
}

fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(text: &str) -> Result<(), String> {
        AcceptedPassword::judge(Password::new(text), &["alice".to_owned(), "alice@example.com".to_owned()]).map(drop)
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
        assert!(accept(&long[..72]).is_err_and(|why| why.contains("71 bytes")));
    }

    #[test]
    fn bad_passwords_are_refused_with_a_reason() {
        for bad in ["short1!", "password", "12345678", "qwertyuiop", "alice-in-wonderland", "nul\0nul\0nul\0x"] {
            assert!(accept(bad).is_err(), "{bad}");
        }
    }
}
