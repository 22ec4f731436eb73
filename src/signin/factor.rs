//! The second factor of a sign-in: a code that is held against what somebody has set up, or the setting up itself where
//! the installation asks for a factor and there is none.

use super::Refusal;
use super::attempt::{self, Goal, Ticket, Waiting};
use super::step::{Owed, Proven, owed};
use crate::access::{Method, Origin};
use crate::accounts::{self, ActiveUser};
use crate::app::{App, Outcome};
use crate::credentials;
use crate::credentials::factors::{self, Factor, Offer};
use crate::platform::db::{Fault, Tx};
use crate::throttle::{self, Budget, Permit};

/// What is asked for in a sign-in that waits; `None` where it is over.
///
/// # Errors
/// A [`Fault`].
pub async fn asked_for(app: &App, ticket: &Ticket) -> Result<Option<Vec<Factor>>, Fault> {
    let Some(waiting) = attempt::look(app, ticket).await? else { return Ok(None) };
    let held = app.db.read(move |conn| factors::held(conn, &waiting.user)).await?;
    Ok(Some(held.factors()))
}

/// Proves a second factor by a code: of the authenticator app, a recovery code, or one that an administrator gave.
///
/// # Errors
/// [`Refusal::AttemptOver`], [`Refusal::WrongCode`], [`Refusal::Stopped`], or a fault.
pub async fn by_code(app: &App, origin: &Origin, ticket: Ticket, code: String) -> Result<(Proven, Goal), Refusal> {
    let permit = permit(app, origin, &ticket).await?;
    let (shared, from) = (app.clone(), origin.clone());
    let done = app.write(origin, move |tx| {
        let (waiting, user) = open(tx, &shared, &ticket)?;
        let proven = factors::prove(tx, &shared, (&user.id, &user.username), &code, &from)?;
        proven.try_map::<_, Refusal>(|method| match method {
            // A value, so that the try that was counted stays counted.
            None => Ok(Err(Refusal::WrongCode)),
            Some(method) => {
                attempt::close(tx, &ticket)?;
                let amr = waiting.amr.clone().and(method);
                Ok(Ok(waiting.proven(amr)))
            }
        })
    });
    let proven = done.await??;
    throttle::succeeded(app, &permit).await?;
    Ok(proven)
}

/// Codes are few: whoever begins anew again and again is stopped as well.
async fn permit(app: &App, origin: &Origin, ticket: &Ticket) -> Result<Permit, Refusal> {
    let waiting = attempt::look(app, ticket).await?.ok_or(Refusal::AttemptOver)?;
    Ok(throttle::permit(app, origin, Budget::SecondFactor { user: &waiting.user }).await?)
}

/// What an authenticator app takes over, in a sign-in that has to set one up. Made anew each time.
///
/// # Errors
/// [`Refusal::AttemptOver`], or a fault.
pub async fn offer(app: &App, origin: &Origin, ticket: Ticket) -> Result<Offer, Refusal> {
    let shared = app.clone();
    app.write(origin, move |tx| {
        let (waiting, user) = open(tx, &shared, &ticket)?;
        may_enrol(tx, &shared, &waiting)?;
        attempt::give_back_try(tx, &ticket)?;
        Ok(Outcome::quiet(factors::offer(tx, &shared, &user.id, &user.username)?))
    })
    .await
}

/// Takes the first code of the app that was set up in a sign-in, and gives the recovery codes, once.
///
/// # Errors
/// [`Refusal::AttemptOver`], [`Refusal::WrongCode`], or a fault.
pub async fn enrol(
    app: &App,
    origin: &Origin,
    ticket: Ticket,
    code: String,
) -> Result<(Proven, Goal, Vec<String>), Refusal> {
    let (shared, from) = (app.clone(), origin.clone());
    let done = app.write(origin, move |tx| {
        let (waiting, user) = open(tx, &shared, &ticket)?;
        may_enrol(tx, &shared, &waiting)?;
        match factors::set_up(tx, &shared, (&user.id, &user.username), &code, &from) {
            Ok(set_up) => {
                attempt::close(tx, &ticket)?;
                let amr = waiting.amr.clone().and(Method::OneTimeCode);
                let (proven, goal) = waiting.proven(amr);
                Ok(set_up.map(|codes| Ok((proven, goal, codes))))
            }
            Err(credentials::Refusal::WrongCode) => Ok(Outcome::quiet(Err(Refusal::WrongCode))),
            Err(refusal) => Err(Refusal::from(refusal)),
        }
    });
    done.await?
}

/// The attempt, one try less, and its user, who is held: nobody adds or removes a factor of theirs meanwhile.
pub(super) fn open(tx: &mut Tx, app: &App, ticket: &Ticket) -> Result<(Waiting, ActiveUser), Refusal> {
    let waiting = attempt::take_try(tx, app, ticket)?;
    let user = accounts::active_for_sign_in(tx, &waiting.user)?.ok_or(Refusal::AttemptOver)?;
    // A password that was changed meanwhile opens nothing, and sets up nothing.
    if let Some(verified) = &waiting.password
        && !credentials::is_still(tx, &user.id, verified)?
    {
        return Err(Refusal::AttemptOver);
    }
    Ok((waiting, user))
}

/// Whoever has a factor proves it; setting up another in its place would be a way around it.
fn may_enrol(tx: &mut Tx, app: &App, waiting: &Waiting) -> Result<(), Refusal> {
    match owed(tx, app, &waiting.user, &waiting.amr)? {
        Owed::Enrolment => Ok(()),
        Owed::Nothing | Owed::Factor(_) => Err(Refusal::AttemptOver),
    }
}
