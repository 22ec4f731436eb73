//! A copy of the database as it is at one moment, in a SQLite file, whatever it was made from. Such a file is a database of
//! ours like any other, with the same migrations applied.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::draft::{folder_of, with_suffix};
use super::{Draft, Obstacle, copy, room};
use crate::platform::db::conn::Role;
use crate::platform::db::migrate::{self, Standing};
use crate::platform::db::{Conn, ConnKind, DatabaseUrl, Fault};

/// What a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The newest migration that ran on it.
    pub schema: String,
    /// The version of the program that brought it there, where that was noted.
    pub program: Option<String>,
    /// The rows of each table.
    pub tables: Vec<(String, u64)>,
}

impl Contents {
    pub fn rows(&self, table: &str) -> u64 {
        self.tables.iter().find(|(name, _)| name == table).map_or(0, |(_, rows)| *rows)
    }
}

/// Copies the database into a file that does not exist yet, while others work with it.
///
/// # Errors
/// [`Obstacle::Nothing`] where it was never migrated; where the copy could not be made, or is not sound. Then there is no file.
pub fn take(url: &DatabaseUrl, file: &Path) -> Result<Contents, Obstacle> {
    if file.exists() {
        return Err(Obstacle::Exists(file.to_owned()));
    }
    let file = std::path::absolute(file).map_err(Obstacle::file(file))?;
    let draft = Draft::beside(&file)?;
    let mut from = Conn::connect(url, Role::Whole)?;
    if migrate::applied(&mut from)?.is_empty() {
        return Err(Obstacle::Nothing);
    }
    room::check(&mut from, folder_of(&file))?;
    match from.kind() {
        ConnKind::Sqlite(c) => {
            // One statement reads one moment, beside whoever writes.
            let path = draft.path().to_string_lossy();
            sql_query("VACUUM INTO $1").bind::<Text, _>(path).execute(c).map(drop).map_err(Fault::from)?;
        }
        ConnKind::Postgres(_) => by_rows(&mut from, &draft)?,
    }
    let contents = inspect(draft.path())?;
    draft.keep(&file)?;
    Ok(contents)
}

fn by_rows(from: &mut Conn, draft: &Draft) -> Result<(), Obstacle> {
    if let ConnKind::Postgres(c) = from.kind() {
        c.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").map_err(Fault::from)?;
    }
    let schema = migrate::applied(from)?;
    let mut to = draft.open()?;
    to.transaction(|tx| {
        migrate::begin_anew(tx, &schema)?;
        copy::everything(from, tx)
    })
}

/// Takes a copy of a file that may be a backup, to be put at `place`, and looks at it.
///
/// # Errors
/// Where it is none of ours, not sound, or of a newer schema.
pub fn adopt(file: &Path, place: &Path) -> Result<(Draft, Contents), Obstacle> {
    let unsound = |why: &str| Obstacle::NoBackup { file: file.to_owned(), why: why.to_owned() };
    let size = std::fs::metadata(file).map_err(Obstacle::file(file))?;
    if !size.is_file() {
        return Err(unsound("it is no file"));
    }
    let wal = std::fs::metadata(with_suffix(file, "-wal"));
    if wal.is_ok_and(|wal| wal.len() > 0) {
        return Err(unsound(
            "it is a database in use, a part of which is in the file with -wal; make a backup of it first",
        ));
    }
    room::check_for(size.len(), folder_of(place))?;
    let draft = Draft::of(file, place)?;
    let contents = inspect(draft.path()).map_err(|obstacle| match obstacle {
        Obstacle::NoBackup { why, .. } => unsound(&why),
        other => other,
    })?;
    Ok((draft, contents))
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    finding: String,
}

/// Reads a draft from beginning to end: every page, every index, every reference, every table.
///
/// # Errors
/// Where it is none of ours, or not sound.
pub fn inspect(file: &Path) -> Result<Contents, Obstacle> {
    let unsound = |why: String| Obstacle::NoBackup { file: file.to_owned(), why };
    let mut conn = Conn::connect(&DatabaseUrl::Sqlite(file.to_owned()), Role::Draft).map_err(|f| unsound(f.why()))?;
    let ConnKind::Sqlite(c) = conn.kind() else { return Err(unsound("it is no SQLite file".into())) };
    for check in [
        "SELECT integrity_check AS finding FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 1",
        "SELECT 'a row of ' || \"table\" || ' refers to nothing' AS finding FROM pragma_foreign_key_check LIMIT 1",
    ] {
        let found: Vec<Finding> = sql_query(check).load(c).map_err(|error| unsound(error.to_string()))?;
        if let Some(Finding { finding }) = found.into_iter().next() {
            // The first line only says in which database it is.
            return Err(unsound(finding.lines().last().unwrap_or_default().to_owned()));
        }
    }
    of(&mut conn)?.ok_or_else(|| unsound("no Vestibule ever worked with it".into()))
}

/// What a database holds; `None` where it is not there or was never migrated.
///
/// # Errors
/// Where it can't be read, or is of a newer schema.
pub fn contents(url: &DatabaseUrl) -> Result<Option<Contents>, Obstacle> {
    match url {
        DatabaseUrl::Sqlite(path) if !path.exists() => Ok(None),
        _ => of(&mut Conn::connect(url, Role::Whole)?),
    }
}

pub(super) fn of(conn: &mut Conn) -> Result<Option<Contents>, Obstacle> {
    let Standing { schema: Some(schema), .. } = migrate::standing(conn)? else { return Ok(None) };
    let program = migrate::program(conn)?;
    let counted = copy::count(conn)?;
    Ok(counted.map(|tables| Contents { schema, program, tables }))
}
