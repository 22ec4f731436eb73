//! Is this key ours, and what may it do? The database is asked each time, in one read.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::make::used_again;
use super::store::{self, Row};
use super::text::PREFIX;
use super::{CLIENT, KeyText};
use crate::access::{ByKey, Identity, Origin, PermissionSet};
use crate::accounts::{self, ActiveUser};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::secret::same;
use crate::platform::time::UnixTime;
use crate::sessions::{self, Session};
use crate::tokens::BadToken;
use crate::tokens::refusals::{Known, Reason};

/// A key's last use is written down at most this often.
const TOUCH_EVERY: Duration = Duration::from_secs(60);
/// That a known key was refused is written down at most this often, so that a program that was forgotten fills no log.
const TELL_EVERY: Duration = Duration::from_secs(3600);

/// A key that counts, and who is behind it.
pub struct Proven(Arc<Identity>);

impl Proven {
    pub fn identity(&self) -> Arc<Identity> {
        Arc::clone(&self.0)
    }
}

/// Why somebody with a key is not known.
pub enum Unproven {
    Bad(Box<BadToken>),
    /// Nobody can tell: that is not the same as a bad key.
    Fault(Fault),
}

impl From<Fault> for Unproven {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A key that counts, as whoever asks about it is told (RFC 7662 section 2.2).
#[derive(Debug, Serialize)]
pub struct Described {
    pub sub: UserId,
    pub username: String,
    pub sid: SessionId,
    pub client_id: &'static str,
    pub scope: String,
    pub iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// The key's own name.
    pub api_key: String,
}

/// What the database says of a key.
enum Found {
    Nothing,
    /// The name of a key of ours with another secret.
    OtherSecret(Row),
    Over(Row),
    Counts(Box<(Row, Session, ActiveUser)>),
}

/// Whether this is meant to be a key; no access token begins like that.
pub fn is_meant(sent: &str) -> bool {
    sent.starts_with(PREFIX)
}

/// Checks a key and notes its use.
///
/// # Errors
/// [`Unproven`].
pub async fn check(app: &App, sent: &str, origin: &Origin) -> Result<Proven, Unproven> {
    let bad = |reason, known| Err(Unproven::Bad(BadToken::key(reason, known)));
    let Some(key) = KeyText::parse(sent) else { return bad(Reason::KeyMalformed, None) };
    let now = app.now();
    match app.db.read(move |conn| look(conn, &key, now)).await? {
        Found::Nothing => bad(Reason::KeyUnknown, None),
        Found::OtherSecret(row) => {
            tell(app, &row, origin, Reason::KeyUnknown).await?;
            bad(Reason::KeyUnknown, None)
        }
        Found::Over(row) => {
            tell(app, &row, origin, Reason::KeyOver).await?;
            bad(Reason::KeyOver, Some(known(row)))
        }
        Found::Counts(found) => {
            let (row, session, user) = *found;
            touch(app, &session, now).await;
            Ok(Proven(Arc::new(identity(row, session, user))))
        }
    }
}

fn look(conn: &mut Conn, key: &KeyText, now: UnixTime) -> Result<Found, Fault> {
    let Some(row) = store::find(conn, &key.id)? else { return Ok(Found::Nothing) };
    if !same(&row.hash, &key.digest()) {
        return Ok(Found::OtherSecret(row));
    }
    let Some(session) = sessions::find_alive(conn, &row.session_id, now)? else { return Ok(Found::Over(row)) };
    Ok(match accounts::active(conn, &session.user)? {
        Some(user) => Found::Counts(Box::new((row, session, user))),
        None => Found::Over(row),
    })
}

/// What there is to say of a key, if it counts. To be asked about is to be used: the service that asks was sent it.
///
/// # Errors
/// A [`Fault`].
pub async fn describe(app: &App, sent: &str) -> Result<Option<Described>, Fault> {
    let Some(key) = KeyText::parse(sent) else { return Ok(None) };
    let now = app.now();
    let Found::Counts(found) = app.db.read(move |conn| look(conn, &key, now)).await? else { return Ok(None) };
    let (row, session, user) = *found;
    touch(app, &session, now).await;
    Ok(Some(Described {
        scope: scope(&row, &user).to_scope(),
        sub: user.id.clone(),
        username: user.username.clone(),
        client_id: CLIENT,
        iat: row.created_at.seconds(),
        exp: Some(session.ends_at()).filter(|at| *at < UnixTime::NEVER).map(UnixTime::seconds),
        sid: session.id,
        api_key: row.name,
    }))
}

/// Whether a key that counted still does, with a permission that it was let in for.
///
/// # Errors
/// A [`Fault`].
pub async fn still_counts(app: &App, identity: &Identity, word: &'static str) -> Result<bool, Fault> {
    let Some(key) = identity.by_key.clone() else { return Ok(false) };
    let now = app.now();
    app.db
        .read(move |conn| {
            let Some(row) = store::find(conn, &key.id)? else { return Ok(false) };
            let Some(session) = sessions::find_alive(conn, &row.session_id, now)? else { return Ok(false) };
            let user = accounts::active(conn, &session.user)?;
            Ok(user.is_some_and(|user| scope(&row, &user).holds(word)))
        })
        .await
}

/// The first use at once, so that a key can be told from one that nobody has used; then now and again. While nothing can be
/// written, the key counts all the same.
async fn touch(app: &App, session: &Session, now: UnixTime) {
    if session.last_used_at > session.created_at && now.since(session.last_used_at) < TOUCH_EVERY {
        return;
    }
    let (id, lifetimes) = (session.id.clone(), used_again(session, now));
    let noted = app.db.write(move |tx| sessions::resume(tx, &id, lifetimes, now).map(drop)).await;
    if let Err(fault) = noted {
        tracing::warn!(error = %fault, "the use of an API key could not be noted");
    }
}

/// Writes down that a key of ours was sent in vain.
async fn tell(app: &App, row: &Row, origin: &Origin, why: Reason) -> Result<(), Fault> {
    let now = app.now();
    if now.since(row.refused_at) < TELL_EVERY {
        return Ok(());
    }
    let (id, owner, name) = (row.id.clone(), row.user_id.clone(), row.name.clone());
    app.write(origin, move |tx| {
        if !store::note_refusal(tx, &id, now, now.minus(TELL_EVERY))? {
            return Ok::<_, Fault>(Outcome::quiet(()));
        }
        let username = accounts::find(tx, &owner)?.map(|user| user.username).unwrap_or_default();
        let event = Event::new(Fact::ApiKeyRefused).about(&owner, &username).with("api_key", id.as_str());
        Ok(Outcome::told((), [event.with("name", name).with("reason", why.word())]))
    })
    .await
}

fn known(row: Row) -> Known {
    Known { user: row.user_id, session: row.session_id, token: None, issued_at: Some(row.created_at), expires_at: None }
}

/// Of what it was made for, what its owner holds now.
fn scope(row: &Row, user: &ActiveUser) -> PermissionSet {
    PermissionSet::from_scope(&row.scope).intersection(user.permissions()).held_with(&user.roles)
}

fn identity(row: Row, session: Session, user: ActiveUser) -> Identity {
    Identity {
        permissions: scope(&row, &user),
        user: user.id.clone(),
        username: user.username.clone(),
        name: user.name.clone(),
        session: session.id,
        roles: user.roles.clone(),
        authenticated_at: session.authenticated_at,
        client_id: CLIENT.to_owned(),
        by_key: Some(ByKey { id: row.id, name: row.name }),
    }
}
