//! Writing the log, in the transaction of what it tells, and reading it.

use serde_json::{Map, Value};

use super::chain;
use super::event::{Event, Fact, Trail};
use super::search::{self, Asked, Filter, Who};
use super::store::{self, Row};
use super::{Person, Refusal};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{EventId, RequestId, SessionId, UserId};
use crate::platform::page::Page;
use crate::platform::time::UnixTime;

/// One line of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number in the chain: the order of commits.
    pub seq: i64,
    pub id: EventId,
    pub at: UnixTime,
    /// What happened; `None` where a newer program recorded it, as on the other nodes while an installation is upgraded.
    pub fact: Option<Fact>,
    /// The same, in the word that was recorded.
    pub kind: String,
    pub actor: Option<Person>,
    pub subject: Option<Person>,
    pub session: Option<SessionId>,
    pub address: String,
    pub request_id: RequestId,
    pub detail: Map<String, Value>,
    pub hash: Option<Vec<u8>>,
}

impl Entry {
    /// Whom it names as the one who did it.
    pub fn actor_name(&self) -> Option<&str> {
        self.actor.as_ref().map(|actor| actor.name.as_str())
    }

    pub fn subject_name(&self) -> Option<&str> {
        self.subject.as_ref().map(|subject| subject.name.as_str())
    }
}

impl TryFrom<Row> for Entry {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            fact: Fact::parse(&row.kind),
            kind: row.kind,
            detail: serde_json::from_str(&row.detail).map_err(|e| Fault::Broken(format!("audit detail: {e}")))?,
            actor: Person::of(row.actor_id, row.actor_name),
            subject: Person::of(row.subject_id, row.subject_name),
            seq: row.seq,
            id: row.id,
            at: row.at,
            session: row.session_id,
            address: row.address,
            request_id: row.request_id,
            hash: row.hash,
        })
    }
}

/// Appends what happened, as the last thing of its transaction.
///
/// # Errors
/// A [`Fault`], which undoes the change that it tells of.
pub fn record(tx: &mut Tx, now: UnixTime, trail: &Trail, events: &[Event]) -> Result<(), Fault> {
    if events.is_empty() {
        return Ok(());
    }
    chain::append(tx, events.iter().map(|event| row(now, trail, &trail.sign(event))).collect())
}

/// An entry that has no number yet.
fn row(now: UnixTime, trail: &Trail, event: &Event) -> Row {
    let actor = if event.by_subject { &event.subject } else { &trail.actor };
    let split = |person: &Option<(UserId, String)>| person.clone().unzip();
    let ((actor_id, actor_name), (subject_id, subject_name)) = (split(actor), split(&event.subject));
    Row {
        seq: 0,
        id: EventId::fresh(now),
        at: now,
        kind: event.fact.word().to_owned(),
        actor_id,
        actor_name,
        subject_id,
        subject_name,
        session_id: event.session.clone(),
        address: trail.origin.address.clone(),
        request_id: trail.origin.request_id.clone(),
        detail: Value::Object(event.detail.clone()).to_string(),
        hash: None,
    }
}

/// The newest entries, newest first.
///
/// # Errors
/// Without `audit:read`; a fault.
pub async fn latest(app: &App, caller: &Caller, limit: usize) -> Result<Vec<Entry>, Refusal> {
    caller.must(words::AUDIT_READ)?;
    Ok(app.db.read(move |conn| search::rows(conn, &Filter::default(), None, limit)).await?)
}

/// What happened to the caller's own account, newest first, from a place on.
///
/// # Errors
/// A [`Fault`].
pub async fn own(app: &App, caller: &Caller, asked: Asked) -> Result<Page<Entry>, Fault> {
    let filter = Filter { subject: Some(Who::Id(caller.user.clone())), ..Filter::default() };
    let entries = search::page(app, filter, asked).await?;
    // From where an administrator works is nobody else's business.
    let mine = |entry: &Entry| entry.actor.is_none() || entry.actor_name() == entry.subject_name();
    Ok(entries.map(|entry| if mine(&entry) { entry } else { Entry { address: String::new(), ..entry } }))
}

/// What happened after the entry of this number, for what counts: nobody by name.
///
/// # Errors
/// A [`Fault`].
pub fn facts_after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<(i64, UnixTime, Option<Fact>)>, Fault> {
    store::facts_after(conn, seq, limit)
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
