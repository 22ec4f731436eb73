//! Refresh rotation (RFC 9700 section 4.14.2). Each use consumes the token and gives its successor; a used one that comes
//! again is a copy, and its session ends. One exception keeps the right person in when an answer got lost: the same client
//! gets the same successor again for a few seconds.

use std::time::Duration;

use super::issue::{Authorization, Proof};
use super::store::{self, Family, Use, Used};
use crate::access::{Origin, PermissionSet};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::{Fault, Tx};
use crate::platform::hex::hex;
use crate::platform::ids::UserId;
use crate::platform::secret::{OpaqueToken, Purpose, Seal, keyed_digest, sha256};
use crate::platform::time::UnixTime;
use crate::sessions::{self, EndReason, Which};

/// How long a used token still gives its successor, to the same client.
const GRACE: Duration = Duration::from_secs(10);

/// What became of a refresh token.
pub enum Rotation {
    Next(Box<Authorization>),
    /// Unknown, expired, another client's, of a session that ended, or of somebody who may not act.
    Dead,
    /// It was used before: the session has been ended.
    Reused,
}

/// Takes a refresh token and gives the authorization that follows it.
///
/// # Errors
/// A [`Fault`]; then the token was not consumed.
pub async fn rotate(
    app: &App,
    origin: &Origin,
    sent: OpaqueToken,
    client_id: Option<&str>,
    asked: Option<PermissionSet>,
) -> Result<Rotation, Fault> {
    let (digest, successor, seal) = (sent.digest(), OpaqueToken::fresh(), seal_of(app, &sent));
    let looked_for = digest.clone();
    // Whose a token is never changes, so it is asked before: what nobody has keeps no writer busy.
    let Some(holder) = app.db.read(move |conn| store::holder_of(conn, &looked_for)).await? else {
        return Ok(Rotation::Dead);
    };
    let attempt = Attempt {
        app: app.clone(),
        holder,
        // Sealed here, so that the one thread that writes does not wait for it.
        sealed: seal.close(successor.reveal().as_bytes(), &digest),
        seal,
        successor,
        digest,
        client_id: client_id.map(str::to_owned),
        user_agent: origin.user_agent.clone(),
        asked,
        now: app.now(),
    };
    app.write(origin, move |tx| attempt.run(tx)).await
}

/// Deletes refresh tokens that have expired; used ones are kept until then, to be told from unknown ones.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let now = app.now();
    while app.db.write(move |tx| store::purge_refresh_tokens(tx, now)).await? > 0 {}
    Ok(())
}

/// Opens a successor only together with the token that it follows, which is kept nowhere: neither the database nor the
/// key of the installation, nor both, give a living token away.
fn seal_of(app: &App, sent: &OpaqueToken) -> Seal {
    Seal::new(keyed_digest(&app.derived_key(Purpose::Successors), sent.reveal().as_bytes()))
}

struct Attempt {
    app: App,
    holder: UserId,
    digest: Vec<u8>,
    /// The token that follows, if this one is still good.
    successor: OpaqueToken,
    seal: Seal,
    sealed: Vec<u8>,
    client_id: Option<String>,
    user_agent: String,
    asked: Option<PermissionSet>,
    now: UnixTime,
}

impl Attempt {
    fn run(self, tx: &mut Tx) -> Result<Outcome<Rotation>, Fault> {
        // Everybody who touches an account holds it first, then its sessions, then their tokens: whoever deletes it, for one.
        accounts::lock(tx, &self.holder)?;
        let used = Use { by: self.fingerprint(), successor: &self.sealed };
        // Consume before mint: of several callers with one token, this write has one winner.
        match store::consume(tx, &self.digest, &used, self.now)? {
            Some(family) if self.is_from(&family) => self.proceed(tx, &family),
            Some(_) => {
                store::put_back(tx, &self.digest)?;
                Ok(Outcome::quiet(Rotation::Dead))
            }
            None => self.settle(tx),
        }
    }

    /// A client id that was sent must be the one the family belongs to (RFC 6749 section 6).
    fn is_from(&self, family: &Family) -> bool {
        self.client_id.as_ref().is_none_or(|sent| *sent == family.client_id)
    }

    /// Who sends it: the User-Agent, since the client is the family's. The address may change, as a phone's does.
    fn fingerprint(&self) -> String {
        hex(&sha256(self.user_agent.as_bytes())[..16])
    }

    fn proceed(self, tx: &mut Tx, family: &Family) -> Result<Outcome<Rotation>, Fault> {
        let span = (self.now, self.now.plus(self.app.lifetimes().idle));
        store::insert(tx, &self.successor.digest(), &family.session, &family.scope, &family.client_id, span)?;
        self.authorization(tx, family, None)
    }

    /// The session goes on, if it and its user still may: with the token that follows, or with the one that it was given
    /// before.
    fn authorization(
        self,
        tx: &mut Tx,
        family: &Family,
        given_before: Option<OpaqueToken>,
    ) -> Result<Outcome<Rotation>, Fault> {
        let Some(user) = accounts::active(tx, &self.holder)? else {
            return Ok(Outcome::quiet(Rotation::Dead));
        };
        let at = self.app.now();
        let Some(session) = sessions::resume(tx, &family.session, self.app.lifetimes(), at)? else {
            return Ok(Outcome::quiet(Rotation::Dead));
        };
        let granted = family.permissions(user.permissions());
        let scope = self.asked.map_or_else(|| granted.clone(), |asked| asked.intersection(&granted));
        let refresh = given_before.unwrap_or(self.successor);
        let next = Authorization { user, session, scope, refresh, proof: Proof::Refreshed, at };
        Ok(Outcome::quiet(Rotation::Next(Box::new(next))))
    }

    /// The token was not there to consume: never was, has expired, or was used.
    fn settle(self, tx: &mut Tx) -> Result<Outcome<Rotation>, Fault> {
        let Some(used) = store::used(tx, &self.digest)? else {
            return Ok(Outcome::quiet(Rotation::Dead));
        };
        if let Some(successor) = self.successor_again(tx, &used)? {
            return self.authorization(tx, &used.family, Some(successor));
        }
        let Some(session) = sessions::find_alive(tx, &used.family.session, self.now)? else {
            return Ok(Outcome::quiet(Rotation::Dead));
        };
        let which = Which::One(session.id.clone());
        let ended = sessions::end(tx, &which, EndReason::RefreshReused, self.now)?;
        let username = accounts::find(tx, &session.user)?.map(|user| user.username).unwrap_or_default();
        let event = Event::new(Fact::RefreshReused).about(&session.user, &username).in_session(&session.id);
        // Of several that come with the copy at once, one ends the session.
        let events = (!ended.none()).then_some(event);
        Ok(Outcome::told(Rotation::Reused, events).ending(ended))
    }

    fn successor_again(&self, tx: &mut Tx, used: &Used) -> Result<Option<OpaqueToken>, Fault> {
        let same_client = used.by.as_deref() == Some(&self.fingerprint());
        // A use that lies ahead is of a clock that was set back since: how long ago it was, nobody can say.
        let lately = self.now <= used.at.plus(GRACE) && !used.at.is_beyond(self.now);
        if !same_client || !self.is_from(&used.family) || !lately {
            return Ok(None);
        }
        let opened = self.seal.open(&used.successor, &self.digest);
        let Some(successor) = opened.and_then(|plain| String::from_utf8(plain).ok()).map(OpaqueToken::sent) else {
            return Ok(None);
        };
        Ok(store::is_unused(tx, &successor.digest())?.then_some(successor))
    }
}
