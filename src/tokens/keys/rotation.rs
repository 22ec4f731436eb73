//! Publish, then sign, then retire: how a key comes and goes.

use std::time::Duration;

use serde::Serialize;

use super::super::store::{self, KeyRow};
use super::{JWKS_MAX_AGE, Trouble, Workshop, follow};
use crate::access::{Caller, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact, Trail};
use crate::platform::db::{Fault, Tx};
use crate::platform::jwt::{Algorithm, PrivateKey};
use crate::platform::time::UnixTime;
use crate::tokens::Refusal;

/// Seconds within which every node has looked for new keys.
const FOLLOWED_WITHIN: u64 = 5;
/// How long a retired key is kept beyond the life of its last token: clocks differ.
const KEPT_BEYOND: Duration = Duration::from_secs(120);

/// A key as operators see it.
#[derive(Clone, Debug, Serialize)]
pub struct KeyInfo {
    pub kid: String,
    pub algorithm: &'static str,
    pub state: State,
    pub created_at: UnixTime,
    /// New tokens are signed with it from then on.
    pub signs_from: UnixTime,
    /// It signed no more from then on, and verifies until its last token has expired.
    pub retired_at: Option<UnixTime>,
    /// When the last token that it signed has expired; `None` while it is not retired.
    pub verifies_until: Option<UnixTime>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Known to verifiers, not yet used.
    Published,
    Signs,
    /// Used no more, still trusted.
    Verifies,
}

/// When a new key begins to sign, and what becomes of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Once every verifier can have seen it; the one before verifies on.
    WhenKnown,
    /// At once: verifiers that keep the old set for a minute refuse its tokens meanwhile.
    Now,
    /// At once, and no token that another key signed counts any more: somebody else may have those keys. Sessions go on:
    /// the next refresh gives a token that counts.
    Compromised,
}

/// Makes sure that a key of the algorithm that is set signs, and notes how long its tokens live; for a server that starts.
/// Keys of another algorithm retire: that is how the setting is changed, for all servers of the installation.
///
/// # Errors
/// [`Trouble`].
pub async fn settle(app: &App) -> Result<(), Trouble> {
    let (algorithm, now, life) = (app.config.algorithm, app.now(), life_in_millis(app));
    let own = |row: &KeyRow| is_in_use(row, now) && row.algorithm == algorithm.name();
    let new = match app.db.read(store::keys).await?.iter().any(own) {
        true => None,
        false => Some(made(app, algorithm, (now, now)).await?),
    };
    app.write(Trail::of_the_clock(now), move |tx| put_in_force(tx, algorithm, new, (now, life))).await?;
    follow(app).await
}

/// What [`settle`] changes; `new` was made before, for to make one takes long, and is not needed where another node was faster.
fn put_in_force(
    tx: &mut Tx,
    algorithm: Algorithm,
    new: Option<KeyRow>,
    (now, life): (UnixTime, i64),
) -> Result<Outcome<()>, Trouble> {
    store::lock_keys(tx)?;
    let (own, others): (Vec<KeyRow>, Vec<KeyRow>) = store::keys(tx)?
        .into_iter()
        .filter(|row| is_in_use(row, now))
        .partition(|row| row.algorithm == algorithm.name());
    own.iter().try_for_each(|row| store::note_token_life(tx, &row.id, life))?;
    if others.is_empty() && !own.is_empty() {
        return Ok(Outcome::quiet(()));
    }
    others.iter().try_for_each(|row| store::retire(tx, &row.id, now))?;
    // The first key of all is no change; another algorithm is one, which only the setting tells of otherwise.
    let changed = Event::new(Fact::KeyRotated).with("algorithm", algorithm.name()).with("retired", others.len());
    if own.is_empty() {
        let new = new.ok_or_else(|| Fault::Unavailable("the key that signs was taken away meanwhile".into()))?;
        store::insert_key(tx, &new)?;
    }
    store::next_keys_version(tx)?;
    Ok(Outcome::told((), (!others.is_empty()).then_some(changed)))
}

