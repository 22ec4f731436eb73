//! Writing refusals down, and forgetting them.

use std::sync::Arc;
use std::time::Duration;

use super::store::{self, Kept, Room};
use super::{Reason, Refused};
use crate::app::App;
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::RefusalId;
use crate::platform::jwt::harmless;
use crate::sessions::{self, End, Past};

/// How long a refusal can be explained.
const KEPT_FOR: Duration = Duration::from_secs(7 * 86_400);
/// Rows of accounts, and as many of strangers.
const MOST: i64 = 50_000;
/// So many new rows, and the old ones are looked through.
const MANY: usize = 1000;
/// Rows that are deleted in one transaction.
const BATCH: usize = 500;

/// Writes down what waits, in one transaction. While the database is away they wait on, as far as there is room.
///
/// # Errors
/// A [`Fault`].
pub async fn keep(app: &App) -> Result<(), Fault> {
    if let Some(dropped) = app.refusals.dropped(app.now()) {
        tracing::warn!(dropped, "too many tokens were refused to keep the reasons of all");
    }
    let batch = Arc::new(app.refusals.take());
    if batch.is_empty() {
        return Ok(());
    }
    let rows = Arc::clone(&batch);
    let written = app.db.write(move |tx| {
        for (id, refused) in rows.iter() {
            let row = settle(tx, id, refused)?;
            store::insert(tx, &row)?;
        }
        Ok(())
    });
    match written.await {
        Ok(()) if app.refusals.written(batch.len()) >= MANY => purge(app).await,
        Err(fault @ Fault::Unavailable(_)) => {
            app.refusals.put_back(&batch);
            Err(fault)
        }
        written => written,
    }
}

/// Finds out what the request did not wait for: what became of the session.
fn settle(tx: &mut Tx, id: &RefusalId, refused: &Refused) -> Result<Kept, Fault> {
    let row = Kept::of(id, refused);
    match (&refused.bad.digest, row.reason) {
        (Some(digest), reason) => settle_refresh(tx, row, digest, reason),
        (None, Reason::Ended) => {
            let past = past(tx, &row)?;
            let reason = match past {
                Some(Past { end: None, .. }) => Reason::Stale,
                // A session that is gone went with its user.
                _ => Reason::SessionEnded,
            };
            Ok(Kept { reason, ..row })
        }
        (None, _) => Ok(row),
    }
}

fn settle_refresh(tx: &mut Tx, row: Kept, digest: &[u8], reason: Reason) -> Result<Kept, Fault> {
    let Some(token) = store::refresh_token(tx, digest)? else {
        let unknown = if reason == Reason::RefreshDead { Reason::RefreshUnknown } else { reason };
        return Ok(Kept { reason: unknown, ..row });
    };
    let (issued, expires) = (Some(token.issued_at), Some(token.expires_at));
    let mut row = Kept { session: Some(token.session), issued_at: issued, expires_at: expires, ..row };
    let past = past(tx, &row)?;
    if reason == Reason::RefreshDead {
        row.reason = match past.as_ref().and_then(|past| past.end) {
            _ if token.expires_at <= row.at => Reason::RefreshExpired,
            Some((_, End::Ended(_))) => Reason::SessionEnded,
            Some((_, End::TimedOut)) => Reason::SessionOver,
            None if token.used_at.is_some() => Reason::RefreshReused,
            None => Reason::RefreshOtherClient,
        };
    }
    row.user = past.map(|past| past.user);
    Ok(row)
}

fn past(tx: &mut Tx, row: &Kept) -> Result<Option<Past>, Fault> {
    row.session.as_ref().map_or(Ok(None), |session| sessions::past(tx, session, row.at))
}

impl Kept {
    fn of(id: &RefusalId, refused: &Refused) -> Self {
        let (bad, known) = (&refused.bad, refused.bad.known.as_ref());
        Self {
            id: id.clone(),
            request_id: refused.request_id.clone(),
            at: refused.at,
            kind: bad.kind,
            reason: bad.reason,
            found: bad.found.clone(),
            presented: bad.presented.clone(),
            user: known.map(|known| known.user.clone()),
            session: known.map(|known| known.session.clone()),
            token: known.and_then(|known| known.token.clone()),
            issued_at: known.and_then(|known| known.issued_at),
            expires_at: known.and_then(|known| known.expires_at),
            address: refused.address.to_string(),
            route: harmless(&refused.route),
        }
    }
}

/// Deletes what is too old, and what is too much: strangers' refusals never at the cost of others'.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    app.refusals.purged();
    let oldest = app.now().minus(KEPT_FOR);
    for room in [Room::Accounts, Room::Strangers] {
        let last = app.db.read(move |conn| store::newest_but(conn, room, MOST)).await?;
        let limit = last.map_or(oldest, |at| at.max(oldest));
        while app.db.write(move |tx| store::delete_before(tx, room, limit, BATCH)).await? == BATCH {}
    }
    Ok(())
}
