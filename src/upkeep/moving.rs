//! Moving to another database.

use super::explain;
use crate::config::Config;
use crate::platform::db::archive::{self, Obstacle, Progress};
use crate::platform::db::{DatabaseUrl, in_use, make_private};

pub struct Moved {
    pub users: u64,
    pub rows: u64,
}

/// How far it is, for whoever waits.
pub enum Step<'a> {
    Resumed,
    Copied(&'a str, u64),
    Compared(&'a str, u64),
}

/// Copies everything into a database in which nobody is, and compares it row by row. What is here stays as it is.
///
/// # Errors
/// One sentence; the same call again goes on where this one ended.
pub fn move_to(config: &Config, to: &str, mut tell: impl FnMut(Step)) -> Result<Moved, String> {
    let target = Config::database_at(to)?;
    if target == config.database {
        return Err("--to is the database that DATABASE_URL names: there is nothing to move".to_owned());
    }
    let there = |obstacle| match obstacle {
        Obstacle::Fault(fault) => format!("the target can't be used: {fault}"),
        Obstacle::HoldsPeople => "the target has people in it: give an empty one".to_owned(),
        Obstacle::InUse => "a server or another command works with the target: stop it first".to_owned(),
        Obstacle::Differs(table) => format!(
            "the table {table} in the target is not what is here: something was changed since the move began, so empty the \
             target and move again"
        ),
        other => explain(config, other),
    };
    let _alone_here = in_use::alone(&config.database).map_err(|obstacle| explain(config, obstacle))?;
    if archive::contents(&config.database).map_err(|obstacle| explain(config, obstacle))?.is_none() {
        return Err("there is no database yet: nothing to move".to_owned());
    }
    if let DatabaseUrl::Sqlite(path) = &target {
        make_private(path).map_err(|error| format!("the target can't be used: {}: {error}", path.display()))?;
    }
    let _alone_there = in_use::alone(&target).map_err(there)?;
    let mut pass_on = |progress: Progress| {
        tell(match progress {
            Progress::Resumed => Step::Resumed,
            Progress::Copied(table, rows) => Step::Copied(table, rows),
            Progress::Compared(table, rows) => Step::Compared(table, rows),
        });
    };
    let contents = archive::transfer(&config.database, &target, &mut pass_on).map_err(there)?;
    Ok(Moved { users: contents.rows("users"), rows: contents.tables.iter().map(|(_, rows)| rows).sum() })
}
