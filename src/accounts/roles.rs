//! Roles: named sets of permissions. `admin` has every permission there is, whatever its rows say, and can't be emptied.

use super::user::{Standing, User};
use super::{Refusal, store};
use crate::access::{Caller, PermissionSet, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::UserId;
use crate::sessions;

pub const ADMIN: &str = "admin";
pub const USER: &str = "user";

/// Every role's name, in order.
///
/// # Errors
/// Without `users:read`; a fault.
pub async fn every_role(app: &App, caller: &Caller) -> Result<Vec<String>, Refusal> {
    caller.must(words::USERS_READ)?;
    Ok(app.db.read(store::every_role).await?)
}

/// Every role, and whether the caller may give it: nobody gives what they do not hold.
///
/// # Errors
/// A [`Fault`].
pub async fn grantable_roles(app: &App, caller: &Caller) -> Result<Vec<(String, bool)>, Fault> {
    let (held, may) = (caller.permissions.clone(), caller.may(words::ROLES_WRITE));
    app.db
        .read(move |conn| {
            let names = store::every_role(conn)?;
            let each = names.into_iter().map(|name| {
                let needed = store::permissions_of_roles(conn, std::slice::from_ref(&name))?;
                Ok((name, may && held.covers(&needed)))
            });
            each.collect()
        })
        .await
}

/// All that can be held: what the role `admin` has.
///
/// # Errors
/// A [`Fault`].
pub fn permissions_of_admin(conn: &mut Conn) -> Result<PermissionSet, Fault> {
    store::permissions_of_roles(conn, &[ADMIN.to_owned()])
}

/// Whether somebody can administer: an active user with the role `admin`.
///
/// # Errors
/// A [`Fault`].
pub fn exists_admin(conn: &mut Conn) -> Result<bool, Fault> {
    store::exists_admin(conn)
}

/// The same, asked inside a change that depends on the answer: nobody else becomes or ceases to be one before it commits.
///
/// # Errors
/// A [`Fault`].
pub fn exists_admin_alone(tx: &mut Tx) -> Result<bool, Fault> {
    store::lock_admins(tx)?;
    store::exists_admin(tx)
}

/// Gives somebody exactly these roles. Tokens already out are stale at once; a refresh brings true ones.
///
/// # Errors
/// Without `roles:write`; where the caller lacks a permission that is granted or that the other one holds; an unknown
/// role; the last administrator; a fault.
pub async fn set_roles(app: &App, caller: &Caller, id: UserId, roles: Vec<String>) -> Result<User, Refusal> {
    caller.must_over(words::ROLES_WRITE, &id)?;
    caller.must_be_fresh(app.now())?;
    let (shared, held) = (app.clone(), caller.permissions.clone());
    app.write(caller, move |tx| {
        outranks(tx, &held, &id)?;
        may_grant(tx, &held, &roles)?;
        grant(tx, &shared, &id, &roles)
    })
    .await
}

/// The change itself, for whoever was found to be allowed.
///
/// # Errors
/// As [`set_roles`], but for the caller's permissions.
pub fn grant(tx: &mut Tx, app: &App, id: &UserId, roles: &[String]) -> Result<Outcome<User>, Refusal> {
    let before = store::find(tx, id)?.ok_or(Refusal::NoSuchUser)?;
    store::clear_roles(tx, id)?;
    assign(tx, id, roles)?;
    keep_an_admin(tx, &before)?;
    let after = store::find(tx, id)?.ok_or(Refusal::NoSuchUser)?;
    if after.roles == before.roles {
        return Ok(Outcome::quiet(after));
    }
    let event = Event::new(Fact::RolesChanged)
        .about(id, &after.username)
        .with("from", before.roles)
        .with("to", after.roles.clone());
    let stale = sessions::make_stale(tx, id, app.now())?;
    Ok(Outcome::told(after, [event]).ending(stale))
}

/// Gives a new account its roles.
pub(super) fn assign(tx: &mut Tx, id: &UserId, roles: &[String]) -> Result<(), Refusal> {
    for role in roles {
        if role.contains('\0') || !store::assign_role(tx, id, role)? {
            return Err(Refusal::UnknownRole(role.clone()));
        }
    }
    Ok(())
}

/// Nobody changes somebody who holds what they do not. Whoever is to be changed is locked, so that no sign-in of theirs
/// slips in between.
///
/// # Errors
/// [`Refusal::AboveYou`], or a fault.
pub fn outranks(tx: &mut Tx, held: &PermissionSet, other: &UserId) -> Result<(), Refusal> {
    store::lock_user(tx, other)?;
    let theirs = store::permissions_of(tx, other)?;
    if held.covers(&theirs) { Ok(()) } else { Err(Refusal::AboveYou) }
}

/// Nobody grants what they do not hold.
///
/// # Errors
/// [`Refusal::AboveYou`], or a fault.
pub fn may_grant(conn: &mut Conn, held: &PermissionSet, roles: &[String]) -> Result<(), Refusal> {
    let granted = store::permissions_of_roles(conn, roles)?;
    if held.covers(&granted) { Ok(()) } else { Err(Refusal::AboveYou) }
}

/// Roles that are to be given later.
///
/// # Errors
/// [`Refusal::UnknownRole`], or a fault.
pub fn must_exist(conn: &mut Conn, roles: &[String]) -> Result<(), Refusal> {
    let known = store::every_role(conn)?;
    let unknown = roles.iter().find(|role| !known.contains(role));
    unknown.map_or(Ok(()), |role| Err(Refusal::UnknownRole(role.clone())))
}

/// Called after a change of somebody and before its commit: if they were an administrator, there must be another. The role's row is locked
/// first, so that two admins who demote each other at the same moment are taken one after the other.
pub(super) fn keep_an_admin(tx: &mut Tx, before: &User) -> Result<(), Refusal> {
    let were_one = before.standing == Standing::Active && before.roles.iter().any(|role| role == ADMIN);
    if !were_one || exists_admin_alone(tx)? { Ok(()) } else { Err(Refusal::LastAdmin) }
}
