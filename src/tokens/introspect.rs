//! What a token, or a key, is worth (RFC 7662) and giving it back (RFC 7009). Somebody asks about their own tokens; with
//! `tokens:introspect` about any. All others' are simply not active.

use serde::Serialize;

use super::claims::Claims;
use super::{api_keys, store, verify};
use crate::access::{Caller, Origin, words};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact, Trail};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::secret::OpaqueToken;
use crate::platform::time::UnixTime;
use crate::sessions::{self, EndReason, Which};

/// RFC 7662 section 2.2. A token that is not active says nothing else.
#[derive(Debug, Default, Serialize)]
pub struct Introspection {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    access: Option<Box<Claims>>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    refresh: Option<RefreshInfo>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    key: Option<Box<api_keys::Described>>,
}

/// What is told of a refresh token.
#[derive(Debug, Serialize)]
struct RefreshInfo {
    sub: UserId,
    username: String,
    sid: SessionId,
    client_id: String,
    scope: String,
    iat: i64,
    exp: i64,
}

/// Says whether a token, access or refresh, counts now.
///
/// # Errors
/// A [`Fault`].
pub async fn introspect(app: &App, caller: &Caller, token: String) -> Result<Introspection, Fault> {
    if api_keys::is_meant(&token) {
        let known = api_keys::describe(app, &token).await?;
        let key = known.filter(|key| may_see(caller, key.sub.as_str(), key.sid.as_str()));
        let token_type = key.as_ref().map(|_| "Bearer");
        return Ok(Introspection { active: key.is_some(), token_type, key: key.map(Box::new), ..Default::default() });
    }
    if let Ok(claims) = verify::claims(app, &token) {
        let access = may_see(caller, claims.user_id(), &claims.sid).then(|| Box::new(claims));
        return Ok(Introspection {
            active: access.is_some(),
            token_type: access.as_ref().map(|_| "Bearer"),
            access,
            ..Default::default()
        });
    }
    let (digest, now) = (OpaqueToken::sent(token).digest(), app.now());
    let found = app.db.read(move |conn| living_refresh_token(conn, &digest, now)).await?;
    let refresh = found.filter(|info| may_see(caller, info.sub.as_str(), info.sid.as_str()));
    Ok(Introspection {
        active: refresh.is_some(),
        token_type: refresh.as_ref().map(|_| "refresh_token"),
        refresh,
        ..Default::default()
    })
}

/// Ends the session of a token: what was issued in it is worth nothing without the rest. One that is unknown, dead or
/// somebody else's changes nothing, and the answer is the same (RFC 7009 section 2.2).
///
/// # Errors
/// A [`Fault`].
pub async fn revoke(app: &App, caller: &Caller, token: String) -> Result<(), Fault> {
    let named = named_by(app, token).await?;
    match named.filter(|(user, session)| may_see(caller, user.as_str(), session.as_str())) {
        Some(named) => end(app, Trail::from(caller), named, (EndReason::Revoked, Fact::SessionsEnded)).await,
        None => Ok(()),
    }
}

/// Ends the session of a token for whoever holds it: a browser that signs out with its tokens in cookies.
///
/// # Errors
/// A [`Fault`].
pub async fn sign_out_with(app: &App, origin: &Origin, token: String) -> Result<(), Fault> {
    match named_by(app, token).await? {
        Some(named) => end(app, Trail::from(origin), named, (EndReason::SignedOut, Fact::SignedOut)).await,
        None => Ok(()),
    }
}

/// Whose token it is, and of which session, if it counts.
async fn named_by(app: &App, token: String) -> Result<Option<(UserId, SessionId)>, Fault> {
    if api_keys::is_meant(&token) {
        return Ok(api_keys::describe(app, &token).await?.map(|key| (key.sub, key.sid)));
    }
    if let Ok(claims) = verify::claims(app, &token) {
        return Ok(Some((UserId::from_outside(claims.user_id()), SessionId::from_outside(claims.sid))));
    }
    let (digest, now) = (OpaqueToken::sent(token).digest(), app.now());
    let found = app.db.read(move |conn| living_refresh_token(conn, &digest, now)).await?;
    Ok(found.map(|info| (info.sub, info.sid)))
}

async fn end(
    app: &App,
    trail: Trail,
    (user, session): (UserId, SessionId),
    (reason, fact): (EndReason, Fact),
) -> Result<(), Fault> {
    let now = app.now();
    app.write(trail, move |tx| {
        let ended = sessions::end(tx, &Which::One(session.clone()), reason, now)?;
        let username = accounts::find(tx, &user)?.map(|user| user.username).unwrap_or_default();
        let event = Event::new(fact).about(&user, &username).in_session(&session);
        let event = if fact == Fact::SignedOut { event.by_themselves() } else { event };
        let events = (!ended.none()).then_some(event);
        Ok(Outcome::told((), events).ending(ended))
    })
    .await
}

/// A program's key knows itself, and nothing else of its owner's.
fn may_see(caller: &Caller, user: &str, session: &str) -> bool {
    let own = caller.user.as_str() == user && (caller.by_key.is_none() || caller.session.as_str() == session);
    own || caller.may(words::TOKENS_INTROSPECT)
}

fn living_refresh_token(conn: &mut Conn, digest: &[u8], now: UnixTime) -> Result<Option<RefreshInfo>, Fault> {
    let Some(token) = store::unused(conn, digest, now)? else { return Ok(None) };
    let Some(session) = sessions::find_alive(conn, &token.family.session, now)? else { return Ok(None) };
    let Some(user) = accounts::active(conn, &session.user)? else { return Ok(None) };
    Ok(Some(RefreshInfo {
        sub: user.id.clone(),
        username: user.username.clone(),
        sid: session.id,
        scope: token.family.permissions(user.permissions()).to_scope(),
        client_id: token.family.client_id,
        iat: token.issued_at.seconds(),
        exp: token.expires_at.seconds(),
    }))
}
