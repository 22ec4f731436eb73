//! A user, and the one answer to 'may this user act now'.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;

use super::roles::{Holding, RoleGrant};
use super::store;
use super::username::{as_looked_up, fold};
use super::version::Version;
use crate::access::{Caller, PermissionSet};
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::sessions::Holder;

/// A user as it stands in the database.
#[derive(Clone, Debug)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub email: String,
    pub email_verified: bool,
    pub name: Option<String>,
    pub roles: Vec<String>,
    /// Those of the roles that end, and when.
    pub role_ends: BTreeMap<String, UnixTime>,
    pub standing: Standing,
    pub created_at: UnixTime,
}

impl User {
    /// Whether this is the user's address, as it stands now.
    pub fn has_address(&self, address: &str) -> bool {
        fold(&self.email) == fold(address)
    }

    /// The roles as they would be given again.
    pub fn grants(&self) -> Vec<RoleGrant> {
        let grant = |role: &String| RoleGrant { role: role.clone(), until: self.role_ends.get(role).copied() };
        self.roles.iter().map(grant).collect()
    }

    pub fn version(&self) -> Version {
        let ends: Vec<_> = self.role_ends.iter().map(|(role, until)| (role, until.millis())).collect();
        let disabled = self.standing == Standing::Disabled;
        let names = (&self.username, &self.email, &self.name);
        Version::of(&json!([self.id.as_str(), names, self.email_verified, self.roles, ends, disabled]))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Active,
    Disabled,
}

/// The proof that a user may act now: sessions and tokens start from it. Nobody outside this file can make one.
#[derive(Clone, Debug)]
pub struct ActiveUser {
    user: User,
    holding: Holding,
}

impl ActiveUser {
    pub fn permissions(&self) -> &PermissionSet {
        &self.holding.permissions
    }

    /// The number of the last change of their roles.
    pub fn roles_version(&self) -> i64 {
        self.holding.version
    }

    /// When the first of their roles ends: what is issued says nothing beyond.
    pub fn roles_until(&self) -> Option<UnixTime> {
        self.holding.until()
    }
}

impl std::ops::Deref for ActiveUser {
    type Target = User;

    fn deref(&self) -> &User {
        &self.user
    }
}

impl Holder for ActiveUser {
    fn user_id(&self) -> &UserId {
        &self.user.id
    }
}

/// The user, if there is one and they may act now.
///
/// # Errors
/// A [`Fault`].
pub fn active(conn: &mut Conn, id: &UserId) -> Result<Option<ActiveUser>, Fault> {
    let found = store::find_with_holding(conn, id)?;
    let active = found.filter(|(user, _)| user.standing == Standing::Active);
    Ok(active.map(|(user, holding)| ActiveUser { user, holding }))
}

/// Holds an account until this transaction ends: for what must not cross a sign-in or a change of it.
///
/// # Errors
/// A [`Fault`].
pub fn lock(tx: &mut Tx, id: &UserId) -> Result<(), Fault> {
    store::lock_user(tx, id)
}

/// The same for a session that begins: the account is locked first, so that nobody disables it in between unseen.
///
/// # Errors
/// A [`Fault`].
pub fn active_for_sign_in(tx: &mut Tx, id: &UserId) -> Result<Option<ActiveUser>, Fault> {
    store::lock_user(tx, id)?;
    active(tx, id)
}

/// The caller's own account; `None` where it is gone, which a token outlives by a moment at the most.
///
/// # Errors
/// A [`Fault`].
pub async fn own(app: &App, caller: &Caller) -> Result<Option<User>, Fault> {
    let id = caller.user.clone();
    app.db.read(move |conn| store::find(conn, &id)).await
}

/// # Errors
/// A [`Fault`].
pub fn find(conn: &mut Conn, id: &UserId) -> Result<Option<User>, Fault> {
    store::find(conn, id)
}

/// What these are called; whoever is gone is left out.
///
/// # Errors
/// A [`Fault`].
pub fn usernames(conn: &mut Conn, ids: &[UserId]) -> Result<HashMap<UserId, String>, Fault> {
    Ok(store::usernames(conn, ids)?.into_iter().collect())
}

/// How many accounts there are. It goes through all of them: for what runs beside the requests, never for a page.
///
/// # Errors
/// A [`Fault`].
pub fn count(conn: &mut Conn) -> Result<i64, Fault> {
    store::count(conn)
}

/// The user behind a sign-in name: a username, or a mail address, which is told by its `@`.
///
/// # Errors
/// A [`Fault`].
pub fn by_login(conn: &mut Conn, name: &str) -> Result<Option<User>, Fault> {
    store::by_login(conn, name)
}

/// Whether this user signs in by that name.
///
/// # Errors
/// A [`Fault`].
pub fn goes_by(conn: &mut Conn, id: &UserId, name: &str) -> Result<bool, Fault> {
    let (name, user) = (as_looked_up(name), store::find(conn, id)?);
    Ok(user.is_some_and(|user| [user.username, user.email].iter().any(|own| as_looked_up(own) == name)))
}