fn is_in_use(row: &KeyRow, now: UnixTime) -> bool {
    row.retired_at.is_none_or(|until| until > now)
}

fn life_in_millis(app: &App) -> i64 {
    i64::try_from(app.lifetimes().access.as_millis()).unwrap_or(i64::MAX)
}

/// The algorithm that signs from now on: that of the newest key that was not retired.
fn in_force(rows: &[KeyRow]) -> Option<Algorithm> {
    let newest = rows.iter().rev().find(|row| row.retired_at.is_none())?;
    Algorithm::parse(&newest.algorithm)
}

/// Makes a new key, that signs in time, and retires the one before.
///
/// # Errors
/// Without `keys:write` or a fresh proof; with HS256, whose key is `SECRET_KEY`; a fault.
pub async fn rotate(app: &App, caller: &Caller, start: Start) -> Result<KeyInfo, Refusal> {
    caller.must(words::KEYS_WRITE)?;
    caller.must_be_fresh(app.now())?;
    let turn = Turnover::new(app, start).await?;
    let made = app.write(caller, move |tx| {
        store::lock_keys(tx)?;
        let rows = store::keys(tx)?;
        turn.run(tx, &rows)
    });
    let made = made.await?;
    // It is made, whatever this node sees of it now; its next look tries again.
    if let Err(trouble) = follow(app).await {
        tracing::warn!(error = %trouble, "a new signing key was made and could not be read yet");
    }
    Ok(made)
}

/// Rotates when the key that signs has become as old as the schedule lets it; on many nodes, one does.
///
/// # Errors
/// A fault.
pub async fn rotate_when_due(app: &App) -> Result<(), Refusal> {
    let Some(age) = app.config.key_rotation else { return Ok(()) };
    let now = app.now();
    if !is_due(&app.db.read(store::keys).await?, age, now) {
        return Ok(());
    }
    let turn = Turnover::new(app, Start::WhenKnown).await?;
    let rotated = app.write(Trail::of_the_clock(now), move |tx| {
        store::lock_keys(tx)?;
        let rows = store::keys(tx)?;
        match is_due(&rows, age, now) {
            true => turn.run(tx, &rows).map(|turned| turned.map(drop)),
            false => Ok(Outcome::quiet(())),
        }
    });
    rotated.await
}

fn is_due(rows: &[KeyRow], age: Duration, now: UnixTime) -> bool {
    let newest = rows.iter().rev().find(|row| row.retired_at.is_none());
    newest.is_some_and(|row| row.algorithm != Algorithm::Hs256.name() && row.signs_from.plus(age) <= now)
}

/// One key following another.
struct Turnover {
    /// Made before the write begins: an RSA key takes up to a second, which nobody else shall wait for.
    new: KeyRow,
    start: Start,
    now: UnixTime,
}

impl Turnover {
    async fn new(app: &App, start: Start) -> Result<Self, Refusal> {
        // A command may be run where the server's settings are not known: what the server uses stands in the database.
        let algorithm = in_force(&app.db.read(store::keys).await?).unwrap_or(app.config.algorithm);
        if algorithm == Algorithm::Hs256 {
            return Err(Refusal::SharedSecret);
        }
        let now = app.now();
        let from = match start {
            Start::WhenKnown => now.plus(Duration::from_secs(JWKS_MAX_AGE + FOLLOWED_WITHIN)),
            Start::Now | Start::Compromised => now,
        };
        Ok(Self { new: made(app, algorithm, (now, from)).await?, start, now })
    }

