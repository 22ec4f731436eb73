//! Who works with the database: any number of servers and commands, or one that has it for itself, to put another in its place.
//! The system gives these locks back when a process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Bool;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use super::archive::Obstacle;
use super::conn::{Conn, ConnKind, Postgres, Role};
use super::{DatabaseUrl, Fault};

/// Any number, the same in every process.
const ADVISORY_LOCK: i64 = 0x7665_7374_7573;

const TAKEN: &str = "another command has it for itself, to restore, roll back or move it";

/// Others may work with it too. On PostgreSQL each connection holds the lock itself.
pub struct Shared {
    _file: Option<File>,
}

/// Nobody else works with it.
pub enum Alone {
    File(File),
    Session(Box<Conn>),
}

/// To work with the database beside others.
pub(super) fn share(url: &DatabaseUrl) -> Result<Shared, Fault> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(Shared { _file: None }) };
    let file = lock_file(path)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(Shared { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => Err(Fault::Unavailable(TAKEN.into())),
        Err(TryLockError::Error(error)) => Err(unusable(path, &error)),
    }
}

/// To have the database for oneself, until what this returns is dropped.
///
/// # Errors
/// [`Obstacle::InUse`] where somebody works with it.
pub fn alone(url: &DatabaseUrl) -> Result<Alone, Obstacle> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let file = lock_file(path)?;
            match file.try_lock() {
                Ok(()) => Ok(Alone::File(file)),
                Err(TryLockError::WouldBlock) => Err(Obstacle::InUse),
                Err(TryLockError::Error(error)) => Err(unusable(path, &error).into()),
            }
        }
        DatabaseUrl::Postgres(_) => {
            let mut session = Conn::connect(url, Role::Whole)?;
            if take(&mut session)? { Ok(Alone::Session(Box::new(session))) } else { Err(Obstacle::InUse) }
        }
    }
}

/// Beside the database and never the file itself: to close that would drop the locks that SQLite holds on it.
fn lock_file(database: &Path) -> Result<File, Fault> {
    let mut name = database.as_os_str().to_owned();
    name.push("-lock");
    let opened = OpenOptions::new().create(true).write(true).truncate(false).mode(0o600).open(&name);
    opened.map_err(|error| unusable(Path::new(&name), &error))
}

fn unusable(path: &Path, error: &std::io::Error) -> Fault {
    Fault::Unavailable(format!("{}: {error}", path.display()))
}

/// Every connection that works with PostgreSQL beside others says so; where one has it for itself, it waits a while.
pub(super) fn share_session(conn: &mut Postgres) -> Result<(), Fault> {
    let shared = conn.batch_execute(&format!("SELECT pg_advisory_lock_shared({ADVISORY_LOCK})"));
    shared.map_err(|error| match Fault::from(error) {
        Fault::Unavailable(why) if why.contains("lock timeout") => Fault::Unavailable(TAKEN.into()),
        other => other,
    })
}

fn take(session: &mut Conn) -> Result<bool, Fault> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = Bool)]
        taken: bool,
    }
    let ConnKind::Postgres(c) = session.kind() else { return Ok(false) };
    let answer: Taken = sql_query(format!("SELECT pg_try_advisory_lock({ADVISORY_LOCK}) AS taken")).get_result(c)?;
    Ok(answer.taken)
}
