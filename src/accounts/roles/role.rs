//! What a role is: a name, what it is for, and the permissions that it gives. Only the parsers here make one.

use serde_json::json;

use super::super::{Refusal, Version, Wrong};
use super::{ADMIN, USER};
use crate::access::{Permission, PermissionSet};
use crate::platform::ids::RoleId;
use crate::platform::time::UnixTime;

/// Words of one role at the most.
const MOST_WORDS: usize = 500;
const LONGEST_DESCRIPTION: usize = 500;

/// A role as it stands in the database; `admin` with every permission there is, whatever its rows say.
#[derive(Clone, Debug)]
pub struct Role {
    pub id: RoleId,
    pub name: String,
    pub description: String,
    pub permissions: PermissionSet,
    pub created_at: UnixTime,
}

impl Role {
    /// Comes with the house, keeps its name and can't be deleted.
    pub fn is_built_in(&self) -> bool {
        self.is_admin() || self.id.as_str() == USER
    }

    /// Has every permission, and can't be changed at all.
    pub fn is_admin(&self) -> bool {
        self.id.as_str() == ADMIN
    }

    pub fn version(&self) -> Version {
        Version::of(&json!([self.id.as_str(), self.name, self.description, self.permissions.to_scope()]))
    }
}

/// The name of a role: 1 to 64 lower-case letters, digits, `.`, `_`, `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName(String);

impl RoleName {
    /// # Errors
    /// [`Wrong::RoleName`].
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ['.', '_', '-'].contains(&c);
        match (1..=64).contains(&text.len()) && text.chars().all(letter) {
            true => Ok(Self(text.to_owned())),
            false => Err(Wrong::RoleName),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody typed about a role; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct RoleEdit {
    pub name: Option<String>,
    pub description: Option<String>,
    pub permissions: Option<Vec<String>>,
}

impl RoleEdit {
    /// The role as it would be; every wrong value is named, not just the first.
    pub(super) fn applied_to(&self, before: &Role) -> Result<Role, Refusal> {
        let (mut after, mut wrong) = (before.clone(), Vec::new());
        match self.name.as_deref().map(RoleName::parse).transpose() {
            Ok(name) => after.name = name.map_or(after.name, |name| name.0),
            Err(why) => wrong.push(("name", why)),
        }
        match self.description.as_deref().map(description).transpose() {
            Ok(text) => after.description = text.unwrap_or(after.description),
            Err(why) => wrong.push(("description", why)),
        }
        match self.permissions.as_deref().map(words).transpose() {
            Ok(words) => after.permissions = words.unwrap_or(after.permissions),
            Err(why) => wrong.extend(why.into_iter().map(|why| ("permissions", why))),
        }
        if wrong.is_empty() { Ok(after) } else { Err(Refusal::Invalid(wrong)) }
    }
}

fn description(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    if text.chars().count() > LONGEST_DESCRIPTION {
        return Err(Wrong::DescriptionLong(LONGEST_DESCRIPTION));
    }
    if text.chars().any(char::is_control) {
        return Err(Wrong::DescriptionOdd);
    }
    Ok(text.to_owned())
}

fn words(texts: &[String]) -> Result<PermissionSet, Vec<Wrong>> {
    let parsed = |text: &String| {
        let shown: String = text.chars().take(Permission::MAX_CHARS).collect();
        Permission::parse(text).ok_or(Wrong::NoPermission(shown))
    };
    let (sound, wrong): (Vec<_>, Vec<_>) = texts.iter().map(parsed).partition(Result::is_ok);
    if texts.len() > MOST_WORDS {
        return Err(vec![Wrong::ManyWords(MOST_WORDS)]);
    }
    if !wrong.is_empty() {
        return Err(wrong.into_iter().filter_map(Result::err).collect());
    }
    Ok(sound.into_iter().flatten().collect())
}

/// A role that somebody has, for good or until a moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleGrant {
    pub role: String,
    pub until: Option<UnixTime>,
}

impl RoleGrant {
    /// Whether it counts up to that moment, or for good where there is none.
    pub fn lasts(&self, until: Option<UnixTime>) -> bool {
        match (self.until, until) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(asked)) => mine >= asked,
        }
    }
}

impl From<String> for RoleGrant {
    fn from(role: String) -> Self {
        Self { role, until: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roles_name_is_what_the_contract_says() {
        for sound in ["a", "clerk", "team-a.clerk_2", "9", "-", &"a".repeat(64)] {
            assert!(RoleName::parse(sound).is_ok(), "{sound}");
        }
        for wrong in ["", "Clerk", "a b", "ä", "a\n", "a:b", "a\u{0}", "a/b", &"a".repeat(65)] {
            assert!(RoleName::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_wrong_word_is_named() {
        let blank = Role {
            id: RoleId::from_outside("x"),
            name: "x".into(),
            description: String::new(),
            permissions: PermissionSet::default(),
            created_at: UnixTime::from_millis(0),
        };
        let permissions = ["a:b", "A:b", "c"].map(str::to_owned).to_vec();
        let edit = RoleEdit { name: Some("X".into()), description: None, permissions: Some(permissions) };
        let Err(Refusal::Invalid(wrong)) = edit.applied_to(&blank) else { panic!("it was taken") };
        let fields: Vec<&str> = wrong.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["name", "permissions", "permissions"]);
    }
}
