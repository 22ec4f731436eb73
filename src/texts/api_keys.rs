//! What pages and answers say of API keys.

use super::{Texts, fill};
use crate::access::PermissionSet;
use crate::tokens::api_keys::{LONGEST_NAME, MOST, Wrong};

impl Texts {
    /// A key in a list of sessions.
    pub fn api_key(&self, name: &str) -> String {
        fill(self.api_keys.named, name)
    }

    pub fn end_key(&self, name: &str) -> String {
        fill(self.api_keys.end_one, name)
    }

    /// Who did something, by which key.
    pub fn with_key(&self, who: &str, key: &str) -> String {
        // The username has no braces in it, and the key's name is put in last.
        fill(self.api_keys.by_key, who).replace("{key}", key)
    }

    /// What is wrong with a key that was asked for.
    pub fn wrong_key(&self, wrong: &Wrong) -> String {
        let t = &self.api_keys;
        match wrong {
            Wrong::NoName => t.no_name.to_owned(),
            Wrong::LongName => fill(t.long_name, &LONGEST_NAME.to_string()),
            Wrong::OddName => t.odd_name.to_owned(),
            Wrong::OddWord(word) => fill(t.odd_word, word),
            Wrong::NoExpiry => t.no_expiry.to_owned(),
            Wrong::OddExpiry => t.odd_expiry.to_owned(),
            Wrong::ExpiryOutOfReach => t.out_of_reach.to_owned(),
        }
    }

    pub fn key_beyond(&self, words: &PermissionSet) -> String {
        fill(self.api_keys.beyond, &words.to_scope().replace(' ', ", "))
    }

    pub fn too_many_keys(&self) -> String {
        fill(self.api_keys.too_many, &MOST.to_string())
    }
}
