//! Passwords: checked against the stored hash, off the request's thread, at the same cost whether or not there is one.

use std::collections::HashMap;

use super::policy::{AcceptedPassword, Hashed};
use super::{ForeignHash, Refusal, codes, store};
use crate::access::{Caller, Origin, words};
use crate::accounts::{self, User};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::outbox::{self, Kind, Letter};
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::hasher::{Hasher, cost_of};
use crate::platform::ids::UserId;
use crate::platform::secret::{Password, same, sha256};
use crate::platform::time::UnixTime;
use crate::sessions::{self, EndReason, Which};
use crate::throttle::{self, Budget, Permit};

/// The outcome of a check.
pub enum Match {
    No,
    Yes(Verified),
}

/// Which hash a password was found to fit: a session begins only while it is still the one that counts.
#[derive(Clone)]
pub struct Verified {
    digest: Vec<u8>,
    made: Made,
}

/// How a hash was made.
#[derive(Clone, Copy)]
enum Made {
    /// As ours are, at this cost.
    Bcrypt(u32),
    Elsewhere,
    /// Only its digest is known any more.
    Before,
}

impl Verified {
    /// Of the hash that is stored from now on for a password that was just found right.
    pub fn of(hash: &Hashed) -> Self {
        Self::fitting(hash.as_str())
    }

    fn fitting(hash: &str) -> Self {
        let made = cost_of(hash).map_or(Made::Elsewhere, Made::Bcrypt);
        Self { digest: sha256(hash.as_bytes()).to_vec(), made }
    }

    /// What a sign-in that goes on later remembers of it.
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    pub fn from_digest(digest: Vec<u8>) -> Self {
        Self { digest, made: Made::Before }
    }

    /// Whether it was made elsewhere, or at a lower cost than hashes are made now.
    pub fn is_outdated(&self, app: &App) -> bool {
        match self.made {
            Made::Bcrypt(cost) => cost < app.hasher.cost(),
            Made::Elsewhere => true,
            Made::Before => false,
        }
    }
}

/// Checks a password of `user`, or of nobody, which takes as long. The try was counted when the permit was taken; whoever
/// turns it into a success says so to [`throttle::succeeded`].
///
/// # Errors
/// A full queue, which does not count as a try; a fault.
pub async fn check(app: &App, permit: &Permit, user: Option<UserId>, typed: Password) -> Result<Match, Refusal> {
    let hash = match user {
        Some(user) => app.db.read(move |conn| store::hash_of(conn, &user)).await?,
        None => None,
    };
    let checked = match hash.as_deref().and_then(ForeignHash::stored) {
        Some(foreign) => app.hasher.verify_with(move || foreign.fits(&typed)).await,
        None => app.hasher.verify(typed, hash.clone()).await,
    };
    let Ok(fits) = checked else {
        throttle::give_back(app, permit).await?;
        return Err(Refusal::Busy);
    };
    Ok(match hash {
        Some(hash) if fits => Match::Yes(Verified::fitting(&hash)),
        _ => Match::No,
    })
}

/// Makes the hash of a password that was just found right anew, at today's cost. A sign-in does not fail because this has
/// to wait.
pub async fn upgrade(app: &App, proven: Password) -> Option<Hashed> {
    // One that was cut where its hash was made keeps that hash: the next password will be whole.
    if !Hasher::takes_whole(&proven) {
        return None;
    }
    Hashed::again(app, proven).await.ok()
}

/// Whether the hash that was verified is still the user's: a password that was changed meanwhile opens nothing any more.
///
/// # Errors
/// A [`Fault`].
pub fn is_still(tx: &mut Tx, user: &UserId, verified: &Verified) -> Result<bool, Fault> {
    Ok(store::hash_of(tx, user)?.is_some_and(|hash| same(&sha256(hash.as_bytes()), &verified.digest)))
}

/// Stores the hash of a user's password, in place of any before.
///
/// # Errors
/// A [`Fault`].
pub fn set(tx: &mut Tx, user: &UserId, hash: &Hashed, now: UnixTime) -> Result<(), Fault> {
    store::set(tx, user, hash.as_str(), now)
}

/// Stores the hashes of people who have just moved in, and have none yet.
///
/// # Errors
/// A [`Fault`].
pub fn move_in(tx: &mut Tx, hashes: &[(&UserId, &Hashed)], now: UnixTime) -> Result<(), Fault> {
    let rows: Vec<(&UserId, &str)> = hashes.iter().map(|(user, hash)| (*user, hash.as_str())).collect();
    store::insert(tx, &rows, now)
}

