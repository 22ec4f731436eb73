//! A copy of everything, in one file, while servers run.

use std::path::Path;

use super::explain;
use crate::config::Config;
use crate::health;
use crate::platform::db::archive::{self, Obstacle};
use crate::platform::db::{Fault, change_once};
use crate::platform::time::{Clock, UnixTime};

/// What a backup holds.
pub struct Backup {
    pub users: u64,
    pub sessions: u64,
    pub schema: String,
    pub bytes: u64,
}

/// Copies the database as it is at one moment into a file that does not exist yet, and reads the copy from beginning to end.
///
/// # Errors
/// One sentence; then there is no file.
pub fn backup(config: &Config, file: &Path) -> Result<Backup, String> {
    let missing = |obstacle| match obstacle {
        Obstacle::Nothing => "there is no database yet: nothing to back up".to_owned(),
        other => explain(config, other),
    };
    if archive::contents(&config.database).map_err(missing)?.is_none() {
        return Err(missing(Obstacle::Nothing));
    }
    let began = Clock::System.now();
    let contents = archive::take(&config.database, file).map_err(missing)?;
    note(config, began);
    let bytes = std::fs::metadata(file).map_or(0, |file| file.len());
    Ok(Backup { users: contents.rows("users"), sessions: contents.rows("sessions"), schema: contents.schema, bytes })
}

/// In the database, where every node sees it. The backup is none the worse where that fails.
fn note(config: &Config, at: UnixTime) {
    let noted: Result<(), Fault> = change_once(&config.database, |tx| health::note_backup(tx, at));
    if let Err(fault) = noted {
        tracing::warn!(why = fault.why(), "that a backup was made could not be noted");
    }
}
