//! The table `audit_log`. Rows are added, never changed.

use diesel::prelude::*;
use serde_json::Value;

use super::event::{Event, Fact, Trail};
use super::log::Entry;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{EventId, RequestId, SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::audit_log;

#[derive(Insertable)]
#[diesel(table_name = audit_log)]
struct NewRow<'a> {
    id: EventId,
    at: UnixTime,
    kind: &'static str,
    actor_id: Option<&'a UserId>,
    actor_name: Option<&'a str>,
    subject_id: Option<&'a UserId>,
    subject_name: Option<&'a str>,
    session_id: Option<&'a SessionId>,
    address: &'a str,
    request_id: &'a RequestId,
    detail: String,
}

pub(super) fn append(tx: &mut Tx, id: EventId, at: UnixTime, trail: &Trail, event: &Event) -> Result<(), Fault> {
    let actor = if event.by_subject { &event.subject } else { &trail.actor };
    let row = NewRow {
        id,
        at,
        kind: event.fact.word(),
        actor_id: actor.as_ref().map(|(id, _)| id),
        actor_name: actor.as_ref().map(|(_, name)| name.as_str()),
        subject_id: event.subject.as_ref().map(|(id, _)| id),
        subject_name: event.subject.as_ref().map(|(_, name)| name.as_str()),
        session_id: event.session.as_ref(),
        address: &trail.origin.address,
        request_id: &trail.origin.request_id,
        detail: Value::Object(event.detail.clone()).to_string(),
    };
    on!(tx, c => diesel::insert_into(audit_log::table).values(&row).execute(c))?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_log)]
struct Row {
    id: EventId,
    at: UnixTime,
    kind: String,
    actor_name: Option<String>,
    subject_name: Option<String>,
    session_id: Option<SessionId>,
    address: String,
    detail: String,
}

pub(super) fn latest(conn: &mut Conn, about: Option<&UserId>, limit: i64) -> Result<Vec<Entry>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = audit_log::table.select(Row::as_select()).order(audit_log::id.desc()).limit(limit).into_boxed();
        if let Some(user) = about {
            query = query.filter(audit_log::subject_id.eq(user));
        }
        query.load(c)
    })?;
    rows.into_iter().map(entry).collect()
}

pub(super) fn about(conn: &mut Conn, user: &UserId, after: Option<&EventId>, limit: i64) -> Result<Vec<Entry>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        let theirs = audit_log::table.filter(audit_log::subject_id.eq(user)).select(Row::as_select());
        let mut query = theirs.order(audit_log::id.desc()).limit(limit).into_boxed();
        if let Some(after) = after {
            query = query.filter(audit_log::id.lt(after));
        }
        query.load(c)
    })?;
    rows.into_iter().map(entry).collect()
}

pub(super) fn between(
    conn: &mut Conn,
    about: &UserId,
    facts: &[Fact],
    (from, to): (UnixTime, UnixTime),
) -> Result<Vec<Entry>, Fault> {
    const ENOUGH: i64 = 50;
    let rows: Vec<Row> = on!(conn, c => {
        audit_log::table
            .select(Row::as_select())
            .filter(audit_log::subject_id.eq(about))
            .filter(audit_log::kind.eq_any(facts.iter().map(|fact| fact.word())))
            .filter(audit_log::at.between(from, to))
            .order(audit_log::id.desc())
            .limit(ENOUGH)
            .load(c)
    })?;
    rows.into_iter().map(entry).collect()
}

fn entry(row: Row) -> Result<Entry, Fault> {
    let unknown = || Fault::Broken(format!("the audit log holds an unknown fact: {}", row.kind));
    Ok(Entry {
        id: row.id,
        at: row.at,
        fact: Fact::parse(&row.kind).ok_or_else(unknown)?,
        actor: row.actor_name,
        subject: row.subject_name,
        session: row.session_id,
        address: row.address,
        detail: serde_json::from_str(&row.detail).map_err(|e| Fault::Broken(format!("audit detail: {e}")))?,
    })
}
