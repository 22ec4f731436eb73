//! Delivering: a letter is claimed, tried, and settled. A claim runs out, so a node that dies leaves nothing undone; two nodes
//! never try one at the same time.

use std::time::Duration;

use super::letter::{About, Kind, Secret};
use super::post::seal;
use super::store::{self, Row};
use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::ids::LetterId;
use crate::platform::time::{CLOCKS_APART, UnixTime};

/// How long whoever claimed a letter has to settle it; longer than any try takes.
const CLAIM: Duration = Duration::from_secs(120);
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(4 * 3600);
/// Where no server takes any mail: once one does, what waits shall not wait for hours.
const LONGEST_PAUSE_FOR_SERVER: Duration = Duration::from_secs(300);
/// How long what was settled can be looked up.
const KEPT: Duration = Duration::from_secs(30 * 86_400);
/// Why a letter that waited too long is not sent.
const TOO_LATE: &str = "what it says is of no use any more";
/// How often another node may be faster before it is left to the next turn.
const ATTEMPTS: usize = 8;

/// A letter that is this node's to send.
pub struct Due {
    pub id: LetterId,
    pub kind: Kind,
    pub to: String,
    pub languages: String,
    pub about: About,
    pub secret: Option<Secret>,
    pub posted_at: UnixTime,
    tries: i64,
    expires_at: UnixTime,
}

/// Why a try failed, in words, and how long the next one may be put off.
pub struct Failure {
    why: String,
    longest_pause: Duration,
}

impl Failure {
    /// This letter was not taken.
    pub fn of_letter(why: String) -> Self {
        Self { why, longest_pause: LONGEST_PAUSE }
    }

    /// No server was there to take any.
    pub fn of_server(why: String) -> Self {
        Self { why, longest_pause: LONGEST_PAUSE_FOR_SERVER }
    }
}

/// The letter that has waited longest, from now on this node's; `None` where none is due.
///
/// # Errors
/// A [`Fault`].
pub async fn claim(app: &App) -> Result<Option<Due>, Fault> {
    for _ in 0..ATTEMPTS {
        let now = app.now();
        let Some(row) = app.db.read(move |conn| store::next_due(conn, now)).await? else {
            return Ok(None);
        };
        let (id, tries) = (row.id.clone(), row.tries);
        if !app.db.write(move |tx| store::claim(tx, &id, tries, now.plus(CLAIM))).await? {
            continue;
        }
        let due = due(app, row)?;
        if now < due.expires_at {
            return Ok(Some(due));
        }
        // A link that is dead when it arrives is worse than none.
        settle(app, due, Err(Failure::of_letter(TOO_LATE.to_owned()))).await?;
    }
    Ok(None)
}

fn due(app: &App, row: Row) -> Result<Due, Fault> {
    let broken = |what: &str| Fault::Broken(format!("the outbox holds a letter with an unknown {what}"));
    let opened = row.sealed.as_deref().and_then(|sealed| seal(app).open(sealed, row.id.as_str().as_bytes()));
    Ok(Due {
        kind: Kind::parse(&row.kind).ok_or_else(|| broken("kind"))?,
        about: serde_json::from_str(&row.about).map_err(|_| broken("content"))?,
        secret: opened.and_then(|text| Secret::from_text(std::str::from_utf8(&text).ok()?)),
        id: row.id,
        to: row.recipient,
        languages: row.languages,
        posted_at: row.posted_at,
        tries: row.tries + 1,
        expires_at: row.expires_at,
    })
}

/// Says what became of a try. What failed is tried again after a pause that grows, as long as there is any use in it; links
/// and codes are forgotten once there is none.
///
/// # Errors
/// A [`Fault`].
pub async fn settle(app: &App, due: Due, tried: Result<(), Failure>) -> Result<(), Fault> {
    let now = app.now();
    app.db
        .write(move |tx| {
            let Err(Failure { why, longest_pause }) = tried else {
                return store::sent(tx, &due.id, due.tries, now);
            };
            let next = now.plus(pause_after(due.tries).min(longest_pause));
            if next < due.expires_at {
                store::try_later(tx, &due.id, due.tries, next, &why)
            } else {
                store::failed(tx, &due.id, due.tries, now, &why)
            }
        })
        .await
}

/// Lets letters go out that were put off by a clock that ran ahead, and would wait until it is as late as that again.
///
/// # Errors
/// A [`Fault`].
pub async fn set_right(app: &App) -> Result<(), Fault> {
    let now = app.now();
    let (at_once, paused) = (now.plus(CLOCKS_APART), now.plus(LONGEST_PAUSE + CLOCKS_APART));
    app.db.write(move |tx| store::hasten(tx, now, at_once, paused)).await
}

/// A minute after the first try, twice as long after each, some hours at the most.
fn pause_after(tries: i64) -> Duration {
    let doublings = u32::try_from(tries.clamp(1, 16) - 1).unwrap_or(0);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

/// Forgets letters that were settled a month ago.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let before = app.now().minus(KEPT);
    app.db.write(move |tx| store::forget(tx, before)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_a_minute_to_some_hours() {
        let minutes: Vec<u64> = (1..=10).map(|tries| pause_after(tries).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
        assert_eq!(pause_after(i64::MAX), LONGEST_PAUSE);
    }
}
