//! Somebody who is signed in proves once more that it is them, before something dangerous (RFC 9470): with the password,
//! and with the second factor where they have one.

use super::Refusal;
use crate::access::{Amr, Caller, Identity, Method};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials::{self, Match, factors};
use crate::platform::db::{Fault, Tx};
use crate::platform::secret::Password;
use crate::platform::time::UnixTime;
use crate::sessions;
use crate::throttle::{self, Budget};

/// Makes this session's proof new.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::WrongCode`], [`Refusal::Stopped`], [`Refusal::AttemptOver`] where the session ended meanwhile; a full
/// queue; a fault.
pub async fn confirm(app: &App, caller: &Caller, password: Password, code: String) -> Result<(), Refusal> {
    let permit = throttle::permit(app, &caller.origin, Budget::CurrentPassword { user: &caller.user }).await?;
    let checked = credentials::check(app, &permit, Some(caller.user.clone()), password).await?;
    let second = match factors::own(app, caller).await?.any() {
        true => Some(throttle::permit(app, &caller.origin, Budget::SecondFactor { user: &caller.user }).await?),
        false => None,
    };
    let (shared, me, from) = (app.clone(), caller.identity(), caller.origin.clone());
    let done = app.write(caller, move |tx| {
        accounts::lock(tx, &me.user)?;
        if !is_right(tx, &me, &checked)? {
            let failed = Event::new(Fact::SignInFailed).about(&me.user, &me.username);
            return Ok(Outcome::told(Err(Refusal::WrongPassword), [failed]));
        }
        let proven = match factors::held(tx, &me.user)?.any() {
            true => factors::prove(tx, &shared, (&me.user, &me.username), &code, &from)?,
            false => Outcome::quiet(Some(Method::Password)),
        };
        proven.and_then(|method| match method {
            Some(method) => renew(tx, &me, &Amr::of([Method::Password, method]), shared.now()),
            // A value, so that what went wrong is written down.
            None => Ok(Outcome::quiet(Err(Refusal::WrongCode))),
        })
    });
    done.await??;
    for permit in [Some(permit), second].into_iter().flatten() {
        throttle::succeeded(app, &permit).await?;
    }
    Ok(())
}

fn is_right(tx: &mut Tx, me: &Identity, checked: &Match) -> Result<bool, Fault> {
    match checked {
        Match::Yes(verified) => credentials::is_still(tx, &me.user, verified),
        Match::No => Ok(false),
    }
}

pub(super) fn renew(
    tx: &mut Tx,
    me: &Identity,
    proven: &Amr,
    now: UnixTime,
) -> Result<Outcome<Result<(), Refusal>>, Refusal> {
    if !sessions::prove_again(tx, &me.session, proven, now)? {
        return Err(Refusal::AttemptOver);
    }
    let event = Event::new(Fact::Confirmed).about(&me.user, &me.username).in_session(&me.session);
    Ok(Outcome::told(Ok(()), [event]))
}
