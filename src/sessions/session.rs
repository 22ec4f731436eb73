//! A session's life: started from the proof that somebody may act, alive until it ends, idles out or grows too old.

use std::time::Duration;

use super::store::{self, Span};
use crate::access::{Amr, Method, Origin};
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
    /// An access token's life; what was ended is remembered as long. Zero where the session is a browser's alone.
    pub access: Duration,
    /// A session ends when it was not used for so long.
    pub idle: Duration,
    /// A session ends for good after so long.
    pub absolute: Duration,
}

impl Lifetimes {
    /// Those of a session that only a cookie opens. No token of it is about, so nobody needs to be told when it ends.
    pub fn of_cookie(self) -> Self {
        Self { access: Duration::ZERO, ..self }
    }

    /// Until when a token that is issued now counts.
    fn tokens_until(&self, now: UnixTime) -> UnixTime {
        if self.access.is_zero() { UnixTime::from_millis(0) } else { now.plus(self.access) }
    }
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
    /// What was proven then.
    pub amr: Amr,
    pub(super) idle_until: UnixTime,
    pub(super) expires_at: UnixTime,
    /// No token of this session counts beyond.
    pub(super) tokens_until: UnixTime,
    pub(super) ended_at: Option<UnixTime>,
}

impl Session {
    /// When it is over for good, however much it is used; nothing that it issues outlives it.
    pub fn ends_at(&self) -> UnixTime {
        self.expires_at
    }

    /// Whether it was ended before its time.
    pub fn was_ended(&self) -> bool {
        self.ended_at.is_some()
    }

    pub fn is_alive(&self, now: UnixTime) -> bool {
        self.ended_at.is_none() && now < self.idle_until && now < self.expires_at
    }
}

/// What a new session is for.
pub struct NewSession<'a> {
    pub client_id: &'a str,
    pub origin: &'a Origin,
    pub lifetimes: Lifetimes,
    pub amr: Amr,
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
        amr: new.amr.clone(),
        idle_until: now.plus(new.lifetimes.idle),
        expires_at: now.plus(new.lifetimes.absolute),
        tokens_until: new.lifetimes.tokens_until(now),
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
    let span = Span { idle_until: now.plus(lifetimes.idle), tokens_until: lifetimes.tokens_until(now) };
    store::touch(tx, id, now, &span)
}

/// Somebody has proved anew who they are, in a session of theirs. `false` where it is no longer alive.
///
/// # Errors
/// A [`Fault`].
pub fn prove_again(tx: &mut Tx, id: &SessionId, amr: &Amr, now: UnixTime) -> Result<bool, Fault> {
    store::set_proof(tx, id, amr, now)
}

/// Something more was proven in a session, beside what began it.
///
/// # Errors
/// A [`Fault`].
pub fn prove_more(tx: &mut Tx, id: &SessionId, methods: &[Method], now: UnixTime) -> Result<(), Fault> {
    let Some(session) = find_alive(tx, id, now)? else { return Ok(()) };
    let amr = methods.iter().fold(session.amr, |amr, method| amr.and(*method));
    store::set_amr(tx, id, &amr)
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

/// When a session began, alive or not; `None` where it is no longer kept.
///
/// # Errors
/// A [`Fault`].
pub fn began_at(conn: &mut Conn, id: &SessionId) -> Result<Option<UnixTime>, Fault> {
    Ok(store::find(conn, id)?.map(|session| session.created_at))
}

/// Whose session it is, alive or not.
///
/// # Errors
/// A [`Fault`].
pub fn holder_of(conn: &mut Conn, id: &SessionId) -> Result<Option<UserId>, Fault> {
    store::holder_of(conn, id)
}

/// How long a session that is over can still be looked up.
pub(super) const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Revocations are kept so much longer than any token that they concern, for a clock that ran ahead and is set right.
const ENDS_KEPT: Duration = Duration::from_secs(86_400);

/// Deletes sessions that were over a month ago, and revocations that outlived every token they could concern. A few at a
/// time: who wants to write meanwhile is not kept waiting.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let now = app.now();
    loop {
        let over = app.db.read(move |conn| store::over_before(conn, now.minus(KEPT))).await?;
        if over.is_empty() {
            break;
        }
        app.db.write(move |tx| store::delete(tx, &over)).await?;
    }
    while app.db.write(move |tx| store::forget_revocations(tx, now.minus(ENDS_KEPT))).await? > 0 {}
    Ok(())
}
