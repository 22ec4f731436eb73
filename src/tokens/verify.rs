//! Is this access token ours, and does it still count? RFC 8725 to the letter, then what was ended meanwhile. No database.

use std::sync::Arc;

use quick_cache::sync::Cache;

use super::claims::{Claims, TYP};
use super::keys::{Keys, Trusted};
use super::refusals::{BadToken, Known, Reason};
use crate::access::{Identity, PermissionSet};
use crate::app::App;
use crate::platform::ids::{SessionId, TokenId, UserId};
use crate::platform::jwt::{self, harmless};
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
    pub(super) id: TokenId,
    issued: i64,
    expires: i64,
    /// The key that signed it.
    kid: Option<String>,
    /// When the last token of its key has expired, whatever this one says.
    key_until: UnixTime,
    /// What was signed: all of the token but its signature.
    signed: Box<str>,
}

impl Verified {
    /// What it proves, once it counts no more.
    pub(super) fn known(&self) -> Known {
        Known {
            user: self.identity.user.clone(),
            session: self.identity.session.clone(),
            token: Some(self.id.clone()),
            issued_at: Some(UnixTime::from_seconds(self.issued)),
            expires_at: Some(UnixTime::from_seconds(self.expires)),
        }
    }
}

/// Tokens whose signature was found good: to check one costs fifty times the rest. Found by the digest of the signature, which
/// is what nobody can guess, and then compared with what was signed: a tenth of the work of a digest of the whole token.
pub(super) struct VerifiedTokens(Cache<[u8; 32], Arc<Verified>>);

impl Default for VerifiedTokens {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl VerifiedTokens {
    fn find(&self, signed: &str, signature: &[u8; 32]) -> Option<Arc<Verified>> {
        self.0.get(signature).filter(|known| *known.signed == *signed)
    }
}

/// Checks an access token, remembered or new.
///
/// # Errors
/// [`BadToken`]: all that can be said about it, for administrators alone.
pub fn verify(app: &App, token: &str) -> Result<Arc<Verified>, Box<BadToken>> {
    if token.len() > MAX_BYTES {
        return Err(Reason::TooLong.into());
    }
    let (keys, now) = (app.keys.in_force(), app.now());
    let (signed, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let signature = sha256(signature.as_bytes());
    let verified = match keys.verified.find(signed, &signature) {
        Some(known) => known,
        None => {
            let new = Arc::new(check(app, &keys, token, now).map_err(|bad| bad.presented_by(token))?);
            keys.verified.0.insert(signature, Arc::clone(&new));
            new
        }
    };
    match check_again(app, &verified, now) {
        Ok(()) => Ok(verified),
        Err(reason) => Err(BadToken::new(reason).known(verified.known()).presented_by(token)),
    }
}

/// Whether a token that was good still is.
pub fn still_counts(app: &App, verified: &Verified) -> bool {
    app.keys.in_force().trust(verified.kid.as_deref()) && check_again(app, verified, app.now()).is_ok()
}

/// What may change from one use of a token to the next.
fn check_again(app: &App, verified: &Verified, now: UnixTime) -> Result<(), Reason> {
    // "On or after" its end a token is dead (RFC 7519 section 4.1.4).
    if now.seconds() >= verified.expires {
        return Err(Reason::Expired);
    }
    if now >= verified.key_until {
        return Err(Reason::KeyRetired);
    }
    if app.revocations.cover(&verified.descent) { Err(Reason::Ended) } else { Ok(()) }
}

/// The claims of a token that counts now, all of them; for telling others about it.
///
/// # Errors
/// [`BadToken`].
pub(super) fn claims(app: &App, token: &str) -> Result<Claims, Box<BadToken>> {
    verify(app, token)?;
    jwt::claims_of_verified(token).ok_or_else(|| BadToken::new(Reason::UnreadableClaims))
}

/// The claims of a token that one of our keys signed, and the key with its name.
fn by_one_of<'a>(keys: &'a Keys, token: &str) -> Result<(Claims, Option<String>, &'a Trusted), Box<BadToken>> {
    let header = jwt::read_header(token, TYP)?;
    let Some(trusted) = keys.named_by(&header) else {
        return Err(if keys.know(&header) { Reason::WrongAlgorithm } else { Reason::UnknownKey }.into());
    };
    Ok((trusted.verifier.verify(token)?, header.kid, trusted))
}

/// What is true of a token for good.
fn check(app: &App, keys: &Keys, token: &str, now: UnixTime) -> Result<Verified, Box<BadToken>> {
    let (claims, kid, key) = by_one_of(keys, token)?;
    if let Some((reason, found)) = claims.flaw(&app.config) {
        return Err(BadToken::new(reason).found(found).known(known(&claims)));
    }
    let horizon = now.seconds().saturating_add(LEEWAY);
    let counts_from = claims.nbf.max(claims.iat);
    if counts_from > horizon {
        let moment = UnixTime::from_seconds(counts_from).rfc3339();
        return Err(BadToken::new(Reason::NotYetValid).found(&moment).known(known(&claims)));
    }
    let id = TokenId::from_outside(claims.jti.as_str());
    let odd = |name| BadToken::new(Reason::UnreadableClaims).found(name);
    let made_at = id.made_at().ok_or_else(|| odd("jti"))?;
    let roles_version = claims.roles_version;
    let (issued, expires, key_until, identity) = (claims.iat, claims.exp, key.until, identity(claims));
    let descent = Descent::of(&identity.session, &identity.user, made_at).ok_or_else(|| odd("sid"))?;
    let descent = descent.carrying(&identity.roles, roles_version);
    let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed).into();
    Ok(Verified { descent, id, issued, expires, kid, key_until, signed, identity: Arc::new(identity) })
}

/// What claims prove that are signed by a key of ours, whatever else is wrong with them.
fn known(claims: &Claims) -> Known {
    Known {
        user: UserId::from_outside(harmless(claims.user_id())),
        session: SessionId::from_outside(harmless(&claims.sid)),
        token: Some(TokenId::from_outside(harmless(&claims.jti))),
        issued_at: Some(UnixTime::from_seconds(claims.iat)),
        expires_at: Some(UnixTime::from_seconds(claims.exp)),
    }
}

fn identity(claims: Claims) -> Identity {
    Identity {
        user: UserId::from_outside(claims.user_id()),
        session: SessionId::from_outside(claims.sid),
        permissions: PermissionSet::from_scope(&claims.scope).held_with(&claims.roles),
        authenticated_at: UnixTime::from_seconds(claims.auth_time),
        username: claims.username,
        name: None,
        roles: claims.roles,
        client_id: claims.client_id,
        by_key: None,
    }
}
