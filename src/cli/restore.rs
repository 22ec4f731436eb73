//! `vestibule restore`.

use std::path::Path;

use crate::config::Config;
use crate::upkeep::{self, Present};

pub fn run(config: &Config, file: &Path, present: Present) -> Result<(), String> {
    let restored = upkeep::restore(config, file, present)?;
    super::print(&format!("The database is as in {}, with {} users.", file.display(), restored.users));
    if !restored.migrated.is_empty() {
        super::print(&format!("It was older than this program: {} migrations ran on it.", restored.migrated.len()));
    }
    super::print_kept(restored.kept.as_ref());
    super::print("What was ended since then is alive again: sessions, refresh tokens, users who were disabled.");
    Ok(())
}
