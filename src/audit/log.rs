//! Writing the log, in the transaction of what it tells, and reading it.

use serde_json::{Map, Value};

use super::Refusal;
use super::event::{Event, Fact, Trail};
use super::store;
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{EventId, SessionId, UserId};
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;

/// One line of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: EventId,
    pub at: UnixTime,
    pub fact: Fact,
    pub actor: Option<String>,
    pub subject: Option<String>,
    pub session: Option<SessionId>,
    pub address: String,
    pub detail: Map<String, Value>,
}

/// Appends what happened.
///
/// # Errors
/// A [`Fault`], which undoes the change that it tells of.
pub fn record(tx: &mut Tx, now: UnixTime, trail: &Trail, events: &[Event]) -> Result<(), Fault> {
    events.iter().try_for_each(|event| store::append(tx, EventId::fresh(now), now, trail, &trail.sign(event)))
}

/// The newest entries, of everybody or about one user, newest first.
///
/// # Errors
/// Without `audit:read`; a fault.
pub async fn latest(app: &App, caller: &Caller, about: Option<UserId>, limit: i64) -> Result<Vec<Entry>, Refusal> {
    caller.must(words::AUDIT_READ)?;
    Ok(app.db.read(move |conn| store::latest(conn, about.as_ref(), limit)).await?)
}

/// What happened to the caller's own account, newest first, from a place on.
///
/// # Errors
/// A [`Fault`].
pub async fn own(app: &App, caller: &Caller, asked: Asked) -> Result<Page<Entry>, Fault> {
    let (me, one_more) = (caller.user.clone(), i64::try_from(asked.limit).unwrap_or(i64::MAX).saturating_add(1));
    let after = asked.after.map(|place| place.0);
    let rows = app.db.read(move |conn| store::about(conn, &me, after.as_ref(), one_more)).await?;
    // From where an administrator works is nobody else's business.
    let mine = |entry: &Entry| entry.actor.is_none() || entry.actor == entry.subject;
    let address = |entry: Entry| if mine(&entry) { entry } else { Entry { address: String::new(), ..entry } };
    Ok(Page::cut(rows, asked.limit, Place::of).map(address))
}

/// A place in a list of entries, newest first.
#[derive(Clone, Debug)]
pub struct Place(EventId);

impl Place {
    /// The one order there is, as a cursor names it.
    const ORDER: &str = "-at";

    /// `None` for the cursor of another list.
    pub fn at(cursor: &Cursor) -> Option<Self> {
        (cursor.order == Self::ORDER).then(|| Self(EventId::from_outside(cursor.id.as_str())))
    }

    fn of(entry: &Entry) -> Cursor {
        Cursor { order: Self::ORDER.to_owned(), key: String::new(), id: entry.id.as_str().to_owned() }
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub after: Option<Place>,
    pub limit: usize,
}

/// Facts of these kinds about somebody between two moments, newest first, for what has to say who did it.
///
/// # Errors
/// A [`Fault`].
pub fn between(
    conn: &mut Conn,
    about: &UserId,
    facts: &[Fact],
    span: (UnixTime, UnixTime),
) -> Result<Vec<Entry>, Fault> {
    store::between(conn, about, facts, span)
}