/// The hashes of these, for whoever moves out.
///
/// # Errors
/// A [`Fault`].
pub fn hashes_of(conn: &mut Conn, users: &[UserId]) -> Result<HashMap<UserId, String>, Fault> {
    Ok(store::hashes_of(conn, users)?.into_iter().collect())
}

/// Gives somebody a password that they did not choose. Every session of theirs ends: who knew the old one is out.
///
/// # Errors
/// Without `users:write`; for somebody who holds what the caller does not; a weak password; a full queue; a fault.
pub async fn reset(app: &App, caller: &Caller, id: UserId, typed: Password) -> Result<(), Refusal> {
    caller.must_over(words::USERS_WRITE, &id).map_err(accounts::Refusal::from)?;
    let user = accounts::look_up(app, caller, id).await?;
    let accepted = AcceptedPassword::accept(app, typed, &names(&user)).await?.map_err(Refusal::Weak)?;
    let hash = accepted.hash(app).await?;
    let (shared, asker, now) = (app.clone(), caller.clone(), app.now());
    app.write(caller, move |tx| {
        accounts::outranks(tx, &asker.permissions, &user.id)?;
        set(tx, &user.id, &hash, now)?;
        codes::end_all(tx, &user.id, now)?;
        let ended = sessions::end(tx, &Which::AllOf(user.id.clone()), EndReason::PasswordSet, now)?;
        let event = Event::new(Fact::PasswordSet).about(&user.id, &user.username);
        let posted = outbox::post(tx, &shared, &notice_of_password(&user, &asker.origin))?;
        Ok(Outcome::told((), [event]).ending(ended).posting([posted]))
    })
    .await
}

/// What tells somebody that their password was changed.
pub(super) fn notice_of_password(user: &User, origin: &Origin) -> Letter {
    Letter::notice(Kind::PasswordChanged, &user.email, &user.username, origin)
}

/// Somebody changes their own password. Every other session of theirs ends, so that whoever knew the old one is out.
///
/// # Errors
/// Without a fresh proof; [`Refusal::Wrong`]; a weak new one; a full queue; a fault.
pub async fn change_own(app: &App, caller: &Caller, current: Password, new: Password) -> Result<(), Refusal> {
    caller.must_be_fresh(app.now())?;
    let permit = throttle::permit(app, &caller.origin, Budget::CurrentPassword { user: &caller.user }).await?;
    let Match::Yes(verified) = check(app, &permit, Some(caller.user.clone()), current).await? else {
        let event = Event::new(Fact::SignInFailed).about(&caller.user, &caller.username);
        app.write(caller, |_| Ok::<_, Fault>(Outcome::told((), [event]))).await?;
        return Err(Refusal::Wrong);
    };
    throttle::succeeded(app, &permit).await?;
    let user = accounts::own(app, caller).await?.ok_or(accounts::Refusal::NoSuchUser)?;
    let accepted = AcceptedPassword::accept(app, new, &names(&user)).await?.map_err(Refusal::Weak)?;
    let hash = accepted.hash(app).await?;
    let (kept, now) = (caller.session.clone(), app.now());
    let (shared, origin) = (app.clone(), caller.origin.clone());
    app.write(caller, move |tx| {
        accounts::lock(tx, &user.id)?;
        // Somebody may have reset it, and ended this session, while the new one was hashed.
        if !is_still(tx, &user.id, &verified)? || sessions::find_alive(tx, &kept, now)?.is_none() {
            return Err(Refusal::Wrong);
        }
        set(tx, &user.id, &hash, now)?;
        codes::end_but_not_me(tx, &user.id, now)?;
        let others = Which::OthersOf(user.id.clone(), kept);
        let ended = sessions::end(tx, &others, EndReason::PasswordSet, now)?;
        let event = Event::new(Fact::PasswordSet).about(&user.id, &user.username);
        let posted = outbox::post(tx, &shared, &notice_of_password(&user, &origin))?;
        Ok(Outcome::told((), [event]).ending(ended).posting([posted]))
    })
    .await
}

/// What a password of theirs may not contain.
fn names(user: &User) -> [&str; 3] {
    [&user.username, &user.email, user.name.as_deref().unwrap_or_default()]
}
