//! Carrying the counts forward: each entry of the audit log is counted once, on whichever node.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::series::current;
use super::store::{self, Key};
use super::{DAY, Grain, Measure};
use crate::app::App;
use crate::audit::{self, Fact};
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::time::UnixTime;
use crate::{accounts, sessions};

/// Entries that one transaction counts.
const AT_ONCE: i64 = 1000;
/// Hours are kept so long; days for good, of which a decade has less than 20 000 rows.
const HOURS_KEPT: i64 = 40 * DAY;
/// The living are counted at most so often …
const SAMPLE_EVERY: Duration = Duration::from_secs(5);
/// What did not change is written down only so often.
const SAME_FOR: Duration = Duration::from_secs(60);
/// … and so many times more rarely than it takes: where there are very many, it is not the database's main work.
const REST: u32 = 100;

/// Counts what was recorded since the last time.
///
/// # Errors
/// A [`Fault`].
pub async fn advance(app: &App) -> Result<(), Fault> {
    while step(app).await? {}
    Ok(())
}

/// Whether there may be more to count.
async fn step(app: &App) -> Result<bool, Fault> {
    let (from, facts) = app.db.read(since_last_time).await?;
    let Some((to, ..)) = facts.last().copied() else { return Ok(false) };
    let full = i64::try_from(facts.len()).is_ok_and(|count| count >= AT_ONCE);
    let counted = tally(&facts, app.now());
    let count = move |tx: &mut Tx| {
        let first = store::move_on(tx, (from, to))?;
        if first {
            store::add(tx, &counted)?;
        }
        Ok::<_, Fault>(first)
    };
    // Where another node was faster, it may have counted fewer of them: the next look goes on from there.
    let first = app.db.write(count).await?;
    Ok(full || !first)
}

type Told = (i64, UnixTime, Option<Fact>);

fn since_last_time(conn: &mut Conn) -> Result<(i64, Vec<Told>), Fault> {
    let from = store::position(conn)?;
    Ok((from, audit::facts_after(conn, from, AT_ONCE)?))
}

fn measure(fact: Fact) -> Option<Measure> {
    match fact {
        Fact::SignedIn => Some(Measure::SignIns),
        Fact::SignInFailed | Fact::FactorFailed => Some(Measure::Failures),
        Fact::SetUp | Fact::SignedUp | Fact::UserCreated | Fact::UserImported => Some(Measure::NewUsers),
        _ => None,
    }
}

fn tally(facts: &[Told], now: UnixTime) -> BTreeMap<Key, i64> {
    let mut counted = BTreeMap::new();
    for (_, at, fact) in facts {
        let Some(measure) = fact.and_then(measure) else { continue };
        for grain in [Grain::Hour, Grain::Day] {
            // A log that is counted for the first time may be years long.
            if grain == Grain::Day || at.millis() > now.millis() - HOURS_KEPT {
                *counted.entry((grain, measure, grain.start_of(at.millis()))).or_default() += 1;
            }
        }
    }
    counted
}

/// Counts accounts and living sessions, and says how long to wait until the next time.
///
/// # Errors
/// A [`Fault`].
pub async fn sample(app: &App) -> Result<Duration, Fault> {
    let (now, began) = (app.now(), Instant::now());
    let count = move |conn: &mut Conn| {
        let counted = (sessions::count_living(conn, now)?, accounts::count(conn)?);
        let known = current(conn)?;
        let same = counted == (known.sessions, known.users) && known.at.is_some_and(|at| now.since(at) < SAME_FOR);
        Ok::<_, Fault>((counted, same))
    };
    let (counted, same) = app.db.survey(count).await?;
    let took = began.elapsed();
    app.metrics.sessions.set(counted.0);
    app.metrics.users.set(counted.1);
    if !same {
        app.db.write(move |tx| keep(tx, now, counted)).await?;
    }
    Ok::<_, Fault>(SAMPLE_EVERY.max(took.saturating_mul(REST)))
}

fn keep(tx: &mut Tx, now: UnixTime, (sessions, users): (i64, i64)) -> Result<(), Fault> {
    store::replace(tx, Measure::Sessions, (now, sessions))?;
    store::replace(tx, Measure::Users, (now, users))?;
    let keys = [Grain::Hour, Grain::Day].map(|grain| (grain, Measure::Sessions, grain.start_of(now.millis())));
    keys.iter().try_for_each(|key| store::raise(tx, key, sessions))
}

/// Deletes hours that nobody is shown any more.
///
/// # Errors
/// A [`Fault`].
pub async fn tidy(app: &App) -> Result<(), Fault> {
    let before = UnixTime::from_millis(app.now().millis() - HOURS_KEPT);
    app.db.write(move |tx| store::forget_hours(tx, before)).await
}
