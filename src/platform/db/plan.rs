//! How SQLite goes about a statement, for the tests that hold the lists to their indexes.

use diesel::QueryableByName;
use diesel::sql_types::Text;

use super::{Conn, DatabaseUrl, Db, Fault, Sql, migrate};
use crate::platform::time::Clock;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// A line for each step.
pub fn plan(conn: &mut Conn, sql: &Sql) -> String {
    let steps: Vec<Step> = sql.explained().load(conn).unwrap_or_else(|fault| panic!("{sql:?}: {fault}"));
    steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("\n")
}

/// Lets `look` ask a new database with all its indexes and nothing in it.
pub fn on_a_new_database(name: &str, look: impl FnOnce(&mut Conn) + Send + 'static) {
    let folder = std::env::temp_dir().join(format!("vestibule-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{e}"));
    let url = DatabaseUrl::Sqlite(folder.join("plans.db"));
    migrate::run(&url).unwrap_or_else(|fault| panic!("{fault}"));
    let db = Db::open(&url, &Clock::System).unwrap_or_else(|fault| panic!("{fault}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap_or_else(|e| panic!("{e}"));
    let looked = runtime.block_on(db.read(|conn| {
        look(conn);
        Ok::<_, Fault>(())
    }));
    let _ = std::fs::remove_dir_all(&folder);
    looked.unwrap_or_else(|fault| panic!("{fault}"));
}
