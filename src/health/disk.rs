//! Is there room to go on writing?

use super::Finding;
use crate::app::App;
use crate::platform::db::{DatabaseUrl, Fault};
use crate::platform::disk;

/// Below so much, or so little of the whole, it may be full before anybody looks again.
const LITTLE: u64 = 1 << 30;
const HUNDREDTHS: u64 = 5;

pub(super) async fn look(app: &App) -> Result<Finding, Fault> {
    let database = app.db.bytes().await?;
    let room = match &app.config.database {
        DatabaseUrl::Sqlite(path) => disk::room(path).ok(),
        DatabaseUrl::Postgres(_) => None,
    };
    Ok(match room {
        None => Finding::RoomUnknown { database },
        Some(room) if room.free < LITTLE || room.free < room.all / 100 * HUNDREDTHS => {
            Finding::RoomLittle { database, free: room.free }
        }
        Some(room) => Finding::RoomEnough { database, free: room.free },
    })
}
