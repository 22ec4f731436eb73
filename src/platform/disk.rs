//! How much room a disk has.

use std::path::Path;

/// Bytes that are free to us, and all there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub free: u64,
    pub all: u64,
}

/// The room where a file or folder lies.
///
/// # Errors
/// Where the system does not say.
pub fn room(path: &Path) -> std::io::Result<Room> {
    let told = rustix::fs::statvfs(path)?;
    let bytes = |blocks: u64| blocks.saturating_mul(told.f_frsize);
    Ok(Room { free: bytes(told.f_bavail), all: bytes(told.f_blocks) })
}
