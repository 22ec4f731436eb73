//! How much room a disk has.

use std::path::Path;

/// Bytes that are free to us, and all there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub free: u64,
    pub all: u64,
}

/// The room where a file or folder lies; `None` where the system does not say.
pub fn room(path: &Path) -> Option<Room> {
    let told = rustix::fs::statvfs(path).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(told.f_frsize);
    Some(Room { free: bytes(told.f_bavail), all: bytes(told.f_blocks) })
}
