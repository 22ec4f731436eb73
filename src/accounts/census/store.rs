//! The table `users`, counted.

use diesel::prelude::*;

use crate::platform::db::{Conn, Fault, on};
use crate::schema::users;

pub(super) fn count(conn: &mut Conn) -> Result<i64, Fault> {
    Ok(on!(conn, c => users::table.count().get_result(c))?)
}
