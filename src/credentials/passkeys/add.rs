//! Adding a passkey: what the browser is asked to make, and what it made (WebAuthn section 7.1).

use passki::{
    RegistrationChallenge, RegistrationCredential, RegistrationOptions, RegistrationState, ResidentKeyRequirement,
    UserVerificationRequirement,
};
use serde::Deserialize;
use serde_json::Value;

use super::ceremony::{self, Asked, TIMEOUT_MS};
use super::{MOST, Passkey, PasskeyName, Refusal, Rejection, handle, relying_party, store};
use crate::access::{Caller, Method};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials::factors::{self, Factor};
use crate::outbox::Kind;
use crate::platform::ids::PasskeyId;
use crate::sessions;

/// COSE algorithms that are offered (RFC 9053): EdDSA, ES256, ES384, RS256, RS384.
const OFFERED: [i32; 5] = [-8, -7, -35, -257, -258];
/// Authenticators make ids of at most so many bytes (WebAuthn section 7.1, step 25).
const LONGEST_ID: usize = 1023;

/// What `navigator.credentials.create()` gave, in the form of its `toJSON()`.
pub struct NewCredential(RegistrationCredential);

impl NewCredential {
    /// `None` where it has another form.
    pub fn parse(sent: &Value) -> Option<Self> {
        RegistrationCredential::deserialize(sent).ok().map(Self)
    }
}

/// What the browser shall ask the device for: a key that it finds by itself later and uses only for its owner.
///
/// # Errors
/// Without a fresh proof; where there are [`MOST`]; where passkeys can't be had; a fault.
pub async fn creation_options(app: &App, caller: &Caller) -> Result<RegistrationChallenge, Refusal> {
    caller.must_be_fresh(app.now())?;
    let party = relying_party(app)?;
    let user = accounts::own(app, caller).await?.ok_or(accounts::Refusal::NoSuchUser)?;
    let (me, now) = (caller.identity(), app.now());
    let read = app.db.read(move |conn| {
        factors::must_have_proved::<Refusal>(conn, &me, now)?;
        Ok::<_, Refusal>(store::of_user(conn, &me.user)?)
    });
    let held = read.await?;
    if held.len() >= MOST {
        return Err(Refusal::TooMany);
    }
    let known: Vec<_> = held.into_iter().map(|passkey| passkey.key).collect();
    let mut options = RegistrationOptions::default();
    options.timeout = TIMEOUT_MS;
    options.resident_key = ResidentKeyRequirement::Required;
    options.user_verification = UserVerificationRequirement::Required;
    options.exclude_credentials = Some(&known);
    let called = user.name.as_deref().unwrap_or(&user.username);
    let (challenge, state) = party.start_passkey_registration(handle(&user.id), &user.username, called, options)?;
    ceremony::begin(app, Asked::ToAdd(user.id), &state.challenge, &state).await?;
    Ok(challenge)
}

/// Takes what the device made.
///
/// # Errors
/// Without a fresh proof; [`Refusal::Over`], [`Refusal::Rejected`], [`Refusal::Taken`], [`Refusal::TooMany`]; a fault.
pub async fn add(
    app: &App,
    caller: &Caller,
    name: PasskeyName,
    NewCredential(sent): NewCredential,
) -> Result<Passkey, Refusal> {
    let now = app.now();
    caller.must_be_fresh(now)?;
    let asked = Asked::ToAdd(caller.user.clone());
    let state: RegistrationState = ceremony::take(app, asked, &sent.response.client_data_json).await?;
    let key = relying_party(app)?.finish_passkey_registration(&sent, &state)?;
    if !OFFERED.contains(&key.algorithm) || key.credential_id.is_empty() || key.credential_id.len() > LONGEST_ID {
        return Err(Refusal::Rejected(Rejection::Unsupported));
    }
    let (shared, from) = (app.clone(), caller.origin.clone());
    let (id, me) = (PasskeyId::fresh(now), caller.identity());
    let passkey = Passkey { id, name, created_at: now, last_used_at: None, user: me.user.clone(), key };
    app.write(caller, move |tx| {
        accounts::lock(tx, &me.user)?;
        factors::must_have_proved::<Refusal>(tx, &me, now)?;
        if store::of_user(tx, &passkey.user)?.len() >= MOST {
            return Err(Refusal::TooMany);
        }
        store::insert(tx, &passkey)?;
        sessions::prove_more(tx, &me.session, &[Method::Passkey, Method::UserVerified], now)?;
        let event = Event::new(Fact::PasskeyAdded).about(&me.user, &me.username);
        let event = event.with("passkey", passkey.id.as_str()).with("name", passkey.name.as_str());
        let told = factors::tell(tx, &shared, (Kind::FactorAdded, Factor::Passkey), &me.user, &from)?;
        Ok(Outcome::told(passkey, [event]).posting(told))
    })
    .await
}
