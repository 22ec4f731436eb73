//! A row as text: a JSON array with `null`, a number, or the bytes in hex for each column. Both databases write it to the same
//! letter and read it back, so no value passes through a type of ours, and equal rows are equal lines on either side.

use super::tables::{Column, Kind, Table};
use crate::platform::db::{Conn, ConnKind};

/// In whose words.
#[derive(Clone, Copy)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(super) fn of(conn: &mut Conn) -> Self {
        match conn.kind() {
            ConnKind::Sqlite(_) => Self::Sqlite,
            ConnKind::Postgres(_) => Self::Postgres,
        }
    }

    /// A batch of rows as `line`, with the key of each as `key`, in the order of the key; `$1` is the key after which it begins.
    pub(super) fn read(self, table: &Table, after: Option<&str>, batch: usize) -> String {
        let (line, key) = (self.line(&table.columns), self.line(&table.key));
        // Named with the table, since an output column that is called like it would be meant otherwise.
        let order = table.key.iter().map(|column| format!("t.\"{}\"", column.name)).collect::<Vec<_>>().join(", ");
        let beyond = after.map_or(String::new(), |_| format!(" WHERE ({order}) > ({})", self.start(&table.key)));
        format!("SELECT {line} AS line, {key} AS key FROM \"{}\" t{beyond} ORDER BY {order} LIMIT {batch}", table.name)
    }

    /// The values of a key in `$1`.
    fn start(self, key: &[Column]) -> String {
        let value = |(n, column): (usize, &Column)| match self {
            Self::Sqlite => self.value(column, "$1", n),
            // What `convert_from` gives would be compared byte by byte; a subselect leaves the order to the column.
            Self::Postgres if column.kind == Kind::Text => {
                format!("(SELECT {} COLLATE \"default\")", self.value(column, "$1::jsonb", n))
            }
            Self::Postgres => self.value(column, "$1::jsonb", n),
        };
        key.iter().enumerate().map(value).collect::<Vec<_>>().join(", ")
    }

    /// Puts a JSON array of lines, `$1`, into the table.
    pub(super) fn write(self, table: &Table) -> String {
        let rows = match self {
            Self::Sqlite => "json_each($1) AS r",
            Self::Postgres => "jsonb_array_elements($1::jsonb) AS r(value)",
        };
        let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let values: Vec<String> =
            table.columns.iter().enumerate().map(|(n, column)| self.value(column, "r.value", n)).collect();
        format!("INSERT INTO \"{}\" ({}) SELECT {} FROM {rows}", table.name, names.join(", "), values.join(", "))
    }

    fn line(self, columns: &[Column]) -> String {
        let cells: Vec<String> = columns.iter().map(|column| self.cell(column)).collect();
        format!("'[' || {} || ']'", cells.join(" || ',' || "))
    }

    fn cell(self, Column { name, kind }: &Column) -> String {
        let hex = match (self, kind) {
            (_, Kind::Number) => return format!("coalesce(CAST(\"{name}\" AS TEXT), 'null')"),
            (Self::Sqlite, _) => format!("hex(CAST(\"{name}\" AS BLOB))"),
            (Self::Postgres, Kind::Text) => format!("upper(encode(convert_to(\"{name}\", 'UTF8'), 'hex'))"),
            (Self::Postgres, Kind::Bytes) => format!("upper(encode(\"{name}\", 'hex'))"),
        };
        format!("CASE WHEN \"{name}\" IS NULL THEN 'null' ELSE '\"' || {hex} || '\"' END")
    }

    /// The value at a place of a line.
    fn value(self, column: &Column, line: &str, n: usize) -> String {
        match (self, column.kind) {
            (Self::Sqlite, Kind::Text) => format!("CAST(unhex({line} ->> {n}) AS TEXT)"),
            (Self::Sqlite, Kind::Number) => format!("({line} ->> {n})"),
            (Self::Sqlite, Kind::Bytes) => format!("unhex({line} ->> {n})"),
            (Self::Postgres, Kind::Text) => format!("convert_from(decode({line} ->> {n}, 'hex'), 'UTF8')"),
            (Self::Postgres, Kind::Number) => format!("({line} ->> {n})::bigint"),
            (Self::Postgres, Kind::Bytes) => format!("decode({line} ->> {n}, 'hex')"),
        }
    }
}
