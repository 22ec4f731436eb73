//! Does mail reach people?

use super::Finding;
use crate::app::App;
use crate::outbox;
use crate::platform::db::Fault;

pub(super) async fn look(app: &App) -> Result<Finding, Fault> {
    let now = app.now();
    let count = app.db.read(move |conn| outbox::count_unsent(conn, now)).await?;
    Ok(match (count, app.mailer.folder()) {
        (1.., _) => Finding::MailsFail { count },
        (_, Some(folder)) => Finding::MailToFiles { folder: folder.to_owned() },
        (_, None) => Finding::MailByServer,
    })
}
