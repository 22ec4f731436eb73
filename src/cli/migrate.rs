//! `vestibule migrate`.

use crate::app;
use crate::config::Config;

pub fn run(config: &Config) -> Result<(), String> {
    let ran = app::migrate(config)?;
    if ran.is_empty() {
        super::print("The database is up to date.");
    }
    ran.iter().for_each(|name| super::print(name));
    Ok(())
}
