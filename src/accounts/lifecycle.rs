//! How an account begins, is stopped and goes on.

use std::collections::BTreeMap;

use super::roles::{self, outranks};
use super::user::{Standing, User};
use super::version::Expected;
use super::{Email, Refusal, Username, store};
use crate::access::{Caller, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::page::Page;
use crate::platform::time::UnixTime;
use crate::sessions::{self, Asked, EndReason, Endings, Session, Which};

/// What a new account needs; the types say that it was checked.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub username: Username,
    pub email: Email,
    pub name: Option<String>,
    pub roles: Vec<String>,
}

/// Makes an account. The unique indexes decide who was first.
///
/// # Errors
/// [`Refusal::UsernameTaken`], [`Refusal::EmailTaken`], [`Refusal::UnknownRole`], or a fault.
pub fn create(tx: &mut Tx, new: &NewUser, now: UnixTime) -> Result<User, Refusal> {
    let user = User {
        id: UserId::fresh(now),
        username: new.username.as_str().to_owned(),
        email: new.email.as_str().to_owned(),
        email_verified: false,
        name: new.name.clone(),
        roles: new.roles.clone(),
        role_ends: BTreeMap::new(),
        standing: Standing::Active,
        created_at: now,
    };
    store::insert(tx, &user, now)?;
    roles::assign(tx, &user.id, &user.grants())?;
    Ok(user)
}

/// Stops somebody: every session and token of theirs ends at once.
///
/// # Errors
/// Without `users:write`; for somebody who holds what the caller does not; for the last administrator; a fault.
pub async fn disable(app: &App, caller: &Caller, id: UserId) -> Result<User, Refusal> {
    change_standing(app, caller, id, Standing::Disabled).await
}

/// Lets somebody act again. They sign in anew.
///
/// # Errors
/// As [`disable`].
pub async fn enable(app: &App, caller: &Caller, id: UserId) -> Result<User, Refusal> {
    change_standing(app, caller, id, Standing::Active).await
}

async fn change_standing(app: &App, caller: &Caller, id: UserId, to: Standing) -> Result<User, Refusal> {
    caller.must_over(words::USERS_WRITE, &id)?;
    let (shared, held) = (app.clone(), caller.permissions.clone());
    app.write(caller, move |tx| {
        outranks(tx, &held, &id)?;
        set_standing(tx, &shared, &id, to)
    })
    .await
}

/// The change itself, for whoever was found to be allowed: an admin above, or the operator at the console.
///
/// # Errors
/// [`Refusal::NoSuchUser`], [`Refusal::LastAdmin`], or a fault.
pub fn set_standing(tx: &mut Tx, app: &App, id: &UserId, to: Standing) -> Result<Outcome<User>, Refusal> {
    let now = app.now();
    let before = store::find(tx, id)?.ok_or(Refusal::NoSuchUser)?;
    if before.standing == to {
        return Ok(Outcome::quiet(before));
    }
    store::set_standing(tx, id, to, now)?;
    let (fact, ended) = match to {
        Standing::Disabled => {
            roles::keep_an_admin(tx, &before)?;
            (Fact::UserDisabled, Some(end_everything(tx, id, now)?))
        }
        Standing::Active => (Fact::UserEnabled, None),
    };
    let user = User { standing: to, ..before };
    let event = Event::new(fact).about(&user.id, &user.username);
    Ok(Outcome::told(user, [event]).ending(ended.into_iter().flatten()))
}

fn end_everything(tx: &mut Tx, id: &UserId, now: UnixTime) -> Result<Endings, Fault> {
    sessions::end(tx, &Which::AllOf(id.clone()), EndReason::UserDisabled, now)
}

