//! Writing the log, in the transaction of what it tells, and reading it.

use serde_json::{Map, Value};

use super::Refusal;
use super::event::{Event, Fact, Trail};
use super::store;
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{EventId, SessionId, UserId};
use crate::platform::time::UnixTime;

/// One line of the log.
#[derive(Clone, Debug)]
pub struct Entry {
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
    events.iter().try_for_each(|event| store::append(tx, EventId::fresh(now), now, trail, event))
}

/// The newest entries, of everybody or about one user, newest first.
///
/// # Errors
/// Without `audit:read`; a fault.
pub async fn latest(app: &App, caller: &Caller, about: Option<UserId>, limit: i64) -> Result<Vec<Entry>, Refusal> {
    caller.must(words::AUDIT_READ)?;
    Ok(app.db.read(move |conn| store::latest(conn, about.as_ref(), limit)).await?)
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
