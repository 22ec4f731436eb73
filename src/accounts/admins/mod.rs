//! Who administers the installation.

mod store;

use crate::platform::db::{Conn, Fault};
use crate::platform::ids::UserId;

/// Some of the active administrators, by id and username; `at_most` so many.
///
/// # Errors
/// A [`Fault`].
pub fn active_admins(conn: &mut Conn, at_most: i64) -> Result<Vec<(UserId, String)>, Fault> {
    store::active_admins(conn, at_most)
}
