//! Can the installation be administered tomorrow, and by nobody else? One administrator may lose their way in; one without a
//! second factor may lose it to others.

use super::Finding;
use crate::accounts;
use crate::app::App;
use crate::credentials::factors;
use crate::platform::db::{Conn, Fault};

/// So many are looked at; where there are more, these say enough.
const LOOKED_AT: i64 = 50;

pub(super) async fn look(app: &App) -> Result<[Finding; 2], Fault> {
    app.db.read(read).await
}

fn read(conn: &mut Conn) -> Result<[Finding; 2], Fault> {
    let admins = accounts::active_admins(conn, LOOKED_AT)?;
    let mut usernames = Vec::new();
    for (id, username) in &admins {
        if !factors::held(conn, id)?.any() {
            usernames.push(username.clone());
        }
    }
    let enough = match admins.as_slice() {
        [] => Finding::AdminNone,
        [(_, username)] => Finding::AdminAlone { username: username.clone() },
        _ => Finding::AdminsEnough,
    };
    let protected = match usernames.is_empty() {
        true => Finding::AdminsProtected,
        false => Finding::AdminsUnprotected { usernames },
    };
    Ok([enough, protected])
}
