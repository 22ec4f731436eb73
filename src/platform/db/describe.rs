//! What a migrated database holds, in Diesel's words, so that a test can compare it with `src/schema.rs`.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};

use super::conn::{Conn, ConnKind, Role};
use super::{DatabaseUrl, Fault};

/// One column of one table.
#[derive(Debug, QueryableByName)]
pub struct Column {
    #[diesel(sql_type = Text)]
    pub table: String,
    #[diesel(sql_type = Text)]
    pub column: String,
    /// `Text`, `BigInt` or `Binary`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Bool)]
    pub nullable: bool,
}

const SQLITE: &str = "SELECT m.name AS \"table\", c.name AS \"column\", \
    CASE c.type WHEN 'TEXT' THEN 'Text' WHEN 'BIGINT' THEN 'BigInt' WHEN 'BYTEA' THEN 'Binary' ELSE c.type END AS kind, \
    c.\"notnull\" = 0 AS nullable FROM pragma_table_list m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.schema = 'main' AND m.name NOT LIKE 'sqlite_%' AND substr(m.name, 1, 2) <> '__'";

const POSTGRES: &str = "SELECT table_name::text AS \"table\", column_name::text AS \"column\", \
    CASE data_type WHEN 'text' THEN 'Text' WHEN 'bigint' THEN 'BigInt' WHEN 'bytea' THEN 'Binary' ELSE data_type::text END \
    AS kind, is_nullable = 'YES' AS nullable FROM information_schema.columns \
    WHERE table_schema = current_schema() AND left(table_name, 2) <> '__'";

/// Every column of every table; what an index is made of on one of the databases alone is none.
///
/// # Errors
/// A [`Fault`].
pub fn describe(url: &DatabaseUrl) -> Result<Vec<Column>, Fault> {
    Ok(match Conn::connect(url, Role::Read)?.kind() {
        ConnKind::Sqlite(c) => sql_query(SQLITE).load(c)?,
        ConnKind::Postgres(c) => sql_query(POSTGRES).load(c)?,
    })
}
