//! The tables `sessions`, `revocations` and its number in `counters`.

use diesel::dsl::{case_when, max};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::end::{CLOCK_LEEWAY, Ended, Which};
use super::session::Session;
use crate::access::Amr;
use crate::platform::db::{Conn, Fault, Prepared, Tx, on};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::{counters, revocations, sessions};

/// The row of `counters` that numbers revocations.
const REVOCATIONS: &str = "revocations";

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct Row {
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
    amr: String,
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
            amr: Amr::from_text(&row.amr),
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
        amr: session.amr.to_text(),
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

pub(super) fn set_proof(tx: &mut Tx, id: &SessionId, amr: &Amr, now: UnixTime) -> Result<bool, Fault> {
    let alive = sessions::table
        .find(id)
        .filter(sessions::ended_at.is_null())
        .filter(sessions::idle_until.gt(now))
        .filter(sessions::expires_at.gt(now));
    let proof = (sessions::authenticated_at.eq(now), sessions::amr.eq(amr.to_text()));
    Ok(on!(tx, c => diesel::update(alive).set(proof).execute(c))? > 0)
}

pub(super) fn set_amr(tx: &mut Tx, id: &SessionId, amr: &Amr) -> Result<(), Fault> {
    on!(tx, c => diesel::update(sessions::table.find(id)).set(sessions::amr.eq(amr.to_text())).execute(c))?;
    Ok(())
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
    let row: Option<Row> = on!(conn, c => sessions::table.find(id).select(Row::as_select()).get_result(c).optional())?;
    Ok(row.map(Session::from))
}

pub(super) fn with_end_reason(conn: &mut Conn, id: &SessionId) -> Result<Option<(Session, Option<String>)>, Fault> {
    let row: Option<(Row, Option<String>)> = on!(conn, c => {
        sessions::table.find(id).select((Row::as_select(), sessions::end_reason)).get_result(c).optional()
    })?;
    Ok(row.map(|(row, reason)| (Session::from(row), reason)))
}

pub(super) fn holder_of(conn: &mut Conn, id: &SessionId) -> Result<Option<UserId>, Fault> {
    Ok(on!(conn, c => sessions::table.find(id).select(sessions::user_id).get_result(c).optional())?)
}

pub(super) fn by_cookie(conn: &mut Conn, digest: &[u8]) -> Result<Option<Session>, Fault> {
    let row: Option<Row> = on!(conn, c => {
        sessions::table.filter(sessions::cookie_hash.eq(digest)).select(Row::as_select()).get_result(c).optional()
    })?;
    Ok(row.map(Session::from))
}

/// Marks as ended what is not, and says which those were and until when their tokens may count.
pub(super) fn end(
    tx: &mut Tx,
    which: &Which,
    reason: &str,
    now: UnixTime,
) -> Result<Vec<(SessionId, UnixTime)>, Fault> {
    let marks = (sessions::ended_at.eq(now), sessions::end_reason.eq(reason));
    // What idled out or grew too old is over already, unless a token of it still counts.
    let alive = sessions::idle_until.gt(now).and(sessions::expires_at.gt(now));
    let counts = sessions::tokens_until.gt(now.minus(CLOCK_LEEWAY));
    let open = sessions::ended_at.is_null().and(alive.or(counts));
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

/// When the last token of this user was made, and until when any may count; nothing where they have none.
pub(super) fn last_token_of(tx: &mut Tx, user: &UserId) -> Result<Option<(UnixTime, UnixTime)>, Fault> {
    let of_user = sessions::table.filter(sessions::user_id.eq(user));
    let (made, until): (Option<UnixTime>, Option<UnixTime>) = on!(tx, c => {
        of_user.select((max(sessions::last_used_at), max(sessions::tokens_until))).get_result(c)
    })?;
    Ok(made.zip(until))
}

/// The last of so many numbers, in commit order: the counter's row stays locked until this transaction ends.
pub(super) fn next_revocations(tx: &mut Tx, count: usize) -> Result<i64, Fault> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let counter = diesel::update(counters::table.find(REVOCATIONS))
        .set(counters::value.eq(counters::value + count))
        .returning(counters::value);
    Ok(on!(tx, c => Prepared(counter).get_result(c))?)
}

/// Rows of one statement: each value in them is one of the 32 766 that SQLite takes.
const ROWS: usize = 1000;

pub(super) fn insert_revocations(tx: &mut Tx, ended: &[Ended]) -> Result<(), Fault> {
    for some in ended.chunks(ROWS) {
        let row = |ended: &Ended| {
            (
                revocations::seq.eq(ended.seq),
                revocations::session_id.eq(ended.session.clone()),
                revocations::user_id.eq(ended.user.clone()),
                revocations::role.eq(ended.role.clone()),
                revocations::before.eq(ended.before),
                revocations::expires_at.eq(ended.expires),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        on!(tx, c => diesel::insert_into(revocations::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// The number that was given last.
pub(super) fn last_revocation(conn: &mut Conn) -> Result<i64, Fault> {
    Ok(on!(conn, c => counters::table.find(REVOCATIONS).select(counters::value).get_result(c))?)
}

type RevocationRow = (i64, Option<SessionId>, Option<UserId>, UnixTime, UnixTime, Option<String>);

pub(super) fn revocations_after(conn: &mut Conn, seq: i64, now: UnixTime, limit: i64) -> Result<Vec<Ended>, Fault> {
    let rows: Vec<RevocationRow> = on!(conn, c => {
        revocations::table
            .filter(revocations::seq.gt(seq))
            .filter(revocations::expires_at.gt(now))
            .order(revocations::seq)
            .limit(limit)
            .load(c)
    })?;
    let ended = |(seq, session, user, before, expires, role)| Ended { seq, session, user, role, before, expires };
    Ok(rows.into_iter().map(ended).collect())
}

/// So many rows go at once when what is over is deleted.
const AT_ONCE: i64 = 500;

/// Some of the sessions that nobody could use any more before that moment.
pub(super) fn over_before(conn: &mut Conn, moment: UnixTime) -> Result<Vec<SessionId>, Fault> {
    let unused = sessions::idle_until.lt(moment).or(sessions::expires_at.lt(moment));
    let over = sessions::table.filter(unused.or(sessions::ended_at.lt(moment))).select(sessions::id).limit(AT_ONCE);
    Ok(on!(conn, c => over.load(c))?)
}

/// Their refresh families go with them.
pub(super) fn delete(tx: &mut Tx, ids: &[SessionId]) -> Result<(), Fault> {
    let named = sessions::id.eq_any(ids.iter().map(SessionId::as_str));
    on!(tx, c => diesel::delete(sessions::table.filter(named)).execute(c))?;
    Ok(())
}

/// Deletes some of the revocations that concern no living token; how many.
pub(super) fn forget_revocations(tx: &mut Tx, now: UnixTime) -> Result<usize, Fault> {
    let expired = revocations::table.filter(revocations::expires_at.lt(now)).select(revocations::seq).limit(AT_ONCE);
    let seqs: Vec<i64> = on!(tx, c => expired.load(c))?;
    Ok(on!(tx, c => diesel::delete(revocations::table.filter(revocations::seq.eq_any(&seqs))).execute(c))?)
}
