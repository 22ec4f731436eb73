//! Commits that leave nothing behind, to see how many a database takes: on SQLite in a file of their own on the same disk, on
//! PostgreSQL as messages in its log, which no table shows.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;

use super::conn::make_private;
use super::{DatabaseUrl, Db, Fault, on};
use crate::platform::time::Clock;

pub struct Trial {
    db: Db,
    commit: &'static str,
    _folder: Option<Folder>,
}

impl Trial {
    /// # Errors
    /// A [`Fault`] where the database can't be written to.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, Fault> {
        match url {
            DatabaseUrl::Sqlite(path) => Self::in_a_file_beside(path).await,
            DatabaseUrl::Postgres(_) => Ok(Self {
                db: Db::open(url, &Clock::System)?,
                commit: "SELECT pg_logical_emit_message(true, 'vestibule bench', repeat('x', 256))",
                _folder: None,
            }),
        }
    }

    async fn in_a_file_beside(path: &Path) -> Result<Self, Fault> {
        let unusable = |error: std::io::Error| Fault::Unavailable(format!("{}: {error}", path.display()));
        let folder = Folder::make(path.with_file_name(format!("bench-{}", std::process::id()))).map_err(unusable)?;
        let file = folder.0.join("bench.db");
        make_private(&file).map_err(unusable)?;
        let trial = Self {
            db: Db::open(&DatabaseUrl::Sqlite(file), &Clock::System)?,
            commit: "INSERT INTO trial (id, text) VALUES (lower(hex(randomblob(16))), hex(randomblob(128)))",
            _folder: Some(folder),
        };
        trial.run("CREATE TABLE trial (id TEXT PRIMARY KEY NOT NULL, text TEXT NOT NULL)").await?;
        Ok(trial)
    }

    /// Writes some 256 bytes, and returns once they are on disk.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn commit(&self) -> Result<(), Fault> {
        self.run(self.commit).await
    }

    async fn run(&self, statement: &'static str) -> Result<(), Fault> {
        self.db.write(move |tx| Ok(on!(tx, c => c.batch_execute(statement))?)).await
    }
}

/// Goes with all that is in it.
struct Folder(PathBuf);

impl Folder {
    fn make(path: PathBuf) -> std::io::Result<Self> {
        std::fs::DirBuilder::new().mode(0o700).create(&path).map(|()| Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "what was written for the measurement is still there");
        }
    }
}
