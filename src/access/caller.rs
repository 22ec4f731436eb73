//! Who asks, proven. Only `signin::recognise` makes one (the architecture test counts), so a use case that takes a
//! `&Caller` can't be reached by anybody who was not recognised.

use std::sync::Arc;
use std::time::Duration;

use super::{PermissionSet, Refusal};
use crate::platform::ids::{ApiKeyId, RequestId, SessionId, UserId};
use crate::platform::time::UnixTime;

/// Where a request comes from; stands in the audit log and on a session.
#[derive(Clone, Debug)]
pub struct Origin {
    pub request_id: RequestId,
    pub address: String,
    pub user_agent: String,
    /// The digest of what a browser holds that has been signed in at; whose it is, if anybody's, is yet to be asked.
    pub device: Option<Vec<u8>>,
    /// What the request says of the languages that it reads (RFC 9110 section 12.5.4); empty where it says nothing.
    pub languages: String,
}

/// What a token or a session cookie proves about its bearer.
#[derive(Clone, Debug)]
pub struct Identity {
    pub user: UserId,
    pub username: String,
    /// What they want to be called, where that is known without asking.
    pub name: Option<String>,
    pub session: SessionId,
    pub roles: Vec<String>,
    pub permissions: PermissionSet,
    /// When the person last proved who they are: `auth_time`.
    pub authenticated_at: UnixTime,
    /// The application that acts for them.
    pub client_id: String,
    /// The key by which a program asks in their name, while they are not there themselves.
    pub by_key: Option<ByKey>,
}

/// A program's key, as far as others may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByKey {
    pub id: ApiKeyId,
    pub name: String,
}

impl std::fmt::Display for ByKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.id)
    }
}

/// Somebody recognised, and where they ask from.
#[derive(Clone, Debug)]
pub struct Caller {
    identity: Arc<Identity>,
    pub origin: Origin,
}

impl Caller {
    /// How old a proof of identity may be for what is dangerous.
    pub const FRESH_FOR: Duration = Duration::from_secs(15 * 60);

    pub(crate) fn recognised(identity: Arc<Identity>, origin: Origin) -> Self {
        Self { identity, origin }
    }

    /// Who it is, to be shared.
    pub fn identity(&self) -> Arc<Identity> {
        Arc::clone(&self.identity)
    }

    /// The only authorization check: use cases begin with it.
    ///
    /// # Errors
    /// [`Refusal::Missing`].
    pub fn must(&self, word: &'static str) -> Result<(), Refusal> {
        if self.permissions.holds(word) { Ok(()) } else { Err(Refusal::Missing(word)) }
    }

    /// The same for what is done to somebody: a key, whatever it holds, does nothing to its own owner, whose account it
    /// could take over.
    ///
    /// # Errors
    /// [`Refusal::Missing`], [`Refusal::ByKey`].
    pub fn must_over(&self, word: &'static str, whom: &UserId) -> Result<(), Refusal> {
        self.must(word)?;
        if self.user == *whom { self.must_be_there() } else { Ok(()) }
    }

    /// What is dangerous needs a proof of identity that is young. A key was made with one, for just what it names, and a
    /// program has nobody to ask for another: what a key may do, it may do whenever it likes.
    ///
    /// # Errors
    /// [`Refusal::NotFresh`].
    pub fn must_be_fresh(&self, now: UnixTime) -> Result<(), Refusal> {
        let proven = self.authenticated_at;
        // Of a proof that a clock gave which has been set back since, nobody can say how old it is.
        let young = now.since(proven) <= Self::FRESH_FOR && !proven.is_beyond(now);
        if self.by_key.is_some() || young { Ok(()) } else { Err(Refusal::NotFresh) }
    }

    /// What concerns the caller's own account takes the person, not a program that holds their key.
    ///
    /// # Errors
    /// [`Refusal::ByKey`].
    pub fn must_be_there(&self) -> Result<(), Refusal> {
        if self.by_key.is_none() { Ok(()) } else { Err(Refusal::ByKey) }
    }

    /// Whether to offer something; whoever is not offered it would be refused by [`Self::must`].
    pub fn may(&self, word: &'static str) -> bool {
        self.must(word).is_ok()
    }
}

impl std::ops::Deref for Caller {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.identity
    }
}
