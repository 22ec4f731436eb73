//! Migrations are in the binary: one portable set for both databases, and a folder each for what only one of them needs.

use std::fs::File;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{Conn, ConnKind, Role, make_private};
use super::{DatabaseUrl, Fault};

const COMMON: EmbeddedMigrations = embed_migrations!("migrations/common");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// What a role that may create no extensions does without.
const TRIGRAMS: &str = include_str!("../../../migrations/optional/postgres_trigrams.sql");

/// Any number, the same in every process: whoever holds it migrates.
const ADVISORY_LOCK: i64 = 0x7665_7374_6962;

/// Two folders as one set; the harness sorts them by version.
struct Both(EmbeddedMigrations, EmbeddedMigrations);

impl<DB: diesel::backend::Backend> MigrationSource<DB> for Both {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let mut all = MigrationSource::<DB>::migrations(&self.0)?;
        all.extend(MigrationSource::<DB>::migrations(&self.1)?);
        Ok(all)
    }
}

/// Brings the schema up to date and says which migrations ran. Safe to call from several processes at once.
///
/// # Errors
/// Where the database can't be reached, or a migration fails; what it had begun is rolled back.
pub fn run(url: &DatabaseUrl) -> Result<Vec<String>, Fault> {
    let _alone = match url {
        DatabaseUrl::Sqlite(path) => {
            make_private(path).map_err(|e| Fault::Unavailable(format!("{}: {e}", path.display())))?;
            Some(lock_folder(path)?)
        }
        DatabaseUrl::Postgres(_) => None,
    };
    let mut conn = Conn::connect(url, Role::Write)?;
    match conn.kind() {
        ConnKind::Sqlite(c) => pending(c, Both(COMMON, SQLITE)),
        ConnKind::Postgres(c) => {
            c.batch_execute(&format!(
                "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({ADVISORY_LOCK});"
            ))?;
            let done = pending(c, Both(COMMON, POSTGRES));
            if let Err(error) = c.batch_execute(TRIGRAMS) {
                tracing::warn!(
                    %error,
                    "users are found by the beginning of a name only: a superuser has to run 'CREATE EXTENSION pg_trgm' in \
                     this database once, then start Vestibule again"
                );
            }
            c.batch_execute(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK});"))?;
            done
        }
    }
}

/// SQLite has no lock that spans several transactions: the folder's serves, until it is closed.
fn lock_folder(database: &Path) -> Result<File, Fault> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let locked = File::open(folder).and_then(|file| file.lock().map(|()| file));
    locked.map_err(|e| Fault::Unavailable(format!("{}: {e}", folder.display())))
}

fn pending<DB, C>(conn: &mut C, set: Both) -> Result<Vec<String>, Fault>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
{
    let ran = conn.run_pending_migrations(set).map_err(|e| Fault::Broken(e.to_string()))?;
    Ok(ran.iter().map(ToString::to_string).collect())
}
