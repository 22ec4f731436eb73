//! Reading what was ended, by whichever process: for this node's memory, and for services that verify tokens by themselves.

use std::time::Duration;

use super::end::Ended;
use super::{Refusal, store};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::db::Fault;

/// Rows that are read at once when much is new, as at a start.
const PAGE: i64 = 10_000;
/// What is over is held so much longer: a clock that ran ahead for a while, and was set right, makes nothing forgotten.
const HELD_BEYOND: Duration = Duration::from_secs(600);

/// Reads what was ended since the last look, by whichever process. Numbers are given in commit order (see
/// `store::next_revocations`), so nothing can appear behind the last one seen.
///
/// # Errors
/// A [`Fault`]; what was not read now is read at the next look.
pub async fn follow(app: &App) -> Result<(), Fault> {
    app.revocations.sweep(app.now().minus(HELD_BEYOND));
    loop {
        let ended = ended_since(app, app.revocations.seen(), PAGE).await?;
        app.revocations.catch_up(&ended);
        if i64::try_from(ended.len()).is_ok_and(|read| read < PAGE) {
            return Ok(());
        }
    }
}

/// What was ended after a cursor and may still concern a token, for a service that verifies tokens by itself.
///
/// # Errors
/// Without `tokens:introspect`; a fault.
pub async fn ended_after(app: &App, caller: &Caller, after: i64, limit: i64) -> Result<Vec<Ended>, Refusal> {
    caller.must(words::TOKENS_INTROSPECT)?;
    Ok(ended_since(app, after, limit).await?)
}

/// The same for whoever was let in already and keeps listening.
///
/// # Errors
/// A [`Fault`].
pub async fn ended_since(app: &App, after: i64, limit: i64) -> Result<Vec<Ended>, Fault> {
    let now = app.now();
    app.db
        .read(move |conn| {
            // A number that was not given yet is from before a backup was put back: everything may be news again.
            let known = if after > store::last_revocation(conn)? { 0 } else { after };
            store::revocations_after(conn, known, now, limit)
        })
        .await
}
