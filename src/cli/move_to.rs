//! `vestibule move`.

use std::collections::HashMap;

use crate::config::Config;
use crate::upkeep::{self, Step};

/// A line at least for so many rows.
const OFTEN: u64 = 50_000;

pub fn run(config: &Config, to: &str) -> Result<(), String> {
    let mut told: HashMap<String, u64> = HashMap::new();
    let moved = upkeep::move_to(config, to, |step| match step {
        Step::Resumed => super::remark("going on where the last move ended"),
        Step::Copied(table, rows) => {
            let last = told.entry(table.to_owned()).or_default();
            if rows / OFTEN > *last / OFTEN {
                super::remark(&format!("{table}: {rows} rows are there"));
            }
            *last = rows;
        }
        Step::Compared(_, 0) => {}
        Step::Compared(table, rows) => super::remark(&format!("{table}: {rows} rows, the same on both sides")),
    })?;
    super::print(&format!("{} users, {} rows in all, are in the target as they are here.", moved.users, moved.rows));
    super::print(
        "Now set DATABASE_URL to it, keep SECRET_KEY (or the data folder's secret_key) as it is, and start again.",
    );
    Ok(())
}
