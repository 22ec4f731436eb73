//! 'This wasn't me': whoever is told of a sign-in on a new device can undo it without being signed in, and the password that
//! opened it opens nothing any more.

use super::codes::{self, Held, Purpose, Shown, Slot, Wanted};
use super::{Refusal, device, factors, forgot, store};
use crate::access::Origin;
use crate::accounts::{self, User};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::outbox::{self, Kind, Letter, Posted};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::SessionId;
use crate::platform::secret::OpaqueToken;
use crate::platform::time::UnixTime;
use crate::sessions::{self, EndReason, Which};

/// Posts the mail that tells somebody of a sign-in on a device that they have not used before, with the link that undoes it.
///
/// # Errors
/// A [`Fault`].
pub fn tell_of_new_device(
    tx: &mut Tx,
    app: &App,
    user: &User,
    session: &SessionId,
    origin: &Origin,
) -> Result<Option<Posted>, Fault> {
    let slot = Slot::of_session(Purpose::NotMe, session);
    let wanted = Wanted { slot, address: &user.email, user: &user.id, session: Some(session) };
    let Some(secret) = codes::make(tx, app, &wanted, origin)? else { return Ok(None) };
    let letter = Letter::notice(Kind::NewDevice, &user.email, &user.username, origin);
    outbox::post(tx, app, &letter.with_secret(secret, Purpose::NotMe.life())).map(Some)
}

/// Whether a link still counts; it is not used up.
///
/// # Errors
/// A [`Fault`].
pub async fn is_not_me_open(app: &App, link: OpaqueToken) -> Result<bool, Fault> {
    let now = app.now();
    let held = app.db.read(move |conn| codes::peek(conn, &link, now)).await?;
    Ok(held.is_some_and(|held| held.purpose == Purpose::NotMe))
}

/// Ends that session and all others, takes the password away, and sends the mail by which a new one is set.
///
/// # Errors
/// [`Refusal::BadCode`], or a fault.
pub async fn not_me(app: &App, origin: &Origin, link: OpaqueToken) -> Result<(), Refusal> {
    let (shared, from) = (app.clone(), origin.clone());
    app.write(origin, move |tx| {
        let held = codes::look(tx, &shared, &Shown::Link(link), &[Purpose::NotMe])?.ok_or(Refusal::BadCode)?;
        undo(tx, &shared, &held, &from)
    })
    .await
}

/// What was set up or moved since that sign-in may be the stranger's: factors made since are taken away, and an address that was
/// changed comes back, unless somebody else has it by now.
fn put_back(tx: &mut Tx, held: &Held, user: User, now: UnixTime) -> Result<User, Refusal> {
    if let Some(session) = &held.session
        && let Some(since) = sessions::began_at(tx, session)?
    {
        factors::forget_since(tx, &user.id, since)?;
    }
    if user.has_address(&held.address) || accounts::by_login(tx, &held.address)?.is_some() {
        return Ok(user);
    }
    accounts::adopt_address(tx, &user.id, &held.address, now)?;
    accounts::find(tx, &user.id)?.ok_or(Refusal::BadCode)
}

fn undo(tx: &mut Tx, app: &App, held: &Held, origin: &Origin) -> Result<Outcome<()>, Refusal> {
    let now = app.now();
    accounts::lock(tx, &held.user)?;
    let user = accounts::find(tx, &held.user)?.ok_or(Refusal::BadCode)?;
    if !codes::consume(tx, held, now)? {
        return Err(Refusal::BadCode);
    }
    let user = put_back(tx, held, user, now)?;
    // Whoever came in knows the password, so they may have come in elsewhere too.
    store::clear(tx, &user.id)?;
    codes::end_all(tx, &user.id, now)?;
    device::forget_all(tx, &user.id)?;
    let ended = sessions::end(tx, &Which::AllOf(user.id.clone()), EndReason::NotMe, now)?;
    let posted = forgot::send_reset_to(tx, app, &user, origin)?;
    let mut event = Event::new(Fact::NotMe).about(&user.id, &user.username).by_themselves();
    if let Some(session) = &held.session {
        event = event.in_session(session);
    }
    Ok(Outcome::told((), [event]).ending(ended).posting(posted))
}
