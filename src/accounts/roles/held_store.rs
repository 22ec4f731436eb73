//! The table `user_roles`: who has which role, and until when. A row whose end has come counts for nothing, tidied away or not;
//! so does one whose role is gone.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::{ADMIN, RoleGrant, store};
use crate::access::{Permission, PermissionSet};
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{RoleId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::{role_permissions, roles, user_roles, users};

/// Rows that are tidied away at once.
const AT_ONCE: i64 = 500;

/// Whether a role that was given counts at a moment.
macro_rules! in_force {
    ($now:expr) => {
        user_roles::until.is_null().or(user_roles::until.gt($now))
    };
}

/// What somebody holds.
#[derive(Clone, Debug)]
pub struct Holding {
    /// In order of their names.
    pub grants: Vec<RoleGrant>,
    pub permissions: PermissionSet,
    /// The number of the last change of these roles.
    pub version: i64,
}

impl Holding {
    /// When the first of them ends.
    pub fn until(&self) -> Option<UnixTime> {
        self.grants.iter().filter_map(|grant| grant.until).min()
    }
}

fn grant((role, until): (String, Option<UnixTime>)) -> RoleGrant {
    RoleGrant { role, until }
}

/// Somebody's roles, in order of their names.
pub fn of_user(conn: &mut Conn, user: &UserId) -> Result<Vec<RoleGrant>, Fault> {
    let now = conn.now();
    let held: Vec<(String, Option<UnixTime>)> = on!(conn, c => {
        user_roles::table
            .inner_join(roles::table)
            .filter(user_roles::user_id.eq(user))
            .filter(in_force!(now))
            .order(roles::name)
            .select((roles::name, user_roles::until))
            .load(c)
    })?;
    Ok(held.into_iter().map(grant).collect())
}

/// The roles of several users at once, in order of their names.
pub fn of_users(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<(UserId, RoleGrant)>, Fault> {
    let now = conn.now();
    let held: Vec<(UserId, (String, Option<UnixTime>))> = on!(conn, c => {
        user_roles::table
            .inner_join(roles::table)
            .filter(user_roles::user_id.eq_any(ids.iter().map(UserId::as_str)))
            .filter(in_force!(now))
            .order(roles::name)
            .select((user_roles::user_id, (roles::name, user_roles::until)))
            .load(c)
    })?;
    Ok(held.into_iter().map(|(user, held)| (user, grant(held))).collect())
}

type Held = ((String, Option<UnixTime>), i64, Option<String>);

/// What somebody's roles allow together: the hot path of every refresh. Read by one statement, so that the number of the last
/// change goes with the words.
pub fn held_by(conn: &mut Conn, user: &UserId) -> Result<Holding, Fault> {
    let now = conn.now();
    let held: Vec<Held> = on!(conn, c => {
        user_roles::table
            .inner_join(roles::table.left_join(role_permissions::table))
            .filter(user_roles::user_id.eq(user))
            .filter(in_force!(now))
            .order(roles::name)
            .select(((roles::name, user_roles::until), roles::changed_in, role_permissions::permission.nullable()))
            .load(c)
    })?;
    let mut grants: Vec<RoleGrant> = held.iter().map(|(of, ..)| grant(of.clone())).collect();
    grants.dedup();
    let names: Vec<String> = grants.iter().map(|grant| grant.role.clone()).collect();
    let permissions = match names.iter().any(|name| name == ADMIN) {
        true => store::allowed_together(conn, &names)?,
        false => held.iter().filter_map(|(.., word)| Permission::parse(word.as_deref()?)).collect(),
    };
    let version = held.iter().map(|(_, number, _)| *number).max().unwrap_or(0);
    Ok(Holding { grants, permissions, version })
}

/// Each permission that rows give to somebody, with the role that does.
pub(super) fn words_of(conn: &mut Conn, user: &UserId) -> Result<Vec<(String, RoleGrant)>, Fault> {
    let now = conn.now();
    let held: Vec<(String, (String, Option<UnixTime>))> = on!(conn, c => {
        user_roles::table
            .inner_join(roles::table.inner_join(role_permissions::table))
            .filter(user_roles::user_id.eq(user))
            .filter(in_force!(now))
            .order((role_permissions::permission, roles::name))
            .select((role_permissions::permission, (roles::name, user_roles::until)))
            .load(c)
    })?;
    Ok(held.into_iter().map(|(word, held)| (word, grant(held))).collect())
}

pub(super) fn give(tx: &mut Tx, user: &UserId, role: &RoleId, until: Option<UnixTime>) -> Result<(), Fault> {
    let row = (user_roles::user_id.eq(user), user_roles::role_id.eq(role), user_roles::until.eq(until));
    on!(tx, c => diesel::insert_into(user_roles::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Gives roles, for good, to people who have none.
pub(super) fn give_all(tx: &mut Tx, given: &[(&UserId, &RoleId)]) -> Result<(), Fault> {
    let row = |(user, role): &(&UserId, &RoleId)| {
        (user_roles::user_id.eq((*user).clone()), user_roles::role_id.eq((*role).clone()))
    };
    let rows: Vec<_> = given.iter().map(row).collect();
    if !rows.is_empty() {
        on!(tx, c => diesel::insert_into(user_roles::table).values(rows).execute(c))?;
    }
    Ok(())
}

pub(super) fn clear(tx: &mut Tx, user: &UserId) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(user_roles::table.filter(user_roles::user_id.eq(user))).execute(c))?;
    Ok(())
}

/// An active user who is an administrator for good.
pub(super) fn exists_admin(conn: &mut Conn) -> Result<bool, Fault> {
    Ok(on!(conn, c => {
        let admins = user_roles::table
            .inner_join(users::table)
            .filter(user_roles::role_id.eq(ADMIN))
            .filter(user_roles::until.is_null())
            .filter(users::disabled_at.is_null());
        diesel::select(exists(admins)).get_result(c)
    })?)
}

/// Some of the active administrators, for now or for good.
pub(super) fn active_admins(conn: &mut Conn, limit: i64) -> Result<Vec<(UserId, String)>, Fault> {
    let now = conn.now();
    Ok(on!(conn, c => {
        user_roles::table
            .inner_join(users::table)
            .filter(user_roles::role_id.eq(ADMIN))
            .filter(in_force!(now))
            .filter(users::disabled_at.is_null())
            .order(users::username_folded)
            .select((users::id, users::username))
            .limit(limit)
            .load(c)
    })?)
}

/// How many have a role, at the most.
pub(super) fn holders(conn: &mut Conn, role: &RoleId, most: usize) -> Result<usize, Fault> {
    let (now, limit) = (conn.now(), i64::try_from(most).unwrap_or(i64::MAX));
    let some: Vec<Option<UnixTime>> = on!(conn, c => {
        user_roles::table
            .filter(user_roles::role_id.eq(role))
            .filter(in_force!(now))
            .select(user_roles::until)
            .limit(limit)
            .load(c)
    })?;
    Ok(some.len())
}

/// A role that somebody had until a moment that has come.
#[derive(Clone, Debug)]
pub(super) struct Over {
    pub user: UserId,
    pub username: String,
    role_id: RoleId,
    /// What it is called, where it is still there.
    pub role: Option<String>,
    until: Option<UnixTime>,
}

type OverRow = (UserId, String, RoleId, Option<String>, Option<UnixTime>);

/// Some of those whose end has come.
pub(super) fn over(conn: &mut Conn) -> Result<Vec<Over>, Fault> {
    let now = conn.now();
    let rows: Vec<OverRow> = on!(conn, c => {
        user_roles::table
            .inner_join(users::table)
            .left_join(roles::table)
            .filter(user_roles::until.le(now))
            .order(user_roles::until)
            .limit(AT_ONCE)
            .select((user_roles::user_id, users::username, user_roles::role_id, roles::name.nullable(), user_roles::until))
            .load(c)
    })?;
    let over = |(user, username, role_id, role, until)| Over { user, username, role_id, role, until };
    Ok(rows.into_iter().map(over).collect())
}

/// `false` where it was taken away already, or given anew.
pub(super) fn take_away(tx: &mut Tx, over: &Over) -> Result<bool, Fault> {
    let row = user_roles::table.find((&over.user, &over.role_id)).filter(user_roles::until.eq(over.until));
    Ok(on!(tx, c => diesel::delete(row).execute(c))? > 0)
}

/// Roles that are gone, of which rows are left here. The index is walked from role to role, not from row to row.
pub(super) fn left_behind(conn: &mut Conn) -> Result<Vec<RoleId>, Fault> {
    let (mut gone, mut last) = (Vec::new(), String::new());
    loop {
        let next: Option<RoleId> = on!(conn, c => {
            let after = user_roles::table.filter(user_roles::role_id.gt(&last)).order(user_roles::role_id);
            after.select(user_roles::role_id).limit(1).get_result(c).optional()
        })?;
        let Some(role) = next else { return Ok(gone) };
        let is_there: bool = on!(conn, c => diesel::select(exists(roles::table.find(&role))).get_result(c))?;
        role.as_str().clone_into(&mut last);
        if !is_there {
            gone.push(role);
        }
    }
}

/// Deletes some of the rows of a role that is gone; how many.
pub(super) fn sweep(tx: &mut Tx, role: &RoleId) -> Result<usize, Fault> {
    let some = user_roles::table.filter(user_roles::role_id.eq(role)).select(user_roles::user_id).limit(AT_ONCE);
    let users: Vec<UserId> = on!(tx, c => some.load(c))?;
    let rows = user_roles::table
        .filter(user_roles::role_id.eq(role))
        .filter(user_roles::user_id.eq_any(users.iter().map(UserId::as_str)));
    Ok(on!(tx, c => diesel::delete(rows).execute(c))?)
}
