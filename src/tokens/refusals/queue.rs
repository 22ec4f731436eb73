//! Refusals that wait to be written down. Whoever is refused never waits here, and a flood is dropped and counted: it must
//! neither fill the disk nor crowd out what somebody will ask about.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::BadToken;
use crate::platform::ids::{RefusalId, RequestId, UserId};
use crate::platform::network::network;
use crate::platform::time::UnixTime;

/// From one account, or one network that proved no account, a minute.
const OF_ONE: u32 = 30;
/// From all accounts, and from everybody else, a second.
const OF_ALL: u32 = 20;
/// Those of either that wait at the most, as while the database is away.
const WAITING: usize = 200;

/// One refusal, where it happened.
#[derive(Clone, Debug)]
pub struct Refused {
    pub at: UnixTime,
    pub request_id: RequestId,
    pub address: IpAddr,
    /// Method and pattern.
    pub route: String,
    pub bad: Arc<BadToken>,
}

/// The refusals of this process that are not written down yet.
#[derive(Default)]
pub struct Refusals(Mutex<Desk>);

#[derive(Default)]
struct Desk {
    /// Whoever holds a token of ours has room that no stranger can fill.
    accounts: Lane<UserId>,
    strangers: Lane<IpAddr>,
    dropped: u64,
    told_at: i64,
    written: usize,
}

struct Lane<K> {
    waiting: Vec<(RefusalId, Refused)>,
    minute: i64,
    of_one: HashMap<K, u32>,
    second: i64,
    of_all: u32,
}

impl<K> Default for Lane<K> {
    fn default() -> Self {
        Self { waiting: Vec::new(), minute: 0, of_one: HashMap::new(), second: 0, of_all: 0 }
    }
}

impl<K: std::hash::Hash + Eq + Clone> Lane<K> {
    /// Takes it, unless there were too many.
    fn take(&mut self, key: &K, refused: Refused) -> bool {
        let second = refused.at.seconds();
        if self.minute != second.div_euclid(60) {
            self.minute = second.div_euclid(60);
            self.of_one = HashMap::new();
        }
        if self.second != second {
            (self.second, self.of_all) = (second, 0);
        }
        if self.of_all >= OF_ALL || self.waiting.len() >= WAITING || self.of_one.get(key).is_some_and(|n| *n >= OF_ONE)
        {
            return false;
        }
        self.of_all += 1;
        *self.of_one.entry(key.clone()).or_default() += 1;
        self.waiting.push((RefusalId::fresh(refused.at), refused));
        true
    }
}

impl Refusals {
    /// Takes a refusal, to be written down in a moment.
    pub fn note(&self, refused: Refused) {
        let mut desk = self.desk();
        let known = refused.bad.known.as_ref().map(|known| known.user.clone());
        let taken = match known {
            Some(user) => desk.accounts.take(&user, refused),
            None => desk.strangers.take(&network(refused.address), refused),
        };
        if !taken {
            desk.dropped += 1;
        }
    }

    /// What waits; it waits no longer.
    pub(super) fn take(&self) -> Vec<(RefusalId, Refused)> {
        let mut desk = self.desk();
        let mut all = std::mem::take(&mut desk.accounts.waiting);
        all.append(&mut desk.strangers.waiting);
        all
    }

    /// What could not be written, as far as there is room.
    pub(super) fn put_back(&self, batch: &[(RefusalId, Refused)]) {
        let mut desk = self.desk();
        for (id, refused) in batch {
            let waiting = match refused.bad.known {
                Some(_) => &mut desk.accounts.waiting,
                None => &mut desk.strangers.waiting,
            };
            match waiting.len() < WAITING {
                true => waiting.push((id.clone(), refused.clone())),
                false => desk.dropped += 1,
            }
        }
    }

    /// How many were dropped since this was last told, once a second at the most.
    pub(super) fn dropped(&self, now: UnixTime) -> Option<u64> {
        let mut desk = self.desk();
        if desk.dropped == 0 || desk.told_at == now.seconds() {
            return None;
        }
        desk.told_at = now.seconds();
        Some(std::mem::take(&mut desk.dropped))
    }

    /// Adds to how many were written since the last purge, and gives how many those are.
    pub(super) fn written(&self, more: usize) -> usize {
        let mut desk = self.desk();
        desk.written += more;
        desk.written
    }

    pub(super) fn purged(&self) {
        self.desk().written = 0;
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Known, Reason};
    use super::*;
    use crate::platform::ids::SessionId;

    const NOW: UnixTime = UnixTime::from_seconds(1_893_456_000);

    fn refused(seconds: i64, address: &str, user: Option<&str>) -> Refused {
        let known = |user: &str| Known {
            user: UserId::from_outside(user),
            session: SessionId::from_outside("s"),
            token: None,
            issued_at: None,
            expires_at: None,
        };
        let bad = BadToken::new(Reason::Expired);
        let bad = user.map_or_else(|| bad.clone(), |user| bad.clone().known(known(user)));
        Refused {
            at: UnixTime::from_seconds(NOW.seconds() + seconds),
            request_id: RequestId::fresh(NOW),
            address: address.parse().unwrap(),
            route: "GET /users/me".into(),
            bad: bad.into(),
        }
    }

    fn kept(notes: impl IntoIterator<Item = Refused>) -> usize {
        let refusals = Refusals::default();
        let mut kept = 0;
        for refused in notes {
            refusals.note(refused);
            kept += refusals.take().len();
        }
        kept
    }

    #[test]
    fn one_address_gets_so_many_a_minute_and_no_more() {
        let seconds = |n: i64| refused(n / 10, "192.0.2.1", None);
        assert_eq!(kept((0..600).map(seconds)), OF_ONE as usize);
        assert_eq!(kept((0..600).map(seconds).chain([refused(61, "192.0.2.1", None)])), OF_ONE as usize + 1);
        assert_eq!(kept((0..600).map(seconds).chain([refused(59, "192.0.2.2", None)])), OF_ONE as usize + 1);
    }

    #[test]
    fn a_network_of_version_6_counts_as_one_address() {
        let host = |n: i64| refused(n / 10, &format!("2001:db8::{n:x}"), None);
        assert_eq!(kept((0..600).map(host)), OF_ONE as usize);
    }

    #[test]
    fn all_strangers_together_get_so_many_a_second_and_leave_room_for_accounts() {
        let stranger = |n: i64| refused(0, &format!("192.0.2.{n}"), None);
        let flood = || (0..250).map(stranger);
        assert_eq!(kept(flood()), OF_ALL as usize);
        assert_eq!(kept(flood().chain([refused(0, "192.0.2.1", Some("alice"))])), OF_ALL as usize + 1);
        assert_eq!(kept(flood().chain([refused(1, "192.0.2.1", None)])), OF_ALL as usize + 1);
    }

    #[test]
    fn what_waits_is_bounded_and_what_is_dropped_is_counted_once_a_second() {
        let refusals = Refusals::default();
        (0..1000).for_each(|n| refusals.note(refused(n, &format!("192.0.2.{}", n % 250), None)));
        assert_eq!(refusals.dropped(NOW), Some(1000 - WAITING as u64));
        refusals.note(refused(1000, "192.0.2.1", None));
        assert_eq!(refusals.dropped(NOW), None);
        assert_eq!(refusals.dropped(UnixTime::from_seconds(NOW.seconds() + 1)), Some(1));
        let batch = refusals.take();
        assert_eq!(batch.len(), WAITING);
        refusals.put_back(&batch);
        refusals.put_back(&batch);
        assert_eq!(refusals.take().len(), WAITING, "it never waits twice over");
    }
}
