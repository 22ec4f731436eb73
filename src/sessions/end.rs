//! The only way a session ends before its time, and so the only revocation there is.

use std::time::Duration;

use super::store;
use crate::access::Caller;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::config::LONGEST_TOKEN;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;

/// How far clocks may be apart, and how much of that services allow for: what was ended is remembered so much longer than
/// its tokens count.
pub(super) const CLOCK_LEEWAY: Duration = Duration::from_secs(60);

/// What ends.
#[derive(Clone, Debug)]
pub enum Which {
    One(SessionId),
    /// One, if it is this user's.
    OwnOne(UserId, SessionId),
    AllOf(UserId),
    OthersOf(UserId, SessionId),
}

macro_rules! end_reasons {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// Why a session ended before its time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EndReason { $($(#[$doc])* $name,)* }

        impl EndReason {
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

end_reasons! {
    SignedOut = "signed_out",
    EndedByUser = "ended_by_user",
    EndedByAdmin = "ended_by_admin",
    UserDisabled = "user_disabled",
    PasswordSet = "password_set",
    RefreshReused = "refresh_reused",
    /// By RFC 7009.
    Revoked = "revoked",
    UserDeleted = "user_deleted",
    /// The account's owner said that a sign-in was not theirs.
    NotMe = "not_me",
}

/// What every node must refuse from now on, until the last token it could concern has expired.
#[must_use = "an end is known to this node only once it was handed to Outcome::ending"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub(super) seq: i64,
    pub(super) session: Option<SessionId>,
    pub(super) user: Option<UserId>,
    pub(super) role: Option<String>,
    pub(super) before: UnixTime,
    pub(super) expires: UnixTime,
}

impl Ended {
    /// Its place in the order of commits.
    pub fn cursor(&self) -> i64 {
        self.seq
    }

    /// The session that ended; none where a user's tokens became stale.
    pub fn session(&self) -> Option<&SessionId> {
        self.session.as_ref()
    }

    pub fn user(&self) -> Option<&UserId> {
        self.user.as_ref()
    }

    /// Tokens that carry this role are stale, those made before its change: see [`make_role_stale`].
    pub fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// Tokens made until then are dead.
    pub fn before(&self) -> UnixTime {
        self.before
    }

    /// Nobody needs to remember it any longer.
    pub fn expires(&self) -> UnixTime {
        self.expires
    }
}

/// What an end came to.
#[must_use = "an end is known to this node only once it was handed to Outcome::ending"]
pub struct Endings {
    sessions: usize,
    ended: Vec<Ended>,
}

impl Endings {
    /// Whether there was nothing to end.
    pub fn none(&self) -> bool {
        self.sessions == 0
    }
}

impl IntoIterator for Endings {
    type Item = Ended;
    type IntoIter = std::vec::IntoIter<Ended>;

    fn into_iter(self) -> Self::IntoIter {
        self.ended.into_iter()
    }
}

/// Ends sessions: cookie, refresh family and access tokens die together, everywhere. Only those are told to the nodes of
/// which a token could still count.
///
/// # Errors
/// A [`Fault`].
pub fn end(tx: &mut Tx, which: &Which, reason: EndReason, now: UnixTime) -> Result<Endings, Fault> {
    let over = store::end(tx, which, reason.word(), now)?;
    let sessions = over.len();
    let marks = over.into_iter().map(|(id, until)| Mark { of: Whose::Session(id), before: now, until });
    Ok(Endings { sessions, ended: remember(tx, marks, now)? })
}

/// Makes every access token that a user holds stale; their sessions go on, and a refresh gives a true one.
///
/// # Errors
/// A [`Fault`].
pub fn make_stale(tx: &mut Tx, user: &UserId, now: UnixTime) -> Result<Option<Ended>, Fault> {
    // The clock of the node that made the last token may be ahead of this one's.
    let Some((made, until)) = store::last_token_of(tx, user)? else { return Ok(None) };
    let mark = Mark { of: Whose::User(user.clone()), before: now.max(made), until };
    Ok(remember(tx, [mark], now)?.pop())
}

/// Makes every access token stale that carries this role, however many people hold it, by one mark. Its number tells which
/// tokens those are: they say which change of their roles they know of, so it does not matter whose clock made them.
///
/// # Errors
/// A [`Fault`].
pub fn make_role_stale(tx: &mut Tx, role: &str, now: UnixTime) -> Result<Vec<Ended>, Fault> {
    let mark = Mark { of: Whose::Role(role.to_owned()), before: now, until: now.plus(LONGEST_TOKEN) };
    remember(tx, [mark], now)
}

/// The number of the last end there was: what is made from now on knows of it.
///
/// # Errors
/// A [`Fault`].
pub fn last_end(conn: &mut Conn) -> Result<i64, Fault> {
    store::last_revocation(conn)
}

/// What is to be remembered, before it has its number.
struct Mark {
    of: Whose,
    before: UnixTime,
    /// Until then the last token may count.
    until: UnixTime,
}

/// Whose tokens a mark concerns.
enum Whose {
    Session(SessionId),
    User(UserId),
    Role(String),
}

/// Numbers what is ended and tells the other nodes. However much it is, the counter, which all who end something wait for,
/// is held for a few statements only.
fn remember(tx: &mut Tx, marks: impl IntoIterator<Item = Mark>, now: UnixTime) -> Result<Vec<Ended>, Fault> {
    let marks: Vec<Mark> = marks.into_iter().filter(|mark| mark.until.plus(CLOCK_LEEWAY) > now).collect();
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let last = store::next_revocations(tx, marks.len())?;
    let first = last - i64::try_from(marks.len()).unwrap_or(0) + 1;
    let ended: Vec<Ended> = (first..).zip(marks).map(|(seq, mark)| mark.numbered(seq)).collect();
    store::insert_revocations(tx, &ended)?;
    tx.announce()?;
    Ok(ended)
}

impl Mark {
    fn numbered(self, seq: i64) -> Ended {
        let (session, user, role) = match self.of {
            Whose::Session(id) => (Some(id), None, None),
            Whose::User(id) => (None, Some(id), None),
            Whose::Role(name) => (None, None, Some(name)),
        };
        Ended { seq, session, user, role, before: self.before, expires: self.until.plus(CLOCK_LEEWAY) }
    }
}

/// Ends the caller's own session.
///
/// # Errors
/// A [`Fault`].
pub async fn sign_out(app: &App, caller: &Caller) -> Result<(), Fault> {
    let (leaving, now) = (caller.clone(), app.now());
    app.write(caller, move |tx| leave(tx, &leaving, now)).await
}

/// The same as a part of something else.
///
/// # Errors
/// A [`Fault`].
pub fn leave(tx: &mut Tx, caller: &Caller, now: UnixTime) -> Result<Outcome<()>, Fault> {
    let ended = end(tx, &Which::One(caller.session.clone()), EndReason::SignedOut, now)?;
    let event = Event::new(Fact::SignedOut).about(&caller.user, &caller.username).in_session(&caller.session);
    let events = (!ended.none()).then_some(event);
    Ok(Outcome::told((), events).ending(ended))
}

/// Ends one of the caller's own sessions; `false` where they have no such session that is alive.
///
/// # Errors
/// A [`Fault`].
pub async fn end_own(app: &App, caller: &Caller, id: SessionId) -> Result<bool, Fault> {
    end_of_caller(app, caller, Which::OwnOne(caller.user.clone(), id)).await
}

/// Ends every session of the caller but this one; `false` where there was no other.
///
/// # Errors
/// A [`Fault`].
pub async fn end_others(app: &App, caller: &Caller) -> Result<bool, Fault> {
    end_of_caller(app, caller, Which::OthersOf(caller.user.clone(), caller.session.clone())).await
}

async fn end_of_caller(app: &App, caller: &Caller, which: Which) -> Result<bool, Fault> {
    let now = app.now();
    let event = Event::new(Fact::SessionsEnded).about(&caller.user, &caller.username);
    app.write(caller, move |tx| {
        let ended = end(tx, &which, EndReason::EndedByUser, now)?;
        let any = !ended.none();
        Ok(Outcome::told(any, any.then_some(event)).ending(ended))
    })
    .await
}
