//! Why a request was refused: what was written down of it, put together with what else is known.

use std::time::Duration;

use super::store::{self, Kept};
use super::{Kind, Reason};
use crate::access::{Caller, words};
use crate::accounts;
use crate::app::App;
use crate::audit::{self, Fact};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{RequestId, UserId};
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::sessions::{self, End, EndReason};
use crate::tokens::Refusal;
use crate::tokens::keys::{self, KeyInfo, State};

/// A change notes its moment before it waits for the database, and the log when it is written; clocks differ a little, too.
const APART: Duration = Duration::from_secs(15);
/// The order of the list, as its cursor names it.
pub const NEWEST: &str = "-at";

/// All there is to say about one refusal.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub refused: Kept,
    pub username: Option<String>,
    pub key: Option<KeyStanding>,
    /// What should have stood where something else was found.
    pub expected: Option<String>,
    pub cause: Option<Cause>,
}

/// How the key that a token names stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    Ours(State),
    /// Never ours, or deleted after its last token had expired.
    Unknown,
}

impl KeyStanding {
    /// As it stands in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ours(State::Published) => "published",
            Self::Ours(State::Signs) => "signs",
            Self::Ours(State::Verifies) => "verifies",
            Self::Unknown => "unknown",
        }
    }

    fn of(kid: &str, keys: &[KeyInfo]) -> Self {
        keys.iter().find(|key| key.kid == kid).map_or(Self::Unknown, |key| Self::Ours(key.state))
    }
}

/// What made a token worthless before its time, and who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    Ended { at: UnixTime, why: EndReason, by: Option<String> },
    TimedOut { at: UnixTime },
    RolesChanged { at: UnixTime, by: Option<String> },
}

/// Why the request of that id was refused.
///
/// # Errors
/// Without `audit:read`; [`Refusal::NothingKnown`]; a fault.
pub async fn explain(app: &App, caller: &Caller, request_id: RequestId) -> Result<Explanation, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let (keys, shared) = (keys::list(app).await?, app.clone());
    let read = move |conn: &mut Conn| {
        let Some(refused) = store::find(conn, &request_id)? else { return Err(Refusal::NothingKnown) };
        let named = refused.presented.kid.as_deref();
        Ok(Explanation {
            username: username(conn, refused.user.as_ref())?,
            key: named.map(|kid| KeyStanding::of(kid, &keys)),
            expected: expected(&shared, refused.reason),
            cause: cause(conn, &refused)?,
            refused,
        })
    };
    app.db.read(read).await
}

/// The refusals that are kept, the newest first, each with the username where the account is known and still there.
///
/// # Errors
/// Without `audit:read`; a fault.
pub async fn latest(
    app: &App,
    caller: &Caller,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<(Kept, Option<String>)>, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let one_more = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let read = move |conn: &mut Conn| {
        let rows = store::latest(conn, after.as_ref().map(|cursor| cursor.id.as_str()), one_more)?;
        let ids: Vec<UserId> = rows.iter().filter_map(|row| row.user.clone()).collect();
        let names = accounts::usernames(conn, &ids)?;
        let name = |row: &Kept| row.user.as_ref().and_then(|user| names.get(user).cloned());
        let named: Vec<Option<String>> = rows.iter().map(name).collect();
        Ok::<_, Fault>(rows.into_iter().zip(named).collect())
    };
    let cursor = |(row, _): &(Kept, Option<String>)| Cursor {
        order: NEWEST.to_owned(),
        key: String::new(),
        id: row.id.as_str().to_owned(),
    };
    Ok(Page::cut(app.db.read(read).await?, limit, cursor))
}

fn username(conn: &mut Conn, user: Option<&UserId>) -> Result<Option<String>, Fault> {
    let Some(user) = user else { return Ok(None) };
    Ok(accounts::usernames(conn, std::slice::from_ref(user))?.remove(user))
}

