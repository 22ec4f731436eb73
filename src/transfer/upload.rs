//! A file that is being sent in: on disk from its first byte, for nobody else to read, gone unless it is kept.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::Refusal;
use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::ids::ImportId;

/// Bytes at the most.
pub const LARGEST: u64 = 1024 * 1024 * 1024;

/// Goes with its value.
pub struct Upload {
    pub(super) id: ImportId,
    path: PathBuf,
    file: File,
    bytes: u64,
    pub(super) kept: bool,
}

impl Upload {
    /// An empty file under the data folder.
    ///
    /// # Errors
    /// A fault where none can be made there.
    pub fn begin(app: &App) -> Result<Self, Refusal> {
        let id = ImportId::fresh(app.now());
        let path = path_of(app, &id);
        let folder = path.parent().unwrap_or(&path);
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        let file = made.and_then(|()| OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path));
        let file = file.map_err(|error| unwritable(&error))?;
        Ok(Self { id, path, file, bytes: 0, kept: false })
    }

    /// Appends what has come.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`]; a fault where the disk takes no more.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.bytes += bytes.len() as u64;
        if self.bytes > LARGEST {
            return Err(Refusal::TooLarge);
        }
        self.file.write_all(bytes).map_err(|error| unwritable(&error))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Where the file of an import lies.
pub(super) fn path_of(app: &App, id: &ImportId) -> PathBuf {
    folder(app).join(id.as_str())
}

pub(super) fn folder(app: &App) -> PathBuf {
    app.config.data_dir.join("imports")
}

fn unwritable(error: &std::io::Error) -> Refusal {
    Refusal::Fault(Fault::Unavailable(format!("a file that was sent in can't be written: {error}")))
}
