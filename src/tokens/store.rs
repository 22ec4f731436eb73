//! The tables `refresh_tokens` and `signing_keys`.

use std::time::Duration;

use diesel::prelude::*;

use crate::access::PermissionSet;
use crate::platform::db::{Conn, Fault, Prepared, Tx, on};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::{counters, refresh_tokens, signing_keys};
use crate::sessions;

/// The scope of a family that asked for nothing in particular: whatever its user holds at the time.
pub(super) const EVERYTHING: &str = "*";

/// The row of `counters` that counts changes of the keys.
const KEYS: &str = "signing_keys";

/// What all refresh tokens of one session share.
pub(super) struct Family {
    pub session: SessionId,
    pub scope: String,
    pub client_id: String,
}

impl Family {
    /// What it may have of what its user holds.
    pub fn permissions(&self, held: &PermissionSet) -> PermissionSet {
        if self.scope == EVERYTHING { held.clone() } else { PermissionSet::from_scope(&self.scope).intersection(held) }
    }
}

/// Whose a refresh token is, used or not; `None` where there is none.
pub(super) fn holder_of(conn: &mut Conn, digest: &[u8]) -> Result<Option<UserId>, Fault> {
    let session: Option<SessionId> = on!(conn, c => {
        refresh_tokens::table.find(digest).select(refresh_tokens::session_id).get_result(c).optional()
    })?;
    Ok(match session {
        Some(session) => sessions::holder_of(conn, &session)?,
        None => None,
    })
}

/// A token that was consumed before.
pub(super) struct Used {
    pub family: Family,
    pub at: UnixTime,
    pub by: Option<String>,
    pub successor: Vec<u8>,
}

pub(super) fn insert(
    tx: &mut Tx,
    digest: &[u8],
    session: &SessionId,
    scope: &str,
    client_id: &str,
    (issued_at, expires_at): (UnixTime, UnixTime),
) -> Result<(), Fault> {
    on!(tx, c => {
        diesel::insert_into(refresh_tokens::table)
            .values((
                refresh_tokens::hash.eq(digest),
                refresh_tokens::session_id.eq(session),
                refresh_tokens::scope.eq(scope),
                refresh_tokens::client_id.eq(client_id),
                refresh_tokens::issued_at.eq(issued_at),
                refresh_tokens::expires_at.eq(expires_at),
            ))
            .execute(c)
    })?;
    Ok(())
}

/// What is noted when a token is consumed.
pub(super) struct Use<'a> {
    /// Fingerprint of who sent it.
    pub by: String,
    /// The token that follows it, sealed.
    pub successor: &'a [u8],
}

/// Marks a token as used, if it was not and has not expired. The one write that decides who was first.
pub(super) fn consume(tx: &mut Tx, digest: &[u8], used: &Use, now: UnixTime) -> Result<Option<Family>, Fault> {
    let consume = diesel::update(refresh_tokens::table.find(digest))
        .filter(refresh_tokens::used_at.is_null())
        .filter(refresh_tokens::expires_at.gt(now))
        .set((
            refresh_tokens::used_at.eq(now),
            refresh_tokens::used_by.eq(&used.by),
            refresh_tokens::successor.eq(used.successor),
        ))
        .returning((refresh_tokens::session_id, refresh_tokens::scope, refresh_tokens::client_id));
    let row: Option<(SessionId, String, String)> = on!(tx, c => Prepared(consume).get_result(c).optional())?;
    Ok(row.map(|(session, scope, client_id)| Family { session, scope, client_id }))
}

pub(super) fn put_back(tx: &mut Tx, digest: &[u8]) -> Result<(), Fault> {
    let unused = (
        refresh_tokens::used_at.eq(None::<UnixTime>),
        refresh_tokens::used_by.eq(None::<String>),
        refresh_tokens::successor.eq(None::<Vec<u8>>),
    );
    on!(tx, c => diesel::update(refresh_tokens::table.find(digest)).set(unused).execute(c))?;
    Ok(())
}

type UsedRow = (SessionId, String, String, Option<UnixTime>, Option<String>, Option<Vec<u8>>);

pub(super) fn used(tx: &mut Tx, digest: &[u8]) -> Result<Option<Used>, Fault> {
    let row: Option<UsedRow> = on!(tx, c => {
        refresh_tokens::table
            .find(digest)
            .filter(refresh_tokens::used_at.is_not_null())
            .select((
                refresh_tokens::session_id,
                refresh_tokens::scope,
                refresh_tokens::client_id,
                refresh_tokens::used_at,
                refresh_tokens::used_by,
                refresh_tokens::successor,
            ))
            .get_result(c)
            .optional()
    })?;
    Ok(row.and_then(|(session, scope, client_id, at, by, successor)| {
        let family = Family { session, scope, client_id };
        Some(Used { family, at: at?, by, successor: successor.unwrap_or_default() })
    }))
}

/// A token that was not consumed and has not expired.
pub(super) struct Unused {
    pub family: Family,
    pub issued_at: UnixTime,
    pub expires_at: UnixTime,
}

