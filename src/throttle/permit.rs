//! Taking a permit, and what becomes of it. A try is counted before anything is checked, in one transaction that holds its
//! rows: of many guesses at once none passes before the others are counted.

use super::bucket::Bucket;
use super::budget::{Limit, OnSuccess};
use super::{Budget, Refusal, Stopped, store};
use crate::access::Origin;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::config::Switch;
use crate::platform::db::{Fault, Tx};
use crate::platform::secret::Purpose;
use crate::platform::time::UnixTime;

/// Leave to try once. Only [`permit`] makes one.
pub struct Permit(Vec<Taken>);

/// A try that was counted in one budget.
#[derive(Clone)]
struct Taken {
    limit: Limit,
    /// The stop that this very try brought.
    stop: Option<UnixTime>,
}

/// Counts a try and lets it be made.
///
/// # Errors
/// [`Refusal::Stopped`] where there were too many; a fault.
pub async fn permit(app: &App, origin: &Origin, budget: Budget<'_>) -> Result<Permit, Refusal> {
    let permit = ask(app, origin, budget).await;
    if let Err(Refusal::Stopped(_)) = &permit {
        app.metrics.stopped.one_more();
    }
    permit
}

async fn ask(app: &App, origin: &Origin, budget: Budget<'_>) -> Result<Permit, Refusal> {
    if app.config.rate_limits == Switch::Off {
        return Ok(Permit(Vec::new()));
    }
    let (now, limits) = (app.now(), budget.limits(origin, &app.derived_key(Purpose::Budgets)));
    let keys: Vec<Vec<u8>> = limits.iter().map(|limit| limit.key.clone()).collect();
    let longest = limits.iter().map(|limit| limit.rule.longest_stop).max().unwrap_or_default();
    let in_force = (now, now.plus(longest));
    // A stop that the log has already is told without a write: a flood must not keep the disk busy.
    if let Some(until) = app.db.read(move |conn| store::noted_stop(conn, &keys, in_force)).await? {
        return Err(Refusal::Stopped(Stopped { retry_after: until.since(now) }));
    }
    let taken = app.write(origin, move |tx| take_all(tx, &limits)).await?;
    taken.map_err(Refusal::Stopped)
}

/// The try was not made after all: it does not count.
///
/// # Errors
/// A [`Fault`].
pub async fn give_back(app: &App, permit: &Permit) -> Result<(), Fault> {
    settle(app, permit, |_| OnSuccess::GiveBack).await
}

/// The try was right: what failed before it is forgotten where it was the same person, and not counted elsewhere.
///
/// # Errors
/// A [`Fault`].
pub async fn succeeded(app: &App, permit: &Permit) -> Result<(), Fault> {
    settle(app, permit, |limit| limit.on_success).await
}

/// Deletes what is forgotten.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let now = app.now();
    while app.db.write(move |tx| store::forget(tx, now)).await? > 0 {}
    Ok(())
}

/// All budgets or none: a try that is refused by one is not counted in the others.
fn take_all(tx: &mut Tx, limits: &[Limit]) -> Result<Outcome<Result<Permit, Stopped>>, Fault> {
    let found = limits.iter().map(|limit| store::hold(tx, &limit.key)).collect::<Result<Vec<Bucket>, Fault>>()?;
    // Asked once all are held: of tries that come at once, one that was sent before another and counted after it would count
    // for two, since a part of a try counts as one.
    let now = tx.now();
    let held = limits.iter().zip(found).map(|(limit, found)| set_right(tx, limit, found, now));
    let held = held.collect::<Result<Vec<Bucket>, Fault>>()?;
    let stopped = || limits.iter().zip(&held).filter(|(_, bucket)| bucket.stop(now).is_some());
    if let Some((limit, longest)) = stopped().max_by_key(|(_, bucket)| bucket.stopped_until) {
        let retry_after = longest.stopped_until.since(now);
        let seconds = Stopped { retry_after }.seconds();
        // Once for each stop, however many come while it lasts.
        let first = store::note(tx, &limit.key, longest.stopped_until)?;
        let event = Event::new(Fact::TriesStopped).with("limit", limit.word).with("seconds", seconds);
        return Ok(Outcome::told(Err(Stopped { retry_after }), first.then_some(event)));
    }
    let mut taken = Vec::with_capacity(limits.len());
    for (limit, bucket) in limits.iter().zip(held) {
        let next = bucket.take(limit.rule, now);
        store::set(tx, &limit.key, next)?;
        taken.push(Taken { limit: limit.clone(), stop: next.stop(now).map(|_| next.stopped_until) });
    }
    Ok(Outcome::quiet(Ok(Permit(taken))))
}

fn set_right(tx: &mut Tx, limit: &Limit, found: Bucket, now: UnixTime) -> Result<Bucket, Fault> {
    let right = found.set_right(limit.rule, now);
    if right != found {
        store::set(tx, &limit.key, right)?;
    }
    Ok(right)
}

async fn settle(app: &App, permit: &Permit, fate: fn(&Limit) -> OnSuccess) -> Result<(), Fault> {
    let all: Vec<(Taken, OnSuccess)> = permit.0.iter().map(|taken| (taken.clone(), fate(&taken.limit))).collect();
    if all.iter().all(|(_, fate)| *fate == OnSuccess::Keep) {
        return Ok(());
    }
    app.db.write(move |tx| all.iter().try_for_each(|(taken, fate)| settle_one(tx, taken, *fate))).await
}

fn settle_one(tx: &mut Tx, taken: &Taken, fate: OnSuccess) -> Result<(), Fault> {
    let Limit { key, rule, .. } = &taken.limit;
    match fate {
        OnSuccess::Clear => store::clear(tx, key),
        OnSuccess::GiveBack => store::give_back(tx, key, rule.forgets_one_in, taken.stop),
        OnSuccess::Keep => Ok(()),
    }
}
