//! What each node holds in memory: the sessions and users whose tokens are dead although they have not expired. Loaded at
//! start, told by this node's own commits at once and by everybody else's through the table, forgotten in time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::watch;

use super::end::Ended;
use super::shard::{Key, Shard, Stale};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;

/// Parts that are locked by themselves, so that taking in or forgetting much never keeps a request waiting.
const SHARDS: usize = 64;

pub struct Revocations {
    shards: [RwLock<Shard>; SHARDS],
    /// The last change of each role that a token may not know of.
    roles: RwLock<HashMap<String, RoleChange>>,
    /// How many these are: with none, and that is mostly so, no request waits for the lock.
    roles_changed: AtomicUsize,
    /// The last number that was read; what this node ended itself may be ahead of it.
    seen: AtomicI64,
    /// The moment of the last sweep.
    swept_at: AtomicI64,
    /// The shard that forgets next.
    next_swept: AtomicUsize,
    news: watch::Sender<()>,
}

struct RoleChange {
    seq: i64,
    expires: u32,
}

/// By what a token is known to be dead: its session, its user, when it was made, and the roles that it carries.
#[derive(Debug)]
pub struct Descent {
    session: Key,
    user: Key,
    made_at: UnixTime,
    roles: Vec<String>,
    /// The number of the last change of these that it knows of.
    roles_version: i64,
}

impl Descent {
    /// `None` where these are no ids of ours.
    pub fn of(session: &SessionId, user: &UserId, made_at: UnixTime) -> Option<Self> {
        let (session, user) = (session.bytes()?, user.bytes()?);
        Some(Self { session, user, made_at, roles: Vec::new(), roles_version: 0 })
    }

    #[must_use]
    pub fn carrying(self, roles: &[String], version: i64) -> Self {
        Self { roles: roles.to_vec(), roles_version: version, ..self }
    }
}

impl Default for Revocations {
    fn default() -> Self {
        Self {
            shards: std::array::from_fn(|_| RwLock::default()),
            roles: RwLock::default(),
            roles_changed: AtomicUsize::new(0),
            seen: AtomicI64::new(0),
            swept_at: AtomicI64::new(0),
            next_swept: AtomicUsize::new(0),
            news: watch::Sender::new(()),
        }
    }
}

impl Revocations {
    /// Whether a token of this descent is dead.
    pub fn cover(&self, token: &Descent) -> bool {
        let stale =
            |users: &HashMap<Key, Stale>| users.get(&token.user).is_some_and(|user| token.made_at <= user.before);
        self.read(&token.session).sessions.contains_key(&token.session)
            || stale(&self.read(&token.user).users)
            || self.carries_a_changed_role(token)
    }

    fn carries_a_changed_role(&self, token: &Descent) -> bool {
        if self.roles_changed.load(Ordering::SeqCst) == 0 {
            return false;
        }
        let changes = self.roles.read().unwrap_or_else(PoisonError::into_inner);
        let unknown = |role| changes.get(role).is_some_and(|change: &RoleChange| token.roles_version < change.seq);
        token.roles.iter().any(unknown)
    }

    /// Takes in what this node has just committed.
    pub fn note(&self, ended: &[Ended]) {
        if ended.is_empty() {
            return;
        }
        ended.iter().for_each(|one| self.add(one));
        self.news.send_replace(());
    }

    /// To be told whenever there is something new.
    pub fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// How many want to be told.
    pub fn listeners(&self) -> usize {
        self.news.receiver_count()
    }

