//! Who has which role, and until when.

use std::collections::BTreeMap;

use super::super::user::User;
use super::super::version::Expected;
use super::super::{Refusal, Wrong, store as users};
use super::{RoleGrant, held_store, keep_an_admin, lasting, may_grant, must_cover, outranks, store};
use crate::access::{Caller, PermissionSet, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::{RoleId, UserId};
use crate::platform::time::UnixTime;
use crate::sessions;

/// Every role's name, in order.
///
/// # Errors
/// Without `users:read`; a fault.
pub async fn every_role(app: &App, caller: &Caller) -> Result<Vec<String>, Refusal> {
    caller.must(words::USERS_READ)?;
    Ok(app.db.read(store::names).await?)
}

/// A role, and whether the caller may give it.
pub struct Choice {
    pub name: String,
    pub description: String,
    pub allowed: bool,
}

/// Every role, and whether the caller may give it: nobody gives what they do not hold.
///
/// # Errors
/// A [`Fault`].
pub async fn grantable_roles(app: &App, caller: &Caller) -> Result<Vec<Choice>, Fault> {
    let (held, may) = (caller.permissions.clone(), caller.may(words::ROLES_WRITE));
    let roles = app.db.read(store::every).await?;
    let choice = |role: super::Role| Choice {
        allowed: may && held.covers(&role.permissions),
        name: role.name,
        description: role.description,
    };
    Ok(roles.into_iter().map(choice).collect())
}

/// Gives somebody exactly these roles. Tokens already out are stale at once; a refresh brings true ones.
///
/// # Errors
/// Without `roles:write`; where the caller lacks a permission that is granted or that the other one holds, or has it for a
/// shorter time; an unknown role; an end that lies in the past; the last administrator; [`Refusal::Changed`]; a fault.
pub async fn set_roles(
    app: &App,
    caller: &Caller,
    id: UserId,
    roles: Vec<RoleGrant>,
    expected: Expected,
) -> Result<User, Refusal> {
    caller.must_over(words::ROLES_WRITE, &id)?;
    caller.must_be_fresh(app.now())?;
    let (shared, roles) = (app.clone(), without_repeats(roles, app.now())?);
    let (giver, held) = (caller.user.clone(), caller.permissions.clone());
    app.write(caller, move |tx| {
        outranks(tx, &held, &id)?;
        let names: Vec<String> = roles.iter().map(|grant| grant.role.clone()).collect();
        may_grant(tx, &held, &names)?;
        let before = users::find(tx, &id)?.ok_or(Refusal::NoSuchUser)?;
        expected.to_be(&before.version())?;
        let had = before.grants();
        let is_longer = |new: &&RoleGrant| !had.iter().any(|old| old.role == new.role && old.lasts(new.until));
        for new in roles.iter().filter(is_longer) {
            let lasting = lasting(tx, &giver, &held, new.until)?;
            must_cover(tx, &lasting, std::slice::from_ref(&new.role))?;
        }
        grant(tx, &shared, &id, &roles)
    })
    .await
}

fn without_repeats(roles: Vec<RoleGrant>, now: UnixTime) -> Result<Vec<RoleGrant>, Refusal> {
    let wrong = |why: Wrong| Err(Refusal::Invalid(vec![("roles", why)]));
    let mut each = BTreeMap::new();
    for RoleGrant { role, until } in roles {
        if until.is_some_and(|until| until <= now) {
            return wrong(Wrong::EndInThePast(role));
        }
        if each.insert(role.clone(), until).is_some_and(|before| before != until) {
            return wrong(Wrong::TwoEnds(role));
        }
    }
    Ok(each.into_iter().map(|(role, until)| RoleGrant { role, until }).collect())
}

/// The change itself, for whoever was found to be allowed.
///
/// # Errors
/// As [`set_roles`], but for the caller's permissions.
pub fn grant(tx: &mut Tx, app: &App, id: &UserId, roles: &[RoleGrant]) -> Result<Outcome<User>, Refusal> {
    let before = users::find(tx, id)?.ok_or(Refusal::NoSuchUser)?;
    held_store::clear(tx, id)?;
    assign(tx, id, roles)?;
    keep_an_admin(tx, &before)?;
    let after = users::find(tx, id)?.ok_or(Refusal::NoSuchUser)?;
    if after.grants() == before.grants() {
        return Ok(Outcome::quiet(after));
    }
    let mut event = Event::new(Fact::RolesChanged)
        .about(id, &after.username)
        .with("from", before.roles)
        .with("to", after.roles.clone());
    if !after.role_ends.is_empty() {
        let ends = after.role_ends.iter().map(|(role, until)| (role.clone(), until.rfc3339().into()));
        event = event.with("until", ends.collect::<serde_json::Map<_, _>>());
    }
    let stale = sessions::make_stale(tx, id, app.now())?;
    Ok(Outcome::told(after, [event]).ending(stale))
}

/// Gives roles to somebody who has none.
pub(in crate::accounts) fn assign(tx: &mut Tx, id: &UserId, roles: &[RoleGrant]) -> Result<(), Refusal> {
    for grant in roles {
        let role = keep(tx, &grant.role)?;
        held_store::give(tx, id, &role, grant.until)?;
    }
    Ok(())
}

/// The role of that name, which is there, and called so, until this transaction ends.
fn keep(tx: &mut Tx, name: &str) -> Result<RoleId, Refusal> {
    let unknown = || Refusal::UnknownRole(name.to_owned());
    let role = store::id_of(tx, name)?.ok_or_else(unknown)?;
    // Somebody may be deleting it at this moment.
    if tx.keep_row("roles", role.as_str())? { Ok(role) } else { Err(unknown()) }
}

/// A role that somebody was found to be allowed to give, until the transaction ends. Only [`gift`] makes one.
#[derive(Clone, Debug)]
pub struct Gift {
    id: RoleId,
    name: String,
}

impl Gift {
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Finds a role that whoever holds this may give. What is given is what was looked at: a role of the same name that is made
/// meanwhile is another one.
///
/// # Errors
/// As [`may_grant`].
pub fn gift(tx: &mut Tx, held: &PermissionSet, name: &str) -> Result<Gift, Refusal> {
    let id = keep(tx, name)?;
    let name = name.to_owned();
    must_cover(tx, held, std::slice::from_ref(&name))?;
    Ok(Gift { id, name })
}

/// Gives roles, for good, to people who have none.
pub(in crate::accounts) fn assign_all(tx: &mut Tx, given: &[(&UserId, &Gift)]) -> Result<(), Fault> {
    let rows: Vec<(&UserId, &RoleId)> = given.iter().map(|(user, gift)| (*user, &gift.id)).collect();
    held_store::give_all(tx, &rows)
}
