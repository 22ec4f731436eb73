//! A token that was refused, and all that is known of it.

use super::Reason;
use super::store::Kind;
use crate::access::Identity;
use crate::platform::ids::{SessionId, TokenId, UserId};
use crate::platform::jwt::{self, Presented, harmless};
use crate::platform::time::UnixTime;
use crate::tokens::Verified;

/// Why a token is refused, in full. None of it is for the client (RFC 6750 section 3.1).
#[derive(Clone, Debug)]
pub struct BadToken {
    pub reason: Reason,
    pub kind: Kind,
    /// What stood there in place of what is expected.
    pub found: Option<String>,
    /// What the header said of itself.
    pub presented: Presented,
    /// What is proven about it; nothing where the signature is not ours.
    pub known: Option<Known>,
    /// Of a refresh token, by which more is found out.
    pub(super) digest: Option<Vec<u8>>,
}

/// What a token proves even though it does not count.
#[derive(Clone, Debug)]
pub struct Known {
    pub user: UserId,
    pub session: SessionId,
    pub token: Option<TokenId>,
    pub issued_at: Option<UnixTime>,
    pub expires_at: Option<UnixTime>,
}

impl BadToken {
    pub(in crate::tokens) fn new(reason: Reason) -> Box<Self> {
        Box::new(Self {
            reason,
            kind: Kind::Access,
            found: None,
            presented: Presented::default(),
            known: None,
            digest: None,
        })
    }

    /// What stood in the token in place of what is expected.
    pub(in crate::tokens) fn found(mut self: Box<Self>, text: &str) -> Box<Self> {
        self.found = Some(harmless(text));
        self
    }

    pub(in crate::tokens) fn known(mut self: Box<Self>, known: Known) -> Box<Self> {
        self.known = Some(known);
        self
    }

    /// Notes what the header says, for the eyes of people.
    pub(in crate::tokens) fn presented_by(mut self: Box<Self>, token: &str) -> Box<Self> {
        self.presented = jwt::presented(token);
        self
    }

    /// The Authorization header has no bearer token in it.
    pub fn not_bearer() -> Box<Self> {
        Self::new(Reason::NotBearer)
    }

    /// A good access token in a cookie, without the proof that its own page sent it.
    pub fn without_proof(verified: &Verified, token: &str, reason: Reason) -> Box<Self> {
        Self::new(reason).presented_by(token).known(verified.known())
    }

    /// A refresh token that gave nothing, by its digest.
    pub fn refresh(digest: Vec<u8>, reason: Reason) -> Box<Self> {
        Box::new(Self { kind: Kind::Refresh, digest: Some(digest), ..*Self::new(reason) })
    }

    /// A program's key that does not count; whose it is, where that is known.
    pub(in crate::tokens) fn key(reason: Reason, known: Option<Known>) -> Box<Self> {
        Box::new(Self { kind: Kind::ApiKey, known, ..*Self::new(reason) })
    }

    /// A proof of identity that is too old for what was asked.
    pub fn not_fresh(identity: &Identity) -> Box<Self> {
        Self::of(identity, Reason::NotFresh).found(&identity.authenticated_at.rfc3339())
    }

    /// The account is gone, and the token has outlived it by a moment.
    pub fn outlived(identity: &Identity) -> Box<Self> {
        Self::of(identity, Reason::Ended)
    }

    fn of(identity: &Identity, reason: Reason) -> Box<Self> {
        Self::new(reason).known(Known {
            user: identity.user.clone(),
            session: identity.session.clone(),
            token: None,
            issued_at: None,
            expires_at: None,
        })
    }
}

impl<R: Into<Reason>> From<R> for Box<BadToken> {
    fn from(reason: R) -> Self {
        BadToken::new(reason.into())
    }
}
