//! Which tables there are, what columns they have, and in which order they can be filled: asked of the database itself.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::Obstacle;
use crate::platform::db::{Conn, ConnKind, Fault, on};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    /// By name, since the order in which a database has them depends on its past.
    pub(super) columns: Vec<Column>,
    /// The columns of the primary key, in its order.
    pub(super) key: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Bytes,
}

impl Table {
    /// What looks after the database itself has names of this form, and need not be on both sides.
    pub(super) fn is_housekeeping(&self) -> bool {
        self.name.starts_with("__")
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    column: String,
    #[diesel(sql_type = Text)]
    kind: String,
    /// The column's place in the primary key, from 1; 0 where it is not in it.
    #[diesel(sql_type = BigInt)]
    place: i64,
}

/// Neither virtual tables nor those behind them: triggers fill them along.
const SQLITE: &str = "SELECT t.name AS \"table\", c.name AS \"column\", lower(c.type) AS kind, c.pk AS place \
    FROM pragma_table_list t JOIN pragma_table_info(t.name) c \
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

const POSTGRES: &str = "SELECT c.relname::text AS \"table\", a.attname::text AS \"column\", \
    format_type(a.atttypid, NULL) AS kind, coalesce((SELECT k.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(attnum, place) \
        WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum), 0) AS place \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''";

/// Every table that holds data of its own, parents before their children.
pub(super) fn of(conn: &mut Conn) -> Result<Vec<Table>, Obstacle> {
    let mut found: Vec<Found> = match conn.kind() {
        ConnKind::Sqlite(c) => sql_query(SQLITE).load(c),
        ConnKind::Postgres(c) => sql_query(POSTGRES).load(c),
    }
    .map_err(Fault::from)?;
    found.sort_by(|a, b| (&a.table, &a.column).cmp(&(&b.table, &b.column)));
    found.retain(|column| !["__diesel_schema_migrations", super::UNDER_WAY].contains(&&*column.table));
    let tables = found.chunk_by(|a, b| a.table == b.table).map(table).collect::<Result<_, _>>()?;
    in_order(tables, &references(conn)?)
}

fn table(columns: &[Found]) -> Result<Table, Obstacle> {
    let mut key: Vec<&Found> = columns.iter().filter(|column| column.place > 0).collect();
    key.sort_by_key(|column| column.place);
    let table = Table {
        name: columns.first().map(|column| column.table.clone()).unwrap_or_default(),
        columns: columns.iter().map(column).collect::<Result<_, _>>()?,
        key: key.into_iter().map(column).collect::<Result<_, _>>()?,
    };
    if table.key.is_empty() { Err(Obstacle::Shape(table.name)) } else { Ok(table) }
}

fn column(found: &Found) -> Result<Column, Obstacle> {
    let kind = match found.kind.as_str() {
        "text" => Kind::Text,
        "bigint" => Kind::Number,
        "bytea" => Kind::Bytes,
        _ => return Err(Obstacle::Shape(format!("{}.{}", found.table, found.column))),
    };
    Ok(Column { name: found.column.clone(), kind })
}

/// A child's row names a parent's.
#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

fn references(conn: &mut Conn) -> Result<Vec<Reference>, Fault> {
    Ok(match conn.kind() {
        ConnKind::Sqlite(c) => sql_query(
            "SELECT t.name AS child, f.\"table\" AS parent FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f \
             WHERE t.schema = 'main' AND t.type = 'table'",
        )
        .load(c)?,
        ConnKind::Postgres(c) => sql_query(
            "SELECT c.relname::text AS child, p.relname::text AS parent FROM pg_constraint f \
             JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid \
             WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace",
        )
        .load(c)?,
    })
}

fn in_order(mut waiting: Vec<Table>, references: &[Reference]) -> Result<Vec<Table>, Obstacle> {
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let blocked = |table: &Table| {
            references.iter().any(|r| {
                r.child == table.name && r.parent != table.name && waiting.iter().any(|other| other.name == r.parent)
            })
        };
        let (later, ready): (Vec<_>, Vec<_>) = waiting.iter().cloned().partition(blocked);
        if ready.is_empty() {
            return Err(Obstacle::Shape(later.first().map(|table| table.name.clone()).unwrap_or_default()));
        }
        ordered.extend(ready);
        waiting = later;
    }
    Ok(ordered)
}

/// The tables of both, in an order in which they can be filled. Whatever SQLite has, the other must have: those are ours, while a
/// PostgreSQL database may hold what belongs to somebody else.
pub(super) fn shared(from: &mut Conn, to: &mut Conn) -> Result<Vec<Table>, Obstacle> {
    let (sources, targets) = (of(from)?, of(to)?);
    for (conn, own, other) in [(from, &sources, &targets), (to, &targets, &sources)] {
        let ours = |table: &&Table| matches!(conn.kind(), ConnKind::Sqlite(_)) && !table.is_housekeeping();
        let missing = own.iter().filter(ours).find(|table| !other.contains(table));
        if let Some(table) = missing {
            return Err(Obstacle::Shape(table.name.clone()));
        }
    }
    Ok(targets.into_iter().filter(|table| sources.contains(table)).collect())
}

/// Whether there is a table of that name, be it the program's own.
pub(in crate::platform::db) fn has_table(conn: &mut Conn, name: &str) -> Result<bool, Fault> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        tables: i64,
    }
    let source = match conn.kind() {
        ConnKind::Sqlite(_) => "sqlite_master WHERE type = 'table' AND name = $1",
        ConnKind::Postgres(_) => "pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = $1",
    };
    let query = format!("SELECT count(*) AS tables FROM {source}");
    let count: Count = on!(conn, c => sql_query(query).bind::<Text, _>(name).get_result(c))?;
    Ok(count.tables > 0)
}
