//! A database file in the making: nobody else can read it, and it stands at its place only once it is whole and on disk.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::Obstacle;
use crate::platform::db::conn::Role;
use crate::platform::db::{Conn, DatabaseUrl, Fault};

/// Removed when it is dropped before it was kept.
pub struct Draft {
    path: PathBuf,
}

impl Draft {
    /// An empty file in the folder of `place`, which need not exist yet.
    ///
    /// # Errors
    /// Where the folder takes no file.
    pub fn beside(place: &Path) -> Result<Self, Obstacle> {
        let path = with_suffix(place, &format!(".draft-{}", std::process::id()));
        remove_with_side_files(&path);
        let made = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path);
        made.map_err(Obstacle::file(&path))?;
        Ok(Self { path })
    }

    /// A copy of a file.
    ///
    /// # Errors
    /// Where either can't be read or written.
    pub fn of(file: &Path, place: &Path) -> Result<Self, Obstacle> {
        let draft = Self::beside(place)?;
        let mut from = File::open(file).map_err(Obstacle::file(file))?;
        let to = OpenOptions::new().write(true).open(&draft.path);
        let copied = to.and_then(|mut to| std::io::copy(&mut from, &mut to));
        copied.map_err(Obstacle::file(&draft.path))?;
        Ok(draft)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A connection to it.
    ///
    /// # Errors
    /// Where it is no database.
    pub fn open(&self) -> Result<Conn, Fault> {
        Conn::connect(&self.url(), Role::Draft)
    }

    pub fn url(&self) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.path.clone())
    }

    /// Moves it to a place where nothing is.
    ///
    /// # Errors
    /// [`Obstacle::Exists`] where something is.
    pub fn keep(self, place: &Path) -> Result<(), Obstacle> {
        self.sync()?;
        match std::fs::hard_link(&self.path, place) {
            // Some file systems know no links; there the look and the move are two steps.
            Err(error) if error.kind() != ErrorKind::AlreadyExists && !place.exists() => self.move_to(place),
            linked => linked.map_err(Obstacle::file(place)),
        }?;
        sync_folder(place)
    }

    /// Moves it to a place, in one step with the end of what is there.
    ///
    /// # Errors
    /// Where the folder can't be written; then it is as it was.
    pub fn take_over(self, place: &Path) -> Result<(), Obstacle> {
        self.sync()?;
        self.move_to(place)?;
        sync_folder(place)
    }

    fn move_to(&self, place: &Path) -> Result<(), Obstacle> {
        std::fs::rename(&self.path, place).map_err(Obstacle::file(place))
    }

    fn sync(&self) -> Result<(), Obstacle> {
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(Obstacle::file(&self.path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        remove_with_side_files(&self.path);
    }
}

fn remove_with_side_files(path: &Path) {
    let _ = std::fs::remove_file(path);
    remove_side_files(path);
}

/// What SQLite keeps beside a file. Beside another file of that name it would be taken for that one's.
pub(super) fn remove_side_files(path: &Path) {
    for suffix in ["-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(with_suffix(path, suffix));
    }
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// The folder of a file, as a path that can be opened.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new name is on disk once its folder is.
fn sync_folder(file: &Path) -> Result<(), Obstacle> {
    let folder = folder_of(file);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Obstacle::file(folder))
}
