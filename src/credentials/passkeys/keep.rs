//! One's own passkeys: which there are, what they are called, and away with one.

use super::{Passkey, PasskeyName, Refusal, store};
use crate::access::Caller;
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials::factors::{self, Factor};
use crate::outbox::Kind;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{PasskeyId, UserId};
use crate::platform::time::UnixTime;

/// The caller's passkeys, the oldest first.
///
/// # Errors
/// A [`Fault`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Passkey>, Fault> {
    let user = caller.user.clone();
    app.db.read(move |conn| store::of_user(conn, &user)).await
}

/// All of somebody's, the oldest first.
///
/// # Errors
/// A [`Fault`].
pub fn of_user(conn: &mut Conn, user: &UserId) -> Result<Vec<Passkey>, Fault> {
    store::of_user(conn, user)
}

/// How many somebody has.
pub fn count(conn: &mut Conn, user: &UserId) -> Result<usize, Fault> {
    store::count(conn, user)
}

/// Calls one of the caller's passkeys something else.
///
/// # Errors
/// [`Refusal::NoSuchPasskey`], or a fault.
pub async fn rename(app: &App, caller: &Caller, id: PasskeyId, name: PasskeyName) -> Result<Passkey, Refusal> {
    let (user, username) = (caller.user.clone(), caller.username.clone());
    app.write(caller, move |tx| {
        accounts::lock(tx, &user)?;
        let before = store::find(tx, &user, &id)?.ok_or(Refusal::NoSuchPasskey)?;
        let event = Event::new(Fact::PasskeyRenamed).about(&user, &username).with("passkey", id.as_str());
        let event = event.with("before", before.name.as_str()).with("name", name.as_str());
        store::rename(tx, &id, &name)?;
        Ok(Outcome::told(Passkey { name, ..before }, [event]))
    })
    .await
}

/// Takes one of the caller's passkeys away: it opens nothing any more. Sessions that it began go on.
///
/// # Errors
/// Without a fresh proof of a second factor; [`Refusal::NoSuchPasskey`]; [`Refusal::LastFactor`]; a fault.
pub async fn remove(app: &App, caller: &Caller, id: PasskeyId) -> Result<(), Refusal> {
    let now = app.now();
    caller.must_be_fresh(now)?;
    let (shared, me, from) = (app.clone(), caller.identity(), caller.origin.clone());
    app.write(caller, move |tx| {
        accounts::lock(tx, &me.user)?;
        let gone = store::find(tx, &me.user, &id)?.ok_or(Refusal::NoSuchPasskey)?;
        factors::must_have_proved::<Refusal>(tx, &me, now)?;
        store::delete(tx, &id)?;
        if !factors::let_go(tx, &shared, &me)? {
            return Err(Refusal::LastFactor);
        }
        let event = Event::new(Fact::PasskeyRemoved).about(&me.user, &me.username);
        let event = event.with("passkey", id.as_str()).with("name", gone.name.as_str());
        let told = factors::tell(tx, &shared, (Kind::FactorRemoved, Factor::Passkey), &me.user, &from)?;
        Ok(Outcome::told((), [event]).posting(told))
    })
    .await
}

/// Takes away the passkeys that were added since a moment.
///
/// # Errors
/// A [`Fault`].
pub fn forget_since(tx: &mut Tx, user: &UserId, since: UnixTime) -> Result<(), Fault> {
    store::delete_since(tx, user, since)
}
