//! A new password by mail. Whoever asks learns nothing about an address, in words or in time: what they ask for is written down,
//! the same for every address, and looked into afterwards.

use super::codes::{self, Asked, Held, Purpose, Shown, Slot, Wanted};
use super::policy::AcceptedPassword;
use super::{Refusal, device, notice_of_password, store};
use crate::access::{Caller, Origin, words};
use crate::accounts::{self, Email, Standing, User};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact, Trail};
use crate::outbox::{self, Kind, Letter, Posted};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::secret::{OpaqueToken, Password, ShortCode};
use crate::sessions::{self, EndReason, Which};
use crate::throttle::{self, Budget};

/// What is looked into at once.
const BATCH: i64 = 50;

/// What somebody shows to set a new password.
pub enum Permit {
    Link(OpaqueToken),
    /// The address that the mail went to, and the code in it.
    Code(String, ShortCode),
}

/// Somebody has forgotten their password, and says which address is theirs.
///
/// # Errors
/// [`Refusal::Stopped`], alike for every address; a fault.
pub async fn ask_reset(app: &App, origin: &Origin, address: Email) -> Result<(), Refusal> {
    let name = accounts::as_looked_up(address.as_str());
    throttle::permit(app, origin, Budget::PasswordReset { name: &name }).await?;
    let (shared, from) = (app.clone(), origin.clone());
    app.db
        .write(move |tx| {
            let slot = Slot::of_address(Purpose::ResetPassword, address.as_str());
            codes::ask(tx, &shared, &slot, address.as_str(), &from)
        })
        .await?;
    app.wake_mail();
    Ok(())
}

/// Looks into what was asked for: a mail goes to an address that somebody has who may act.
///
/// # Errors
/// A [`Fault`].
pub async fn answer_resets(app: &App) -> Result<(), Fault> {
    loop {
        let all = app.db.read(|conn| codes::asked(conn, BATCH)).await?;
        if all.is_empty() {
            return Ok(());
        }
        for asked in all {
            let shared = app.clone();
            app.write(Trail::from(&asked.origin.clone()), move |tx| answer(tx, &shared, &asked)).await?;
        }
    }
}

fn answer(tx: &mut Tx, app: &App, asked: &Asked) -> Result<Outcome<()>, Fault> {
    if !codes::settle_asked(tx, asked, app.now())? {
        return Ok(Outcome::quiet(()));
    }
    let user = accounts::by_login(tx, &asked.address)?.filter(|user| user.standing == Standing::Active);
    let Some(user) = user else { return Ok(Outcome::quiet(())) };
    let slot = Slot::of_address(Purpose::ResetPassword, &asked.address);
    let secret = codes::fill(tx, app, &Wanted { slot, address: &user.email, user: &user.id, session: None })?;
    let posted = post_reset(tx, app, &user, secret, &asked.origin)?;
    let event = Event::new(Fact::ResetAsked).about(&user.id, &user.username);
    Ok(Outcome::told((), [event]).posting([posted]))
}

fn post_reset(tx: &mut Tx, app: &App, user: &User, secret: outbox::Secret, origin: &Origin) -> Result<Posted, Fault> {
    let letter = Letter::notice(Kind::ResetPassword, &user.email, &user.username, origin);
    outbox::post(tx, app, &letter.with_secret(secret, Purpose::ResetPassword.life()))
}

/// Posts the mail by which somebody sets a new password; not where one went out less than a minute ago.
///
/// # Errors
/// A [`Fault`].
pub(super) fn send_reset_to(tx: &mut Tx, app: &App, user: &User, origin: &Origin) -> Result<Option<Posted>, Fault> {
    let slot = Slot::of_address(Purpose::ResetPassword, &user.email);
    let wanted = Wanted { slot, address: &user.email, user: &user.id, session: None };
    let Some(secret) = codes::make(tx, app, &wanted, origin)? else { return Ok(None) };
    post_reset(tx, app, user, secret, origin).map(Some)
}

