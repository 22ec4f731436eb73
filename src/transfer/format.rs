//! Which program a file comes from: said, or seen by its content.

use serde_json::{Map, Value};

use super::readers::elements::{self, Within};
use super::source::Head;

/// The kinds of file that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own, a user a line.
    Jsonl,
    /// Our own, with headings.
    Csv,
    /// A realm, or its users.
    Keycloak,
    /// An export of users, of password hashes, or both in one.
    Auth0,
    /// The table `auth.users`.
    Supabase,
    /// `users_database.yml`.
    Authelia,
    /// `dumpdata auth.user auth.group`.
    Django,
}

/// Every format by its name.
pub const FORMATS: [(&str, Format); 7] = [
    ("jsonl", Format::Jsonl),
    ("csv", Format::Csv),
    ("keycloak", Format::Keycloak),
    ("auth0", Format::Auth0),
    ("supabase", Format::Supabase),
    ("authelia", Format::Authelia),
    ("django", Format::Django),
];

impl Format {
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    pub fn named(name: &str) -> Option<Self> {
        FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// By what stands at the beginning of a file.
    pub(super) fn of(head: &Head) -> Option<Self> {
        let text = head.text();
        match text.trim_start().as_bytes().first()? {
            b'{' => match text.lines().find(|line| !line.trim().is_empty()).map(serde_json::from_str) {
                Some(Ok(object)) => of_object(&object),
                // One object over many lines.
                _ => ["\"realm\"", "\"users\""].iter().any(|key| text.contains(key)).then_some(Self::Keycloak),
            },
            b'[' => of_object(&first_in_list(head)?),
            _ if text.lines().any(|line| line.trim_end() == "users:") => Some(Self::Authelia),
            _ => of_headings(text.trim_start().lines().next()?),
        }
    }
}

fn first_in_list(head: &Head) -> Option<Map<String, Value>> {
    let mut elements = elements::Elements::new(head.bytes(), Within::List);
    serde_json::from_slice(&elements.next()?.ok()?.ok()?).ok()
}

fn of_object(object: &Map<String, Value>) -> Option<Format> {
    let has = |keys: &[&str]| keys.iter().any(|key| object.contains_key(*key));
    if has(&["realm", "users"]) {
        Some(Format::Keycloak)
    } else if has(&["model"]) {
        Some(Format::Django)
    } else if has(&["encrypted_password", "raw_user_meta_data", "email_confirmed_at"]) {
        Some(Format::Supabase)
    } else if has(&["passwordHash", "user_id", "_id", "identities"]) {
        Some(Format::Auth0)
    } else if has(&["username", "email"]) {
        Some(Format::Jsonl)
    } else {
        None
    }
}

fn of_headings(line: &str) -> Option<Format> {
    let heading = |name: &str| line.split(',').any(|field| field.trim().trim_matches('"') == name);
    if heading("encrypted_password") {
        Some(Format::Supabase)
    } else {
        (heading("username") || heading("email")).then_some(Format::Csv)
    }
}
