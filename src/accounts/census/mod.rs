//! How many there are.

mod store;

use crate::platform::db::{Conn, Fault};

/// How many accounts there are. It goes through all of them: for what runs beside the requests, never for a page.
///
/// # Errors
/// A [`Fault`].
pub fn count(conn: &mut Conn) -> Result<i64, Fault> {
    store::count(conn)
}
