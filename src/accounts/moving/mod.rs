//! Moving in and out: accounts as they were elsewhere, with their age and their standing, and all of them in order.

mod store;

use std::collections::{BTreeMap, HashSet};

use super::username::fold;
use super::{Email, Gift, Standing, User, Username, roles};
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
    pub roles: Vec<Gift>,
    pub standing: Standing,
    pub created_at: UnixTime,
}

/// Names and addresses, of those that were asked about, that somebody has.
#[derive(Debug, Default)]
pub struct Present {
    usernames: HashSet<String>,
    emails: HashSet<String>,
}

impl Present {
    pub fn has_username(&self, username: &Username) -> bool {
        self.usernames.contains(&fold(username.as_str()))
    }

    pub fn has_email(&self, email: &Email) -> bool {
        self.emails.contains(&fold(email.as_str()))
    }

    /// From now on these are somebody's as well.
    pub fn add(&mut self, username: &Username, email: &Email) {
        self.usernames.insert(fold(username.as_str()));
        self.emails.insert(fold(email.as_str()));
    }

    pub fn merge(&mut self, other: Self) {
        self.usernames.extend(other.usernames);
        self.emails.extend(other.emails);
    }
}

/// Which of these somebody has, at this moment.
///
/// # Errors
/// A [`Fault`].
pub fn present(conn: &mut Conn, usernames: &[&Username], emails: &[&Email]) -> Result<Present, Fault> {
    let usernames: Vec<String> = usernames.iter().map(|name| fold(name.as_str())).collect();
    let emails: Vec<String> = emails.iter().map(|email| fold(email.as_str())).collect();
    Ok(Present {
        usernames: store::usernames_among(conn, &usernames)?.into_iter().collect(),
        emails: store::emails_among(conn, &emails)?.into_iter().collect(),
    })
}

/// Makes accounts as they were elsewhere, in a few statements however many they are. The unique indexes decide who was
/// first: `None` stands for whom somebody else was faster.
///
/// # Errors
/// A [`Fault`].
pub fn arrive(tx: &mut Tx, new: &[Arrival], now: UnixTime) -> Result<Vec<Option<User>>, Fault> {
    let users: Vec<User> = new.iter().map(|arrival| user(arrival, now)).collect();
    let made = store::insert(tx, &users, now)?;
    let pairs = || users.iter().zip(new).filter(|(user, _)| made.contains(&user.id));
    let given: Vec<(&UserId, &Gift)> =
        pairs().flat_map(|(user, arrival)| arrival.roles.iter().map(|role| (&user.id, role))).collect();
    roles::assign_all(tx, &given)?;
    Ok(users.into_iter().map(|user| made.contains(&user.id).then_some(user)).collect())
}

fn user(new: &Arrival, now: UnixTime) -> User {
    User {
        id: UserId::fresh(now),
        username: new.username.as_str().to_owned(),
        email: new.email.as_str().to_owned(),
        email_verified: new.email_verified,
        name: new.name.clone(),
        roles: new.roles.iter().map(|role| role.name().to_owned()).collect(),
        role_ends: BTreeMap::new(),
        standing: new.standing,
        created_at: new.created_at,
    }
}

/// Users in the order of their names, from after this name on.
///
/// # Errors
/// A [`Fault`].
pub fn after(conn: &mut Conn, name: Option<&str>, limit: i64) -> Result<Vec<User>, Fault> {
    store::after(conn, name.map(fold).as_deref(), limit)
}
