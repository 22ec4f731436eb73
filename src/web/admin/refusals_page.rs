//! Refused tokens on a page: the one that was asked for, and the latest.

use askama::Template;

use crate::texts::refusals::{reason, sentence};
use crate::tokens::keys::State;
use crate::tokens::refusals::{Cause, Explanation, Kept, KeyStanding, Kind};
use crate::web::chrome::{Chrome, When};

#[derive(Template)]
#[template(path = "admin/refusals.html")]
pub struct RefusalsPage {
    pub c: Chrome,
    /// What was asked for.
    pub id: String,
    pub explained: Option<Explained>,
    pub rows: Vec<Row>,
    pub first: Option<String>,
    pub next: Option<String>,
    /// Whether the pages of users are open to whoever asks.
    pub may_open: bool,
}

/// A refusal in the list.
pub struct Row {
    pub reason: &'static str,
    pub request_id: String,
    pub user: Option<Who>,
    pub address: String,
    pub route: String,
    pub at: When,
}

/// An account, which may be gone by now.
pub struct Who {
    pub id: String,
    pub username: Option<String>,
}

impl Row {
    pub fn new(c: &Chrome, refused: &Kept, username: Option<String>) -> Self {
        Self {
            reason: reason(c.language(), refused.reason),
            request_id: refused.request_id.as_str().to_owned(),
            user: refused.user.as_ref().map(|id| Who { id: id.as_str().to_owned(), username }),
            address: refused.address.clone(),
            route: refused.route.clone(),
            at: c.when(refused.at),
        }
    }
}

/// All there is to say about one.
pub struct Explained {
    pub sentence: String,
    pub row: Row,
    pub kind: &'static str,
    pub token: Option<String>,
    pub session: Option<String>,
    pub issued: Option<When>,
    pub expires: Option<When>,
    pub found: Option<String>,
    pub expected: Option<String>,
    pub cause: Option<CauseRow>,
    pub header: Option<Header>,
}

/// What made the token worthless, and who did it.
pub struct CauseRow {
    pub roles: bool,
    pub at: When,
    pub by: Option<String>,
}

/// What the header of an access token says.
pub struct Header {
    pub proven: bool,
    pub kid: Option<String>,
    pub alg: Option<String>,
    pub typ: Option<String>,
    /// Tone and words for how the named key stands.
    pub key: Option<(&'static str, &'static str)>,
}

impl Explained {
    pub fn new(c: &Chrome, explained: Explanation) -> Self {
        let sentence = sentence(c.language(), &explained);
        let header = Header::new(c, &explained);
        let refused = explained.refused;
        Self {
            sentence,
            row: Row::new(c, &refused, explained.username),
            kind: match refused.kind {
                Kind::Access => c.t.refusals.access,
                Kind::Refresh => c.t.refusals.refresh,
                Kind::ApiKey => c.t.api_keys.one,
            },
            token: refused.token.map(|id| id.as_str().to_owned()),
            session: refused.session.map(|id| id.as_str().to_owned()),
            issued: refused.issued_at.map(|at| c.when(at)),
            expires: refused.expires_at.map(|at| c.when(at)),
            // Where it is part of the sentence alone, it would only be said twice.
            found: explained.expected.as_ref().and(refused.found),
            expected: explained.expected,
            cause: explained.cause.map(|cause| CauseRow::new(c, cause)),
            header,
        }
    }
}

impl CauseRow {
    fn new(c: &Chrome, cause: Cause) -> Self {
        let (roles, at, by) = match cause {
            Cause::Ended { at, by, .. } => (false, at, by),
            Cause::TimedOut { at } => (false, at, None),
            Cause::RolesChanged { at, by } => (true, at, by),
        };
        Self { roles, at: c.when(at), by }
    }
}

impl Header {
    fn new(c: &Chrome, explained: &Explanation) -> Option<Self> {
        let said = explained.refused.presented.clone();
        let any = said.kid.is_some() || said.alg.is_some() || said.typ.is_some();
        let t = &c.t.refusals;
        let standing = |key| match key {
            KeyStanding::Ours(State::Signs) => ("good", t.key_signs),
            KeyStanding::Ours(State::Verifies) => ("info", t.key_verifies),
            KeyStanding::Ours(State::Published) => ("info", t.key_published),
            KeyStanding::Unknown => ("bad", t.key_unknown),
        };
        any.then(|| Self {
            proven: explained.is_proven(),
            kid: said.kid,
            alg: said.alg,
            typ: said.typ,
            key: explained.key.map(standing),
        })
    }
}
