//! Rows of `users` and `roles` for who moves in or out.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::user::{Standing, User};
use crate::accounts::username::fold;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::schema::{roles, user_roles, users};

pub(super) fn insert(tx: &mut Tx, user: &User, now: UnixTime) -> Result<(), Fault> {
    let row = (
        users::id.eq(&user.id),
        users::username.eq(&user.username),
        users::username_folded.eq(fold(&user.username)),
        users::email.eq(&user.email),
        users::email_folded.eq(fold(&user.email)),
        users::email_verified_at.eq(user.email_verified.then_some(now)),
        users::name.eq(&user.name),
        users::disabled_at.eq((user.standing == Standing::Disabled).then_some(now)),
        users::created_at.eq(user.created_at),
        users::updated_at.eq(now),
    );
    on!(tx, c => diesel::insert_into(users::table).values(row).execute(c))?;
    Ok(())
}

/// `true` where it was made.
pub(super) fn ensure_role(tx: &mut Tx, name: &str, now: UnixTime) -> Result<bool, Fault> {
    // Roles have the same kind of id as accounts.
    let row = (roles::id.eq(UserId::fresh(now)), roles::name.eq(name), roles::created_at.eq(now));
    let made = on!(tx, c => diesel::insert_into(roles::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(made > 0)
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
    let mut held = roles_of(conn, &rows)?;
    Ok(rows.into_iter().map(|row| user(held.remove(&row.id).unwrap_or_default(), row)).collect())
}

fn user(roles: Vec<String>, row: Row) -> User {
    User {
        id: row.id,
        username: row.username,
        email: row.email,
        email_verified: row.email_verified_at.is_some(),
        name: row.name,
        roles,
        standing: if row.disabled_at.is_some() { Standing::Disabled } else { Standing::Active },
        created_at: row.created_at,
    }
}

/// In the order of their names.
fn roles_of(conn: &mut Conn, rows: &[Row]) -> Result<HashMap<UserId, Vec<String>>, Fault> {
    let pairs: Vec<(UserId, String)> = on!(conn, c => {
        user_roles::table
            .inner_join(roles::table)
            .filter(user_roles::user_id.eq_any(rows.iter().map(|row| row.id.as_str())))
            .order(roles::name)
            .select((user_roles::user_id, roles::name))
            .load(c)
    })?;
    let mut held: HashMap<UserId, Vec<String>> = HashMap::new();
    for (user, role) in pairs {
        held.entry(user).or_default().push(role);
    }
    Ok(held)
}
