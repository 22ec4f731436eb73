//! `vestibule backup`.

use std::path::Path;

use crate::config::Config;
use crate::upkeep;

pub fn run(config: &Config, file: &Path) -> Result<(), String> {
    let made = upkeep::backup(config, file)?;
    super::print(&format!(
        "{} holds {} users and {} sessions (schema {}, {} kB), and was read through to the end.",
        file.display(),
        made.users,
        made.sessions,
        made.schema,
        made.bytes.div_ceil(1000)
    ));
    let key = config.secret_key_file();
    let key = key.map_or_else(|| "in SECRET_KEY".to_owned(), |path| format!("the file {}", path.display()));
    super::print(&format!("The secret key is not in it, and it is of no use without: keep {key} as well, elsewhere."));
    Ok(())
}
