//! A file of users on this machine, read piece by piece: as much memory for a gigabyte as for a line.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::format::Format;

/// Bytes by which a file is recognised.
const HEAD: u64 = 64 * 1024;
/// No text has a NUL so early.
const BEGINNING: usize = 1024;
/// UTF-8 with a byte order mark, as some spreadsheets write it.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A file, and what kind it is.
#[derive(Clone)]
pub struct Source {
    path: PathBuf,
    pub format: Format,
    pub bytes: u64,
}

impl Source {
    /// Looks at the beginning of a file.
    ///
    /// # Errors
    /// One sentence: it can't be read, is no text in UTF-8, or of no kind that is known.
    pub fn open(path: &Path, said: Option<Format>) -> Result<Self, String> {
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        let bytes = file.metadata().map_err(|error| unreadable(&error))?.len();
        let head = Head::read(file)?;
        let format = said.or_else(|| Format::of(&head)).ok_or(
            "It can't be told which program this file comes from: name it (jsonl, csv, keycloak, auth0, supabase, authelia, django).",
        )?;
        Ok(Self { path: path.to_owned(), format, bytes })
    }

    /// Its bytes from the start, counted while they are read.
    pub(super) fn read(&self, counted: Arc<AtomicU64>) -> Result<Counted, String> {
        let mut file = File::open(&self.path).map_err(|error| unreadable(&error))?;
        let mut start = [0; BOM.len()];
        let marked = file.read_exact(&mut start).is_ok() && start == BOM;
        if !marked {
            file = File::open(&self.path).map_err(|error| unreadable(&error))?;
        }
        Ok(BufReader::with_capacity(128 * 1024, Counting { file, counted }))
    }
}

pub(super) type Counted = BufReader<Counting>;

pub(super) struct Counting {
    file: File,
    counted: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.counted.fetch_add(u64::try_from(read).unwrap_or(0), Ordering::Relaxed);
        Ok(read)
    }
}

/// The beginning of a file.
pub(super) struct Head(Vec<u8>);

impl Head {
    fn read(file: File) -> Result<Self, String> {
        let mut bytes = Vec::new();
        file.take(HEAD).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        let marked = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
        if marked || bytes.iter().take(BEGINNING).any(|byte| *byte == 0) {
            return Err("The file is in UTF-16 or no text at all: save it as UTF-8.".into());
        }
        Ok(Self(bytes.strip_prefix(BOM).map_or_else(|| bytes.clone(), <[u8]>::to_vec)))
    }

    /// What may be cut in the middle of a letter, or be in another encoding, reads as a question mark.
    pub(super) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

pub(super) fn unreadable(error: &std::io::Error) -> String {
    format!("The file can't be read: {error}.")
}
