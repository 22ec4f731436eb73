//! What a database says of itself: how large it is, and what time it has.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::{Conn, ConnKind, Db, Fault};
use crate::platform::time::UnixTime;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

const SQLITE_BYTES: &str =
    "SELECT page_count * page_size AS value FROM pragma_page_count() CROSS JOIN pragma_page_size()";
const POSTGRES_BYTES: &str = "SELECT pg_database_size(current_database()) AS value";
const POSTGRES_CLOCK: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS value";

impl Db {
    /// How much room it takes.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn bytes(&self) -> Result<u64, Fault> {
        let read = |conn: &mut Conn| -> Result<u64, Fault> {
            let number: Number = match conn.kind() {
                ConnKind::Sqlite(c) => sql_query(SQLITE_BYTES).get_result(c)?,
                ConnKind::Postgres(c) => sql_query(POSTGRES_BYTES).get_result(c)?,
            };
            Ok(u64::try_from(number.value).unwrap_or(0))
        };
        self.read(read).await
    }

    /// The database's own clock, which all nodes share; `None` where it is this machine's.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn clock(&self) -> Result<Option<UnixTime>, Fault> {
        let read = |conn: &mut Conn| -> Result<Option<UnixTime>, Fault> {
            let ConnKind::Postgres(c) = conn.kind() else { return Ok(None) };
            let number: Number = sql_query(POSTGRES_CLOCK).get_result(c)?;
            Ok(Some(UnixTime::from_millis(number.value)))
        };
        self.read(read).await
    }
}
