//! Permissions are words such as `users:read`; a team makes up its own for its apps (`invoices:approve`).

use std::collections::BTreeSet;

/// The role that has every permission there is.
pub const ADMIN: &str = "admin";

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
pub struct PermissionSet {
    words: BTreeSet<Permission>,
    reach: Reach,
}

/// How far a set goes when others are measured against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reach {
    #[default]
    ItsWords,
    /// An administrator's: beyond every word there is, and those that are yet to be made up.
    Everything,
}

impl PermissionSet {
    /// Reads a scope; words that are no permissions of anybody (`openid`, say) hold nothing and are left out.
    pub fn from_scope(scope: &str) -> Self {
        scope.split_ascii_whitespace().filter_map(Permission::parse).collect()
    }

    pub fn to_scope(&self) -> String {
        self.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
    }

    pub fn holds(&self, word: &str) -> bool {
        self.iter().any(|permission| permission.0 == word)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Permission> {
        self.words.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether whoever holds this may give and touch the other.
    pub fn covers(&self, other: &Self) -> bool {
        match (self.reach, other.reach) {
            (Reach::Everything, _) => true,
            (Reach::ItsWords, Reach::Everything) => false,
            (Reach::ItsWords, Reach::ItsWords) => other.words.is_subset(&self.words),
        }
    }

    /// The same in the hands of somebody with these roles. An administrator with all words of Vestibule's own reaches
    /// everything; one whose token was asked for with a narrower scope is one in name only.
    #[must_use]
    pub fn held_with(mut self, roles: &[String]) -> Self {
        if roles.iter().any(|role| role == ADMIN) && words::ALL.iter().all(|word| self.holds(word)) {
            self.reach = Reach::Everything;
        }
        self
    }

    /// What the other one lacks of this.
    pub fn without(&self, other: &Self) -> Self {
        self.words.difference(&other.words).cloned().collect()
    }

    pub fn intersection(&self, other: &Self) -> Self {
        self.words.intersection(&other.words).cloned().collect()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self { words: permissions.into_iter().collect(), reach: Reach::ItsWords }
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
    fn an_administrator_reaches_words_that_are_yet_to_be_made_up_and_nobody_else_reaches_them() {
        let (own, admin) = (PermissionSet::from_scope(&words::ALL.join(" ")), [ADMIN.to_owned()]);
        let (full, new) = (own.clone().held_with(&admin), PermissionSet::from_scope("invoices:approve"));
        assert!(full.covers(&new) && full.covers(&full) && full.covers(&own));
        assert!(!own.covers(&new) && !own.covers(&full));
        assert!(!PermissionSet::from_scope("roles:write users:read").held_with(&admin).covers(&new));
        assert!(!full.intersection(&full).covers(&new));
    }

    #[test]
    fn every_own_word_is_a_permission() {
        assert!(words::ALL.iter().all(|word| Permission::parse(word).is_some()));
    }
}
