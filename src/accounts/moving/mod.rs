//! Moving in and out: accounts as they were elsewhere, with their age and their standing, and all of them in order.

mod store;

use std::collections::BTreeMap;

use super::username::fold;
use super::{Email, Refusal, Standing, User, Username, roles};
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;

/// An account as it can be made; the types say that it was checked.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub username: Username,
    pub email: Email,
    pub email_verified: bool,
    pub name: Option<String>,
    pub roles: Vec<String>,
    pub standing: Standing,
    pub created_at: UnixTime,
}

/// Makes an account as it was elsewhere. The unique indexes decide who was first.
///
/// # Errors
/// [`Refusal::UsernameTaken`], [`Refusal::EmailTaken`], [`Refusal::UnknownRole`], or a fault.
pub fn arrive(tx: &mut Tx, new: &Arrival, now: UnixTime) -> Result<User, Refusal> {
    let user = User {
        id: UserId::fresh(now),
        username: new.username.as_str().to_owned(),
        email: new.email.as_str().to_owned(),
        email_verified: new.email_verified,
        name: new.name.clone(),
        roles: new.roles.clone(),
        role_ends: BTreeMap::new(),
        standing: new.standing,
        created_at: new.created_at,
    };
    store::insert(tx, &user, now)?;
    roles::assign(tx, &user.id, &user.grants())?;
    Ok(user)
}

/// Users in the order of their names, from after this name on.
///
/// # Errors
/// A [`Fault`].
pub fn after(conn: &mut Conn, name: Option<&str>, limit: i64) -> Result<Vec<User>, Fault> {
    store::after(conn, name.map(fold).as_deref(), limit)
}
