//! Removing what is older than `AUDIT_DAYS` so that the rest can still be proven: the last one that goes is signed for, in the
//! same transaction, and the chain begins behind it.

use std::time::Duration;

use super::chain;
use super::checkpoint::{Kind, Seal};
use super::event::{Event, Fact, Trail};
use super::proof;
use crate::app::{App, Outcome};
use crate::platform::db::{Fault, Tx};
use crate::platform::time::UnixTime;

/// Entries that one transaction removes.
const AT_ONCE: i64 = 1000;
const DAY: i64 = 86_400_000;

/// Removes what is too old, if there is a limit.
///
/// # Errors
/// A [`Fault`].
pub async fn trim(app: &App) -> Result<(), Fault> {
    let Some(kept) = app.config.audit_retention else { return Ok(()) };
    loop {
        match trim_some(app, limit(app.now(), kept)).await {
            Ok(true) => {}
            // Somebody else cut at the same place at the same moment, and goes on from there.
            Ok(false) | Err(Fault::Taken(_)) => return Ok(()),
            Err(fault) => return Err(fault),
        }
    }
}

/// Whole days go at once: one cut a day, not one for each time that the clock is looked at.
fn limit(now: UnixTime, kept: Duration) -> UnixTime {
    let oldest = now.minus(kept).millis();
    UnixTime::from_millis(oldest - oldest.rem_euclid(DAY))
}

/// Whether there may be more.
async fn trim_some(app: &App, limit: UnixTime) -> Result<bool, Fault> {
    let (seal, now) = (Seal::of(app), app.now());
    app.write(Trail::of_the_clock(now), move |tx| cut(tx, &seal, limit, now)).await
}

fn cut(tx: &mut Tx, seal: &Seal, limit: UnixTime, now: UnixTime) -> Result<Outcome<bool>, Fault> {
    // In the order of the chain, which has its start cut off and no holes.
    let oldest = proof::store::oldest(tx, AT_ONCE)?;
    let old = oldest.iter().take_while(|link| link.at < limit).count();
    let Some(last) = old.checked_sub(1).and_then(|last| oldest.get(last)) else { return Ok(Outcome::quiet(false)) };
    let hash =
        chain::of_column(last.hash.as_deref()).ok_or_else(|| Fault::Broken("an entry has no hash".to_owned()))?;
    let checkpoint = seal.sign(Kind::Cut, last.seq, hash, now);
    proof::store::keep_cut(tx, &checkpoint)?;
    proof::store::remove_up_to(tx, last.seq)?;
    let told =
        Event::new(Fact::AuditTrimmed).with("entries", old).with("up_to", last.seq).with("before", limit.rfc3339());
    Ok(Outcome::told(i64::try_from(old).is_ok_and(|old| old == AT_ONCE), [told]))
}
