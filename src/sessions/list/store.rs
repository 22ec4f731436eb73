//! The table `sessions`, read for lists.

use std::ops::Range;

use diesel::dsl::case_when;
use diesel::prelude::*;

use super::super::end::EndReason;
use super::super::session::Session;
use super::super::store::Row;
use super::{Over, Place, Why};
use crate::platform::db::{Conn, Fault, on};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::sessions;

pub(super) fn living(
    conn: &mut Conn,
    (user, but): (&UserId, Option<&SessionId>),
    now: UnixTime,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Session>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::idle_until.gt(now))
            .filter(sessions::expires_at.gt(now))
            .order((sessions::last_used_at.desc(), sessions::id.desc()))
            .limit(at_most(limit))
            .select(Row::as_select())
            .into_boxed();
        if let Some(Place { last_used_at, id }) = after {
            let at_once = sessions::last_used_at.eq(last_used_at).and(sessions::id.lt(id));
            query = query.filter(sessions::last_used_at.lt(last_used_at).or(at_once));
        }
        if let Some(but) = but {
            query = query.filter(sessions::id.ne(but));
        }
        query.load(c)
    })?;
    Ok(rows.into_iter().map(Session::from).collect())
}

pub(super) fn several(conn: &mut Conn, ids: &[SessionId]) -> Result<Vec<Session>, Fault> {
    let named = sessions::id.eq_any(ids.iter().map(SessionId::as_str));
    let rows: Vec<Row> = on!(conn, c => sessions::table.filter(named).select(Row::as_select()).load(c))?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Ids follow time, so their order is that of the beginning. The ends are hidden from their indexes (`+ 0`): of those that are
/// open most are alive, and whoever walks them in order finds a page soon.
pub(super) fn newest(
    conn: &mut Conn,
    user: Option<&UserId>,
    now: UnixTime,
    after: Option<&SessionId>,
    limit: usize,
) -> Result<Vec<Session>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = sessions::table
            .filter(sessions::ended_at.is_null())
            .filter((sessions::idle_until + 0).gt(now))
            .filter((sessions::expires_at + 0).gt(now))
            .order(sessions::id.desc())
            .limit(at_most(limit))
            .select(Row::as_select())
            .into_boxed();
        if let Some(user) = user {
            query = query.filter(sessions::user_id.eq(user));
        }
        if let Some(after) = after {
            query = query.filter(sessions::id.lt(after));
        }
        query.load(c)
    })?;
    Ok(rows.into_iter().map(Session::from).collect())
}

pub(super) fn count_living(conn: &mut Conn, user: &UserId, now: UnixTime) -> Result<usize, Fault> {
    let count: i64 = on!(conn, c => {
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::idle_until.gt(now))
            .filter(sessions::expires_at.gt(now))
            .count()
            .get_result(c)
    })?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

pub(super) fn count_all_living(conn: &mut Conn, now: UnixTime) -> Result<i64, Fault> {
    let alive = sessions::table
        .filter(sessions::ended_at.is_null())
        .filter(sessions::idle_until.gt(now))
        .filter(sessions::expires_at.gt(now));
    Ok(on!(conn, c => alive.count().get_result(c))?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct OverRow {
    id: SessionId,
    client_id: String,
    user_agent: String,
    address: String,
    idle_until: UnixTime,
    expires_at: UnixTime,
    ended_at: Option<UnixTime>,
    end_reason: Option<String>,
}

impl From<OverRow> for Over {
    fn from(row: OverRow) -> Self {
        let (at, why) = match row.ended_at {
            Some(at) => (at, row.end_reason.and_then(|word| EndReason::parse(&word)).map_or(Why::Unknown, Why::Ended)),
            None if row.idle_until < row.expires_at => (row.idle_until, Why::Idle),
            None => (row.expires_at, Why::Aged),
        };
        Self { id: row.id, client_id: row.client_id, user_agent: row.user_agent, address: row.address, at, why }
    }
}

/// Those that were over within this span, whether something ended them or nobody used them.
pub(super) fn over(conn: &mut Conn, user: &UserId, within: Range<UnixTime>, limit: usize) -> Result<Vec<Over>, Fault> {
    let at = || {
        case_when(sessions::ended_at.is_not_null(), sessions::ended_at.assume_not_null())
            .when(sessions::idle_until.lt(sessions::expires_at), sessions::idle_until)
            .otherwise(sessions::expires_at)
    };
    let rows: Vec<OverRow> = on!(conn, c => {
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(at().ge(within.start))
            .filter(at().le(within.end))
            .order((at().desc(), sessions::id.desc()))
            .limit(at_most(limit))
            .select(OverRow::as_select())
            .load(c)
    })?;
    Ok(rows.into_iter().map(Over::from).collect())
}

pub(super) fn ended_by_reuse(
    conn: &mut Conn,
    user: &UserId,
    since: UnixTime,
    limit: usize,
) -> Result<Vec<Over>, Fault> {
    let rows: Vec<OverRow> = on!(conn, c => {
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::ended_at.ge(since))
            .filter(sessions::end_reason.eq(EndReason::RefreshReused.word()))
            .order((sessions::ended_at.desc(), sessions::id.desc()))
            .limit(at_most(limit))
            .select(OverRow::as_select())
            .load(c)
    })?;
    Ok(rows.into_iter().map(Over::from).collect())
}

fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
