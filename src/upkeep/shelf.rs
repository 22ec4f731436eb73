//! The folder of snapshots, under the data folder: what each was taken for, and which are kept.

use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use serde::Serialize;

use crate::config::Config;
use crate::platform::db::archive::{self, Contents, Obstacle};
use crate::platform::time::{Clock, UnixTime};

/// So many of each kind are kept.
const KEPT: usize = 5;

pub struct Shelf(PathBuf);

/// What was about to happen to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    Upgrade,
    Restore,
    Rollback,
}

impl Why {
    const ALL: [Self; 3] = [Self::Upgrade, Self::Restore, Self::Rollback];

    pub fn word(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Restore => "restore",
            Self::Rollback => "rollback",
        }
    }
}

/// A file of the shelf. Its name says it all: `20261122T081500042Z-20261122000007-upgrade.db`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    pub name: String,
    pub taken_at: String,
    /// The newest migration that had run.
    pub schema: String,
    pub before: Why,
    #[serde(skip)]
    pub path: PathBuf,
}

impl Snapshot {
    fn read(path: PathBuf) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_owned();
        let mut parts = name.strip_suffix(".db")?.split('-').map(str::to_owned);
        let (taken_at, schema, word) = (parts.next()?, parts.next()?, parts.next()?);
        let before = Why::ALL.into_iter().find(|why| why.word() == word)?;
        let whole = parts.next().is_none() && !taken_at.is_empty() && !schema.is_empty();
        whole.then_some(Self { name, taken_at, schema, before, path })
    }
}

impl Shelf {
    pub fn of(config: &Config) -> Self {
        Self(config.data_dir.join("snapshots"))
    }

    /// Oldest first.
    ///
    /// # Errors
    /// Where the folder can't be read; that there is none is no error.
    pub fn list(&self) -> Result<Vec<Snapshot>, Obstacle> {
        let entries = match std::fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Obstacle::File { path: self.0.clone(), why: error.to_string() }),
        };
        let mut found: Vec<Snapshot> = entries.flatten().filter_map(|entry| Snapshot::read(entry.path())).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Takes a snapshot of the database as it is, sees that it is sound, and lets go of the oldest of its kind.
    ///
    /// # Errors
    /// Where none could be taken.
    pub fn take(&self, config: &Config, schema: &str, before: Why) -> Result<(Snapshot, Contents), Obstacle> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0);
        made.map_err(|error| Obstacle::File { path: self.0.clone(), why: error.to_string() })?;
        let taken_at = compact(Clock::System.now());
        let name = format!("{taken_at}-{schema}-{}.db", before.word());
        let path = self.0.join(&name);
        let contents = archive::take(&config.database, &path)?;
        self.keep_the_last(before)?;
        Ok((Snapshot { name, taken_at, schema: schema.to_owned(), before, path }, contents))
    }

    fn keep_the_last(&self, before: Why) -> Result<(), Obstacle> {
        let alike: Vec<Snapshot> = self.list()?.into_iter().filter(|snapshot| snapshot.before == before).collect();
        let old = alike.len().saturating_sub(KEPT);
        for snapshot in alike.into_iter().take(old) {
            if let Err(error) = std::fs::remove_file(&snapshot.path) {
                tracing::warn!(%error, snapshot = %snapshot.name, "an old snapshot could not be removed");
            }
        }
        Ok(())
    }
}

/// As RFC 3339's basic form has it, to the millisecond: it sorts, and any file system takes it.
fn compact(moment: UnixTime) -> String {
    moment.rfc3339_millis().chars().filter(|c| c.is_ascii_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_snapshot_says_what_it_is() {
        let name = format!("{}-20261122000007-upgrade.db", compact(UnixTime::from_millis(1_795_335_300_042)));
        let read = Snapshot::read(PathBuf::from(&name)).map(|s| (s.taken_at, s.schema, s.before));
        assert_eq!(read, Some(("20261122T081500042Z".into(), "20261122000007".into(), Why::Upgrade)));
        for other in ["notes.txt", "a-b.db", "a-b-upgrade.db.draft-7", "a-b-c.db", "a-b-upgrade-c.db"] {
            assert_eq!(Snapshot::read(PathBuf::from(other)), None, "{other}");
        }
    }
}
