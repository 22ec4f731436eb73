//! Do all nodes have the same root of keys? Only a database that several can reach asks for it.

use super::Finding;
use crate::app::App;
use crate::platform::db::DatabaseUrl;

pub(super) fn look(app: &App) -> Finding {
    let shared = matches!(app.config.database, DatabaseUrl::Postgres(_));
    if shared && !app.config.has_own_secret() { Finding::SecretInFolder } else { Finding::SecretKept }
}
