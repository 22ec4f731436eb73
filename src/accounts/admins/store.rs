//! The tables of accounts, read for administrators.

use diesel::prelude::*;

use crate::accounts::ADMIN;
use crate::platform::db::{Conn, Fault, on};
use crate::platform::ids::UserId;
use crate::schema::{user_roles, users};

pub(super) fn active_admins(conn: &mut Conn, limit: i64) -> Result<Vec<(UserId, String)>, Fault> {
    let now = conn.now();
    Ok(on!(conn, c => {
        user_roles::table
            .inner_join(users::table)
            .filter(user_roles::role_id.eq(ADMIN))
            .filter(user_roles::until.is_null().or(user_roles::until.gt(now)))
            .filter(users::disabled_at.is_null())
            .order(users::username_folded)
            .select((users::id, users::username))
            .limit(limit)
            .load(c)
    })?)
}