fn expected(app: &App, reason: Reason) -> Option<String> {
    match reason {
        Reason::WrongIssuer => Some(app.config.public_url.issuer().to_owned()),
        Reason::WrongAudience => Some(app.config.audience.clone()),
        _ => None,
    }
}

fn cause(conn: &mut Conn, refused: &Kept) -> Result<Option<Cause>, Fault> {
    match refused.reason {
        Reason::SessionEnded | Reason::SessionOver | Reason::RefreshReused | Reason::KeyOver => {
            how_it_ended(conn, refused)
        }
        Reason::Stale => roles_changed(conn, refused),
        _ => Ok(None),
    }
}

fn how_it_ended(conn: &mut Conn, refused: &Kept) -> Result<Option<Cause>, Fault> {
    let past = match &refused.session {
        Some(session) => sessions::past(conn, session, refused.at)?,
        None => None,
    };
    let end = past.as_ref().map(|past| past.end);
    match (end, &refused.user) {
        (Some(Some((at, End::TimedOut))), _) => Ok(Some(Cause::TimedOut { at })),
        (Some(Some((at, End::Ended(why)))), Some(user)) => {
            let by = who_did(conn, refused, user, (at, recorded_as(why)))?;
            Ok(Some(Cause::Ended { at, why, by }))
        }
        // The session went with the account, and only the log has it.
        (None, Some(user)) => {
            let span = (UnixTime::from_millis(0), refused.at.plus(APART));
            let deleted = audit::between(conn, user, &[Fact::UserDeleted], span)?;
            let told = |entry: audit::Entry| Cause::Ended {
                at: entry.at,
                why: EndReason::UserDeleted,
                by: name_of(entry.actor),
            };
            Ok(deleted.into_iter().next().map(told))
        }
        _ => Ok(None),
    }
}

/// How the log names what ends a session for that reason.
fn recorded_as(why: EndReason) -> Fact {
    match why {
        EndReason::SignedOut => Fact::SignedOut,
        EndReason::EndedByUser | EndReason::EndedByAdmin | EndReason::Revoked => Fact::SessionsEnded,
        EndReason::UserDisabled => Fact::UserDisabled,
        EndReason::PasswordSet => Fact::PasswordSet,
        EndReason::RefreshReused => Fact::RefreshReused,
        EndReason::UserDeleted => Fact::UserDeleted,
        EndReason::NotMe => Fact::NotMe,
    }
}

fn name_of(actor: Option<audit::Person>) -> Option<String> {
    actor.map(|actor| actor.name)
}

/// Who did it, by the entry about this session, or about the user's sessions, that is nearest to its end.
fn who_did(
    conn: &mut Conn,
    refused: &Kept,
    user: &UserId,
    (at, fact): (UnixTime, Fact),
) -> Result<Option<String>, Fault> {
    let near = audit::between(conn, user, &[fact], (at.minus(APART), at.plus(APART)))?;
    let concerns = |entry: &audit::Entry| entry.session.is_none() || entry.session == refused.session;
    let apart = |entry: &audit::Entry| entry.at.since(at).max(at.since(entry.at));
    Ok(near.into_iter().filter(concerns).min_by_key(apart).and_then(|entry| name_of(entry.actor)))
}

/// The last change before the refusal: whatever came before it made the token stale already.
fn roles_changed(conn: &mut Conn, refused: &Kept) -> Result<Option<Cause>, Fault> {
    let (Some(user), Some(issued)) = (&refused.user, refused.issued_at) else { return Ok(None) };
    let span = (issued.minus(APART), refused.at.plus(APART));
    let entry = audit::between(conn, user, &[Fact::RolesChanged], span)?.into_iter().next();
    Ok(entry.map(|entry| Cause::RolesChanged { at: entry.at, by: name_of(entry.actor) }))
}

impl Explanation {
    /// Whether what the token says of itself is proven: it is signed by a key of ours.
    pub fn is_proven(&self) -> bool {
        self.refused.kind == Kind::Access && self.refused.user.is_some()
    }
}
