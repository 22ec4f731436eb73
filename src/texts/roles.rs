//! What is said of roles, where it depends on something.

use super::{Texts, fill};
use crate::access::words;
use crate::accounts::Listed;

impl Texts {
    /// How many people have a role.
    pub fn holders(&self, number: usize) -> String {
        match number {
            0 => self.roles.nobody.to_owned(),
            1 => self.roles.one_person.to_owned(),
            Listed::MANY.. => self.roles.many_persons.to_owned(),
            _ => fill(self.roles.persons, &number.to_string()),
        }
    }

    /// What a permission allows, where it is one of Vestibule's own.
    pub fn meaning_of(&self, word: &str) -> Option<&'static str> {
        let meanings = &self.roles.meanings;
        Some(match word {
            words::AUDIT_READ => meanings.audit_read,
            words::KEYS_WRITE => meanings.keys_write,
            words::ROLES_WRITE => meanings.roles_write,
            words::SESSIONS_WRITE => meanings.sessions_write,
            words::SETTINGS_READ => meanings.settings_read,
            words::TOKENS_INTROSPECT => meanings.tokens_introspect,
            words::USERS_READ => meanings.users_read,
            words::USERS_WRITE => meanings.users_write,
            _ => return None,
        })
    }

    pub fn more_words(&self, number: usize) -> String {
        fill(self.roles.more_words, &number.to_string())
    }
    pub fn delete_role(&self, name: &str) -> String {
        fill(self.roles.delete_one, name)
    }
    pub fn why_title(&self, username: &str) -> String {
        fill(self.roles.why_title, username)
    }
    pub fn why_yes(&self, username: &str) -> String {
        fill(self.roles.why_yes, username)
    }
    pub fn why_no(&self, username: &str) -> String {
        fill(self.roles.why_no, username)
    }
    pub fn ends_of(&self, role: &str) -> String {
        fill(self.roles.ends_of, role)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DE, EN};
    use super::*;

    #[test]
    fn every_own_word_is_explained_in_every_language() {
        for t in [&EN, &DE] {
            assert!(words::ALL.iter().all(|word| t.meaning_of(word).is_some()));
        }
    }

    #[test]
    fn nobody_one_some_and_many_are_told_apart() {
        let said = [0, 1, 2, 999, 1000].map(|number| EN.holders(number));
        assert_eq!(said, ["Nobody", "1 person", "2 people", "999 people", "1 000 people or more"]);
    }
}
