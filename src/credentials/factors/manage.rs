//! Somebody looks after their own second factors.

use super::super::Refusal;
use super::totp::{self, Offer};
use super::{Factor, held, is_required, recovery, store, tell};
use crate::access::{self, Caller, Identity, Method, Origin};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::outbox::Kind;
use crate::platform::db::{Conn, Fault, Tx};
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
    let now = app.now();
    app.write(caller, move |tx| {
        accounts::lock(tx, &me.user)?;
        must_have_proved::<Refusal>(tx, &me, now)?;
        totp::offer(tx, &shared, &me.user, &me.username).map(Outcome::quiet)
    })
    .await
}

/// Takes the first code of the app: from now on one is asked for at every sign-in. Gives the recovery codes, once.
///
/// # Errors
/// Without a fresh proof; [`Refusal::WrongCode`]; a fault.
pub async fn confirm_totp(app: &App, caller: &Caller, code: String) -> Result<Vec<String>, Refusal> {
    caller.must_be_fresh(app.now())?;
    let (shared, me, now, from) = (app.clone(), caller.identity(), app.now(), caller.origin.clone());
    app.write(caller, move |tx| {
        accounts::lock(tx, &me.user)?;
        must_have_proved::<Refusal>(tx, &me, now)?;
        let confirmed = set_up(tx, &shared, (&me.user, &me.username), &code, &from)?;
        // This session has proved the new factor as well: it may put it away again.
        sessions::prove_more(tx, &me.session, &[Method::OneTimeCode], now)?;
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
    let told = tell(tx, app, (Kind::FactorAdded, Factor::Totp), user, origin)?;
    let event = Event::new(Fact::FactorAdded).about(user, username).by_themselves().with("factor", Factor::Totp.word());
    Ok(Outcome::told(codes, [event]).posting(told))
}

/// Puts the authenticator app away.
///
/// # Errors
/// Without a fresh proof of both factors; [`Refusal::FactorRequired`] where the setting asks for one;
/// [`Refusal::NoFactor`]; a fault.
pub async fn remove_totp(app: &App, caller: &Caller) -> Result<(), Refusal> {
    caller.must_be_fresh(app.now())?;
    let (shared, me, now, from) = (app.clone(), caller.identity(), app.now(), caller.origin.clone());
    app.write(caller, move |tx| {
        accounts::lock(tx, &me.user)?;
        must_have_proved_a_factor(tx, &me, now)?;
        store::delete_totp(tx, &me.user)?;
        if !let_go(tx, &shared, &me)? {
            return Err(Refusal::FactorRequired);
        }
        let told = tell(tx, &shared, (Kind::FactorRemoved, Factor::Totp), &me.user, &from)?;
        let event = Event::new(Fact::FactorRemoved).about(&me.user, &me.username).with("factor", Factor::Totp.word());
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
        accounts::lock(tx, &me.user)?;
        must_have_proved_a_factor(tx, &me, now)?;
        let codes = recovery::renew(tx, &shared, &me.user)?;
        Ok(Outcome::told(codes, [Event::new(Fact::RecoveryCodesRenewed).about(&me.user, &me.username)]))
    })
    .await
}

/// After a factor went: whether that may be. It may not where one is asked for and none is left, unless it is lost and an
/// administrator has let them in; the next sign-in then sets another one up. With the last one the codes go that were kept
/// for that day.
pub fn let_go(tx: &mut Tx, app: &App, me: &Identity) -> Result<bool, Fault> {
    if held(tx, &me.user)?.any() {
        return Ok(true);
    }
    store::forget_codes(tx, &me.user, recovery::Kind::Recovery)?;
    let session = sessions::find_alive(tx, &me.session, app.now())?;
    Ok(!is_required(app, &me.roles) || session.is_some_and(|session| session.amr.is_bypass()))
}

/// What would weaken the second factor asks for it: a session that was begun with the password alone, before there was
/// one, may be a thief's.
fn must_have_proved_a_factor(tx: &mut Tx, me: &Identity, now: UnixTime) -> Result<(), Refusal> {
    if !held(tx, &me.user)?.any() {
        return Err(Refusal::NoFactor);
    }
    must_have_proved(tx, me, now)
}

/// Where there is a second factor, this session must have proved it, also to add another one, which would open the account as
/// well. Whom an administrator has let in may put away what they have lost.
///
/// # Errors
/// [`access::Refusal::NotFresh`], or a fault.
pub fn must_have_proved<E>(conn: &mut Conn, me: &Identity, now: UnixTime) -> Result<(), E>
where
    E: From<access::Refusal> + From<Fault>,
{
    if !held(conn, &me.user)?.any() {
        return Ok(());
    }
    let session = sessions::find_alive(conn, &me.session, now)?;
    if session.is_some_and(|session| session.amr.suffices()) { Ok(()) } else { Err(access::Refusal::NotFresh.into()) }
}

/// Somebody says that they have kept their codes.
///
/// # Errors
/// A [`Fault`].
pub async fn keep_recovery_codes(app: &App, caller: &Caller) -> Result<(), Fault> {
    let (me, now) = (caller.identity(), app.now());
    app.write(caller, move |tx| store::keep_codes(tx, &me.user, now).map(Outcome::quiet)).await
}
