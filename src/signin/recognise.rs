//! Who is calling: from an access token, without a database, from a program's key, or from a browser's session. Nobody else makes a [`Caller`].

use std::sync::Arc;
use std::time::Duration;

use crate::access::{Caller, Identity, Origin};
use crate::accounts::{self, ActiveUser, CONSOLE};
use crate::app::{App, Outcome};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{RequestId, SessionId, UserId};
use crate::platform::secret::OpaqueToken;
use crate::sessions::{self, Session};
use crate::tokens::api_keys::{self, Unproven};
use crate::tokens::{self, BadToken, FIRST_PARTY, Verified};

/// A session's last use is written down at most this often: a page view should not wait for the disk.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// Checks an access token. No database is asked.
///
/// # Errors
/// [`BadToken`].
pub fn token(app: &App, sent: &str) -> Result<Arc<Verified>, Box<BadToken>> {
    tokens::verify(app, sent)
}

/// The caller behind a checked token.
pub fn by_token(verified: &Verified, origin: Origin) -> Caller {
    Caller::recognised(Arc::clone(&verified.identity), origin)
}

/// Whether what was sent as a token is meant to be a key of a program.
pub fn is_key(sent: &str) -> bool {
    api_keys::is_meant(sent)
}

/// Checks a program's key. The database is asked each time, so what ended it holds at once.
///
/// # Errors
/// [`Unproven`]: it is no good, or nobody knows because of a fault.
pub async fn key(app: &App, sent: &str, origin: &Origin) -> Result<api_keys::Proven, Unproven> {
    api_keys::check(app, sent, origin).await
}

/// The caller behind a checked key.
pub fn by_key(proven: &api_keys::Proven, origin: Origin) -> Caller {
    Caller::recognised(proven.identity(), origin)
}

/// The caller behind a browser's session cookie; `None` where it opens no living session of somebody who may act.
///
/// # Errors
/// A [`Fault`]: then nobody knows who it is, which is not the same as nobody.
pub async fn by_cookie(app: &App, cookie: OpaqueToken, origin: Origin) -> Result<Option<Caller>, Fault> {
    let now = app.now();
    let found = app.db.read(move |conn| session_and_user(conn, &cookie, now)).await?;
    let Some((session, user)) = found else { return Ok(None) };
    if now.since(session.last_used_at) >= TOUCH_EVERY {
        let (id, lifetimes) = (session.id.clone(), app.lifetimes().of_cookie());
        let noted = app.write(&origin, move |tx| sessions::resume(tx, &id, lifetimes, now).map(Outcome::quiet)).await;
        // Whoever only looks is served all the same, while nothing can be written.
        if let Err(fault) = noted {
            tracing::warn!(error = %fault, "the use of a session could not be noted");
        }
    }
    Ok(Some(Caller::recognised(Arc::new(identity(&session, &user)), origin)))
}

/// Whoever can run commands on the machine, where they hold the database and its key anyway: they may do what an
/// administrator may, and the log says that it was done at the console.
///
/// # Errors
/// A [`Fault`].
pub async fn operator(app: &App) -> Result<Caller, Fault> {
    let now = app.now();
    let permissions = app.db.read(accounts::permissions_of_admin).await?;
    let origin = Origin {
        request_id: RequestId::fresh(now),
        address: CONSOLE.to_owned(),
        user_agent: CONSOLE.to_owned(),
        device: None,
        languages: String::new(),
    };
    let identity = Identity {
        user: UserId::from_outside(CONSOLE),
        username: CONSOLE.to_owned(),
        name: None,
        session: SessionId::from_outside(CONSOLE),
        roles: Vec::new(),
        permissions,
        authenticated_at: now,
        client_id: CONSOLE.to_owned(),
        by_key: None,
    };
    Ok(Caller::recognised(Arc::new(identity), origin))
}

/// Gives a browser its cookie: from now on it opens this session.
///
/// # Errors
/// A [`Fault`].
pub async fn remember_browser(app: &App, session: SessionId, cookie: OpaqueToken) -> Result<(), Fault> {
    app.db.write(move |tx| sessions::bind_cookie(tx, &session, &cookie)).await
}

fn session_and_user(
    conn: &mut Conn,
    cookie: &OpaqueToken,
    now: crate::platform::time::UnixTime,
) -> Result<Option<(Session, ActiveUser)>, Fault> {
    let Some(session) = sessions::by_cookie(conn, cookie, now)? else {
        return Ok(None);
    };
    let user = accounts::active(conn, &session.user)?;
    Ok(user.map(|user| (session, user)))
}

fn identity(session: &Session, user: &ActiveUser) -> Identity {
    Identity {
        user: user.id.clone(),
        username: user.username.clone(),
        name: user.name.clone(),
        session: session.id.clone(),
        roles: user.roles.clone(),
        permissions: user.permissions().clone(),
        authenticated_at: session.authenticated_at,
        client_id: FIRST_PARTY.to_owned(),
        by_key: None,
    }
}
