//! An administrator lets somebody in once without their second factor: the way back for a phone that is gone.

use std::time::Duration;

use super::super::Refusal;
use super::{held, recovery};
use crate::access::{Caller, words};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;

/// Long enough to pass it on by telephone and to sign in.
const LIFE: Duration = Duration::from_secs(24 * 3600);

/// A code for one sign-in, and until when.
pub struct Bypass {
    pub code: String,
    pub expires_at: UnixTime,
}

/// Gives it, in place of one given before. It stands for the second factor alone: the password is asked for all the same.
///
/// # Errors
/// Without `users:write` or a fresh proof; for somebody who holds what the caller does not; [`Refusal::NoFactor`] where
/// nothing stands in their way; a fault.
pub async fn give_bypass(app: &App, caller: &Caller, id: UserId) -> Result<Bypass, Refusal> {
    caller.must_over(words::USERS_WRITE, &id)?;
    caller.must_be_fresh(app.now())?;
    let (shared, held_by_caller, expires_at) = (app.clone(), caller.permissions.clone(), app.now().plus(LIFE));
    app.write(caller, move |tx| {
        accounts::outranks(tx, &held_by_caller, &id)?;
        let user = accounts::find(tx, &id)?.ok_or(accounts::Refusal::NoSuchUser)?;
        if !held(tx, &user.id)?.any() {
            return Err(Refusal::NoFactor);
        }
        let code = recovery::bypass(tx, &shared, &user.id, expires_at)?;
        let event = Event::new(Fact::BypassGiven).about(&user.id, &user.username).with("until", expires_at.rfc3339());
        Ok(Outcome::told(Bypass { code, expires_at }, [event]))
    })
    .await
}
