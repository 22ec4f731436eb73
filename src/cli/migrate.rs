//! `vestibule migrate`.

use crate::config::Config;
use crate::platform::db::migrate;

pub fn run(config: &Config) -> Result<(), String> {
    config.make_folders()?;
    let ran = migrate::run(&config.database).map_err(|fault| config.explain(&fault))?;
    if ran.is_empty() {
        super::print("The database is up to date.");
    }
    ran.iter().for_each(|name| super::print(name));
    Ok(())
}
