//! `vestibule migrate`.

use crate::config::Config;
use crate::upkeep::{self, Caution};

pub fn run(config: &Config, caution: Caution) -> Result<(), String> {
    let ran = upkeep::migrate(config, caution)?;
    if ran.is_empty() {
        super::print("The database is up to date.");
    }
    ran.iter().for_each(|name| super::print(name));
    Ok(())
}