/// An administrator has somebody set a new password, by a mail to them.
///
/// # Errors
/// Without `users:write`; for somebody who holds what the caller does not, or who is disabled; a fault.
pub async fn send_reset(app: &App, caller: &Caller, id: UserId) -> Result<User, Refusal> {
    caller.must_over(words::USERS_WRITE, &id)?;
    let (shared, asker) = (app.clone(), caller.clone());
    app.write(caller, move |tx| {
        accounts::outranks(tx, &asker.permissions, &id)?;
        let user = accounts::find(tx, &id)?.ok_or(accounts::Refusal::NoSuchUser)?;
        if user.standing == Standing::Disabled {
            return Err(accounts::Refusal::Disabled.into());
        }
        let posted = send_reset_to(tx, &shared, &user, &asker.origin)?;
        let event = posted.is_some().then(|| Event::new(Fact::ResetAsked).about(&user.id, &user.username));
        Ok::<_, Refusal>(Outcome::told(user, event).posting(posted))
    })
    .await
}

/// Whether a link still counts; it is not used up.
///
/// # Errors
/// A [`Fault`].
pub async fn is_reset_open(app: &App, link: OpaqueToken) -> Result<bool, Fault> {
    let now = app.now();
    let held = app.db.read(move |conn| codes::peek(conn, &link, now)).await?;
    Ok(held.is_some_and(|held| held.purpose == Purpose::ResetPassword))
}

/// Sets a new password by what a mail brought. Every session and every other link and code ends; nobody is signed in by it, so
/// a second factor is still asked for.
///
/// # Errors
/// [`Refusal::BadCode`], a weak password (then the link still counts), a full queue, a fault.
pub async fn reset_by_mail(app: &App, origin: &Origin, permit: Permit, typed: Password) -> Result<(), Refusal> {
    let shown = match permit {
        Permit::Link(token) => Shown::Link(token),
        Permit::Code(address, code) => {
            let address = Email::parse(&address).map_err(|_| Refusal::BadCode)?;
            Shown::Code(Slot::of_address(Purpose::ResetPassword, address.as_str()), code)
        }
    };
    let shared = app.clone();
    let held = app.db.write(move |tx| codes::look(tx, &shared, &shown, &[Purpose::ResetPassword])).await?;
    let held = held.ok_or(Refusal::BadCode)?;
    let id = held.user.clone();
    let user = app.db.read(move |conn| accounts::find(conn, &id)).await?.ok_or(Refusal::BadCode)?;
    let names = [user.username.as_str(), user.email.as_str()];
    let accepted = AcceptedPassword::accept(app, typed, &names).await?.map_err(Refusal::Weak)?;
    let hash = accepted.hash(app).await?;
    let (shared, from) = (app.clone(), origin.clone());
    app.write(origin, move |tx| finish(tx, &shared, &held, hash.as_str(), &from)).await
}

fn finish(tx: &mut Tx, app: &App, held: &Held, hash: &str, origin: &Origin) -> Result<Outcome<()>, Refusal> {
    let now = app.now();
    accounts::lock(tx, &held.user)?;
    let user = accounts::find(tx, &held.user)?.filter(|user| user.standing == Standing::Active);
    // A mail that went to an address from before opens nothing.
    let user = user.filter(|user| user.has_address(&held.address)).ok_or(Refusal::BadCode)?;
    if !codes::consume(tx, held, now)? {
        return Err(Refusal::BadCode);
    }
    store::set(tx, &user.id, hash, now)?;
    codes::end_all(tx, &user.id, now)?;
    device::forget_all(tx, &user.id)?;
    let ended = sessions::end(tx, &Which::AllOf(user.id.clone()), EndReason::PasswordSet, now)?;
    // Whoever read the mail has shown that the address is theirs.
    let verified = !user.email_verified && accounts::verify_address(tx, &user, &held.address, now)?;
    let about = |fact| Event::new(fact).about(&user.id, &user.username).by_themselves();
    let events =
        [about(Fact::PasswordSet).with("by", "mail")].into_iter().chain(verified.then(|| about(Fact::EmailVerified)));
    let posted = outbox::post(tx, app, &notice_of_password(&user, origin))?;
    Ok(Outcome::told((), events).ending(ended).posting([posted]))
}
