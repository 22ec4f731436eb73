//! What people are shown of sessions: the living ones page by page, and those that ended lately.

mod newest;
mod store;

pub use newest::{Newest, newest};

use super::end::EndReason;
use super::session::{self, KEPT, Session};
use crate::access::Caller;
use crate::app::App;
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;

/// The one order there is, as a cursor names it.
const ORDER: &str = "-last_used_at";
/// So many that ended are shown.
const LATELY: usize = 20;
/// Of those with a token that was used twice, so many stand in the warning: enough to see what goes on.
const WARNED: usize = 5;

/// A place in the list of living sessions, the one used last first. Of those used at the same moment the id decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    last_used_at: UnixTime,
    id: SessionId,
}

impl Place {
    /// `None` for the cursor of another list.
    pub fn at(cursor: &Cursor) -> Option<Self> {
        let millis = cursor.key.parse().ok().filter(|_| cursor.order == ORDER)?;
        Some(Self { last_used_at: UnixTime::from_millis(millis), id: SessionId::from_outside(cursor.id.as_str()) })
    }

    fn of(session: &Session) -> Cursor {
        let key = session.last_used_at.millis().to_string();
        Cursor { order: ORDER.to_owned(), key, id: session.id.as_str().to_owned() }
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub after: Option<Place>,
    pub limit: usize,
}

/// How many sessions of anybody are alive. It goes through all of them: for what runs beside the requests, never for a page.
///
/// # Errors
/// A [`Fault`].
pub fn count_living(conn: &mut Conn, now: UnixTime) -> Result<i64, Fault> {
    store::count_all_living(conn, now)
}

/// Where somebody is signed in, the one used last first.
///
/// # Errors
/// A [`Fault`].
pub fn living(conn: &mut Conn, user: &UserId, asked: &Asked, now: UnixTime) -> Result<Page<Session>, Fault> {
    page(conn, (user, None), asked, now)
}

/// Those of these sessions that are still kept, alive or not.
///
/// # Errors
/// A [`Fault`].
pub fn several(conn: &mut Conn, ids: &[SessionId]) -> Result<Vec<Session>, Fault> {
    store::several(conn, ids)
}

/// Where the caller is signed in, the one used last first.
///
/// # Errors
/// A [`Fault`].
pub async fn own(app: &App, caller: &Caller, asked: Asked) -> Result<Page<Session>, Fault> {
    let (user, now) = (caller.user.clone(), app.now());
    app.db.read(move |conn| living(conn, &user, &asked, now)).await
}

/// The session that asks, and the caller's others.
///
/// # Errors
/// A [`Fault`].
pub async fn here_and_elsewhere(
    app: &App,
    caller: &Caller,
    asked: Asked,
) -> Result<(Option<Session>, Page<Session>), Fault> {
    let (user, here, now) = (caller.user.clone(), caller.session.clone(), app.now());
    let both = app.db.read(move |conn| {
        let elsewhere = page(conn, (&user, Some(&here)), &asked, now)?;
        Ok::<_, Fault>((session::find_alive(conn, &here, now)?, elsewhere))
    });
    both.await
}

fn page(
    conn: &mut Conn,
    (user, but): (&UserId, Option<&SessionId>),
    asked: &Asked,
    now: UnixTime,
) -> Result<Page<Session>, Fault> {
    let one_more = asked.limit.saturating_add(1);
    let rows = store::living(conn, (user, but), now, asked.after.as_ref(), one_more)?;
    Ok(Page::cut(rows, asked.limit, Place::of))
}

/// What an account's own page says of its sessions.
pub struct Summary {
    /// The one that asks.
    pub here: Option<Session>,
    pub living: usize,
    /// A token of a session was used twice.
    pub reused: bool,
}

/// The caller's sessions in short.
///
/// # Errors
/// A [`Fault`].
pub async fn summary(app: &App, caller: &Caller) -> Result<Summary, Fault> {
    let (user, here, now) = (caller.user.clone(), caller.session.clone(), app.now());
    let summary = app.db.read(move |conn| {
        let reused = store::ended_by_reuse(conn, &user, now.minus(KEPT), 1)?;
        let living = store::count_living(conn, &user, now)?;
        Ok::<_, Fault>(Summary { here: session::find_alive(conn, &here, now)?, living, reused: !reused.is_empty() })
    });
    summary.await
}

/// A session that is over.
pub struct Over {
    id: SessionId,
    pub client_id: String,
    pub user_agent: String,
    pub address: String,
    pub at: UnixTime,
    pub why: Why,
}

/// What a session's life came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Ended(EndReason),
    /// Not used for too long.
    Idle,
    /// As old as a session may get.
    Aged,
    /// A reason that this version does not know.
    Unknown,
}

/// What ended as long as it is kept, the newest first.
#[derive(Default)]
pub struct Lately {
    /// The latest of which a token was used twice (RFC 9700 section 4.14.2): somebody may have a copy.
    pub reused: Vec<Over>,
    pub others: Vec<Over>,
}

/// The caller's sessions that ended lately.
///
/// # Errors
/// A [`Fault`].
pub async fn lately(app: &App, caller: &Caller) -> Result<Lately, Fault> {
    let (user, now) = (caller.user.clone(), app.now());
    let since = now.minus(KEPT);
    let lately = app.db.read(move |conn| {
        let reused = store::ended_by_reuse(conn, &user, since, WARNED)?;
        let mut others = store::over(conn, &user, since..now, LATELY + WARNED)?;
        others.retain(|over| reused.iter().all(|told| told.id != over.id));
        others.truncate(LATELY);
        Ok::<_, Fault>(Lately { reused, others })
    });
    lately.await
}
