//! How a session came to its end, for whoever has to explain it.

use super::{EndReason, store};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;

/// A session, looked back at.
#[derive(Clone, Debug)]
pub struct Past {
    pub user: UserId,
    /// `None` while it is alive.
    pub end: Option<(UnixTime, End)>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Ended(EndReason),
    /// It was not used for too long, or grew too old.
    TimedOut,
}

/// What became of a session by that moment; `None` where it is forgotten, or gone with its user.
///
/// # Errors
/// A [`Fault`].
pub fn past(conn: &mut Conn, id: &SessionId, by: UnixTime) -> Result<Option<Past>, Fault> {
    let Some((session, reason)) = store::with_end_reason(conn, id)? else { return Ok(None) };
    let over = session.idle_until.min(session.expires_at);
    let end = match session.ended_at {
        Some(at) => {
            let unknown = || Fault::Broken(format!("the session {id} ended for an unknown reason"));
            Some((at, End::Ended(reason.as_deref().and_then(EndReason::parse).ok_or_else(unknown)?)))
        }
        None => (over <= by).then_some((over, End::TimedOut)),
    };
    Ok(Some(Past { user: session.user, end }))
}