/// Somebody deletes their own account, and with it everything that is theirs but what the log says of them.
///
/// # Errors
/// Without a fresh proof; [`Refusal::LastAdmin`]; a fault.
pub async fn delete_own(app: &App, caller: &Caller) -> Result<(), Refusal> {
    caller.must_be_fresh(app.now())?;
    let (id, now) = (caller.user.clone(), app.now());
    app.write(caller, move |tx| Ok(remove(tx, &id, now)?.map(|_| ()))).await
}

/// Deletes somebody's account for good.
///
/// # Errors
/// Without `users:write` or a fresh proof; for somebody who holds what the caller does not; [`Refusal::LastAdmin`];
/// [`Refusal::Changed`]; a fault.
pub async fn delete(app: &App, caller: &Caller, id: UserId, expected: Expected) -> Result<User, Refusal> {
    caller.must_over(words::USERS_WRITE, &id)?;
    caller.must_be_fresh(app.now())?;
    let (held, now) = (caller.permissions.clone(), app.now());
    app.write(caller, move |tx| {
        outranks(tx, &held, &id)?;
        let before = store::find(tx, &id)?.ok_or(Refusal::NoSuchUser)?;
        expected.to_be(&before.version())?;
        remove(tx, &id, now)
    })
    .await
}

/// In the order of everybody else: the account, the administrators, then sessions.
fn remove(tx: &mut Tx, id: &UserId, now: UnixTime) -> Result<Outcome<User>, Refusal> {
    store::lock_user(tx, id)?;
    roles::lock_admins(tx)?;
    let user = store::find(tx, id)?.ok_or(Refusal::NoSuchUser)?;
    let ended = sessions::end(tx, &Which::AllOf(id.clone()), EndReason::UserDeleted, now)?;
    store::delete(tx, id)?;
    roles::keep_an_admin(tx, &user)?;
    let event = Event::new(Fact::UserDeleted).about(id, &user.username);
    Ok(Outcome::told(user, [event]).ending(ended))
}

/// Signs somebody out everywhere; they may sign in again.
///
/// # Errors
/// Without `sessions:write`; for somebody who holds what the caller does not; a fault.
pub async fn end_sessions(app: &App, caller: &Caller, id: UserId) -> Result<User, Refusal> {
    caller.must_over(words::SESSIONS_WRITE, &id)?;
    let (held, now) = (caller.permissions.clone(), app.now());
    app.write(caller, move |tx| {
        let user = store::find(tx, &id)?.ok_or(Refusal::NoSuchUser)?;
        outranks(tx, &held, &id)?;
        let ended = sessions::end(tx, &Which::AllOf(id), EndReason::EndedByAdmin, now)?;
        let event = Event::new(Fact::SessionsEnded).about(&user.id, &user.username);
        Ok(Outcome::told(user, [event]).ending(ended))
    })
    .await
}

/// An account as administrators see it.
///
/// # Errors
/// Without `users:read`; [`Refusal::NoSuchUser`]; a fault.
pub async fn look_up(app: &App, caller: &Caller, id: UserId) -> Result<User, Refusal> {
    caller.must(words::USERS_READ)?;
    app.db.read(move |conn| store::find(conn, &id)).await?.ok_or(Refusal::NoSuchUser)
}

/// The account behind a sign-in name, as administrators see it.
///
/// # Errors
/// As [`look_up`].
pub async fn look_up_named(app: &App, caller: &Caller, name: String) -> Result<User, Refusal> {
    caller.must(words::USERS_READ)?;
    app.db.read(move |conn| store::by_login(conn, &name)).await?.ok_or(Refusal::NoSuchUser)
}

/// Where somebody is signed in, for an administrator.
///
/// # Errors
/// Without `users:read`; a fault.
pub async fn sessions_of(app: &App, caller: &Caller, user: &User, asked: Asked) -> Result<Page<Session>, Refusal> {
    caller.must(words::USERS_READ)?;
    let (id, now) = (user.id.clone(), app.now());
    Ok(app.db.read(move |conn| sessions::living(conn, &id, &asked, now)).await?)
}
