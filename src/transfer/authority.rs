//! In whose name a file is gone through, and what they may do at this moment: an import outlasts its request.

use crate::access::{Caller, PermissionSet, words};
use crate::accounts;
use crate::audit::Trail;
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::sessions::{self, End, EndReason, Past};

#[derive(Clone)]
pub(super) struct Authority {
    /// Whose account and session are looked at again before each batch; none for a call that is still there.
    pub absent: Option<Absent>,
    /// What they may do at the most.
    pub granted: PermissionSet,
    pub trail: Trail,
}

/// Somebody who has begun something and need not be there any more.
#[derive(Clone)]
pub(super) struct Absent {
    pub user: UserId,
    /// In which session they began it; that of a program's key, where it was one. None for what began before that was noted.
    pub session: Option<SessionId>,
}

impl Authority {
    pub fn of(caller: &Caller) -> Self {
        Self { absent: None, granted: caller.permissions.clone(), trail: Trail::from(caller) }
    }

    /// What they may do now; `None` where they may not import any more.
    pub fn now(&self, conn: &mut Conn, now: UnixTime) -> Result<Option<PermissionSet>, Fault> {
        let Some(absent) = &self.absent else { return Ok(may_import(self.granted.clone())) };
        if absent.was_cut_off(conn, now)? {
            return Ok(None);
        }
        let Some(user) = accounts::active(conn, &absent.user)? else { return Ok(None) };
        let held = may_import(user.permissions().intersection(&self.granted).held_with(&user.roles));
        // Whoever comes gets their roles for good.
        held.map(|held| accounts::lasting(conn, &absent.user, &held, None)).transpose()
    }

    /// Whether this was begun by the caller, or by somebody who may do no more than they: nobody else decides about it.
    pub fn is_within(&self, caller: &Caller) -> bool {
        self.absent.as_ref().is_some_and(|absent| absent.user == caller.user)
            || caller.permissions.covers(&self.granted)
    }
}

fn may_import(held: PermissionSet) -> Option<PermissionSet> {
    held.holds(words::USERS_WRITE).then_some(held)
}

impl Absent {
    /// Whoever signs out, or stays away, has not taken back what they began. Anything else that ends a session does: it may
    /// have been somebody else's all along.
    fn was_cut_off(&self, conn: &mut Conn, now: UnixTime) -> Result<bool, Fault> {
        let Some(session) = &self.session else { return Ok(false) };
        Ok(match sessions::past(conn, session, now)? {
            Some(Past { end: None | Some((_, End::TimedOut | End::Ended(EndReason::SignedOut))), .. }) => false,
            Some(Past { end: Some(_), .. }) | None => true,
        })
    }
}
