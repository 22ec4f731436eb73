//! What a device is asked to sign. The library's state waits in the database, so that any node can finish what another
//! began; it goes with the answer, good or bad, so that none is answered twice.

use std::time::Duration;

use passki::{ClientData, Passki};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Refusal, store};
use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::ids::UserId;
use crate::platform::secret::sha256;

/// How long an answer is waited for: finding the phone takes a while.
const OPEN_FOR: Duration = Duration::from_secs(5 * 60);
/// The same for the browser, which closes its dialog then.
pub(super) const TIMEOUT_MS: u64 = 5 * 60 * 1000;

/// What a challenge is for, and whose answer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To make a passkey for somebody who is signed in.
    ToAdd(UserId),
    /// To sign in, whoever it is.
    ToSignIn,
    /// To prove that it is this person: a second factor, or a proof made fresh.
    ToConfirm(UserId),
}

impl Asked {
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::ToAdd(_) => "add",
            Self::ToSignIn => "sign_in",
            Self::ToConfirm(_) => "confirm",
        }
    }

    pub(super) fn user(&self) -> Option<&UserId> {
        match self {
            Self::ToAdd(user) | Self::ToConfirm(user) => Some(user),
            Self::ToSignIn => None,
        }
    }
}

/// Keeps what was asked until it is answered.
pub(super) async fn begin(
    app: &App,
    asked: Asked,
    challenge: &[u8],
    state: &(impl Serialize + Sync),
) -> Result<(), Fault> {
    let state = serde_json::to_string(state).map_err(|why| Fault::Broken(why.to_string()))?;
    let (digest, until) = (sha256(challenge), app.now().plus(OPEN_FOR));
    app.db.write(move |tx| store::insert_challenge(tx, &digest, &asked, &state, until)).await
}

/// What was asked with the challenge that this answer names. From now on it is answered.
pub(super) async fn take<S: DeserializeOwned>(app: &App, asked: Asked, client_data: &str) -> Result<S, Refusal> {
    let challenge = Passki::base64_decode(&ClientData::from_base64(client_data)?.challenge)?;
    let (digest, now) = (sha256(&challenge), app.now());
    let state = app.db.write(move |tx| store::take_challenge(tx, &digest, &asked, now)).await?;
    let state = state.ok_or(Refusal::Over)?;
    serde_json::from_str(&state).map_err(|why| Refusal::Fault(Fault::Broken(why.to_string())))
}

/// Deletes what was never answered.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let now = app.now();
    while app.db.write(move |tx| store::purge_challenges(tx, now)).await? > 0 {}
    Ok(())
}
