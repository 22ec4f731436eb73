//! Somebody looks after their own second factors.

use super::super::Refusal;
use super::totp::{self, Offer};
use super::{TOTP, held, is_required, recovery, store, tell};
use crate::access::{self, Caller, Identity, Method, Origin};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::outbox::Kind;
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::sessions;

/// Begins to set up an authenticator app.
///
/// # Errors
/// Without a fresh proof; [`Refusal::FactorThere`]; a fault.
pub async fn start_totp(app: &App, caller: &Caller) -> Result<Offer, Refusal> {
    caller.must_be_fresh(app.now())?;
    let (shared, me) = (app.clone(), caller.identity());
    app.write(caller, move |tx| totp::offer(tx, &shared, &me.user, &me.username).map(Outcome::quiet)).await
}

/// Takes the first code of the app: from now on one is asked for at every sign-in. Gives the recovery codes, once.
///
/// # Errors
/// Without a fresh proof; [`Refusal::WrongCode`]; a fault.
pub async fn confirm_totp(app: &App, caller: &Caller, code: String) -> Result<Vec<String>, Refusal> {
    caller.must_be_fresh(app.now())?;
    let (shared, me, now, from) = (app.clone(), caller.identity(), app.now(), caller.origin.clone());
    app.write(caller, move |tx| {
        let confirmed = set_up(tx, &shared, (&me.user, &me.username), &code, &from)?;
        // This session has proved the new factor as well: it may put it away again.
        if let Some(session) = sessions::find_alive(tx, &me.session, now)? {
            sessions::prove_more(tx, &session, Method::OneTimeCode)?;
        }
        Ok(confirmed)
    })
    .await
}

/// Sets up the app that a code was shown of, with recovery codes.
///
/// # Errors
/// [`Refusal::WrongCode`], or a fault.
pub fn set_up(
    tx: &mut Tx,
    app: &App,
    (user, username): (&UserId, &str),
    code: &str,
    origin: &Origin,
) -> Result<Outcome<Vec<String>>, Refusal> {
    if !totp::confirm(tx, app, user, code)? {
        return Err(Refusal::WrongCode);
    }
    let codes = recovery::renew(tx, app, user)?;
    let told = tell(tx, app, Kind::FactorAdded, user, origin)?;
    let event = Event::new(Fact::FactorAdded).about(user, username).by_themselves().with("factor", TOTP);
    Ok(Outcome::told(codes, [event]).posting(told))
}

/// Puts the authenticator app away.
///
/// # Errors
/// Without a fresh proof of both factors; [`Refusal::FactorRequired`] where the setting asks for one;
/// [`Refusal::NoFactor`]; a fault.
pub async fn remove_totp(app: &App, caller: &Caller) -> Result<(), Refusal> {
    caller.must_be_fresh(app.now())?;
    let (shared, from) = (app.clone(), caller.origin.clone());
    let (required, me, now) = (is_required(app, &caller.roles), caller.identity(), app.now());
    app.write(caller, move |tx| {
        must_have_proved_a_factor(tx, &me, now)?;
        if required {
            return Err(Refusal::FactorRequired);
        }
        store::delete_totp(tx, &me.user)?;
        store::forget_codes(tx, &me.user, recovery::Kind::Recovery)?;
        let told = tell(tx, &shared, Kind::FactorRemoved, &me.user, &from)?;
        let event = Event::new(Fact::FactorRemoved).about(&me.user, &me.username).with("factor", TOTP);
        Ok(Outcome::told((), [event]).posting(told))
    })
    .await
}

/// New recovery codes; the old ones are worth nothing any more.
///
/// # Errors
/// Without a fresh proof of both factors; [`Refusal::NoFactor`] where there is none to recover from; a fault.
pub async fn renew_recovery_codes(app: &App, caller: &Caller) -> Result<Vec<String>, Refusal> {
    caller.must_be_fresh(app.now())?;
    let (shared, me, now) = (app.clone(), caller.identity(), app.now());
    app.write(caller, move |tx| {
        must_have_proved_a_factor(tx, &me, now)?;
        let codes = recovery::renew(tx, &shared, &me.user)?;
        Ok(Outcome::told(codes, [Event::new(Fact::RecoveryCodesRenewed).about(&me.user, &me.username)]))
    })
    .await
}

/// What would weaken the second factor asks for it: a session that was begun with the password alone, before there was
/// one, may be a thief's.
fn must_have_proved_a_factor(tx: &mut Tx, me: &Identity, now: UnixTime) -> Result<(), Refusal> {
    if !held(tx, &me.user)?.any() {
        return Err(Refusal::NoFactor);
    }
    let session = sessions::find_alive(tx, &me.session, now)?;
    let proved = session.is_some_and(|session| session.amr.is_multi_factor());
    if proved { Ok(()) } else { Err(access::Refusal::NotFresh.into()) }
}

/// Somebody says that they have kept their codes.
///
/// # Errors
/// A [`Fault`].
pub async fn keep_recovery_codes(app: &App, caller: &Caller) -> Result<(), Fault> {
    let (me, now) = (caller.identity(), app.now());
    app.write(caller, move |tx| store::keep_codes(tx, &me.user, now).map(Outcome::quiet)).await
}
