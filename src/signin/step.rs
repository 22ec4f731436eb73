//! What comes next in a sign-in: the only decision. Page, JSON and grant match on it, and every way in goes through it.

use crate::credentials::Hashed;
use crate::platform::ids::UserId;

/// Where a sign-in stands.
pub enum Step {
    /// Everything asked for was proven: a session may begin.
    Done(Proven),
}

/// Somebody has just proved who they are. Only the ways in (this module's files) can make one.
pub struct Proven {
    pub(super) user: UserId,
    /// A better hash of the password that was right, to store along with the session.
    pub(super) upgrade: Option<Hashed>,
}

/// Decides after a password was found right.
pub(super) fn after_password(user: UserId, upgrade: Option<Hashed>) -> Step {
    Step::Done(Proven { user, upgrade })
}
