//! The tables `sessions`, `revocations` and its number in `counters`.

use diesel::dsl::{case_when, max};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::end::{Ended, Which};
use super::session::Session;
use crate::platform::db::{Conn, Fault, Prepared, Tx, on};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::{counters, revocations, sessions};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct Row {
    id: SessionId,
    user_id: UserId,
    client_id: String,
    user_agent: String,
    address: String,
    created_at: UnixTime,
    last_used_at: UnixTime,
    authenticated_at: UnixTime,
    idle_until: UnixTime,
    expires_at: UnixTime,
    tokens_until: UnixTime,
    ended_at: Option<UnixTime>,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user: row.user_id,
            client_id: row.client_id,
            user_agent: row.user_agent,
            address: row.address,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            authenticated_at: row.authenticated_at,
            idle_until: row.idle_until,
            expires_at: row.expires_at,
            tokens_until: row.tokens_until,
            ended_at: row.ended_at,
        }
    }
}

pub(super) fn insert(tx: &mut Tx, session: &Session) -> Result<(), Fault> {
    let session = session.clone();
    let row = Row {
        id: session.id,
        user_id: session.user,
        client_id: session.client_id,
        user_agent: session.user_agent,
        address: session.address,
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        authenticated_at: session.authenticated_at,
        idle_until: session.idle_until,
        expires_at: session.expires_at,
        tokens_until: session.tokens_until,
        ended_at: session.ended_at,
    };
    on!(tx, c => diesel::insert_into(sessions::table).values(&row).execute(c))?;
    Ok(())
}

/// Until when a session idles, and until when its tokens may count at the latest.
pub(super) struct Span {
    pub idle_until: UnixTime,
    pub tokens_until: UnixTime,
}

pub(super) fn touch(tx: &mut Tx, id: &SessionId, now: UnixTime, span: &Span) -> Result<Option<Session>, Fault> {
    // Tokens may have been given longer lives under another setting.
    let latest = case_when(sessions::tokens_until.lt(span.tokens_until), span.tokens_until.into_sql::<BigInt>())
        .otherwise(sessions::tokens_until);
    let touch = diesel::update(sessions::table.find(id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::idle_until.gt(now))
        .filter(sessions::expires_at.gt(now))
        .set((
            sessions::last_used_at.eq(now),
            sessions::idle_until.eq(span.idle_until),
            sessions::tokens_until.eq(latest),
        ));
    let row: Option<Row> = on!(tx, c => {
        Prepared(touch.returning(Row::as_returning())).get_result(c).optional()
    })?;
    Ok(row.map(Session::from))
}

pub(super) fn set_cookie(tx: &mut Tx, id: &SessionId, digest: &[u8]) -> Result<(), Fault> {
    on!(tx, c => {
        diesel::update(sessions::table.find(id))
            .filter(sessions::ended_at.is_null())
            .set(sessions::cookie_hash.eq(digest))
            .execute(c)
    })?;
    Ok(())
}

pub(super) fn find(conn: &mut Conn, id: &SessionId) -> Result<Option<Session>, Fault> {
    let row: Option<Row> = on!(conn, c => sessions::table.find(id).select(Row::as_select()).first(c).optional())?;
    Ok(row.map(Session::from))
}

pub(super) fn with_end_reason(conn: &mut Conn, id: &SessionId) -> Result<Option<(Session, Option<String>)>, Fault> {
    let row: Option<(Row, Option<String>)> = on!(conn, c => {
        sessions::table.find(id).select((Row::as_select(), sessions::end_reason)).first(c).optional()
    })?;
    Ok(row.map(|(row, reason)| (Session::from(row), reason)))
}

pub(super) fn holder_of(conn: &mut Conn, id: &SessionId) -> Result<Option<UserId>, Fault> {
    Ok(on!(conn, c => sessions::table.find(id).select(sessions::user_id).first(c).optional())?)
}

pub(super) fn by_cookie(conn: &mut Conn, digest: &[u8]) -> Result<Option<Session>, Fault> {
    let row: Option<Row> = on!(conn, c => {
        sessions::table.filter(sessions::cookie_hash.eq(digest)).select(Row::as_select()).first(c).optional()
    })?;
    Ok(row.map(Session::from))
}

pub(super) fn live_of(conn: &mut Conn, user: &UserId, now: UnixTime, limit: i64) -> Result<Vec<Session>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::idle_until.gt(now))
            .filter(sessions::expires_at.gt(now))
            .order((sessions::last_used_at.desc(), sessions::id.desc()))
            .limit(limit)
            .select(Row::as_select())
            .load(c)
    })?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Marks as ended what is not, and says which those were and until when their tokens may count.