    fn run(self, tx: &mut Tx, rows: &[KeyRow]) -> Result<Outcome<KeyInfo>, Refusal> {
        let Self { new, start, now } = self;
        if in_force(rows).is_some_and(|algorithm| algorithm.name() != new.algorithm) {
            return Err(Fault::Unavailable("the algorithm of the keys was changed meanwhile".into()).into());
        }
        for row in rows {
            match start {
                Start::Compromised => store::delete_key(tx, &row.id)?,
                _ if row.retired_at.is_none_or(|until| until > new.signs_from) => {
                    store::retire(tx, &row.id, new.signs_from)?;
                }
                _ => {}
            }
        }
        // How long tokens live, whoever signs may have set otherwise than this process.
        let token_life = rows.iter().map(|row| row.token_life).fold(new.token_life, i64::max);
        let row = KeyRow { token_life, ..new };
        store::insert_key(tx, &row)?;
        store::next_keys_version(tx)?;
        let event = Event::new(Fact::KeyRotated).with("kid", row.id.clone()).with("algorithm", row.algorithm.clone());
        let event = if start == Start::Compromised { event.with("compromised", true) } else { event };
        Ok(Outcome::told(info(&row, now).ok_or_else(broken)?, [event]))
    }
}

fn broken() -> Fault {
    Fault::Broken("no key could be made".into())
}

/// Deletes keys whose last token has expired.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let moment = app.now().minus(KEPT_BEYOND);
    app.db
        .write(move |tx| {
            store::lock_keys(tx)?;
            if store::delete_retired(tx, moment)? > 0 {
                store::next_keys_version(tx)?;
            }
            Ok(())
        })
        .await
}

/// The keys as they stand in the database, oldest first.
///
/// # Errors
/// A [`Fault`].
pub async fn list(app: &App) -> Result<Vec<KeyInfo>, Fault> {
    let now = app.now();
    let rows = app.db.read(store::keys).await?;
    Ok(rows.iter().filter_map(|row| info(row, now)).collect())
}

fn info(row: &KeyRow, now: UnixTime) -> Option<KeyInfo> {
    let state = match row.retired_at {
        Some(at) if at <= now => State::Verifies,
        _ if row.signs_from > now => State::Published,
        _ => State::Signs,
    };
    Some(KeyInfo {
        kid: row.id.clone(),
        algorithm: Algorithm::parse(&row.algorithm)?.name(),
        state,
        created_at: row.created_at,
        signs_from: row.signs_from,
        retired_at: row.retired_at,
        verifies_until: row.last_token_expires(),
    })
}

/// A new key, made where no request waits for it.
async fn made(app: &App, algorithm: Algorithm, span: (UnixTime, UnixTime)) -> Result<KeyRow, Trouble> {
    let (shop, life) = (Workshop::new(app.root()), life_in_millis(app));
    let made = app.hasher.off_thread(move || generate(&shop, algorithm, span, life)).await;
    made.map_err(|_| Fault::Unavailable("too many passwords are being hashed to make a key".into()))?
}

/// A new key. HS256 has a row too, without a key in it: it tells how long tokens signed with the secret count.
fn generate(
    shop: &Workshop,
    algorithm: Algorithm,
    (now, signs_from): (UnixTime, UnixTime),
    token_life: i64,
) -> Result<KeyRow, Trouble> {
    let broken = || Trouble::Fault(Fault::Broken(format!("no {} key could be made", algorithm.name())));
    let (id, pkcs8, public_jwk) = match PrivateKey::generate(algorithm) {
        Some(private) => {
            let jwk = private.public_jwk().ok_or_else(broken)?;
            let id = jwk.common.key_id.clone().ok_or_else(broken)?;
            (id, private.pkcs8().to_vec(), serde_json::to_string(&jwk).map_err(|_| broken())?)
        }
        None if algorithm == Algorithm::Hs256 => (format!("hs256-{}", now.millis()), Vec::new(), String::new()),
        None => return Err(broken()),
    };
    Ok(KeyRow {
        sealed: shop.seal.close(&pkcs8, id.as_bytes()),
        id,
        algorithm: algorithm.name().to_owned(),
        public_jwk,
        created_at: now,
        signs_from,
        token_life,
        retired_at: None,
    })
}
