//! Accounts: who exists, what they are called, which roles they have, and whether they may act. Owns `users`, `roles`,
//! `role_permissions` and `user_roles`; knows no password and no token.

mod bulk;
mod email;
mod lifecycle;
mod moving;
mod places;
mod profile;
mod roles;
mod search;
mod store;
mod user;
mod username;
mod version;
mod wrong;

pub use bulk::{Action, AtOnce, each, may_do_any, named};
pub use email::Email;
pub use lifecycle::{
    NewUser, create, delete, delete_own, disable, enable, end_sessions, look_up, look_up_named, sessions_of,
    set_standing,
};
pub use moving::{Arrival, Present, after, arrive, present};
pub use places::{Place, end_session, every_session};
pub use profile::{
    AdminEdit, Edited, LONGEST_NAME, OwnEdit, adopt_address, display_name, edit, edit_own, moved, verify_address,
};
pub use roles::{
    ADMIN, Allowed, Choice, Gift, Giver, Listed, Role, RoleEdit, RoleGrant, RoleName, RolePlace, USER, Why, Word,
    active_admins, beyond_user, change_role, create_role, delete_role, end_roles, every_role, exists_admin,
    exists_admin_alone, gift, grant, grantable_roles, known_words, lasting, look_up_role, make_role, may_give,
    may_grant, may_grant_for_good, outranks, permissions_of_admin, permissions_of_user, roles_page, set_roles,
    sweep_roles, why,
};
pub use search::{Filter, Found, Reach, SORTS, Sort, Verified, fold_names, search};
pub use user::{
    ActiveUser, Standing, User, active, active_for_sign_in, by_login, count, find, goes_by, lock, own, usernames,
};
pub use username::{CONSOLE, Username, as_looked_up};
pub use version::{Expected, Version};
pub use wrong::Wrong;

use crate::access;
use crate::platform::db::Fault;

/// Why something about an account was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    /// Values that can't be taken, each with the field's name.
    Invalid(Vec<(&'static str, Wrong)>),
    UsernameTaken,
    EmailTaken,
    NoSuchUser,
    UnknownRole(String),
    NoSuchRole,
    RoleTaken,
    /// `admin` can't be changed, `user` not be renamed, and neither be deleted.
    BuiltIn,
    /// The caller lacks a permission that the role gives, or would give.
    RoleAboveYou,
    /// It is not any more, or not yet, as the caller has read it.
    Changed,
    /// The last administrator can't be disabled, demoted or deleted.
    LastAdmin,
    /// Nobody can sign in with it, so there is nothing to send.
    Disabled,
    /// The caller lacks a permission that is to be granted, or that the other one holds.
    AboveYou,
    /// Tokens carry the username (`TOKEN_PROFILE=fastapi`), so it stays.
    UsernameFixed,
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Taken(index) if index.contains("username") => Self::UsernameTaken,
            Fault::Taken(index) if index.contains("email") => Self::EmailTaken,
            Fault::Taken(index) if index.contains("roles") => Self::RoleTaken,
            fault => Self::Fault(fault),
        }
    }
}

impl From<access::Refusal> for Refusal {
    fn from(denied: access::Refusal) -> Self {
        Self::Denied(denied)
    }
}
