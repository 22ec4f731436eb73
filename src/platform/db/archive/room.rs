//! Whether a copy has room.

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::Obstacle;
use crate::platform::db::{Conn, ConnKind, Fault};
use crate::platform::disk;

/// Row by row, more than this takes too long to wait for at a start: about a minute for each gigabyte.
const LIMIT: u64 = 4_000_000_000;

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

fn size(conn: &mut Conn) -> Result<u64, Fault> {
    let size: Size = match conn.kind() {
        ConnKind::Sqlite(c) => {
            let query = "SELECT p.page_count * s.page_size AS bytes FROM pragma_page_count p, pragma_page_size s";
            sql_query(query).get_result(c)?
        }
        ConnKind::Postgres(c) => sql_query("SELECT pg_database_size(current_database()) AS bytes").get_result(c)?,
    };
    Ok(size.bytes.unsigned_abs())
}

/// Whether a copy of the database may be made in that folder: so that it neither fills the disk nor takes an hour unasked.
pub(super) fn check(conn: &mut Conn, folder: &Path) -> Result<(), Obstacle> {
    let size = size(conn)?;
    if matches!(conn.kind(), ConnKind::Postgres(_)) && size > LIMIT {
        return Err(Obstacle::TooLarge { size, limit: LIMIT });
    }
    check_for(size, folder)
}

/// Whether a folder has room for so many bytes and a tenth more, which whoever else writes there may want meanwhile.
pub(super) fn check_for(bytes: u64, folder: &Path) -> Result<(), Obstacle> {
    let free = disk::room(folder).map_err(Obstacle::file(folder))?.free;
    let needed = bytes + bytes / 10;
    if free < needed { Err(Obstacle::NoRoom { folder: folder.to_owned(), needed, free }) } else { Ok(()) }
}
