//! A session's life: started from the proof that somebody may act, alive until it ends, idles out or grows too old.

use std::time::Duration;

use super::store::{self, Span};
use crate::access::{Caller, Origin};
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::secret::OpaqueToken;
use crate::platform::time::UnixTime;

/// The proof that a user may act now. A session starts from it, not from an id; `accounts::ActiveUser` is the only one.
pub trait Holder {
    fn user_id(&self) -> &UserId;
}

/// How long sessions and what they issue may live.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// An access token's life; what was ended is remembered as long.
    pub access: Duration,
    /// A session ends when it was not used for so long.
    pub idle: Duration,
    /// A session ends for good after so long.
    pub absolute: Duration,
}

/// A session as it stands in the database.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub client_id: String,
    pub user_agent: String,
    pub address: String,
    pub created_at: UnixTime,
    pub last_used_at: UnixTime,
    pub authenticated_at: UnixTime,
    pub(super) idle_until: UnixTime,
    pub(super) expires_at: UnixTime,
    /// No token of this session counts beyond.
    pub(super) tokens_until: UnixTime,
    pub(super) ended_at: Option<UnixTime>,
}

impl Session {
    pub fn is_alive(&self, now: UnixTime) -> bool {
        self.ended_at.is_none() && now < self.idle_until && now < self.expires_at
    }
}

/// What a new session is for.
pub struct NewSession<'a> {
    pub client_id: &'a str,
    pub origin: &'a Origin,
    pub lifetimes: Lifetimes,
}

/// Starts a session for somebody who has just proved who they are.
///
/// # Errors
/// A [`Fault`].
pub fn start(tx: &mut Tx, holder: &impl Holder, new: &NewSession, now: UnixTime) -> Result<Session, Fault> {
    let session = Session {
        id: SessionId::fresh(now),
        user: holder.user_id().clone(),
        client_id: new.client_id.to_owned(),
        user_agent: new.origin.user_agent.clone(),
        address: new.origin.address.clone(),
        created_at: now,
        last_used_at: now,
        authenticated_at: now,
        idle_until: now.plus(new.lifetimes.idle),
        expires_at: now.plus(new.lifetimes.absolute),
        tokens_until: now.plus(new.lifetimes.access),
        ended_at: None,
    };
    store::insert(tx, &session)?;
    Ok(session)
}

/// Uses a session once more: puts its idle end off. `None` where it is no longer alive.
///
/// # Errors
/// A [`Fault`].
pub fn resume(tx: &mut Tx, id: &SessionId, lifetimes: Lifetimes, now: UnixTime) -> Result<Option<Session>, Fault> {
    let span = Span { idle_until: now.plus(lifetimes.idle), tokens_until: now.plus(lifetimes.access) };
    store::touch(tx, id, now, &span)
}

/// Ties a browser's cookie to a session; the cookie it had before no longer opens it.
///
/// # Errors
/// A [`Fault`].
pub fn bind_cookie(tx: &mut Tx, id: &SessionId, cookie: &OpaqueToken) -> Result<(), Fault> {
    store::set_cookie(tx, id, &cookie.digest())
}

/// The living session that a cookie opens.
///
/// # Errors
/// A [`Fault`].
pub fn by_cookie(conn: &mut Conn, cookie: &OpaqueToken, now: UnixTime) -> Result<Option<Session>, Fault> {
    Ok(store::by_cookie(conn, &cookie.digest())?.filter(|session| session.is_alive(now)))
}

/// A session, if it is alive.
///
/// # Errors
/// A [`Fault`].
pub fn find_alive(conn: &mut Conn, id: &SessionId, now: UnixTime) -> Result<Option<Session>, Fault> {
    Ok(store::find(conn, id)?.filter(|session| session.is_alive(now)))
}

/// Whose session it is, alive or not.
///
/// # Errors
/// A [`Fault`].
pub fn holder_of(conn: &mut Conn, id: &SessionId) -> Result<Option<UserId>, Fault> {
    store::holder_of(conn, id)
}

/// Where somebody is signed in, the one used last first.
///
/// # Errors
/// A [`Fault`].
pub fn live_of(conn: &mut Conn, user: &UserId, now: UnixTime, limit: i64) -> Result<Vec<Session>, Fault> {
    store::live_of(conn, user, now, limit)
}

/// Where the caller is signed in, the one used last first.
///
/// # Errors
/// A [`Fault`].
pub async fn own(app: &App, caller: &Caller, limit: i64) -> Result<Vec<Session>, Fault> {
    let (user, now) = (caller.user.clone(), app.now());
    app.db.read(move |conn| store::live_of(conn, &user, now, limit)).await
}

/// How long a session that is over can still be looked up.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Deletes sessions that were over a month ago, and revocations that outlived every token they could concern.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let now = app.now();
    app.db.write(move |tx| store::purge(tx, now, now.minus(KEPT))).await
}
