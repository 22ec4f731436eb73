//! Permissions are words such as `users:read`; a team makes up its own for its apps (`invoices:approve`).

use std::collections::BTreeSet;

/// One word of permission: two or more parts of lower-case letters, digits, `.`, `_`, `-`, joined by colons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(String);

/// The words that Vestibule itself asks for.
pub mod words {
    pub const USERS_READ: &str = "users:read";
    pub const USERS_WRITE: &str = "users:write";
    pub const ROLES_WRITE: &str = "roles:write";
    pub const SESSIONS_WRITE: &str = "sessions:write";
    pub const AUDIT_READ: &str = "audit:read";
    pub const KEYS_WRITE: &str = "keys:write";
    /// To see the settings in force, and what an operator should mend.
    pub const SETTINGS_READ: &str = "settings:read";
    pub const TOKENS_INTROSPECT: &str = "tokens:introspect";

    pub const ALL: [&str; 8] = [
        AUDIT_READ,
        KEYS_WRITE,
        ROLES_WRITE,
        SESSIONS_WRITE,
        SETTINGS_READ,
        TOKENS_INTROSPECT,
        USERS_READ,
        USERS_WRITE,
    ];
}

impl Permission {
    pub const MAX_CHARS: usize = 100;

    /// `None` where the text is no word of permission.
    pub fn parse(text: &str) -> Option<Self> {
        let part = |part: &str| {
            let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ['.', '_', '-'].contains(&c);
            !part.is_empty() && part.chars().all(letter)
        };
        let sound = text.contains(':') && text.len() <= Self::MAX_CHARS && text.split(':').all(part);
        sound.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody holds. As text it is a scope (RFC 6749 section 3.3): words in order, one space between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet(BTreeSet<Permission>);

impl PermissionSet {
    /// Reads a scope; words that are no permissions of anybody (`openid`, say) hold nothing and are left out.
    pub fn from_scope(scope: &str) -> Self {
        scope.split_ascii_whitespace().filter_map(Permission::parse).collect()
    }

    pub fn to_scope(&self) -> String {
        self.0.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
    }

    pub fn holds(&self, word: &str) -> bool {
        self.0.iter().any(|permission| permission.0 == word)
    }

    pub fn covers(&self, other: &Self) -> bool {
        other.0.is_subset(&self.0)
    }

    /// What the other one lacks of this.
    pub fn without(&self, other: &Self) -> Self {
        self.0.difference(&other.0).cloned().collect()
    }

    /// The words, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Permission::as_str)
    }

    pub fn intersection(&self, other: &Self) -> Self {
        self.0.intersection(&other.0).cloned().collect()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_two_or_more_words_joined_by_colons() {
        for sound in ["users:read", "invoices:approve", "a:b:c-1.x_y"] {
            assert!(Permission::parse(sound).is_some(), "{sound}");
        }
        for wrong in ["", "users", "users:", ":read", "Users:read", "a: b", "ä:b", "a:b\n"] {
            assert!(Permission::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_scope_is_read_and_written_in_order_without_repeats() {
        let set = PermissionSet::from_scope("users:write  users:read users:write openid");
        assert_eq!(set.to_scope(), "users:read users:write");
        assert!(set.holds("users:read") && !set.holds("openid"));
    }

    #[test]
    fn every_own_word_is_a_permission() {
        assert!(words::ALL.iter().all(|word| Permission::parse(word).is_some()));
    }
}
