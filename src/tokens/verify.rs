//! Is this access token ours, and does it still count? RFC 8725 to the letter, then what was ended meanwhile. No database.

use std::sync::Arc;

use quick_cache::sync::Cache;

use super::claims::{ACCESS, Claims, TYP};
use super::keys::{Keys, Trusted};
use crate::access::{Identity, PermissionSet};
use crate::app::App;
use crate::platform::ids::{SessionId, TokenId, UserId};
use crate::platform::jwt;
use crate::platform::secret::sha256;
use crate::platform::time::UnixTime;
use crate::sessions::Descent;

/// How far ahead the clock of another node may be, in seconds.
const LEEWAY: i64 = 30;
/// No token of ours is longer; whoever sends more is not worth a signature check.
const MAX_BYTES: usize = 16 * 1024;
/// Verified tokens that are remembered: some megabytes.
const REMEMBERED: usize = 10_000;

/// What a good token says, in our own terms.
#[derive(Debug)]
pub struct Verified {
    pub identity: Arc<Identity>,
    descent: Descent,
    expires: i64,
}

/// Why a token is refused. The client learns only that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadToken {
    /// Not a token of ours: garbage, a foreign key, a wrong signature, type, issuer or audience.
    Foreign,
    Expired,
    NotYet,
    /// Its session, or its user, was ended.
    Ended,
}

impl BadToken {
    pub fn word(self) -> &'static str {
        match self {
            Self::Foreign => "foreign",
            Self::Expired => "expired",
            Self::NotYet => "not_yet_valid",
            Self::Ended => "ended",
        }
    }
}

/// Tokens whose signature was found good: a signature costs fifty times the rest. Keyed by the digest of the whole token,
/// since a collision would let somebody in.
pub(super) struct VerifiedTokens(Cache<[u8; 32], Arc<Verified>>);

impl Default for VerifiedTokens {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

/// Checks an access token, remembered or new.
///
/// # Errors
/// [`BadToken`].
pub fn verify(app: &App, token: &str) -> Result<Arc<Verified>, BadToken> {
    if token.len() > MAX_BYTES {
        return Err(BadToken::Foreign);
    }
    let (keys, digest, now) = (app.keys.in_force(), sha256(token.as_bytes()), app.now());
    let verified = match keys.verified.0.get(&digest) {
        Some(known) => known,
        None => {
            let new = Arc::new(check(app, &keys, token, now)?);
            keys.verified.0.insert(digest, Arc::clone(&new));
            new
        }
    };
    check_again(app, &verified, now).map(|()| verified)
}

/// Whether a token that was good still is.
pub fn still_counts(app: &App, verified: &Verified) -> bool {
    check_again(app, verified, app.now()).is_ok()
}

/// What may change from one use of a token to the next.
fn check_again(app: &App, verified: &Verified, now: UnixTime) -> Result<(), BadToken> {
    // "On or after" its end a token is dead (RFC 7519 section 4.1.4).
    if now.seconds() >= verified.expires {
        return Err(BadToken::Expired);
    }
    if app.revocations.cover(&verified.descent) { Err(BadToken::Ended) } else { Ok(()) }
}

/// The claims of a token that counts now, all of them; for telling others about it.
///
/// # Errors
/// [`BadToken`].
pub(super) fn claims(app: &App, token: &str) -> Result<Claims, BadToken> {
    verify(app, token)?;
    let keys = app.keys.in_force();
    by_one_of(&keys, token).map(|(claims, _)| claims).ok_or(BadToken::Foreign)
}

/// The claims of a token that one of our keys signed, and the key.
fn by_one_of<'a>(keys: &'a Keys, token: &str) -> Option<(Claims, &'a Trusted)> {
    let header = jwt::read_header(token, TYP)?;
    let trusted = keys.named_by(&header)?;
    Some((trusted.verifier.verify(token)?, trusted))
}

/// What is true of a token for good.
fn check(app: &App, keys: &Keys, token: &str, now: UnixTime) -> Result<Verified, BadToken> {
    let (claims, key) = by_one_of(keys, token).ok_or(BadToken::Foreign)?;
    let named = [&claims.sub, &claims.sid, &claims.jti, &claims.client_id].iter().all(|text| !text.is_empty());
    if !claims.is_for(&app.config) || claims.kind != ACCESS || !named {
        return Err(BadToken::Foreign);
    }
    let horizon = now.seconds().saturating_add(LEEWAY);
    if claims.nbf > horizon || claims.iat > horizon {
        return Err(BadToken::NotYet);
    }
    let made_at = TokenId::from_outside(claims.jti.as_str()).made_at().ok_or(BadToken::Foreign)?;
    let (expires, identity) = (claims.exp.min(key.until.seconds()), identity(claims));
    let descent = Descent::of(&identity.session, &identity.user, made_at).ok_or(BadToken::Foreign)?;
    Ok(Verified { expires, descent, identity: Arc::new(identity) })
}

fn identity(claims: Claims) -> Identity {
    Identity {
        user: UserId::from_outside(claims.user_id()),
        session: SessionId::from_outside(claims.sid),
        permissions: PermissionSet::from_scope(&claims.scope),
        authenticated_at: UnixTime::from_seconds(claims.auth_time),
        username: claims.username,
        name: None,
        roles: claims.roles,
        client_id: claims.client_id,
    }
}
