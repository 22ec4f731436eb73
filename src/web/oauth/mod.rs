//! The OAuth endpoints: requests read into the capability's types, its answers written as the RFCs have them.

pub mod introspection;
pub mod passkey;
pub mod token;
pub mod wellknown;

use std::borrow::Cow;

use super::refuse::Refusal;

/// Whether every answer at this path is OAuth's, whoever asks (RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 7662 section 2.3).
pub fn answers_at(path: &str) -> bool {
    matches!(path, "/token" | "/introspect" | "/revoke")
}

/// The tutorials' names for the token endpoint: a program is told the same there, and a browser gets a page.
pub(in crate::web) fn answers_programs_at(path: &str) -> bool {
    answers_at(path) || matches!(path, "/login" | "/refresh")
}

/// A refusal as a program is told of it at this path, also one that was given before a handler was asked, or in its place.
pub fn worded<'a>(path: &str, refusal: &'a Refusal) -> Cow<'a, Refusal> {
    match refusal.oauth {
        None if answers_programs_at(path) => Cow::Owned(refusal.clone().in_oauths_words()),
        _ => Cow::Borrowed(refusal),
    }
}