    /// How much is held in memory.
    pub fn held(&self) -> usize {
        let shards = self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len());
        shards.sum::<usize>() + self.roles_changed.load(Ordering::SeqCst)
    }

    pub(super) fn seen(&self) -> i64 {
        self.seen.load(Ordering::SeqCst)
    }

    /// Takes in what was read from the table.
    pub(super) fn catch_up(&self, ended: &[Ended]) {
        self.note(ended);
        if let Some(last) = ended.last() {
            self.seen.store(last.seq, Ordering::SeqCst);
        }
    }

    fn add(&self, ended: &Ended) {
        let expires = u32::try_from(ended.expires.seconds().saturating_add(1)).unwrap_or(u32::MAX);
        if let Some(session) = ended.session.as_ref().and_then(SessionId::bytes) {
            self.write(&session).sessions.insert(session, expires);
        }
        if let Some(user) = ended.user.as_ref().and_then(UserId::bytes) {
            let mut shard = self.write(&user);
            let stale = shard.users.entry(user).or_insert(Stale { before: ended.before, expires });
            stale.before = stale.before.max(ended.before);
            stale.expires = stale.expires.max(expires);
        }
        if let Some(role) = &ended.role {
            self.change_roles(|changes| {
                let change = changes.entry(role.clone()).or_insert(RoleChange { seq: ended.seq, expires });
                change.seq = change.seq.max(ended.seq);
                change.expires = change.expires.max(expires);
            });
        }
    }

    fn change_roles(&self, change: impl FnOnce(&mut HashMap<String, RoleChange>)) {
        let mut changes = self.roles.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut changes);
        self.roles_changed.store(changes.len(), Ordering::SeqCst);
    }

    /// Lets one shard forget what no longer matters, and each in its turn. Where a clock that has been set back since had
    /// more forgotten than was over, all is read again.
    pub(super) fn sweep(&self, now: UnixTime) {
        if UnixTime::from_millis(self.swept_at.swap(now.millis(), Ordering::SeqCst)).is_beyond(now) {
            self.seen.store(0, Ordering::SeqCst);
        }
        if self.roles_changed.load(Ordering::SeqCst) > 0 {
            self.change_roles(|changes| changes.retain(|_, change| i64::from(change.expires) > now.seconds()));
        }
        let turn = self.next_swept.fetch_add(1, Ordering::Relaxed) % SHARDS;
        self.shards[turn].write().unwrap_or_else(PoisonError::into_inner).forget(now);
    }

    fn read(&self, key: &Key) -> RwLockReadGuard<'_, Shard> {
        self.shards[shard_of(key)].read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, key: &Key) -> RwLockWriteGuard<'_, Shard> {
        self.shards[shard_of(key)].write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of an id is random; its beginning is the time.
fn shard_of(key: &Key) -> usize {
    usize::from(key[15]) % SHARDS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_893_456_000);

    fn ended(session: Option<&SessionId>, user: Option<&UserId>, before: UnixTime, expires: UnixTime) -> Ended {
        Ended { seq: 1, session: session.cloned(), user: user.cloned(), role: None, before, expires }
    }

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(NOW.seconds() + seconds)
    }

    #[test]
    fn what_was_ended_is_covered_until_its_last_token_has_expired_and_then_forgotten() {
        let revocations = Revocations::default();
        let (session, user) = (SessionId::fresh(NOW), UserId::fresh(NOW));
        let token = Descent::of(&session, &user, NOW).unwrap();
        assert!(!revocations.cover(&token));
        revocations.note(&[ended(Some(&session), None, NOW, at(60))]);
        assert!(revocations.cover(&token));
        let sweep_all = |now| (0..SHARDS).for_each(|_| revocations.sweep(now));
        sweep_all(at(60));
        assert!(revocations.cover(&token), "not a moment too early");
        sweep_all(at(62));
        assert!(!revocations.cover(&token));
    }

    #[test]
    fn tokens_that_carry_a_changed_role_are_covered_unless_they_know_of_the_change() {
        let revocations = Revocations::default();
        let (session, user) = (SessionId::fresh(NOW), UserId::fresh(NOW));
        let token = |role: &str, version| {
            Descent::of(&session, &user, at(100)).unwrap().carrying(&["user".to_owned(), role.to_owned()], version)
        };
        let change = |seq, expires| Ended { seq, role: Some("clerk".to_owned()), ..ended(None, None, NOW, expires) };
        assert!(!revocations.cover(&token("clerk", 0)));
        revocations.note(&[change(7, at(60)), change(5, at(30))]);
        assert!(revocations.cover(&token("clerk", 0)) && revocations.cover(&token("clerk", 6)));
        assert!(!revocations.cover(&token("clerk", 7)) && !revocations.cover(&token("baker", 0)));
        revocations.sweep(at(62));
        assert!(!revocations.cover(&token("clerk", 0)), "forgotten in time");
    }

    #[test]
    fn a_users_older_tokens_are_covered_and_an_earlier_mark_takes_nothing_back() {
        let revocations = Revocations::default();
        let (session, user) = (SessionId::fresh(NOW), UserId::fresh(NOW));
        let token = |made_at| Descent::of(&session, &user, made_at).unwrap();
        revocations.note(&[ended(None, Some(&user), at(10), at(60)), ended(None, Some(&user), at(5), at(30))]);
        assert!(revocations.cover(&token(at(10))) && !revocations.cover(&token(at(11))));
    }
}