pub(super) fn end(
    tx: &mut Tx,
    which: &Which,
    reason: &str,
    now: UnixTime,
) -> Result<Vec<(SessionId, UnixTime)>, Fault> {
    let marks = (sessions::ended_at.eq(now), sessions::end_reason.eq(reason));
    let open = sessions::ended_at.is_null();
    Ok(on!(tx, c => match which {
        Which::One(id) => {
            diesel::update(sessions::table.find(id)).filter(open).set(marks).returning((sessions::id, sessions::tokens_until)).get_results(c)
        }
        Which::OwnOne(user, id) => diesel::update(sessions::table.find(id))
            .filter(open)
            .filter(sessions::user_id.eq(user))
            .set(marks)
            .returning((sessions::id, sessions::tokens_until))
            .get_results(c),
        Which::AllOf(user) => diesel::update(sessions::table.filter(sessions::user_id.eq(user)))
            .filter(open)
            .set(marks)
            .returning((sessions::id, sessions::tokens_until))
            .get_results(c),
        Which::OthersOf(user, kept) => diesel::update(sessions::table.filter(sessions::user_id.eq(user)))
            .filter(open)
            .filter(sessions::id.ne(kept))
            .set(marks)
            .returning((sessions::id, sessions::tokens_until))
            .get_results(c),
    })?)
}

/// Until when any token of this user may count; nothing where they have none.
pub(super) fn last_token_of(tx: &mut Tx, user: &UserId) -> Result<Option<UnixTime>, Fault> {
    Ok(on!(tx, c => {
        sessions::table.filter(sessions::user_id.eq(user)).select(max(sessions::tokens_until)).first(c)
    })?)
}

/// The next number, in commit order: the counter's row stays locked until this transaction ends.
pub(super) fn next_revocation(tx: &mut Tx) -> Result<i64, Fault> {
    Ok(on!(tx, c => {
        diesel::update(counters::table.find("revocations"))
            .set(counters::value.eq(counters::value + 1))
            .returning(counters::value)
            .get_result(c)
    })?)
}

pub(super) fn insert_revocation(tx: &mut Tx, ended: &Ended) -> Result<(), Fault> {
    on!(tx, c => {
        diesel::insert_into(revocations::table)
            .values((
                revocations::seq.eq(ended.seq),
                revocations::session_id.eq(&ended.session),
                revocations::user_id.eq(&ended.user),
                revocations::before.eq(ended.before),
                revocations::expires_at.eq(ended.expires),
            ))
            .execute(c)
    })?;
    Ok(())
}

type RevocationRow = (i64, Option<SessionId>, Option<UserId>, UnixTime, UnixTime);

pub(super) fn revocations_after(conn: &mut Conn, seq: i64, now: UnixTime, limit: i64) -> Result<Vec<Ended>, Fault> {
    let rows: Vec<RevocationRow> = on!(conn, c => {
        revocations::table
            .filter(revocations::seq.gt(seq))
            .filter(revocations::expires_at.gt(now))
            .order(revocations::seq)
            .limit(limit)
            .load(c)
    })?;
    let ended = |(seq, session, user, before, expires)| Ended { seq, session, user, before, expires };
    Ok(rows.into_iter().map(ended).collect())
}

/// Deletes what no longer matters: sessions a month after their end, and revocations that outlived every token.
pub(super) fn purge(tx: &mut Tx, now: UnixTime, sessions_before: UnixTime) -> Result<(), Fault> {
    on!(tx, c => {
        diesel::delete(sessions::table)
            .filter(sessions::expires_at.lt(sessions_before).or(sessions::ended_at.lt(sessions_before)))
            .execute(c)
    })?;
    on!(tx, c => diesel::delete(revocations::table.filter(revocations::expires_at.lt(now))).execute(c))?;
    Ok(())
}
