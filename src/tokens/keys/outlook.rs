//! The keys as whoever may rotate them sees them, and when the next one follows by itself.

use super::rotation::{KeyInfo, list};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::jwt::Algorithm;
use crate::platform::time::UnixTime;
use crate::tokens::Refusal;

/// The keys, and what comes next by itself.
pub struct Outlook {
    /// Oldest first.
    pub keys: Vec<KeyInfo>,
    pub next: Next,
}

/// When a new key follows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    At(UnixTime),
    /// `KEY_ROTATION_DAYS=0`.
    ByHand,
    /// HS256 signs with `SECRET_KEY`, which is never rotated.
    SharedSecret,
}

/// All of it, for whoever may rotate them.
///
/// # Errors
/// Without `keys:write`; a fault.
pub async fn outlook(app: &App, caller: &Caller) -> Result<Outlook, Refusal> {
    caller.must(words::KEYS_WRITE)?;
    let keys = list(app).await?;
    Ok(Outlook { next: next(app, &keys), keys })
}

/// When a new key follows the newest of these by itself.
pub fn next(app: &App, keys: &[KeyInfo]) -> Next {
    let newest = keys.iter().rev().find(|key| key.retired_at.is_none());
    match (newest, app.config.key_rotation) {
        (Some(key), _) if key.algorithm == Algorithm::Hs256.name() => Next::SharedSecret,
        (Some(key), Some(age)) => Next::At(key.signs_from.plus(age)),
        _ => Next::ByHand,
    }
}
