//! The secret key under the data folder: made at the first start, for the owner alone.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::platform::secret::{RootKey, random};

const FILE: &str = "secret_key";

/// Where it is.
pub(super) fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

pub(super) fn load_or_make(folder: &Path) -> Result<RootKey, String> {
    let path = file(folder);
    match load(folder)? {
        Some(key) => Ok(key),
        None => read(&path, &make(&path).map_err(|error| unusable(&path, &error))?),
    }
}

/// Nothing where none was made yet.
pub(super) fn load(folder: &Path) -> Result<Option<RootKey>, String> {
    let path = file(folder);
    match std::fs::read_to_string(&path) {
        Ok(text) => read(&path, &text).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(&path, &error)),
    }
}

fn read(path: &Path, text: &str) -> Result<RootKey, String> {
    let short = format!("it has fewer than {} bytes", RootKey::MIN_BYTES);
    RootKey::new(text.trim().as_bytes()).ok_or_else(|| unusable(path, &short))
}

fn unusable(path: &Path, why: &dyn std::fmt::Display) -> String {
    format!("the secret key {} can't be used: {why}", path.display())
}

/// Makes the data folder, for the owner alone, where it is missing.
///
/// # Errors
/// One sentence.
pub(super) fn make_folder(folder: &Path) -> Result<(), String> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|e| format!("the data folder {} can't be made: {e}", folder.display()))
}

/// Written whole beside its place and then linked there: of two first starts one wins, and none reads half a key.
fn make(path: &Path) -> std::io::Result<String> {
    let key = URL_SAFE_NO_PAD.encode(random::<48>());
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => std::fs::read_to_string(path),
    }
}
