//! Does a new signing key follow in time?

use std::time::Duration;

use super::Finding;
use crate::app::App;
use crate::platform::db::Fault;
use crate::tokens::keys::{self, Next};

/// The timer looks every hour; after so long it has stopped.
const LATE: Duration = Duration::from_secs(86_400);

pub(super) async fn look(app: &App) -> Result<Finding, Fault> {
    let listed = keys::list(app).await?;
    Ok(match keys::next(app, &listed) {
        Next::At(moment) if moment.plus(LATE) < app.now() => Finding::KeysOverdue { since: moment },
        Next::At(next) => Finding::KeysRotate { next },
        Next::ByHand => Finding::KeysByHand,
        Next::SharedSecret => Finding::KeysShared,
    })
}
