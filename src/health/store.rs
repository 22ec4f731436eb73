//! In `counters` when the last backup was made.

use diesel::prelude::*;

use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::time::UnixTime;
use crate::schema::counters;

/// The row of `counters`: milliseconds since 1970.
const BACKUP: &str = "backup";

pub(super) fn last_backup(conn: &mut Conn) -> Result<Option<UnixTime>, Fault> {
    let row = counters::table.find(BACKUP).select(counters::value);
    let found: Option<i64> = on!(conn, c => row.get_result(c).optional())?;
    Ok(found.map(UnixTime::from_millis))
}

pub(super) fn note_backup(tx: &mut Tx, at: UnixTime) -> Result<(), Fault> {
    on!(tx, c => {
        diesel::insert_into(counters::table)
            .values((counters::name.eq(BACKUP), counters::value.eq(at.millis())))
            .on_conflict(counters::name)
            .do_update()
            .set(counters::value.eq(at.millis()))
            .execute(c)
    })?;
    Ok(())
}
