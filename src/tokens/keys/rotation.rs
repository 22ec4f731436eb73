//! Publish, then sign, then retire: how a key comes and goes.

use std::time::Duration;

use serde::Serialize;

use super::super::store::{self, KeyRow};
use super::{JWKS_MAX_AGE, Trouble, Workshop, follow};
use crate::access::{Caller, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
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

/// When a new key begins to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Once every verifier can have seen it.
    WhenKnown,
    /// At once: verifiers that keep the old set for a minute refuse its tokens meanwhile.
    Now,
}

/// Makes sure that one key of the algorithm signs. `true` where something was changed.
pub(super) fn settle_algorithm(tx: &mut Tx, shop: &Workshop, now: UnixTime) -> Result<bool, Trouble> {
    let rows = store::keys(tx)?;
    let mut changed = false;
    for row in rows.iter().filter(|row| row.algorithm != shop.algorithm.name() && row.retired_at.is_none()) {
        store::retire(tx, &row.id, now)?;
        changed = true;
    }
    let in_use = rows.iter().any(|row| row.algorithm == shop.algorithm.name() && row.retired_at.is_none());
    if !in_use {
        // What the setting had before it was changed to and fro is not taken up again: it may be gone elsewhere.
        store::insert_key(tx, &generate(shop, now, now)?)?;
        changed = true;
    }
    Ok(changed)
}

/// Makes a new key, that signs in time, and retires the one before.
///
/// # Errors
/// Without `keys:write`; with HS256, whose key is `SECRET_KEY`; a fault.
pub async fn rotate(app: &App, caller: &Caller, start: Start) -> Result<KeyInfo, Refusal> {
    caller.must(words::KEYS_WRITE)?;
    if app.config.algorithm == Algorithm::Hs256 {
        return Err(Refusal::SharedSecret);
    }
    let (shop, now) = (Workshop::new(app.root(), app.config.algorithm), app.now());
    let from = match start {
        Start::Now => now,
        Start::WhenKnown => now.plus(Duration::from_secs(JWKS_MAX_AGE + FOLLOWED_WITHIN)),
    };
    let done = app.write(caller, move |tx| {
        store::lock_keys(tx)?;
        for row in store::keys(tx)?.iter().filter(|row| row.retired_at.is_none()) {
            store::retire(tx, &row.id, from)?;
        }
        let row = generate(&shop, now, from).map_err(|_| Fault::Broken("no key could be made".into()))?;
        store::insert_key(tx, &row)?;
        store::next_keys_version(tx)?;
        let event = Event::new(Fact::KeyRotated).with("kid", row.id.clone()).with("algorithm", row.algorithm.clone());
        Ok::<_, Fault>(Outcome::told(info(&row, now), [event]))
    });
    let info = done.await?;
    follow(app).await.map_err(|_| Fault::Broken("the new key can't be opened".into()))?;
    info.ok_or_else(|| Fault::Broken("the new key has no algorithm".into()).into())
}

/// Deletes keys whose last token has expired.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let before = app.now().minus(app.lifetimes().access + KEPT_BEYOND);
    app.db
        .write(move |tx| {
            store::lock_keys(tx)?;
            if store::delete_retired(tx, before)? > 0 {
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
    })
}

/// A new key. HS256 has a row too, without a key in it: it tells how long tokens signed with the secret count.
fn generate(shop: &Workshop, now: UnixTime, signs_from: UnixTime) -> Result<KeyRow, Trouble> {
    let broken = || Trouble::Fault(Fault::Broken(format!("no {} key could be made", shop.algorithm.name())));
    let (id, pkcs8, public_jwk) = match PrivateKey::generate(shop.algorithm) {
        Some(private) => {
            let jwk = private.public_jwk().ok_or_else(broken)?;
            let id = jwk.common.key_id.clone().ok_or_else(broken)?;
            (id, private.pkcs8().to_vec(), serde_json::to_string(&jwk).map_err(|_| broken())?)
        }
        None if shop.algorithm == Algorithm::Hs256 => (format!("hs256-{}", now.millis()), Vec::new(), String::new()),
        None => return Err(broken()),
    };
    Ok(KeyRow {
        sealed: shop.seal.close(&pkcs8, id.as_bytes()),
        id,
        algorithm: shop.algorithm.name().to_owned(),
        public_jwk,
        created_at: now,
        signs_from,
        retired_at: None,
    })
}
