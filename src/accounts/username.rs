//! Usernames, as the contract has them. Only [`Username::parse`] makes one.

use std::ops::RangeInclusive;

use super::Wrong;

/// 2 to 64 ASCII letters, digits, `.`, `_`, `-`, beginning with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

/// Who acts at the machine's own console, as the log has it; nobody else goes by it.
pub const CONSOLE: &str = "console";

impl Username {
    /// Characters, at the least and at the most.
    const LENGTH: RangeInclusive<usize> = 2..=Self::LONGEST;
    pub const LONGEST: usize = 64;

    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || ['.', '_', '-'].contains(&c);
        if !Self::LENGTH.contains(&text.chars().count()) {
            return Err(Wrong::UsernameLength);
        }
        if !text.chars().all(allowed) {
            return Err(Wrong::UsernameLetters);
        }
        if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(Wrong::UsernameFirst);
        }
        if fold(text) == CONSOLE {
            return Err(Wrong::UsernameOfConsole);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How names and addresses are compared: without regard to case.
pub(super) fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// A sign-in name as it is looked up: what somebody typed, whether or not anybody has it.
pub fn as_looked_up(typed: &str) -> String {
    fold(typed.trim())
}

#[cfg(test)]
mod tests {
    use super::Username;

    #[test]
    fn usernames_are_what_the_contract_says() {
        for sound in ["al", "alice", "A.l_i-ce9", "9lives", &"a".repeat(64)] {
            assert!(Username::parse(sound).is_ok(), "{sound}");
        }
        let long = "a".repeat(65);
        for wrong in
            ["", "a", &long, ".alice", "-a", "al ice", "älice", "a\u{0}b", "alice\n", "a@b", "аlice", "Console"]
        {
            assert!(Username::parse(wrong).is_err(), "{wrong}");
        }
    }
}
