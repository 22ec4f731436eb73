//! From an invitation's link to what the new account may be.

use super::store;
use crate::access::words;
use crate::accounts;
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{InvitationId, SessionId, UserId};
use crate::platform::secret::OpaqueToken;
use crate::platform::time::UnixTime;
use crate::sessions;
use crate::signin::Refusal;

/// What whoever follows a link is told.
pub struct Invited {
    /// The address that the account will have, where the link went there.
    pub email: Option<String>,
    /// Username of whoever made it.
    pub by: String,
}

/// One whose link was shown, and that still counts.
pub(in crate::signin) struct Open {
    pub id: InvitationId,
    pub email: Option<String>,
    pub roles: Vec<String>,
    pub invited_by: UserId,
    /// The session of the key that made it, where a program did.
    pub by_key: Option<SessionId>,
}

/// What a link would do, without using it up; `None` where it counts no more.
///
/// # Errors
/// A [`Fault`].
pub async fn look(app: &App, token: OpaqueToken) -> Result<Option<Invited>, Fault> {
    let now = app.now();
    app.db
        .read(move |conn| {
            let Some(open) = store::by_token(conn, &token.digest(), now)? else { return Ok(None) };
            let host = accounts::find(conn, &open.invited_by)?;
            let counts = still_counts(conn, &open, now)?;
            Ok(host.filter(|_| counts).map(|host| Invited { email: open.email, by: host.username }))
        })
        .await
}

/// The invitation behind a link.
///
/// # Errors
/// [`Refusal::InvitationOver`], or a fault.
pub(in crate::signin) async fn open(app: &App, token: OpaqueToken) -> Result<Open, Refusal> {
    let now = app.now();
    let found = app.db.read(move |conn| store::by_token(conn, &token.digest(), now)).await?;
    found.ok_or(Refusal::InvitationOver)
}

/// Uses it up, once for each account.
///
/// # Errors
/// [`Refusal::InvitationOver`] where somebody was faster, it ended meanwhile, or its maker could not make it any more; a fault.
pub(in crate::signin) fn take(tx: &mut Tx, open: &Open, now: UnixTime) -> Result<(), Refusal> {
    // Nobody takes its maker's roles away between this look and the commit.
    accounts::lock(tx, &open.invited_by)?;
    if store::take(tx, &open.id, now)? && still_counts(tx, open, now)? { Ok(()) } else { Err(Refusal::InvitationOver) }
}

/// Nobody grants what they do not hold, not even by a link from when they did.
fn still_counts(conn: &mut Conn, open: &Open, now: UnixTime) -> Result<bool, Fault> {
    // A key that is over makes no more accounts, not by what it left behind either.
    if let Some(key) = &open.by_key
        && sessions::find_alive(conn, key, now)?.is_none()
    {
        return Ok(false);
    }
    let Some(host) = accounts::active(conn, &open.invited_by)? else { return Ok(false) };
    let held = host.permissions();
    let may = held.holds(words::USERS_WRITE) && accounts::may_give(held, &open.roles).is_ok();
    match accounts::may_grant_for_good(conn, &open.invited_by, held, &open.roles) {
        Ok(()) => Ok(may),
        Err(accounts::Refusal::Fault(fault)) => Err(fault),
        Err(_) => Ok(false),
    }
}
