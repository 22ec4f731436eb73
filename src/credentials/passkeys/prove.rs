//! Proving who one is with a passkey: what the browser is asked for, and what the device signed (WebAuthn section 7.2).

use passki::{
    AuthenticationChallenge, AuthenticationCredential, AuthenticationOptions, AuthenticationState, Passki,
    StoredPasskey, UserVerificationRequirement,
};
use serde::Deserialize;
use serde_json::Value;

use super::ceremony::{self, Asked, TIMEOUT_MS};
use super::{Passkey, Refusal, Rejection, handle, relying_party, store};
use crate::access::Origin;
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::Fault;
use crate::platform::ids::{PasskeyId, UserId};

/// Where the flags stand in authenticator data, and two of them (WebAuthn section 6.1): may be backed up, is backed up.
const FLAGS_AT: usize = 32;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;

/// What `navigator.credentials.get()` gave, in the form of its `toJSON()`.
pub struct Assertion(AuthenticationCredential);

impl Assertion {
    /// Reads it as JSON, or as a text that is JSON, which is what a form can hold. `None` where it has another form.
    pub fn parse(sent: &Value) -> Option<Self> {
        let read = match sent {
            Value::String(text) => serde_json::from_str(text),
            object => AuthenticationCredential::deserialize(object),
        };
        read.ok().map(Self)
    }
}

/// Somebody's device has just signed, and has checked that it is they. Nobody outside this file can make one.
#[derive(Clone, Debug)]
pub struct Proof {
    user: UserId,
    passkey: PasskeyId,
}

impl Proof {
    pub fn user(&self) -> &UserId {
        &self.user
    }

    pub fn passkey(&self) -> &PasskeyId {
        &self.passkey
    }
}

/// What the browser shall ask for: any passkey of this site, or one of those that this person has.
///
/// # Errors
/// Where passkeys can't be had; a fault.
pub async fn request_options(app: &App, asked: Asked) -> Result<AuthenticationChallenge, Refusal> {
    let party = relying_party(app)?;
    let held = match asked.user().cloned() {
        Some(user) => app.db.read(move |conn| store::of_user(conn, &user)).await?,
        None => Vec::new(),
    };
    let known: Vec<_> = held.into_iter().map(|passkey| passkey.key).collect();
    let mut options = AuthenticationOptions::default();
    options.timeout = TIMEOUT_MS;
    options.user_verification = UserVerificationRequirement::Required;
    let (challenge, state) = party.start_passkey_authentication(&known, options)?;
    ceremony::begin(app, asked, &state.challenge, &state).await?;
    Ok(challenge)
}

/// Holds what a device signed against what it was asked, and against the key that is kept of it. What does not hold stands
/// in the log of whoever's passkey it is.
///
/// # Errors
/// [`Refusal::Over`], [`Refusal::Rejected`], or a fault.
pub async fn prove(app: &App, origin: &Origin, asked: Asked, Assertion(sent): Assertion) -> Result<Proof, Refusal> {
    let state: AuthenticationState = ceremony::take(app, asked.clone(), &sent.response.client_data_json).await?;
    let credential = Passki::base64_decode(&sent.raw_id)?;
    let found = app.db.read(move |conn| store::by_credential(conn, &credential)).await?;
    let known = found.ok_or(Refusal::Rejected(Rejection::Unknown))?;
    let (id, user) = (known.id.clone(), known.user.clone());
    let used = match verify(&relying_party(app)?, &sent, &state, &asked, known) {
        Ok(key) => note_use(app, id.clone(), key).await,
        Err(refusal) => Err(refusal),
    };
    match used {
        Ok(()) => Ok(Proof { user, passkey: id }),
        Err(Refusal::Rejected(why)) => {
            note_failure(app, origin, (user, id), why).await?;
            Err(Refusal::Rejected(why))
        }
        Err(refusal) => Err(refusal),
    }
}

/// The key as it is after this use.
fn verify(
    party: &Passki,
    sent: &AuthenticationCredential,
    state: &AuthenticationState,
    asked: &Asked,
    Passkey { user, mut key, .. }: Passkey,
) -> Result<StoredPasskey, Refusal> {
    if asked.user().is_some_and(|asked| *asked != user) {
        return Err(Refusal::Rejected(Rejection::Unknown));
    }
    let signed = party.finish_passkey_authentication(sent, state, &key)?;
    // A key found by the device itself says whose it is (section 7.2, step 6).
    let named = signed.user_handle.as_deref();
    let is_theirs = named.map_or(*asked != Asked::ToSignIn, |named| named == handle(&user));
    let flags = Passki::base64_decode(&sent.response.authenticator_data)?.get(FLAGS_AT).copied().unwrap_or_default();
    // Whether it may be backed up never changes (section 7.2, step 20).
    if !is_theirs || (flags & BACKUP_ELIGIBLE != 0) != key.be {
        return Err(Refusal::Rejected(Rejection::Unsound));
    }
    (key.counter, key.bs) = (signed.counter, flags & BACKED_UP != 0);
    Ok(key)
}

/// Two answers at once count up only one after the other.
async fn note_use(app: &App, id: PasskeyId, key: StoredPasskey) -> Result<(), Refusal> {
    let now = app.now();
    let counted = app.db.write(move |tx| store::use_key(tx, &id, &key, now)).await?;
    if counted { Ok(()) } else { Err(Refusal::Rejected(Rejection::Copied)) }
}

async fn note_failure(
    app: &App,
    origin: &Origin,
    (user, id): (UserId, PasskeyId),
    why: Rejection,
) -> Result<(), Fault> {
    app.write(origin, move |tx| {
        let whose = accounts::find(tx, &user)?;
        let event = Event::new(Fact::PasskeyRefused).with("passkey", id.as_str()).with("why", why.word());
        Ok(Outcome::told((), whose.map(|whose| event.about(&user, &whose.username))))
    })
    .await
}
