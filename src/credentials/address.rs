//! Whether a mail address is somebody's own: asked when they sign up, and before a new one takes the place of the old.

use super::Refusal;
use super::codes::{self, Held, Purpose, Shown, Slot, Wanted};
use crate::access::{Caller, Origin, words};
use crate::accounts::{self, AdminEdit, Edited, Email, Expected, OwnEdit, Standing, User};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::outbox::{self, Kind, Letter, Posted};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::secret::{OpaqueToken, ShortCode};
use crate::throttle::{self, Budget};

const PURPOSES: [Purpose; 2] = [Purpose::VerifyAddress, Purpose::ChangeAddress];

/// One's own account, and the address that waits to be verified.
#[derive(Clone, Debug)]
pub struct Own {
    pub user: User,
    pub email_pending: Option<String>,
}

/// What a link about an address would do.
pub struct Asks {
    pub address: String,
    /// Whether it takes the place of another.
    pub is_change: bool,
}

/// What somebody shows to prove that an address is theirs.
pub enum Proof {
    Link(OpaqueToken),
    /// Typed by somebody who is signed in.
    Code(Caller, ShortCode),
}

/// Posts the mail that asks whether a user's address is theirs; `None` where one went out less than a minute ago.
///
/// # Errors
/// A [`Fault`].
pub fn ask_to_verify(tx: &mut Tx, app: &App, user: &User, origin: &Origin) -> Result<Option<Posted>, Fault> {
    let slot = Slot::of_user(Purpose::VerifyAddress, &user.id);
    let wanted = Wanted { slot, address: &user.email, user: &user.id, session: None };
    let Some(secret) = codes::make(tx, app, &wanted, origin)? else { return Ok(None) };
    let letter = Letter::notice(Kind::VerifyAddress, &user.email, &user.username, origin);
    outbox::post(tx, app, &letter.with_secret(secret, Purpose::VerifyAddress.life())).map(Some)
}

/// The same once more, because somebody asks for it.
///
/// # Errors
/// A fault.
pub async fn resend_verification(app: &App, caller: &Caller) -> Result<(), Refusal> {
    may_be_mailed(app, &caller.origin, caller.user.as_str()).await?;
    let (shared, from, id) = (app.clone(), caller.origin.clone(), caller.user.clone());
    app.write(caller, move |tx| {
        let user = accounts::find(tx, &id)?.ok_or(accounts::Refusal::NoSuchUser)?;
        if user.email_verified {
            return Ok(Outcome::quiet(()));
        }
        Ok::<_, Refusal>(Outcome::quiet(()).posting(ask_to_verify(tx, &shared, &user, &from)?))
    })
    .await
}

/// Nobody's letter box is filled by whoever asks for it: `to` is an address, or whose it is.
async fn may_be_mailed(app: &App, origin: &Origin, to: &str) -> Result<(), Refusal> {
    throttle::permit(app, origin, Budget::Mail { to }).await?;
    Ok(())
}

/// One's own account; `None` where it is gone.
///
/// # Errors
/// A [`Fault`].
pub async fn own(app: &App, caller: &Caller) -> Result<Option<Own>, Fault> {
    let (id, now) = (caller.user.clone(), app.now());
    app.db
        .read(move |conn| {
            let Some(user) = accounts::find(conn, &id)? else { return Ok(None) };
            let email_pending = codes::address_in(conn, &change_of(&id), now)?;
            Ok(Some(Own { user, email_pending }))
        })
        .await
}

/// Changes what one is called. Another address counts only once it is verified: a mail goes there, and one to the address
/// that is. The address that is, sent again, drops the change.
///
/// # Errors
/// Values that can't be taken; for another address, without a fresh proof; a fault.
pub async fn edit_own(app: &App, caller: &Caller, own: OwnEdit) -> Result<Own, Refusal> {
    if let Some(email) = own.email.as_deref().and_then(|email| Email::parse(email).ok())
        && accounts::own(app, caller).await?.is_some_and(|user| !user.has_address(email.as_str()))
    {
        caller.must_be_fresh(app.now())?;
        may_be_mailed(app, &caller.origin, email.as_str()).await?;
    }
    let (shared, asker) = (app.clone(), caller.clone());
    app.write(caller, move |tx| {
        let (named, wish) = accounts::edit_own(tx, &shared, &asker.user, &own)?;
        let outcome = match (&wish, own.email.is_some()) {
            (Some(email), _) => ask_to_change(tx, &shared, &asker, named.value(), email)?,
            (None, true) => forget_change(tx, &shared, named.value())?,
            (None, false) => Outcome::quiet(()),
        };
        let email_pending = codes::address_in(tx, &change_of(&asker.user), shared.now())?;
        Ok::<_, Refusal>(named.and(outcome).map(|user| Own { user, email_pending }))
    })
    .await
}

/// An administrator changes somebody's names. Another address counts at once; a mail there asks whether it is theirs, and a
/// change of address that waits is dropped.
///
/// # Errors
/// Without `users:write`; as [`accounts::edit`].
pub async fn edit(
    app: &App,
    caller: &Caller,
    id: UserId,
    edit: AdminEdit,
    expected: Expected,
) -> Result<User, Refusal> {
    caller.must_over(words::USERS_WRITE, &id)?;
    let (shared, asker) = (app.clone(), caller.clone());
    app.write(caller, move |tx| {
        let Edited { before, outcome } = accounts::edit(tx, &shared, &asker, &id, (&edit, expected))?;
        if before.has_address(&outcome.value().email) {
            return Ok::<_, Refusal>(outcome);
        }
        let dropped = forget_change(tx, &shared, outcome.value())?;
        let asked = ask_to_verify(tx, &shared, outcome.value(), &asker.origin)?;
        Ok(outcome.and(dropped.posting(asked)))
    })
    .await
}

