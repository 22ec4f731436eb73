//! Rows from one database into another, a batch at a time, and the proof that all arrived.

use diesel::RunQueryDsl;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::line::Dialect;
use super::tables::{self, Table};
use super::{Obstacle, has_table};
use crate::platform::db::{Conn, Fault, on};
use crate::platform::secret::sha256;

/// Rows that are in memory at a time.
const BATCH: usize = 1000;

#[derive(diesel::QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = Text)]
    pub(super) line: String,
    #[diesel(sql_type = Text)]
    pub(super) key: String,
}

/// How many rows a table has, and the sum of their digests: the same for the same rows, in whatever order they come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub(super) rows: u64,
    sum: [u64; 4],
}

impl Fingerprint {
    fn add(&mut self, row: &Row) {
        self.rows += 1;
        let digest = sha256(row.line.as_bytes());
        for (sum, bytes) in self.sum.iter_mut().zip(digest.as_chunks::<8>().0) {
            *sum = sum.wrapping_add(u64::from_le_bytes(*bytes));
        }
    }
}

/// The next rows in the order of the key.
pub(super) fn read(conn: &mut Conn, table: &Table, after: Option<&str>) -> Result<Vec<Row>, Fault> {
    let query = Dialect::of(conn).read(table, after, BATCH);
    Ok(match after {
        Some(after) => on!(conn, c => sql_query(query).bind::<Text, _>(after).load(c))?,
        None => on!(conn, c => sql_query(query).load(c))?,
    })
}

pub(super) fn write(conn: &mut Conn, table: &Table, rows: &[Row]) -> Result<(), Fault> {
    let lines: Vec<&str> = rows.iter().map(|row| row.line.as_str()).collect();
    let (statement, batch) = (Dialect::of(conn).write(table), format!("[{}]", lines.join(",")));
    on!(conn, c => sql_query(statement).bind::<Text, _>(batch).execute(c))?;
    Ok(())
}

/// Removes what the migrations have put there.
pub(super) fn empty(conn: &mut Conn, table: &Table) -> Result<(), Fault> {
    let statement = format!("DELETE FROM \"{}\"", table.name);
    on!(conn, c => sql_query(statement).execute(c))?;
    Ok(())
}

/// Calls `each` with every batch of the table.
fn walk(
    conn: &mut Conn,
    table: &Table,
    mut each: impl FnMut(&[Row]) -> Result<(), Fault>,
) -> Result<Fingerprint, Fault> {
    let (mut fingerprint, mut after) = (Fingerprint::default(), None);
    loop {
        let mut rows = read(conn, table, after.as_deref())?;
        if rows.is_empty() {
            return Ok(fingerprint);
        }
        rows.iter().for_each(|row| fingerprint.add(row));
        each(&rows)?;
        after = rows.pop().map(|last| last.key);
    }
}

pub(super) fn fingerprint(conn: &mut Conn, table: &Table) -> Result<Fingerprint, Fault> {
    walk(conn, table, |_| Ok(()))
}

/// Every row of every table into a freshly migrated database, within the transactions that are open on both.
pub(super) fn everything(from: &mut Conn, to: &mut Conn) -> Result<(), Obstacle> {
    let tables = tables::shared(from, to)?;
    // Children first: a parent's row may not go before theirs.
    tables.iter().rev().try_for_each(|table| empty(to, table))?;
    for table in &tables {
        let sent = walk(from, table, |rows| write(to, table, rows))?;
        if fingerprint(to, table)? != sent {
            return Err(Obstacle::Differs(table.name.clone()));
        }
    }
    Ok(())
}

/// The rows of each table, by name; `None` where no migration has ever run.
pub(super) fn count(conn: &mut Conn) -> Result<Option<Vec<(String, u64)>>, Obstacle> {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        rows: i64,
    }
    if !has_table(conn, "__diesel_schema_migrations")? {
        return Ok(None);
    }
    let mut counts = Vec::new();
    for table in tables::of(conn)?.into_iter().filter(|table| !table.is_housekeeping()) {
        let query = format!("SELECT count(*) AS rows FROM \"{}\"", table.name);
        let count: Count = on!(conn, c => sql_query(query).get_result(c)).map_err(Fault::from)?;
        counts.push((table.name, count.rows.unsigned_abs()));
    }
    counts.sort();
    Ok(Some(counts))
}
