//! A replica answers what takes long and changes nothing, and only while it knows all that was committed when it was asked:
//! nobody misses what they have just done, whichever node they did it at, and nothing has to be remembered for that. Where it
//! is behind, or gone, the primary answers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::sql_types::{BigInt, Nullable};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use tokio::sync::oneshot;

use super::conn::{Conn, ConnKind, Role};
use super::desk::Silence;
use super::lane::{self, Job, Lane};
use super::{DatabaseUrl, Fault, PATIENCE};
use crate::platform::metrics::Queue;
use crate::platform::time::Clock;

const CONNECTIONS: usize = 4;
/// How often, and how soon after each other, it is looked whether it has caught up.
const LOOKS: u32 = 10;
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// So many times as long as somebody waited for it in vain, nobody asks it; and so long at the most.
const REST: u32 = 10;
const LONGEST_REST: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(super) struct Replica {
    lane: Lane,
    /// What an operator sees of its queue.
    pub(super) queue: Arc<Queue>,
    /// Until when it is left alone.
    rests_until: Arc<Mutex<Option<Instant>>>,
}

/// A place in the log that the primary writes and its replicas follow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position(i64);

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Nullable<BigInt>)]
    place: Option<i64>,
}

/// Up to where the primary has written.
pub(super) fn written(conn: &mut Conn) -> Result<Position, Fault> {
    let place = place(conn, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint AS place")?;
    place.ok_or_else(|| Fault::Broken("the database has no log".to_owned()))
}

/// Up to where a replica has followed; `None` where it is none, such as one that was promoted.
fn followed(conn: &mut Conn) -> Result<Option<Position>, Fault> {
    let query =
        "SELECT CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END";
    place(conn, &format!("{query} AS place"))
}

fn place(conn: &mut Conn, query: &str) -> Result<Option<Position>, Fault> {
    let ConnKind::Postgres(c) = conn.kind() else { return Ok(None) };
    let found: Place = sql_query(query).get_result(c)?;
    Ok(found.place.map(Position))
}

impl Replica {
    pub(super) fn at(url: &DatabaseUrl, clock: &Clock) -> Self {
        let lane = lane::postgres(url, (Role::Replica, CONNECTIONS), clock, &Silence::default());
        Self { lane, queue: Queue::of("database survey"), rests_until: Arc::default() }
    }

    pub(super) fn is_awake(&self) -> bool {
        self.rest().is_none_or(|until| until <= Instant::now())
    }

    /// What it answers; `None` where it does not know enough, or fails.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        known: Position,
        query: Arc<impl Fn(&mut Conn) -> Result<T, Fault> + Send + Sync + 'static>,
    ) -> Option<T> {
        let began = Instant::now();
        let (reply, answer) = oneshot::channel();
        let place = self.queue.enter();
        let job: Job = Box::new(move |conn| {
            let _served = place.served();
            let result = conn
                .ok()
                .filter(|_| !reply.is_closed())
                .and_then(|conn| if catches_up(conn, known) { query(conn).ok() } else { None });
            Box::new(move |_| {
                let _ = reply.send(result);
            })
        });
        let answer = match self.lane.submit(job, &self.queue) {
            Ok(()) => tokio::time::timeout(PATIENCE, answer).await.ok().and_then(Result::ok).flatten(),
            Err(_) => None,
        };
        if answer.is_none() {
            self.leave_alone(began.elapsed());
        }
        answer
    }

    fn leave_alone(&self, waited: Duration) {
        tracing::debug!(?waited, "the replica is behind or does not answer; the primary does");
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Instant::now() + LONGEST_REST.min(waited * REST));
    }

    fn rest(&self) -> Option<Instant> {
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits a moment for it where it is just behind.
fn catches_up(conn: &mut Conn, known: Position) -> bool {
    for look in 0..LOOKS {
        match followed(conn) {
            Ok(Some(place)) if place >= known => return true,
            Ok(Some(_)) if look + 1 < LOOKS => std::thread::sleep(LOOK_EVERY),
            _ => return false,
        }
    }
    false
}
