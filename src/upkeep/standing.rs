//! How far a database is, without changing anything about it.

use super::explain;
use crate::config::Config;
use crate::platform::db::archive::Obstacle;
use crate::platform::db::migrate;

/// What a server that starts now would find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Ready,
    /// So many migrations would run first.
    Behind {
        migrations: usize,
    },
    /// Nothing: it would be made.
    New,
    Unusable {
        why: String,
    },
}

/// Looks, and neither makes nor migrates anything.
pub fn standing(config: &Config) -> Standing {
    match migrate::pending(&config.database) {
        Ok(0) => Standing::Ready,
        Ok(migrations) => Standing::Behind { migrations },
        Err(Obstacle::Nothing) => Standing::New,
        Err(obstacle) => Standing::Unusable { why: explain(config, obstacle) },
    }
}
