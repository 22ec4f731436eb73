//! The living sessions of everybody, the one that began last first.

use super::store;
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::sessions::Session;

const ORDER: &str = "-created_at";

/// Which part of the list is asked for.
#[derive(Clone, Debug, Default)]
pub struct Newest {
    pub user: Option<UserId>,
    after: Option<SessionId>,
    limit: usize,
}

impl Newest {
    /// Those that began before the place of this cursor; from the beginning without one.
    pub fn asked(user: Option<UserId>, after: Option<SessionId>, limit: usize) -> Self {
        Self { user, after, limit }
    }

    /// `None` for the cursor of another list.
    pub fn place(cursor: &Cursor) -> Option<SessionId> {
        (cursor.order == ORDER).then(|| SessionId::from_outside(cursor.id.as_str()))
    }
}

/// A page of living sessions.
///
/// # Errors
/// A [`Fault`].
pub fn newest(conn: &mut Conn, asked: &Newest, now: UnixTime) -> Result<Page<Session>, Fault> {
    let one_more = asked.limit.saturating_add(1);
    let rows = store::newest(conn, asked.user.as_ref(), now, asked.after.as_ref(), one_more)?;
    let cursor =
        |session: &Session| Cursor { order: ORDER.to_owned(), key: String::new(), id: session.id.as_str().to_owned() };
    Ok(Page::cut(rows, asked.limit, cursor))
}
