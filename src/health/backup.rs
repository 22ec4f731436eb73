//! Is there a copy for the day that the disk fails? `vestibule backup` leaves behind when it made one; of others nobody knows.

use std::time::Duration;

use super::{Finding, store};
use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::time::UnixTime;

/// What came since then would be lost.
const OLD: Duration = Duration::from_secs(7 * 86_400);

pub(super) async fn look(app: &App) -> Result<Finding, Fault> {
    Ok(match app.db.read(store::last_backup).await? {
        None => Finding::BackupUnknown,
        Some(at) if is_old(app.now(), at) => Finding::BackupOld { at },
        Some(at) => Finding::BackupKnown { at },
    })
}

fn is_old(now: UnixTime, at: UnixTime) -> bool {
    now.since(at) > OLD
}
