//! What each node holds in memory: the sessions and users whose tokens are dead although they have not expired. Loaded at
//! start, told by this node's own commits at once and by everybody else's through the table, forgotten in time.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::end::Ended;
use super::{Refusal, store};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::db::Fault;
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;

#[derive(Default)]
pub struct Revocations(RwLock<Memory>);

#[derive(Default)]
struct Memory {
    sessions: HashMap<SessionId, UnixTime>,
    users: HashMap<UserId, Stale>,
    seen: i64,
}

struct Stale {
    before: UnixTime,
    expires: UnixTime,
}

impl Revocations {
    /// Whether a token of this session and user, made at that moment, is dead.
    pub fn cover(&self, session: &SessionId, user: &UserId, made_at: UnixTime) -> bool {
        let memory = self.0.read().unwrap_or_else(PoisonError::into_inner);
        memory.sessions.contains_key(session) || memory.users.get(user).is_some_and(|stale| made_at <= stale.before)
    }

    /// Takes in what this node has just committed.
    pub fn note(&self, ended: &[Ended]) {
        if ended.is_empty() {
            return;
        }
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        ended.iter().for_each(|one| memory.add(one));
    }

    fn seen(&self) -> i64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).seen
    }

    fn catch_up(&self, ended: &[Ended], now: UnixTime) {
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for one in ended {
            memory.add(one);
            memory.seen = memory.seen.max(one.seq);
        }
        memory.sessions.retain(|_, expires| *expires > now);
        memory.users.retain(|_, stale| stale.expires > now);
    }
}

impl Memory {
    fn add(&mut self, ended: &Ended) {
        if let Some(session) = &ended.session {
            self.sessions.insert(session.clone(), ended.expires);
        }
        if let Some(user) = &ended.user {
            let stale =
                self.users.entry(user.clone()).or_insert(Stale { before: ended.before, expires: ended.expires });
            stale.before = stale.before.max(ended.before);
            stale.expires = stale.expires.max(ended.expires);
        }
    }
}

/// Reads what was ended since the last look, by whichever process. Numbers are given in commit order (see
/// `store::next_revocation`), so nothing can appear behind the last one seen.
///
/// # Errors
/// A [`Fault`]; what was not read now is read at the next look.
pub async fn follow(app: &App) -> Result<(), Fault> {
    let (after, now) = (app.revocations.seen(), app.now());
    let ended = app.db.read(move |conn| store::revocations_after(conn, after, now, i64::MAX)).await?;
    app.revocations.catch_up(&ended, now);
    Ok(())
}

/// What was ended after a cursor and may still concern a token, for a service that verifies tokens by itself.
///
/// # Errors
/// Without `tokens:introspect`; a fault.
pub async fn ended_after(app: &App, caller: &Caller, after: i64, limit: i64) -> Result<Vec<Ended>, Refusal> {
    caller.must(words::TOKENS_INTROSPECT)?;
    Ok(ended_since(app, after, limit).await?)
}

/// The same for whoever was let in already and keeps listening.
///
/// # Errors
/// A [`Fault`].
pub async fn ended_since(app: &App, after: i64, limit: i64) -> Result<Vec<Ended>, Fault> {
    let now = app.now();
    app.db.read(move |conn| store::revocations_after(conn, after, now, limit)).await
}
