//! Looks after the database as a whole, while no use case runs on it: brings it up to date, backs it up, puts it back, moves it.
//! Stands beside [`crate::app`], since an `App` is open only on what is sound and up to date. Each function is what one
//! command of the operator does; how rows get from here to there is `platform::db::archive`.

mod backup;
mod moving;
mod restore;
mod rollback;
mod shelf;
mod standing;
mod upgrade;

pub use backup::{Backup, backup};
pub use moving::{Moved, Step, move_to};
pub use restore::{Present, Restored, restore};
pub use rollback::{RolledBack, rollback};
pub use shelf::{Shelf, Snapshot, Why};
pub use standing::{Standing, standing};
pub use upgrade::{Caution, migrate};

use crate::config::Config;
use crate::platform::db::archive::{Contents, Obstacle};

/// One sentence for the operator.
fn explain(config: &Config, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::Fault(fault) => config.explain(&fault),
        other => other.to_string(),
    }
}

/// How many people a database knows: without any, nothing in it is missed.
fn people(contents: &Contents) -> u64 {
    contents.rows("users")
}
