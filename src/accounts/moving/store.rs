//! Rows of `users` for who moves in or out.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::accounts::RoleGrant;
use crate::accounts::roles;
use crate::accounts::user::{Standing, User};
use crate::accounts::username::fold;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::schema::users;

/// Inserts all that can be, and says which: whose name or address somebody took at the same moment is left out.
pub(super) fn insert(tx: &mut Tx, new: &[User], now: UnixTime) -> Result<HashSet<UserId>, Fault> {
    let row = |user: &User| {
        (
            users::id.eq(user.id.clone()),
            users::username.eq(user.username.clone()),
            users::username_folded.eq(fold(&user.username)),
            users::email.eq(user.email.clone()),
            users::email_folded.eq(fold(&user.email)),
            users::email_verified_at.eq(user.email_verified.then_some(now)),
            users::name.eq(user.name.clone()),
            users::name_folded.eq(user.name.as_deref().map(fold)),
            users::disabled_at.eq((user.standing == Standing::Disabled).then_some(now)),
            users::created_at.eq(user.created_at),
            users::updated_at.eq(now),
        )
    };
    let rows: Vec<_> = new.iter().map(row).collect();
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let made = on!(tx, c => diesel::insert_into(users::table).values(rows).on_conflict_do_nothing().execute(c))?;
    let ids = || new.iter().map(|user| user.id.clone());
    if made == new.len() {
        return Ok(ids().collect());
    }
    let there = users::table.filter(users::id.eq_any(ids())).select(users::id);
    let there: Vec<UserId> = on!(tx, c => there.load(c))?;
    Ok(there.into_iter().collect())
}

pub(super) fn usernames_among(conn: &mut Conn, folded: &[String]) -> Result<Vec<String>, Fault> {
    let these = users::table.filter(users::username_folded.eq_any(folded)).select(users::username_folded);
    Ok(on!(conn, c => these.load(c))?)
}

pub(super) fn emails_among(conn: &mut Conn, folded: &[String]) -> Result<Vec<String>, Fault> {
    let these = users::table.filter(users::email_folded.eq_any(folded)).select(users::email_folded);
    Ok(on!(conn, c => these.load(c))?)
}

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

pub(super) fn after(conn: &mut Conn, name: Option<&str>, limit: i64) -> Result<Vec<User>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = users::table.select(Row::as_select()).order(users::username_folded).limit(limit).into_boxed();
        if let Some(name) = name {
            query = query.filter(users::username_folded.gt(name));
        }
        query.load(c)
    })?;
    let ids: Vec<UserId> = rows.iter().map(|row| row.id.clone()).collect();
    let mut held: HashMap<UserId, Vec<RoleGrant>> = HashMap::new();
    for (user, grant) in roles::of_users(conn, &ids)? {
        held.entry(user).or_default().push(grant);
    }
    Ok(rows.into_iter().map(|row| user(held.remove(&row.id).unwrap_or_default(), row)).collect())
}

fn user(grants: Vec<RoleGrant>, row: Row) -> User {
    User {
        id: row.id,
        username: row.username,
        email: row.email,
        email_verified: row.email_verified_at.is_some(),
        name: row.name,
        role_ends: grants.iter().filter_map(|grant| Some((grant.role.clone(), grant.until?))).collect(),
        roles: grants.into_iter().map(|grant| grant.role).collect(),
        standing: if row.disabled_at.is_some() { Standing::Disabled } else { Standing::Active },
        created_at: row.created_at,
    }
}
