//! Putting a backup in the place of the database.

use std::path::{Path, PathBuf};

use super::{Shelf, Snapshot, Why, explain, people};
use crate::config::Config;
use crate::platform::db::archive::{self, Contents, Draft, Obstacle};
use crate::platform::db::{DatabaseUrl, in_use, migrate};
use crate::tokens::keys;

/// What becomes of what is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Present {
    /// Nothing is put in the place of people.
    Stays,
    /// It goes, and a snapshot of it is kept.
    Goes,
}

pub struct Restored {
    pub users: u64,
    /// The migrations that ran on what was restored, since it was older than this program.
    pub migrated: Vec<String>,
    /// What was there before.
    pub kept: Option<Snapshot>,
}

/// What is in the file becomes what is in the database, at this program's schema: all of it, or nothing has changed.
///
/// # Errors
/// One sentence.
pub fn restore(config: &Config, file: &Path, present: Present) -> Result<Restored, String> {
    config.make_folders()?;
    let said = |obstacle| explain(config, obstacle);
    let _alone = in_use::alone(&config.database).map_err(said)?;
    let before = archive::contents(&config.database).map_err(said)?;
    let inhabited = before.filter(|contents| people(contents) > 0);
    if let Some(contents) = inhabited.as_ref().filter(|_| present == Present::Stays) {
        return Err(format!(
            "the database has {} users: with --replace, a snapshot of it is kept and the backup takes its place",
            people(contents)
        ));
    }
    let (draft, contents) = archive::adopt(file, &workplace(config)).map_err(said)?;
    let migrated = migrate::run(&draft.url()).map_err(said)?;
    try_keys(config, &draft)?;
    let kept = inhabited.map(|before| keep(config, &before, Why::Restore)).transpose().map_err(said)?;
    archive::place(draft, &config.database).map_err(said)?;
    Ok(Restored { users: people(&contents), migrated, kept })
}

/// Where what shall take the database's place is made ready: on the same disk as a file that it replaces.
pub(super) fn workplace(config: &Config) -> PathBuf {
    match &config.database {
        DatabaseUrl::Sqlite(path) => path.clone(),
        DatabaseUrl::Postgres(_) => config.data_dir.join("vestibule.db"),
    }
}

pub(super) fn keep(config: &Config, contents: &Contents, before: Why) -> Result<Snapshot, Obstacle> {
    Shelf::of(config).take(config, &contents.schema, before).map(|(snapshot, _)| snapshot)
}

/// What is sealed in a backup opens only with the key that it was sealed with.
fn try_keys(config: &Config, draft: &Draft) -> Result<(), String> {
    let root = config.root_key()?;
    let mut conn = draft.open().map_err(|fault| config.explain(&fault))?;
    keys::try_open(&mut conn, &root).map_err(|trouble| match trouble {
        keys::Trouble::Sealed => {
            "the backup was made with another SECRET_KEY: set that one (or put its file secret_key under the \
                                  data folder), then restore again"
                .to_owned()
        }
        keys::Trouble::Fault(fault) => config.explain(&fault),
    })
}
