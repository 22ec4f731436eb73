//! The table `budgets`.

use std::time::Duration;

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::bucket::Bucket;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::time::UnixTime;
use crate::schema::budgets;

const NEVER_TRIED: UnixTime = UnixTime::from_millis(0);
/// Rows that one transaction deletes.
const AT_ONCE: i64 = 500;

/// The longest stop that is in force and in the log; none ends later than the second moment.
pub(super) fn noted_stop(
    conn: &mut Conn,
    keys: &[Vec<u8>],
    (now, latest): (UnixTime, UnixTime),
) -> Result<Option<UnixTime>, Fault> {
    let possible = budgets::stopped_until.gt(now).and(budgets::stopped_until.le(latest));
    let in_force = possible.and(budgets::noted_until.eq(budgets::stopped_until));
    let until: Option<i64> = on!(conn, c => {
        budgets::table.filter(budgets::key.eq_any(keys)).filter(in_force).select(max(budgets::stopped_until)).get_result(c)
    })?;
    Ok(until.map(UnixTime::from_millis))
}

/// What was tried so far. The row is made where there is none, and nobody else gets at it before this transaction ends.
pub(super) fn hold(tx: &mut Tx, key: &[u8]) -> Result<Bucket, Fault> {
    let untried = (
        budgets::key.eq(key),
        budgets::empty_at.eq(NEVER_TRIED),
        budgets::stopped_until.eq(NEVER_TRIED),
        budgets::noted_until.eq(NEVER_TRIED),
    );
    let (empty_at, stopped_until) = on!(tx, c => {
        diesel::insert_into(budgets::table)
            .values(untried)
            .on_conflict(budgets::key)
            .do_update()
            .set(budgets::key.eq(excluded(budgets::key)))
            .returning((budgets::empty_at, budgets::stopped_until))
            .get_result(c)
    })?;
    Ok(Bucket { empty_at: UnixTime::from_millis(empty_at), stopped_until: UnixTime::from_millis(stopped_until) })
}

pub(super) fn set(tx: &mut Tx, key: &[u8], bucket: Bucket) -> Result<(), Fault> {
    let next = (budgets::empty_at.eq(bucket.empty_at), budgets::stopped_until.eq(bucket.stopped_until));
    on!(tx, c => diesel::update(budgets::table.find(key)).set(next).execute(c))?;
    Ok(())
}

/// Whether this stop is noted only now.
pub(super) fn note(tx: &mut Tx, key: &[u8], until: UnixTime) -> Result<bool, Fault> {
    let row = budgets::table.find(key).filter(budgets::noted_until.ne(until));
    Ok(on!(tx, c => diesel::update(row).set(budgets::noted_until.eq(until)).execute(c))? > 0)
}

/// One try less, and without the stop that it brought, unless others followed.
pub(super) fn give_back(tx: &mut Tx, key: &[u8], one: Duration, stop: Option<UnixTime>) -> Result<(), Fault> {
    let one = i64::try_from(one.as_millis()).unwrap_or(i64::MAX);
    on!(tx, c => {
        diesel::update(budgets::table.find(key)).set(budgets::empty_at.eq(budgets::empty_at - one)).execute(c)
    })?;
    if let Some(stop) = stop {
        let row = budgets::table.find(key).filter(budgets::stopped_until.eq(stop));
        on!(tx, c => diesel::update(row).set(budgets::stopped_until.eq(NEVER_TRIED)).execute(c))?;
    }
    Ok(())
}

pub(super) fn clear(tx: &mut Tx, key: &[u8]) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(budgets::table.find(key)).execute(c))?;
    Ok(())
}

/// Deletes some of those in which nothing is remembered; how many.
pub(super) fn forget(tx: &mut Tx, now: UnixTime) -> Result<usize, Fault> {
    let empty = budgets::empty_at.lt(now).and(budgets::stopped_until.lt(now));
    let keys: Vec<Vec<u8>> = on!(tx, c => budgets::table.filter(empty).select(budgets::key).limit(AT_ONCE).load(c))?;
    // Once more, for somebody may have tried meanwhile.
    let still = budgets::empty_at.lt(now).and(budgets::stopped_until.lt(now));
    Ok(on!(tx, c => diesel::delete(budgets::table.filter(budgets::key.eq_any(&keys)).filter(still)).execute(c))?)
}
