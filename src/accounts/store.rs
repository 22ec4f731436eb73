//! The table `users`, and the list of them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::roles::{self, Holding, RoleGrant};
use super::search::{Filter, Sort, StandingFilter, moment};
use super::user::{Standing, User};
use super::username::{as_looked_up, fold};
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::schema::{roles as role_table, user_roles, users};

/// Bytes of the longest address.
const LONGEST_NAME: usize = 254;

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct Row {
    id: UserId,
    username: String,
    email: String,
    email_verified_at: Option<UnixTime>,
    name: Option<String>,
    disabled_at: Option<UnixTime>,
    created_at: UnixTime,
}

impl Row {
    fn with_roles(self, held: Vec<RoleGrant>) -> User {
        let ends = held.iter().filter_map(|grant| Some((grant.role.clone(), grant.until?))).collect();
        User {
            role_ends: ends,
            roles: held.into_iter().map(|grant| grant.role).collect(),
            id: self.id,
            username: self.username,
            email: self.email,
            email_verified: self.email_verified_at.is_some(),
            name: self.name,
            standing: if self.disabled_at.is_some() { Standing::Disabled } else { Standing::Active },
            created_at: self.created_at,
        }
    }
}

pub(super) fn insert(tx: &mut Tx, user: &User, now: UnixTime) -> Result<(), Fault> {
    let row = (
        users::id.eq(&user.id),
        users::username.eq(&user.username),
        users::username_folded.eq(fold(&user.username)),
        users::email.eq(&user.email),
        users::email_folded.eq(fold(&user.email)),
        users::name.eq(&user.name),
        users::created_at.eq(now),
        users::updated_at.eq(now),
    );
    on!(tx, c => diesel::insert_into(users::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn update(tx: &mut Tx, user: &User, now: UnixTime) -> Result<(), Fault> {
    let names = (
        users::username.eq(&user.username),
        users::username_folded.eq(fold(&user.username)),
        users::email.eq(&user.email),
        users::email_folded.eq(fold(&user.email)),
        users::name.eq(&user.name),
        users::updated_at.eq(now),
    );
    on!(tx, c => diesel::update(users::table.find(&user.id)).set(names).execute(c))?;
    if !user.email_verified {
        let unproven = users::email_verified_at.eq(None::<UnixTime>);
        on!(tx, c => diesel::update(users::table.find(&user.id)).set(unproven).execute(c))?;
    }
    Ok(())
}

/// A user's address, from now on known to be theirs.
pub(super) fn set_address(tx: &mut Tx, id: &UserId, address: &str, now: UnixTime) -> Result<(), Fault> {
    let (email, folded) = (users::email.eq(address), users::email_folded.eq(fold(address)));
    let verified = (email, folded, users::email_verified_at.eq(Some(now)), users::updated_at.eq(now));
    on!(tx, c => diesel::update(users::table.find(id)).set(verified).execute(c))?;
    Ok(())
}

pub(super) fn set_standing(tx: &mut Tx, id: &UserId, to: Standing, now: UnixTime) -> Result<(), Fault> {
    let disabled_at = (to == Standing::Disabled).then_some(now);
    let change = (users::disabled_at.eq(disabled_at), users::updated_at.eq(now));
    on!(tx, c => diesel::update(users::table.find(id)).set(change).execute(c))?;
    Ok(())
}

/// What hangs on the row goes with it.
pub(super) fn delete(tx: &mut Tx, id: &UserId) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(users::table.find(id)).execute(c))?;
    Ok(())
}

pub(super) fn find(conn: &mut Conn, id: &UserId) -> Result<Option<User>, Fault> {
    let row: Option<Row> = on!(conn, c => users::table.find(id).select(Row::as_select()).get_result(c).optional())?;
    with_roles(conn, row)
}

pub(super) fn by_login(conn: &mut Conn, name: &str) -> Result<Option<User>, Fault> {
    // PostgreSQL takes no NUL in a text, and nobody's name has one.
    if name.contains('\0') {
        return Ok(None);
    }
    let folded = as_looked_up(name);
    let row: Option<Row> = on!(conn, c => {
        let query = users::table.select(Row::as_select()).into_boxed();
        let query = match folded.contains('@') {
            true => query.filter(users::email_folded.eq(&folded)),
            false => query.filter(users::username_folded.eq(&folded)),
        };
        query.get_result(c).optional()
    })?;
    with_roles(conn, row)
}

fn with_roles(conn: &mut Conn, row: Option<Row>) -> Result<Option<User>, Fault> {
    let Some(row) = row else { return Ok(None) };
    let held = roles::of_user(conn, &row.id)?;
    Ok(Some(row.with_roles(held)))
}

pub(super) fn search(conn: &mut Conn, filter: &Filter) -> Result<Vec<User>, Fault> {
    // No name and no address is longer, nor has a NUL in it.
    if filter.part.contains('\0') || filter.part.len() > LONGEST_NAME {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(filter.limit).unwrap_or(i64::MAX).saturating_add(1);
    let now = conn.now();
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = users::table.select(Row::as_select()).limit(limit).into_boxed();
        if !filter.part.is_empty() {
            let pattern = format!("%{}%", escape(&filter.part));
            query = query.filter(
                users::username_folded.like(pattern.clone()).escape('!').or(users::email_folded.like(pattern).escape('!')),
            );
        }
        if let Some(role) = &filter.role {
            let holders = user_roles::table
                .inner_join(role_table::table)
                .filter(role_table::name.eq(role))
                .filter(user_roles::until.is_null().or(user_roles::until.gt(now)))
                .select(user_roles::user_id);
            query = query.filter(users::id.eq_any(holders));
        }
        query = match filter.standing {
            StandingFilter::Any => query,
            StandingFilter::Active => query.filter(users::disabled_at.is_null()),
            StandingFilter::Disabled => query.filter(users::disabled_at.is_not_null()),
        };
        query = match (filter.sort, &filter.after) {
            (Sort::Username, None) => query.order(users::username_folded),
            (Sort::Username, Some(after)) => query.order(users::username_folded).filter(users::username_folded.gt(&after.key)),
            (Sort::UsernameDown, None) => query.order(users::username_folded.desc()),
            (Sort::UsernameDown, Some(after)) => {
                query.order(users::username_folded.desc()).filter(users::username_folded.lt(&after.key))
            }
            (Sort::Created, None) => query.order((users::created_at, users::id)),
            (Sort::Created, Some(after)) => query.order((users::created_at, users::id)).filter(
                users::created_at.gt(moment(after)).or(users::created_at.eq(moment(after)).and(users::id.gt(&after.id))),
            ),
            (Sort::CreatedDown, None) => query.order((users::created_at.desc(), users::id.desc())),
            (Sort::CreatedDown, Some(after)) => query.order((users::created_at.desc(), users::id.desc())).filter(
                users::created_at.lt(moment(after)).or(users::created_at.eq(moment(after)).and(users::id.lt(&after.id))),
            ),
        };
        query.load(c)
    })?;
    let ids: Vec<UserId> = rows.iter().map(|row| row.id.clone()).collect();
    let mut held: HashMap<UserId, Vec<RoleGrant>> = HashMap::new();
    for (user, grant) in roles::of_users(conn, &ids)? {
        held.entry(user).or_default().push(grant);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let roles = held.remove(&row.id).unwrap_or_default();
            row.with_roles(roles)
        })
        .collect())
}

/// Takes the meaning from what `LIKE` reads as a pattern.
fn escape(part: &str) -> String {
    part.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Holds a user's row until this transaction ends.
pub(super) fn lock_user(tx: &mut Tx, id: &UserId) -> Result<(), Fault> {
    tx.lock_row("users", id.as_str())
}

/// A user with what they may do: the hot path of every refresh, so two statements that are prepared once.
pub(super) fn find_with_holding(conn: &mut Conn, id: &UserId) -> Result<Option<(User, Holding)>, Fault> {
    let row: Option<Row> = on!(conn, c => users::table.find(id).select(Row::as_select()).get_result(c).optional())?;
    let Some(row) = row else { return Ok(None) };
    let holding = roles::held_by(conn, id)?;
    Ok(Some((row.with_roles(holding.grants.clone()), holding)))
}

/// What these are called, as long as they exist.
pub(super) fn usernames(conn: &mut Conn, ids: &[UserId]) -> Result<Vec<(UserId, String)>, Fault> {
    let theirs = users::id.eq_any(ids.iter().map(UserId::as_str));
    Ok(on!(conn, c => users::table.filter(theirs).select((users::id, users::username)).load(c))?)
}
