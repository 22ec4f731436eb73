//! Going back to a snapshot, and so to the version of the program that fits it.

use super::restore::{keep, workplace};
use super::{Shelf, Snapshot, Why, explain, people};
use crate::config::Config;
use crate::platform::db::{archive, in_use};

pub struct RolledBack {
    pub users: u64,
    pub to: Snapshot,
    /// The version of the program that had brought the database there, where that was noted.
    pub program: Option<String>,
    /// What was there before.
    pub kept: Option<Snapshot>,
}

/// Puts a snapshot back as it is, with the schema of then; without a name, the last that an upgrade or a restore has left.
///
/// # Errors
/// One sentence; then nothing has changed.
pub fn rollback(config: &Config, name: Option<&str>) -> Result<RolledBack, String> {
    config.make_folders()?;
    let said = |obstacle| explain(config, obstacle);
    let _alone = in_use::alone(&config.database).map_err(said)?;
    let to = chosen(Shelf::of(config).list().map_err(said)?, name)?;
    let (draft, contents) = archive::adopt(&to.path, &workplace(config)).map_err(said)?;
    let before = archive::contents(&config.database).map_err(said)?;
    let kept = before.map(|before| keep(config, &before, Why::Rollback)).transpose().map_err(said)?;
    archive::place(draft, &config.database).map_err(said)?;
    Ok(RolledBack { users: people(&contents), to, program: contents.program, kept })
}

fn chosen(shelf: Vec<Snapshot>, name: Option<&str>) -> Result<Snapshot, String> {
    let wanted = |snapshot: &Snapshot| match name {
        Some(name) => snapshot.name == name || snapshot.name.strip_suffix(".db") == Some(name),
        // What a rollback has kept is asked for by name, so that the same command twice does the same.
        None => snapshot.before != Why::Rollback,
    };
    shelf.into_iter().rev().find(wanted).ok_or_else(|| match name {
        Some(name) => format!("there is no snapshot {name:?}: `vestibule rollback --list` shows them"),
        None => "there is no snapshot to go back to: one is taken before each upgrade".to_owned(),
    })
}
