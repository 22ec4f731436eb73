//! The table `users`.

use diesel::prelude::*;

use super::roles::{self, Holding, RoleGrant};
use super::user::{Standing, User};
use super::username::{as_looked_up, fold};
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::schema::users;

#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = users)]
pub(super) struct Row {
    pub id: UserId,
    username: String,
    email: String,
    email_verified_at: Option<UnixTime>,
    name: Option<String>,
    disabled_at: Option<UnixTime>,
    created_at: UnixTime,
}

impl Row {
    pub fn with_roles(self, held: Vec<RoleGrant>) -> User {
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
        users::name_folded.eq(user.name.as_deref().map(fold)),
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
        users::name_folded.eq(user.name.as_deref().map(fold)),
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

/// Some of the names that can't be searched yet.
pub(super) fn unfolded_names(conn: &mut Conn, limit: i64) -> Result<Vec<(UserId, String)>, Fault> {
    let unfolded = users::table.filter(users::name.is_not_null()).filter(users::name_folded.is_null());
    Ok(on!(conn, c => unfolded.select((users::id, users::name.assume_not_null())).limit(limit).load(c))?)
}

/// Does nothing where the name is another one by now.
pub(super) fn set_folded_name(tx: &mut Tx, (id, name): (&UserId, &str), folded: &str) -> Result<(), Fault> {
    let unchanged = users::table.find(id).filter(users::name.eq(name));
    on!(tx, c => diesel::update(unchanged).set(users::name_folded.eq(folded)).execute(c))?;
    Ok(())
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

pub(super) fn count(conn: &mut Conn) -> Result<i64, Fault> {
    Ok(on!(conn, c => users::table.count().get_result(c))?)
}
