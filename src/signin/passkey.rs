//! Signing in with a passkey: alone, as the second factor of a sign-in that has begun, or to prove anew that it is oneself.
//! Its device has always checked that it is its owner, so it is two factors at once.

use super::attempt::{self, Goal, Onward, Ticket};
use super::confirm::renew;
use super::factor::open;
use super::step::{Proven, Step, next_step};
use super::{Refusal, look};
use crate::access::{Amr, Caller, Method, Origin};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::credentials::passkeys::{self, Asked, Assertion, AuthenticationChallenge};
use crate::throttle::{self, Budget};

fn proves() -> Amr {
    Amr::of([Method::Passkey, Method::UserVerified])
}

/// What a browser shall ask a device for, to sign in: any passkey of this site, or in a sign-in that has begun one of that
/// person's.
///
/// # Errors
/// [`Refusal::AttemptOver`]; [`Refusal::Stopped`]; where passkeys can't be had; a fault.
pub async fn passkey_options(
    app: &App,
    origin: &Origin,
    begun: Option<&Ticket>,
) -> Result<AuthenticationChallenge, Refusal> {
    let asked = match begun {
        Some(ticket) => Asked::ToConfirm(look(app, ticket).await?.ok_or(Refusal::AttemptOver)?.user),
        None => {
            throttle::permit(app, origin, Budget::PasskeyChallenge).await?;
            Asked::ToSignIn
        }
    };
    Ok(passkeys::request_options(app, asked).await?)
}

/// Proves who it is by a passkey alone.
///
/// # Errors
/// [`Refusal::Passkey`], [`Refusal::Incorrect`] where they may not act, or a fault.
pub async fn by_passkey(app: &App, origin: &Origin, signed: Assertion, onward: Onward) -> Result<Step, Refusal> {
    let proof = passkeys::prove(app, origin, Asked::ToSignIn, signed).await?;
    let proven = Proven { user: proof.user().clone(), amr: proves(), password: None, upgrade: None };
    next_step(app, proven, onward).await
}

/// Proves the second factor of a sign-in that has begun. A challenge is answered once, so there is nothing to guess; it counts as
/// a try all the same, as there is one rule for all.
///
/// # Errors
/// [`Refusal::Passkey`], [`Refusal::AttemptOver`], or a fault.
pub async fn by_passkey_too(
    app: &App,
    origin: &Origin,
    ticket: Ticket,
    signed: Assertion,
) -> Result<(Proven, Goal), Refusal> {
    let user = look(app, &ticket).await?.ok_or(Refusal::AttemptOver)?.user;
    passkeys::prove(app, origin, Asked::ToConfirm(user), signed).await?;
    let shared = app.clone();
    app.write(origin, move |tx| {
        let (waiting, _) = open(tx, &shared, &ticket)?;
        attempt::close(tx, &ticket)?;
        let amr = waiting.amr.clone().and(Method::Passkey).and(Method::UserVerified);
        Ok(Outcome::quiet(waiting.proven(amr)))
    })
    .await
}

/// What a browser shall ask a device for, to prove anew that it is the caller.
///
/// # Errors
/// Where passkeys can't be had; a fault.
pub async fn confirm_options(app: &App, caller: &Caller) -> Result<AuthenticationChallenge, Refusal> {
    Ok(passkeys::request_options(app, Asked::ToConfirm(caller.user.clone())).await?)
}

/// Makes this session's proof new, by a passkey.
///
/// # Errors
/// [`Refusal::Passkey`], [`Refusal::AttemptOver`] where the session ended meanwhile; a fault.
pub async fn confirm_by_passkey(app: &App, caller: &Caller, signed: Assertion) -> Result<(), Refusal> {
    passkeys::prove(app, &caller.origin, Asked::ToConfirm(caller.user.clone()), signed).await?;
    let (me, now) = (caller.identity(), app.now());
    let done = app.write(caller, move |tx| {
        accounts::lock(tx, &me.user)?;
        renew(tx, &me, &proves(), now)
    });
    done.await?
}
