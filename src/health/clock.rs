//! Do the clocks agree? Tokens of a node whose clock is ahead are refused by the others.

use std::time::Duration;

use super::Finding;
use crate::app::App;
use crate::platform::db::Fault;

/// Half of what tokens are allowed.
const APART: Duration = Duration::from_secs(15);

/// Nothing where the database's clock is this machine's own.
pub(super) async fn look(app: &App) -> Result<Option<Finding>, Fault> {
    let Some(theirs) = app.db.clock().await? else { return Ok(None) };
    let ours = app.now();
    let apart = ours.since(theirs).max(theirs.since(ours));
    let found = if apart < APART { Finding::ClockAgrees } else { Finding::ClockApart { seconds: apart.as_secs() } };
    Ok(Some(found))
}
