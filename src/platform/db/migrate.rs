//! Migrations are in the binary: one portable set for both databases, and a folder each for what only one of them needs. What is
//! pending runs in one transaction: an upgrade that is interrupted has not happened.

use std::fs::File;
use std::path::Path;

use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::migration::{CREATE_MIGRATIONS_TABLE, Migration, MigrationSource};
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use super::archive::{Obstacle, UNDER_WAY, has_table};
use super::conn::{Conn, ConnKind, Postgres, Role, make_private, on};
use super::{DatabaseUrl, Fault, in_use};

const COMMON: EmbeddedMigrations = embed_migrations!("migrations/common");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// What a role that may create no extensions does without.
const TRIGRAMS: &str = include_str!("../../../migrations/optional/postgres_trigrams.sql");

/// Any number, the same in every process: whoever holds it migrates.
const ADVISORY_LOCK: i64 = 0x7665_7374_6962;

/// Which version of the program brought the schema where it is; it is looked after here, like Diesel's own table.
const VERSIONS: &str = "__vestibule_versions";

/// How far a database is.
pub(super) struct Standing {
    /// The newest migration that ran.
    pub(super) schema: Option<String>,
    pub(super) pending: Vec<String>,
}

/// Brings the schema up to date and says which migrations ran. Safe to call from several processes at once.
///
/// # Errors
/// Where the database can't be reached, or a migration fails; then none has run.
pub fn run(url: &DatabaseUrl) -> Result<Vec<String>, Obstacle> {
    bring_up(url, |_| Ok(()))
}

/// The same, of the database that others work with: never while another is being put in its place, for what this has open
/// then would be the old one. Where something is pending on a database that was migrated before, `before` is called with its
/// schema, while no other process can migrate.
///
/// # Errors
/// As [`run`], where another process has the database for itself, and what `before` returns.
pub fn run_beside_others(
    url: &DatabaseUrl,
    before: impl FnOnce(&str) -> Result<(), Obstacle>,
) -> Result<Vec<String>, Obstacle> {
    let _shared = in_use::share(url)?;
    bring_up(url, before)
}

fn bring_up(url: &DatabaseUrl, before: impl FnOnce(&str) -> Result<(), Obstacle>) -> Result<Vec<String>, Obstacle> {
    let _alone = match url {
        DatabaseUrl::Sqlite(path) => {
            make_private(path).map_err(|e| Fault::Unavailable(format!("{}: {e}", path.display())))?;
            Some(lock_folder(path)?)
        }
        DatabaseUrl::Postgres(_) => None,
    };
    let mut conn = Conn::connect(url, Role::Write)?;
    if let ConnKind::Postgres(c) = conn.kind() {
        let lock =
            format!("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({ADVISORY_LOCK});");
        c.batch_execute(&lock).map_err(Fault::from)?;
    }
    let done = catch_up(&mut conn, before);
    if let ConnKind::Postgres(c) = conn.kind() {
        find_parts(c);
        c.batch_execute(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK});")).map_err(Fault::from)?;
    }
    done
}

/// What no start depends on.
fn find_parts(c: &mut Postgres) {
    if let Err(error) = c.batch_execute(TRIGRAMS) {
        tracing::warn!(
            %error,
            "users are found by the beginning of a name only: a superuser has to run 'CREATE EXTENSION pg_trgm' in this \
             database once, then start Vestibule again"
        );
    }
}

fn catch_up(conn: &mut Conn, before: impl FnOnce(&str) -> Result<(), Obstacle>) -> Result<Vec<String>, Obstacle> {
    if has_table(conn, UNDER_WAY)? {
        return Err(Obstacle::HalfMoved);
    }
    let Standing { schema, pending } = standing(conn)?;
    if pending.is_empty() {
        return Ok(pending);
    }
    if let Some(schema) = schema {
        before(&schema)?;
    }
    conn.transaction(|tx| {
        apply(tx, |version| pending.iter().any(|p| p == version))?;
        note_program(tx)
    })?;
    Ok(pending)
}

/// How many migrations are to run, and nothing else: none runs, and no database is made.
///
/// # Errors
/// [`Obstacle::Nothing`] where it was never migrated; where it can't be reached, or is of a newer version.
pub fn pending(url: &DatabaseUrl) -> Result<usize, Obstacle> {
    if matches!(url, DatabaseUrl::Sqlite(path) if !path.exists()) {
        return Err(Obstacle::Nothing);
    }
    let Standing { schema, pending } = standing(&mut Conn::connect(url, Role::Read)?)?;
    schema.map(|_| pending.len()).ok_or(Obstacle::Nothing)
}

/// SQLite has no lock that spans several transactions: the folder's serves, until it is closed.
fn lock_folder(database: &Path) -> Result<File, Fault> {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let locked = File::open(folder).and_then(|file| file.lock().map(|()| file));
    locked.map_err(|e| Fault::Unavailable(format!("{}: {e}", folder.display())))
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    value: String,
}

/// The migrations that ran, in order; none where the database is new, or not ours.
pub(super) fn applied(conn: &mut Conn) -> Result<Vec<String>, Fault> {
    if !has_table(conn, "__diesel_schema_migrations")? {
        return Ok(Vec::new());
    }
    let query = "SELECT version AS value FROM __diesel_schema_migrations";
    let found: Vec<Found> = on!(conn, c => sql_query(query).load(c))?;
    let mut versions: Vec<String> = found.into_iter().map(|row| row.value).collect();
    versions.sort();
    Ok(versions)
}

