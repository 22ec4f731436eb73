//! The table `passwords`.

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::schema::passwords;

pub(super) fn hash_of(conn: &mut Conn, user: &UserId) -> Result<Option<String>, Fault> {
    Ok(on!(conn, c => passwords::table.find(user).select(passwords::hash).get_result(c).optional())?)
}

/// The hashes of several at once.
pub(super) fn hashes_of(conn: &mut Conn, users: &[UserId]) -> Result<Vec<(UserId, String)>, Fault> {
    let theirs = passwords::table.filter(passwords::user_id.eq_any(users.iter().map(UserId::as_str)));
    Ok(on!(conn, c => theirs.select((passwords::user_id, passwords::hash)).load(c))?)
}

/// From now on no password opens the account.
pub(super) fn clear(tx: &mut Tx, user: &UserId) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(passwords::table.find(user)).execute(c))?;
    Ok(())
}

pub(super) fn set(tx: &mut Tx, user: &UserId, hash: &str, now: UnixTime) -> Result<(), Fault> {
    on!(tx, c => {
        diesel::insert_into(passwords::table)
            .values((passwords::user_id.eq(user), passwords::hash.eq(hash), passwords::changed_at.eq(now)))
            .on_conflict(passwords::user_id)
            .do_update()
            .set((passwords::hash.eq(excluded(passwords::hash)), passwords::changed_at.eq(excluded(passwords::changed_at))))
            .execute(c)
    })?;
    Ok(())
}

/// Hashes of people who have none.
pub(super) fn insert(tx: &mut Tx, hashes: &[(&UserId, &str)], now: UnixTime) -> Result<(), Fault> {
    let row = |(user, hash): &(&UserId, &str)| {
        (passwords::user_id.eq((*user).clone()), passwords::hash.eq((*hash).to_owned()), passwords::changed_at.eq(now))
    };
    let rows: Vec<_> = hashes.iter().map(row).collect();
    if !rows.is_empty() {
        on!(tx, c => diesel::insert_into(passwords::table).values(rows).execute(c))?;
    }
    Ok(())
}
