//! Putting a file in the place of the database: all of it, or nothing has changed.

use std::path::Path;

use diesel::connection::SimpleConnection;

use super::draft::{remove_side_files, with_suffix};
use super::{Draft, Obstacle, copy};
use crate::platform::db::conn::Role;
use crate::platform::db::migrate;
use crate::platform::db::{Conn, DatabaseUrl, Fault, on};

/// What is in `draft` becomes what is in the database, with the schema that it has there. Whoever calls this is alone with
/// the database, and has kept what was in it.
///
/// # Errors
/// Then the database is as it was.
pub fn place(draft: Draft, url: &DatabaseUrl) -> Result<(), Obstacle> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            retire(path)?;
            draft.take_over(path)
        }
        DatabaseUrl::Postgres(_) => {
            let mut from = draft.open()?;
            let schema = migrate::applied(&mut from)?;
            // One transaction, migrations and all: nobody sees half of it.
            Conn::connect(url, Role::Whole)?.transaction(|tx| {
                migrate::begin_anew(tx, &schema)?;
                copy::everything(&mut from, tx)
            })
        }
    }
}

/// Takes in what stands beside the file, so that the file alone is the database, and nothing is left beside its successor.
fn retire(path: &Path) -> Result<(), Obstacle> {
    if path.exists() {
        let mut conn = Conn::connect(&DatabaseUrl::Sqlite(path.to_owned()), Role::Whole)?;
        on!(conn, c => c.batch_execute("PRAGMA journal_mode = DELETE")).map_err(Fault::from)?;
        // Somebody who keeps no locks of ours has it open.
        if with_suffix(path, "-wal").exists() {
            return Err(Obstacle::InUse);
        }
    }
    remove_side_files(path);
    Ok(())
}
