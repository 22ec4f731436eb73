//! A part of what is held in memory, behind a lock of its own.

use std::collections::HashMap;

use crate::platform::time::UnixTime;

/// An id without its text: half the memory, and nothing on the heap.
pub(super) type Key = [u8; 16];

/// Moments in whole seconds since 1970, which fit until 2106.
#[derive(Default)]
pub(super) struct Shard {
    /// When the last token of each has expired.
    pub(super) sessions: HashMap<Key, u32>,
    pub(super) users: HashMap<Key, Stale>,
}

pub(super) struct Stale {
    pub(super) before: UnixTime,
    pub(super) expires: u32,
}

impl Shard {
    pub(super) fn len(&self) -> usize {
        self.sessions.len() + self.users.len()
    }

    /// Lets go of what no longer matters.
    pub(super) fn forget(&mut self, now: UnixTime) {
        let (sessions, users) = (self.sessions.len(), self.users.len());
        self.sessions.retain(|_, expires| i64::from(*expires) > now.seconds());
        self.users.retain(|_, stale| i64::from(stale.expires) > now.seconds());
        // What a wave of sign-outs took is given back once it has passed.
        if self.sessions.len() < sessions {
            self.sessions.shrink_to_fit();
        }
        if self.users.len() < users {
            self.users.shrink_to_fit();
        }
    }
}
