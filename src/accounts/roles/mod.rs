//! Roles: named sets of permissions. `admin` has every permission there is, whatever its rows say, and can't be emptied. Here is
//! who may change whom and give what; the other files have what follows from it.

mod define;
mod ends;
mod explain;
mod give;
mod held_store;
mod role;
mod store;

pub use define::{Listed, RolePlace, change_role, create_role, delete_role, look_up_role, make_role, roles_page};
pub use ends::{end_roles, sweep_roles};
pub use explain::{Allowed, Giver, Why, Word, known_words, permissions_of_user, why};
pub use give::{Choice, Gift, every_role, gift, grant, grantable_roles, set_roles};
pub use role::{Role, RoleEdit, RoleGrant, RoleName};

pub(super) use give::{assign, assign_all};
pub(super) use held_store::{Holding, held_by, of_user, of_users};

use super::user::{Standing, User};
use super::username::CONSOLE;
use super::{Refusal, store as users};
use crate::access::{self, PermissionSet, words};
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{RoleId, UserId};
use crate::platform::time::UnixTime;

pub use crate::access::ADMIN;
pub const USER: &str = "user";

/// All that can be held: what the role `admin` has.
///
/// # Errors
/// A [`Fault`].
pub fn permissions_of_admin(conn: &mut Conn) -> Result<PermissionSet, Fault> {
    store::allowed_together(conn, &[ADMIN.to_owned()])
}

/// The id of the role of that name, if there is one.
///
/// # Errors
/// A [`Fault`].
pub(super) fn id_of(conn: &mut Conn, role: &str) -> Result<Option<RoleId>, Fault> {
    if role.contains('\0') { Ok(None) } else { store::id_of(conn, role) }
}

/// Whether somebody can administer: an active user who has the role `admin` for good.
///
/// # Errors
/// A [`Fault`].
pub fn exists_admin(conn: &mut Conn) -> Result<bool, Fault> {
    held_store::exists_admin(conn)
}

/// The same, asked inside a change that depends on the answer: nobody else becomes or ceases to be one before it commits.
///
/// # Errors
/// A [`Fault`].
pub fn exists_admin_alone(tx: &mut Tx) -> Result<bool, Fault> {
    lock_admins(tx)?;
    held_store::exists_admin(tx)
}

/// Holds the row of the role `admin` until this transaction ends.
pub(super) fn lock_admins(tx: &mut Tx) -> Result<(), Fault> {
    tx.lock_row("roles", ADMIN)
}

/// Nobody changes somebody who holds what they do not. Whoever is to be changed is locked, so that no sign-in of theirs
/// slips in between.
///
/// # Errors
/// [`Refusal::AboveYou`], or a fault.
pub fn outranks(tx: &mut Tx, held: &PermissionSet, other: &UserId) -> Result<(), Refusal> {
    users::lock_user(tx, other)?;
    let theirs = held_by(tx, other)?.permissions;
    if held.covers(&theirs) { Ok(()) } else { Err(Refusal::AboveYou) }
}

/// Some of the active administrators, by id and username; `at_most` so many.
///
/// # Errors
/// A [`Fault`].
pub fn active_admins(conn: &mut Conn, at_most: i64) -> Result<Vec<(UserId, String)>, Fault> {
    held_store::active_admins(conn, at_most)
}

/// Whether there is more among these than what every new account has.
pub fn beyond_user(roles: &[String]) -> bool {
    roles.iter().any(|role| role != USER)
}

/// What every new account has, whoever may make one gives; more takes a permission of its own. Whether they hold what the
/// roles allow is another question: [`may_grant`].
///
/// # Errors
/// [`access::Refusal::Missing`].
pub fn may_give(held: &PermissionSet, roles: &[String]) -> Result<(), access::Refusal> {
    let may = !beyond_user(roles) || held.holds(words::ROLES_WRITE);
    if may { Ok(()) } else { Err(access::Refusal::Missing(words::ROLES_WRITE)) }
}

/// Nobody grants what they do not hold, nor a role that is not there: where others write meanwhile, it may be there a moment later,
/// and nobody has looked at what it gives.
///
/// # Errors
/// [`Refusal::UnknownRole`], [`Refusal::AboveYou`], or a fault.
pub fn may_grant(conn: &mut Conn, held: &PermissionSet, roles: &[String]) -> Result<(), Refusal> {
    must_exist(conn, roles)?;
    must_cover(conn, held, roles)
}

/// The same for roles that are given without an end, by somebody who may have an end themselves.
///
/// # Errors
/// As [`may_grant`].
pub fn may_grant_for_good(
    conn: &mut Conn,
    giver: &UserId,
    held: &PermissionSet,
    roles: &[String],
) -> Result<(), Refusal> {
    let lasting = lasting(conn, giver, held, None)?;
    may_grant(conn, &lasting, roles)
}

/// What somebody may use of what they hold until a moment, for good where there is none: nobody gives anything for longer than
/// they have it.
///
/// # Errors
/// A [`Fault`].
pub fn lasting(
    conn: &mut Conn,
    user: &UserId,
    held: &PermissionSet,
    until: Option<UnixTime>,
) -> Result<PermissionSet, Fault> {
    // Whoever sits at the machine has no account, and no end.
    if user.as_str() == CONSOLE {
        return Ok(held.clone());
    }
    // What a token says is not enough: a role may have ended since it was looked at.
    let grants = held_store::of_user(conn, user)?.into_iter();
    let names: Vec<String> = grants.filter(|grant| grant.lasts(until)).map(|grant| grant.role).collect();
    Ok(held.intersection(&store::allowed_together(conn, &names)?).held_with(&names))
}

fn must_exist(conn: &mut Conn, roles: &[String]) -> Result<(), Refusal> {
    let there = store::among(conn, roles)?;
    match roles.iter().find(|role| !there.contains(role.as_str())) {
        Some(unknown) => Err(Refusal::UnknownRole(unknown.clone())),
        None => Ok(()),
    }
}

/// The same for roles that are known to be there.
fn must_cover(conn: &mut Conn, held: &PermissionSet, roles: &[String]) -> Result<(), Refusal> {
    let granted = store::allowed_together(conn, roles)?;
    if held.covers(&granted) { Ok(()) } else { Err(Refusal::AboveYou) }
}

/// Called after a change of somebody and before its commit: if they were an administrator, there must be another, and one for good.
/// The role's row is locked first, so that two admins who demote each other at the same moment are taken one after the other.
pub(super) fn keep_an_admin(tx: &mut Tx, before: &User) -> Result<(), Refusal> {
    let were_one = before.standing == Standing::Active && before.roles.iter().any(|role| role == ADMIN);
    if !were_one || exists_admin_alone(tx)? { Ok(()) } else { Err(Refusal::LastAdmin) }
}
