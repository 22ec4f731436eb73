//! Where a database thread has its connection: made when it is needed, and thrown away when it broke.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::conn::{Conn, Role};
use super::runtime::SILENCE;
use super::{DatabaseUrl, Fault};
use crate::platform::time::Clock;

/// One thread's.
pub(super) struct Desk {
    url: DatabaseUrl,
    role: Role,
    clock: Clock,
    conn: Option<Conn>,
    /// When it was made.
    since: Instant,
    room: Arc<Room>,
    silence: Silence,
}

/// Since when a server was last waited for in vain, known to all desks of one database: what was connected before that leads to
/// a machine that hangs or is gone, and each would find out for itself only by waiting as long.
#[derive(Clone, Default)]
pub(super) struct Silence(Arc<Mutex<Option<Instant>>>);

impl Silence {
    fn began(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn noticed(&self) {
        // Whoever connected while this one waited was heard.
        let began = Instant::now().checked_sub(SILENCE);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (*last).max(began);
    }
}

/// What the desks of one lane know of each other.
#[derive(Default)]
struct Room {
    /// How many have a connection, as far as they know: one that broke is noticed when it is used next.
    connected: AtomicUsize,
    /// Until when nobody tries to get one, and why.
    pause: Mutex<Option<(Instant, Fault)>>,
}

impl Desk {
    pub(super) fn new(url: &DatabaseUrl, role: Role, clock: &Clock, silence: &Silence) -> Self {
        let (conn, since, room) = (None, Instant::now(), Arc::default());
        Self { url: url.clone(), role, clock: clock.clone(), conn, since, room, silence: silence.clone() }
    }

    /// For another thread of the same lane.
    pub(super) fn another(&self) -> Self {
        let mut desk = Self::new(&self.url, self.role, &self.clock, &self.silence);
        desk.room = Arc::clone(&self.room);
        desk
    }

    /// # Errors
    /// Why there is none.
    pub(super) fn connection(&mut self) -> Result<&mut Conn, Fault> {
        let mistrusted = self.silence.began().is_some_and(|began| self.since < began);
        if self.conn.as_ref().is_some_and(|conn| mistrusted || !conn.is_alive()) {
            self.leave();
        }
        match &mut self.conn {
            Some(conn) => Ok(conn),
            empty => {
                let conn = self.room.connect(&self.url, self.role)?;
                conn.watch();
                self.since = Instant::now();
                self.room.connected.fetch_add(1, Ordering::SeqCst);
                Ok(empty.insert(conn.going_by(self.clock.clone())))
            }
        }
    }

    /// As far as is known without asking.
    pub(super) fn is_connected(&self) -> bool {
        self.conn.is_some()
    }

    /// To be asked by one that has none.
    pub(super) fn others_are_connected(&self) -> bool {
        self.room.connected.load(Ordering::SeqCst) > 0
    }

    /// After some work: whether the server still said something.
    pub(super) fn settle(&mut self) {
        if self.conn.as_ref().is_some_and(Conn::fell_silent) {
            self.silence.noticed();
            self.leave();
        }
    }

    pub(super) fn leave(&mut self) {
        if self.conn.take().is_some() {
            self.room.connected.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Room {
    /// A server that does not answer is not waited for by one after the other: for as long as the last one waited in vain,
    /// nobody tries. A file that is locked is free the moment that somebody else is done.
    fn connect(&self, url: &DatabaseUrl, role: Role) -> Result<Conn, Fault> {
        let began = Instant::now();
        let pause = || self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, fault)) = pause().as_ref().filter(|(until, _)| *until > began) {
            return Err(fault.clone());
        }
        let connected = Conn::connect(url, role);
        let in_vain = connected.as_ref().err().filter(|_| matches!(url, DatabaseUrl::Postgres(_)));
        *pause() = in_vain.map(|fault| (Instant::now() + began.elapsed(), fault.clone()));
        connected
    }
}
