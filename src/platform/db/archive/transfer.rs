//! Moving into another database: a batch with a commit each, so that it can go on where it was interrupted, and everything compared
//! at the end. Until then the target says of itself that it is not finished, and no server starts on it.

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{OptionalExtension, RunQueryDsl, sql_query};

use super::tables::{self, Table};
use super::{Contents, Obstacle, UNDER_WAY, copy, has_table, snapshot};
use crate::platform::db::conn::Role;
use crate::platform::db::migrate::{self, Standing};
use crate::platform::db::{Conn, ConnKind, DatabaseUrl, Fault, on};

/// How far it is.
pub enum Progress<'a> {
    /// It goes on where it was interrupted.
    Resumed,
    /// So many rows of a table are there.
    Copied(&'a str, u64),
    /// A table is there as it was sent.
    Compared(&'a str, u64),
}

/// Copies everything from one database into another one in which nobody is, and compares. The source is only read.
///
/// # Errors
/// Where either does not do; what has arrived stays, for the next try.
pub fn transfer(from: &DatabaseUrl, to: &DatabaseUrl, tell: &mut dyn FnMut(Progress)) -> Result<Contents, Obstacle> {
    let mut source = Conn::connect(from, Role::Whole)?;
    match source.kind() {
        ConnKind::Sqlite(c) => c.batch_execute("BEGIN").map_err(Fault::from)?,
        ConnKind::Postgres(c) => {
            c.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").map_err(Fault::from)?;
        }
    }
    let contents = present(&mut source)?;
    let mut target = Conn::connect(to, Role::Whole)?;
    if has_table(&mut target, UNDER_WAY)? {
        tell(Progress::Resumed);
    } else {
        begin(&mut source, &mut target)?;
    }
    let tables = tables::shared(&mut source, &mut target)?;
    tables.iter().try_for_each(|table| copy_table(&mut source, &mut target, table, tell))?;
    tables.iter().try_for_each(|table| compare(&mut source, &mut target, table, tell))?;
    on!(target, c => c.batch_execute(&format!("DROP TABLE {UNDER_WAY}"))).map_err(Fault::from)?;
    Ok(contents)
}

/// The source must be at this program's schema: the target will be.
fn present(source: &mut Conn) -> Result<Contents, Obstacle> {
    let Standing { pending, .. } = migrate::standing(source)?;
    let contents = snapshot::of(source)?.ok_or(Obstacle::Nothing)?;
    if pending.is_empty() { Ok(contents) } else { Err(Obstacle::OtherSchema(contents.schema)) }
}

/// Makes the target ready, all at once.
fn begin(source: &mut Conn, target: &mut Conn) -> Result<(), Obstacle> {
    if snapshot::of(target)?.is_some_and(|contents| contents.rows("users") > 0) {
        return Err(Obstacle::HoldsPeople);
    }
    let schema = migrate::applied(source)?;
    target.transaction(|tx| {
        migrate::begin_anew(tx, &schema)?;
        tables::of(tx)?.iter().rev().try_for_each(|table| copy::empty(tx, table))?;
        let statement = format!(
            "CREATE TABLE {UNDER_WAY} (name TEXT PRIMARY KEY NOT NULL, reached TEXT NOT NULL, moved BIGINT NOT NULL)"
        );
        Ok(on!(tx, c => c.batch_execute(&statement)).map_err(Fault::from)?)
    })
}

#[derive(diesel::QueryableByName)]
struct Mark {
    /// The key of the last row that arrived.
    #[diesel(sql_type = Text)]
    reached: String,
    #[diesel(sql_type = BigInt)]
    moved: i64,
}

fn copy_table(
    source: &mut Conn,
    target: &mut Conn,
    table: &Table,
    tell: &mut dyn FnMut(Progress),
) -> Result<(), Obstacle> {
    let mut mark = mark(target, &table.name)?;
    loop {
        let rows = copy::read(source, table, mark.as_ref().map(|mark| mark.reached.as_str()))?;
        let Some(last) = rows.last() else { return Ok(()) };
        let moved = mark.map_or(0, |mark| mark.moved) + i64::try_from(rows.len()).unwrap_or_default();
        let next = Mark { reached: last.key.clone(), moved };
        target.transaction(|tx| {
            copy::write(tx, table, &rows)?;
            note(tx, &table.name, &next)
        })?;
        tell(Progress::Copied(&table.name, next.moved.unsigned_abs()));
        mark = Some(next);
    }
}

fn mark(target: &mut Conn, table: &str) -> Result<Option<Mark>, Fault> {
    let query = format!("SELECT reached, moved FROM {UNDER_WAY} WHERE name = $1");
    Ok(on!(target, c => sql_query(query).bind::<Text, _>(table).get_result(c).optional())?)
}

fn note(target: &mut Conn, table: &str, mark: &Mark) -> Result<(), Fault> {
    let statement = format!(
        "INSERT INTO {UNDER_WAY} (name, reached, moved) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET reached = excluded.reached, moved = excluded.moved"
    );
    on!(target, c => sql_query(statement)
        .bind::<Text, _>(table).bind::<Text, _>(&mark.reached).bind::<BigInt, _>(mark.moved).execute(c))?;
    Ok(())
}

fn compare(
    source: &mut Conn,
    target: &mut Conn,
    table: &Table,
    tell: &mut dyn FnMut(Progress),
) -> Result<(), Obstacle> {
    let sent = copy::fingerprint(source, table)?;
    if copy::fingerprint(target, table)? != sent {
        return Err(Obstacle::Differs(table.name.clone()));
    }
    tell(Progress::Compared(&table.name, sent.rows));
    Ok(())
}
