//! In whose name a file is gone through, and what they may do at this moment: an import outlasts its request.

use crate::access::{Caller, PermissionSet, words};
use crate::accounts;
use crate::audit::Trail;
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::UserId;

#[derive(Clone)]
pub(super) struct Authority {
    /// Whose account is looked at again before each batch; none for a call that is still there.
    pub user: Option<UserId>,
    /// What they may do at the most.
    pub granted: PermissionSet,
    pub trail: Trail,
}

impl Authority {
    pub fn of(caller: &Caller) -> Self {
        Self { user: None, granted: caller.permissions.clone(), trail: Trail::from(caller) }
    }

    /// What they may do now; `None` where they may not import any more.
    pub fn now(&self, conn: &mut Conn) -> Result<Option<PermissionSet>, Fault> {
        let held = match &self.user {
            None => Some(self.granted.clone()),
            Some(user) => accounts::active(conn, user)?
                .map(|user| user.permissions().intersection(&self.granted).held_with(&user.roles)),
        };
        Ok(held.filter(|held| held.holds(words::USERS_WRITE)))
    }
}
