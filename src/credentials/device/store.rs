//! The table `devices`.

use diesel::prelude::*;

use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::schema::devices;

/// Whoever has signed in there, the latest first.
pub(super) fn users_of(conn: &mut Conn, hash: &[u8]) -> Result<Vec<UserId>, Fault> {
    let query = devices::table.filter(devices::hash.eq(hash)).select(devices::user_id);
    Ok(on!(conn, c => query.order(devices::last_seen_at.desc()).limit(20).load(c))?)
}

pub(super) fn has_any(conn: &mut Conn, user: &UserId) -> Result<bool, Fault> {
    let query = diesel::select(diesel::dsl::exists(devices::table.filter(devices::user_id.eq(user))));
    Ok(on!(conn, c => query.get_result(c))?)
}

/// Whether this user was known there.
pub(super) fn touch(tx: &mut Tx, hash: &[u8], user: &UserId, now: UnixTime) -> Result<bool, Fault> {
    let row = devices::table.find((hash, user));
    Ok(on!(tx, c => diesel::update(row).set(devices::last_seen_at.eq(now)).execute(c))? > 0)
}

/// The browser gets another token; for all who are known there.
pub(super) fn rename(tx: &mut Tx, old: &[u8], new: &[u8]) -> Result<(), Fault> {
    let rows = devices::table.filter(devices::hash.eq(old));
    on!(tx, c => diesel::update(rows).set(devices::hash.eq(new)).execute(c))?;
    Ok(())
}

pub(super) fn insert(tx: &mut Tx, hash: &[u8], user: &UserId, now: UnixTime) -> Result<(), Fault> {
    let row = (
        devices::hash.eq(hash),
        devices::user_id.eq(user),
        devices::first_seen_at.eq(now),
        devices::last_seen_at.eq(now),
    );
    on!(tx, c => diesel::insert_into(devices::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn delete_of(tx: &mut Tx, user: &UserId) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(devices::table.filter(devices::user_id.eq(user))).execute(c))?;
    Ok(())
}

pub(super) fn delete_unseen_since(tx: &mut Tx, before: UnixTime) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(devices::table.filter(devices::last_seen_at.lt(before))).execute(c))?;
    Ok(())
}
