//! Bringing the schema up to date, so that it can be undone.

use super::{Shelf, Why, explain};
use crate::config::Config;
use crate::platform::db::archive::Obstacle;
use crate::platform::db::migrate;

/// What comes before a change of the schema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// A snapshot is taken, or nothing happens.
    Snapshot,
    /// The operator has a backup of their own.
    OwnBackup,
}

/// Brings the database's schema up to date and says which migrations ran.
///
/// # Errors
/// One sentence for the operator; then the database is as it was.
pub fn migrate(config: &Config, caution: Caution) -> Result<Vec<String>, String> {
    config.make_folders()?;
    let apart = config.clone();
    // On a thread of its own: PostgreSQL's connection brings a runtime along and can't be used inside another.
    let migrated = std::thread::spawn(move || {
        migrate::run_beside_others(&apart.database, |schema| match caution {
            Caution::Snapshot => keep(&apart, schema).map_err(|why| Obstacle::NoSnapshot(Box::new(why))),
            Caution::OwnBackup => Ok(()),
        })
    });
    let ran = migrated.join().map_err(|_| "the migrations panicked".to_owned())?;
    ran.map_err(|obstacle| explain(config, obstacle))
}

fn keep(config: &Config, schema: &str) -> Result<(), Obstacle> {
    let (snapshot, contents) = Shelf::of(config).take(config, schema, Why::Upgrade)?;
    tracing::info!(
        snapshot = %snapshot.path.display(), schema, users = super::people(&contents),
        "a snapshot was taken before the upgrade; `vestibule rollback` puts it back"
    );
    Ok(())
}