fn ask_to_change(tx: &mut Tx, app: &App, caller: &Caller, user: &User, email: &Email) -> Result<Outcome<()>, Refusal> {
    caller.must_be_fresh(app.now())?;
    // Whether somebody else has it is told to whoever reads its mail, and to nobody before.
    let slot = change_of(&user.id);
    let wanted = Wanted { slot, address: email.as_str(), user: &user.id, session: None };
    let Some(secret) = codes::make(tx, app, &wanted, &caller.origin)? else {
        return Ok(Outcome::quiet(()));
    };
    let origin = &caller.origin;
    let there = Letter::notice(Kind::ChangeAddress, email.as_str(), &user.username, origin);
    let here = Letter::notice(Kind::AddressChangeAsked, &user.email, &user.username, origin);
    let posted = outbox::post(tx, app, &there.with_secret(secret, Purpose::ChangeAddress.life()))?;
    let told = outbox::post(tx, app, &here.about_other(email.as_str()))?;
    let event = Event::new(Fact::EmailChangeAsked).about(&user.id, &user.username);
    Ok(Outcome::told((), [event]).posting([posted, told]))
}

/// Drops a change of address that waits.
///
/// # Errors
/// A fault.
pub async fn drop_change(app: &App, caller: &Caller) -> Result<(), Refusal> {
    let (shared, id) = (app.clone(), caller.user.clone());
    app.write(caller, move |tx| {
        let user = accounts::find(tx, &id)?.ok_or(accounts::Refusal::NoSuchUser)?;
        Ok::<_, Refusal>(forget_change(tx, &shared, &user)?)
    })
    .await
}

fn forget_change(tx: &mut Tx, app: &App, user: &User) -> Result<Outcome<()>, Fault> {
    let dropped = codes::end(tx, &change_of(&user.id), app.now())?;
    let event = Event::new(Fact::EmailChangeDropped).about(&user.id, &user.username);
    Ok(Outcome::told((), dropped.then_some(event)))
}

/// What a link would do; it is not used up. `None` where it no longer counts.
///
/// # Errors
/// A [`Fault`].
pub async fn asks(app: &App, link: OpaqueToken) -> Result<Option<Asks>, Fault> {
    let now = app.now();
    let held = app.db.read(move |conn| codes::peek(conn, &link, now)).await?;
    let about = held.filter(|held| PURPOSES.contains(&held.purpose));
    Ok(about.map(|held| Asks { address: held.address, is_change: held.purpose == Purpose::ChangeAddress }))
}

/// Takes the proof that an address is somebody's: from now on it is verified, or takes the place of the one before.
///
/// # Errors
/// [`Refusal::BadCode`]; where somebody else has the address by now; a fault.
pub async fn confirm(app: &App, origin: &Origin, proof: Proof) -> Result<String, Refusal> {
    let shown = match proof {
        Proof::Link(token) => Shown::Link(token),
        Proof::Code(caller, code) => Shown::Code(slot_of(app, &caller).await?, code),
    };
    let shared = app.clone();
    let held = app.db.write(move |tx| codes::look(tx, &shared, &shown, &PURPOSES)).await?;
    let held = held.ok_or(Refusal::BadCode)?;
    let (shared, from) = (app.clone(), origin.clone());
    app.write(origin, move |tx| take_over(tx, &shared, &held, &from)).await
}

/// A code that was typed is for the change that waits, or else for the address that is.
async fn slot_of(app: &App, caller: &Caller) -> Result<Slot, Fault> {
    let (change, now) = (change_of(&caller.user), app.now());
    let waiting = change.clone();
    match app.db.read(move |conn| codes::address_in(conn, &waiting, now)).await? {
        Some(_) => Ok(change),
        None => Ok(Slot::of_user(Purpose::VerifyAddress, &caller.user)),
    }
}

fn take_over(tx: &mut Tx, app: &App, held: &Held, origin: &Origin) -> Result<Outcome<String>, Refusal> {
    let now = app.now();
    accounts::lock(tx, &held.user)?;
    let user = accounts::find(tx, &held.user)?.filter(|user| user.standing == Standing::Active);
    let user = user.ok_or(Refusal::BadCode)?;
    if !codes::consume(tx, held, now)? {
        return Err(Refusal::BadCode);
    }
    let address = held.address.clone();
    if held.purpose == Purpose::VerifyAddress {
        // The address may have been changed since.
        if !accounts::verify_address(tx, &user, &address, now)? {
            return Err(Refusal::BadCode);
        }
        return Ok(Outcome::told(address, [Event::new(Fact::EmailVerified).about(&user.id, &user.username)]));
    }
    accounts::adopt_address(tx, &user.id, &address, now)?;
    // Whoever can read the mail of the old address shall not reset the password by a mail that went there before.
    codes::end_but_not_me(tx, &user.id, now)?;
    let posted = outbox::post(tx, app, &accounts::moved(&user, &address, origin))?;
    let event = Event::new(Fact::EmailChanged).about(&user.id, &user.username);
    Ok(Outcome::told(address, [event]).posting([posted]))
}

fn change_of(user: &UserId) -> Slot {
    Slot::of_user(Purpose::ChangeAddress, user)
}
