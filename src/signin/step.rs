//! What comes next in a sign-in: the only decision. Page, JSON and grant match on it, and every way in goes through it.

use crate::credentials::{Hashed, Verified};
use crate::platform::ids::UserId;

/// Where a sign-in stands.
pub enum Step {
    /// Everything asked for was proven: a session may begin.
    Done(Proven),
}

/// Somebody has just proved who they are. Only the ways in (this module's files) can make one.
pub struct Proven {
    pub(super) user: UserId,
    /// The hash that their password fitted; none where the account was made a moment ago.
    pub(super) password: Option<Verified>,
    /// A better hash of that password, to store along with the session.
    pub(super) upgrade: Option<Hashed>,
}

/// Decides after a password was found right.
pub(super) fn after_password(user: UserId, password: Option<Verified>, upgrade: Option<Hashed>) -> Step {
    Step::Done(Proven { user, password, upgrade })
}
