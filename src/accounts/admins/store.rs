//! The tables of accounts, read for administrators.

use diesel::prelude::*;

use crate::accounts::ADMIN;
use crate::platform::db::{Conn, Fault, on};
use crate::platform::ids::UserId;
use crate::schema::{roles, user_roles, users};

pub(super) fn active_admins(conn: &mut Conn, limit: i64) -> Result<Vec<(UserId, String)>, Fault> {
    Ok(on!(conn, c => {
        user_roles::table
            .inner_join(roles::table)
            .inner_join(users::table)
            .filter(roles::name.eq(ADMIN))
            .filter(users::disabled_at.is_null())
            .order(users::username_folded)
            .select((users::id, users::username))
            .limit(limit)
            .load(c)
    })?)
}
