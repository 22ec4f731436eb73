//! What runs on a timer beside the requests.

use std::time::Duration;

use crate::app::App;
use crate::{sessions, tokens};

/// What other processes end is known here within a second, also where nothing tells of it.
const FOLLOW_EVERY: Duration = Duration::from_millis(400);
/// Why a token was refused can be asked so soon.
const KEEP_REFUSALS_EVERY: Duration = Duration::from_millis(200);
const TIDY_EVERY: Duration = Duration::from_secs(3600);

/// Starts the timers on the current runtime; they end with it.
pub fn start(app: &App) {
    let follower = app.clone();
    tokio::task::spawn_local(async move {
        let changes = follower.changes();
        loop {
            changes.next(FOLLOW_EVERY).await;
            if let Err(fault) = sessions::follow(&follower).await {
                tracing::warn!(error = %fault, "what other processes ended could not be read; trying again");
            }
            if let Err(trouble) = tokens::keys::follow(&follower).await {
                tracing::warn!(error = %trouble, "new signing keys could not be read; trying again");
            }
        }
    });
    let clerk = app.clone();
    tokio::task::spawn_local(async move {
        loop {
            tokio::time::sleep(KEEP_REFUSALS_EVERY).await;
            keep_refusals(&clerk).await;
        }
    });
    let tidier = app.clone();
    tokio::task::spawn_local(async move {
        loop {
            let purged = async {
                sessions::purge(&tidier).await?;
                tokens::purge(&tidier).await?;
                tokens::refusals::purge(&tidier).await?;
                tokens::keys::purge(&tidier).await
            };
            if let Err(fault) = purged.await {
                tracing::warn!(error = %fault, "what has expired could not be deleted; trying again in an hour");
            }
            if let Err(why) = tokens::keys::rotate_when_due(&tidier).await {
                tracing::warn!(?why, "the signing key could not be rotated; trying again in an hour");
            }
            tokio::time::sleep(TIDY_EVERY).await;
        }
    });
}

/// What the timers would have done next, once no request comes any more.
pub async fn finish(app: &App) {
    keep_refusals(app).await;
}

async fn keep_refusals(app: &App) {
    if let Err(fault) = tokens::refusals::keep(app).await {
        tracing::warn!(error = %fault, "why tokens were refused could not be written down");
    }
}
