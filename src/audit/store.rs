//! The table `audit_log` and the end of its chain, `audit_chain`. Rows are added, never changed.

use diesel::prelude::*;

use super::event::Fact;
use super::log::Entry;
use crate::platform::db::{Conn, Fault, Prepared, Tx, on};
use crate::platform::ids::{EventId, RequestId, SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::{audit_chain, audit_log};

const HEAD: &str = "head";
/// Entries of one statement: both databases take some ten thousand values.
const AT_ONCE: usize = 1000;

/// An entry as it stands in the table; its hash is made of all the rest.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
pub struct Row {
    pub seq: i64,
    pub id: EventId,
    pub at: UnixTime,
    pub kind: String,
    pub actor_id: Option<UserId>,
    pub actor_name: Option<String>,
    pub subject_id: Option<UserId>,
    pub subject_name: Option<String>,
    pub session_id: Option<SessionId>,
    pub address: String,
    pub request_id: RequestId,
    pub detail: String,
    /// None where it was recorded before there was a chain.
    pub hash: Option<Vec<u8>>,
}

impl Row {
    /// The columns that hold text, in the order in which they are hashed.
    pub fn texts(&self) -> [Option<&str>; 10] {
        [
            Some(self.id.as_str()),
            Some(&self.kind),
            self.actor_id.as_ref().map(UserId::as_str),
            self.actor_name.as_deref(),
            self.subject_id.as_ref().map(UserId::as_str),
            self.subject_name.as_deref(),
            self.session_id.as_ref().map(SessionId::as_str),
            Some(&self.address),
            Some(self.request_id.as_str()),
            Some(&self.detail),
        ]
    }
}

/// Takes the next so many numbers: the number and the hash before them.
pub(super) fn take_numbers(tx: &mut Tx, count: usize) -> Result<(i64, Option<Vec<u8>>), Fault> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let taken = diesel::update(audit_chain::table.find(HEAD))
        .set(audit_chain::seq.eq(audit_chain::seq + count))
        .returning((audit_chain::seq, audit_chain::hash));
    let (last, hash): (i64, Option<Vec<u8>>) = on!(tx, c => Prepared(taken).get_result(c))?;
    Ok((last - count, hash))
}

pub(super) fn set_head(tx: &mut Tx, hash: &[u8]) -> Result<(), Fault> {
    let head =
        diesel::update(audit_chain::table.find(HEAD)).set(audit_chain::hash.eq(hash)).returning(audit_chain::seq);
    let _: i64 = on!(tx, c => Prepared(head).get_result(c))?;
    Ok(())
}

/// One by itself is what nearly every change records, by a statement that stays prepared; more go together.
pub(super) fn insert(tx: &mut Tx, rows: &[Row]) -> Result<(), Fault> {
    if let [one] = rows {
        on!(tx, c => diesel::insert_into(audit_log::table).values(one).execute(c))?;
        return Ok(());
    }
    for some in rows.chunks(AT_ONCE) {
        on!(tx, c => diesel::insert_into(audit_log::table).values(some).execute(c))?;
    }
    Ok(())
}

/// The number and the hash of the last entry.
pub(super) fn head(conn: &mut Conn) -> Result<(i64, Option<Vec<u8>>), Fault> {
    let head = audit_chain::table.find(HEAD).select((audit_chain::seq, audit_chain::hash));
    Ok(on!(conn, c => head.get_result(c))?)
}

/// What happened after an entry, in the order of commits: number, time and fact, `None` where a newer program recorded it.
pub(super) fn facts_after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<(i64, UnixTime, Option<Fact>)>, Fault> {
    let following = audit_log::table.filter(audit_log::seq.gt(seq)).order(audit_log::seq).limit(limit);
    let rows: Vec<(i64, UnixTime, String)> =
        on!(conn, c => following.select((audit_log::seq, audit_log::at, audit_log::kind)).load(c))?;
    Ok(rows.into_iter().map(|(seq, at, kind)| (seq, at, Fact::parse(&kind))).collect())
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
            .order((audit_log::at.desc(), audit_log::seq.desc()))
            .limit(ENOUGH)
            .load(c)
    })?;
    rows.into_iter().map(Entry::try_from).collect()
}
