//! A file that is being sent in: on disk from its first byte, for nobody else to read, gone unless it is kept.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::Refusal;
use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::disk;
use crate::platform::ids::ImportId;

/// Bytes at the most.
pub const LARGEST: u64 = 1024 * 1024 * 1024;

/// Bytes that are left to the database and everybody else on the disk.
const SPARE: u64 = 256 * 1024 * 1024;
/// Bytes after which the disk is looked at again: others write there too.
const LOOK_EVERY: u64 = 16 * 1024 * 1024;

/// Goes with its value.
pub struct Upload {
    pub(super) id: ImportId,
    path: PathBuf,
    file: File,
    bytes: u64,
    /// The disk was found to have room for so many.
    looked_at: u64,
    pub(super) kept: bool,
}

impl Upload {
    /// An empty file under the data folder, for as many bytes as were announced; 0 where nobody knows.
    ///
    /// # Errors
    /// [`Refusal::NoRoom`]; a fault where no file can be made there.
    pub fn begin(app: &App, announced: u64) -> Result<Self, Refusal> {
        let id = ImportId::fresh(app.now());
        let path = path_of(app, &id);
        let folder = path.parent().unwrap_or(&path);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| unwritable(&error))?;
        must_have_room(folder, announced)?;
        let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path);
        let file = file.map_err(|error| unwritable(&error))?;
        Ok(Self { id, path, file, bytes: 0, looked_at: 0, kept: false })
    }

    /// Appends what has come.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`]; [`Refusal::NoRoom`]; a fault where the disk takes no more.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.bytes += bytes.len() as u64;
        if self.bytes > LARGEST {
            return Err(Refusal::TooLarge);
        }
        if self.bytes > self.looked_at {
            self.looked_at = self.bytes + LOOK_EVERY;
            must_have_room(&self.path, LOOK_EVERY)?;
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

/// A disk that does not say how full it is refuses by itself what it does not take.
fn must_have_room(place: &Path, bytes: u64) -> Result<(), Refusal> {
    match disk::room(place) {
        Ok(room) if !fits(room.free, bytes) => Err(Refusal::NoRoom),
        _ => Ok(()),
    }
}

fn fits(free: u64, bytes: u64) -> bool {
    free.saturating_sub(SPARE) > bytes
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_leaves_room_to_everybody_else_on_the_disk() {
        assert!(fits(SPARE + LARGEST + 1, LARGEST) && fits(SPARE + 1, 0));
        assert!(!fits(SPARE + LARGEST, LARGEST) && !fits(SPARE, 0) && !fits(0, 0));
    }
}