pub(super) fn unused(conn: &mut Conn, digest: &[u8], now: UnixTime) -> Result<Option<Unused>, Fault> {
    let row: Option<(SessionId, String, String, UnixTime, UnixTime)> = on!(conn, c => {
        refresh_tokens::table
            .find(digest)
            .filter(refresh_tokens::used_at.is_null())
            .filter(refresh_tokens::expires_at.gt(now))
            .select((
                refresh_tokens::session_id,
                refresh_tokens::scope,
                refresh_tokens::client_id,
                refresh_tokens::issued_at,
                refresh_tokens::expires_at,
            ))
            .get_result(c)
            .optional()
    })?;
    Ok(row.map(|(session, scope, client_id, issued_at, expires_at)| Unused {
        family: Family { session, scope, client_id },
        issued_at,
        expires_at,
    }))
}

pub(super) fn is_unused(tx: &mut Tx, digest: &[u8]) -> Result<bool, Fault> {
    let unused = refresh_tokens::table.find(digest).filter(refresh_tokens::used_at.is_null());
    Ok(on!(tx, c => diesel::select(diesel::dsl::exists(unused)).get_result(c))?)
}

/// Deletes some that have expired, a few at a time so that nobody waits long; how many.
pub(super) fn purge_refresh_tokens(tx: &mut Tx, now: UnixTime) -> Result<usize, Fault> {
    let expired =
        refresh_tokens::table.filter(refresh_tokens::expires_at.lt(now)).select(refresh_tokens::hash).limit(500);
    let hashes: Vec<Vec<u8>> = on!(tx, c => expired.load(c))?;
    Ok(on!(tx, c => diesel::delete(refresh_tokens::table.filter(refresh_tokens::hash.eq_any(&hashes))).execute(c))?)
}

/// A signing key as it is kept.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
pub(super) struct KeyRow {
    pub id: String,
    pub algorithm: String,
    pub sealed: Vec<u8>,
    pub public_jwk: String,
    pub created_at: UnixTime,
    pub signs_from: UnixTime,
    /// Milliseconds that the longest-lived token signed with it may count.
    pub token_life: i64,
    pub retired_at: Option<UnixTime>,
}

impl KeyRow {
    /// When the last token that it signed has expired; `None` while it signs.
    pub fn last_token_expires(&self) -> Option<UnixTime> {
        let life = Duration::from_millis(u64::try_from(self.token_life).unwrap_or(0));
        self.retired_at.map(|at| at.plus(life))
    }
}

/// All keys whose tokens may still be about, oldest first.
pub(super) fn keys(conn: &mut Conn) -> Result<Vec<KeyRow>, Fault> {
    Ok(on!(conn, c => {
        signing_keys::table.order((signing_keys::signs_from, signing_keys::id)).select(KeyRow::as_select()).load(c)
    })?)
}

pub(super) fn insert_key(tx: &mut Tx, row: &KeyRow) -> Result<(), Fault> {
    on!(tx, c => diesel::insert_into(signing_keys::table).values(row).execute(c))?;
    Ok(())
}

/// Holds the keys' counter until this transaction ends, so that two first starts make one key. Gives its value.
pub(super) fn lock_keys(tx: &mut Tx) -> Result<i64, Fault> {
    bump_keys(tx, 0)
}

/// Tells every node that the keys have changed.
pub(super) fn next_keys_version(tx: &mut Tx) -> Result<i64, Fault> {
    tx.announce()?;
    bump_keys(tx, 1)
}

fn bump_keys(tx: &mut Tx, by: i64) -> Result<i64, Fault> {
    Ok(on!(tx, c => {
        diesel::update(counters::table.find(KEYS))
            .set(counters::value.eq(counters::value + by))
            .returning(counters::value)
            .get_result(c)
    })?)
}

pub(super) fn keys_version(conn: &mut Conn) -> Result<i64, Fault> {
    Ok(on!(conn, c => counters::table.find(KEYS).select(counters::value).get_result(c))?)
}

pub(super) fn retire(tx: &mut Tx, id: &str, at: UnixTime) -> Result<(), Fault> {
    on!(tx, c => diesel::update(signing_keys::table.find(id)).set(signing_keys::retired_at.eq(at)).execute(c))?;
    Ok(())
}

/// Lets go of a key at once, and so of every token that it signed.
pub(super) fn delete_key(tx: &mut Tx, id: &str) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(signing_keys::table.find(id)).execute(c))?;
    Ok(())
}

/// Notes that a key signs tokens that live so long.
pub(super) fn note_token_life(tx: &mut Tx, id: &str, millis: i64) -> Result<(), Fault> {
    let longer = signing_keys::token_life.lt(millis);
    on!(tx, c => {
        diesel::update(signing_keys::table.find(id).filter(longer)).set(signing_keys::token_life.eq(millis)).execute(c)
    })?;
    Ok(())
}

/// Deletes what retired so long before `moment` that none of its tokens counts.
pub(super) fn delete_retired(tx: &mut Tx, moment: UnixTime) -> Result<usize, Fault> {
    let over = (signing_keys::retired_at + signing_keys::token_life.nullable()).lt(moment.millis());
    Ok(on!(tx, c => diesel::delete(signing_keys::table.filter(over)).execute(c))?)
}