/// The version of the program that migrated it last, where that was noted.
pub(super) fn program(conn: &mut Conn) -> Result<Option<String>, Fault> {
    if !has_table(conn, VERSIONS)? {
        return Ok(None);
    }
    let query = format!("SELECT program AS value FROM {VERSIONS} ORDER BY schema DESC LIMIT 1");
    let found: Vec<Found> = on!(conn, c => sql_query(query).load(c))?;
    Ok(found.into_iter().next().map(|row| row.value))
}

/// How far the database is.
///
/// # Errors
/// [`Obstacle::Newer`] where it is further than this program.
pub(super) fn standing(conn: &mut Conn) -> Result<Standing, Obstacle> {
    let ran = applied(conn)?;
    let [common, sqlite, postgres] = [&COMMON, &SQLITE, &POSTGRES].map(versions);
    if let Some(schema) = ran.iter().rev().find(|v| ![&common, &sqlite, &postgres].iter().any(|set| set.contains(v))) {
        return Err(Obstacle::Newer { schema: schema.clone(), program: program(conn)? });
    }
    let own = if matches!(conn.kind(), ConnKind::Sqlite(_)) { sqlite } else { postgres };
    let mut pending: Vec<String> = common.into_iter().chain(own).filter(|version| !ran.contains(version)).collect();
    pending.sort();
    Ok(Standing { schema: ran.into_iter().next_back(), pending })
}

/// Undoes every migration, and runs those that another database has, whichever of the two that is: an empty schema like its.
///
/// # Errors
/// [`Obstacle::Newer`] where what is there can't be undone.
pub(super) fn begin_anew(conn: &mut Conn, like: &[String]) -> Result<(), Obstacle> {
    standing(conn)?;
    let ran = applied(conn)?;
    match conn.kind() {
        ConnKind::Sqlite(c) => undo(c, &SQLITE, &ran)?,
        ConnKind::Postgres(c) => undo(c, &POSTGRES, &ran)?,
    }
    // What only one of the databases has belongs to what they share before it.
    let common = versions(&COMMON);
    let first_missing = common.iter().filter(|version| !like.contains(version)).min();
    apply(conn, |version| match common.iter().any(|shared| shared == version) {
        true => like.iter().any(|other| other == version),
        false => first_missing.is_none_or(|missing| version < missing.as_str()),
    })?;
    note_program(conn)?;
    Ok(())
}

fn apply(conn: &mut Conn, wanted: impl Fn(&str) -> bool) -> Result<(), Fault> {
    match conn.kind() {
        ConnKind::Sqlite(c) => apply_set(c, &SQLITE, wanted),
        ConnKind::Postgres(c) => apply_set(c, &POSTGRES, wanted),
    }
}

fn apply_set<C>(c: &mut C, own: &EmbeddedMigrations, wanted: impl Fn(&str) -> bool) -> Result<(), Fault>
where
    C: Connection + 'static,
{
    c.batch_execute(CREATE_MIGRATIONS_TABLE)?;
    for (version, migration) in set::<C::Backend>(own)?.iter().filter(|(version, _)| wanted(version)) {
        migration.run(c).map_err(|error| failed(version, &*error))?;
        c.batch_execute(&format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')"))?;
    }
    Ok(())
}

fn undo<C>(c: &mut C, own: &EmbeddedMigrations, ran: &[String]) -> Result<(), Fault>
where
    C: Connection + 'static,
{
    for (version, migration) in set::<C::Backend>(own)?.iter().rev().filter(|(version, _)| ran.contains(version)) {
        migration.revert(c).map_err(|error| failed(version, &*error))?;
        c.batch_execute(&format!("DELETE FROM __diesel_schema_migrations WHERE version = '{version}'"))?;
    }
    Ok(())
}

fn failed(version: &str, error: &dyn std::error::Error) -> Fault {
    Fault::Broken(format!("migration {version}: {error}"))
}

/// A migration and its version.
type Versioned<DB> = (String, Box<dyn Migration<DB>>);

/// The migrations of one database, in order.
fn set<DB: Backend>(own: &EmbeddedMigrations) -> Result<Vec<Versioned<DB>>, Fault> {
    let mut all = Vec::new();
    for source in [&COMMON, own] {
        let migrations = MigrationSource::<DB>::migrations(source).map_err(|error| Fault::Broken(error.to_string()))?;
        all.extend(migrations.into_iter().map(|migration| (migration.name().version().to_string(), migration)));
    }
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(all)
}

fn versions(source: &EmbeddedMigrations) -> Vec<String> {
    let migrations = MigrationSource::<diesel::sqlite::Sqlite>::migrations(source).unwrap_or_default();
    migrations.iter().map(|migration| migration.name().version().to_string()).collect()
}

fn note_program(conn: &mut Conn) -> Result<(), Fault> {
    let Some(schema) = applied(conn)?.pop() else { return Ok(()) };
    let statements = format!(
        "CREATE TABLE IF NOT EXISTS {VERSIONS} (schema TEXT PRIMARY KEY NOT NULL, program TEXT NOT NULL); \
         INSERT INTO {VERSIONS} (schema, program) VALUES ('{schema}', '{}') ON CONFLICT (schema) DO NOTHING;",
        env!("CARGO_PKG_VERSION")
    );
    Ok(on!(conn, c => c.batch_execute(&statements))?)
}
