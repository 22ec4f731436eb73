//! The threads that own the connections.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::conn::{Conn, Role};
use super::desk::{Desk, Silence};
use super::line::{Entrance, Line};
use super::{DatabaseUrl, Fault};
use crate::platform::metrics::Queue;
use crate::platform::time::Clock;

/// Gets a connection, or why there is none; hands back what to do once it is known whether the work was committed.
pub(super) type Job = Box<dyn FnOnce(Result<&mut Conn, Fault>) -> Reply + Send>;
pub(super) type Reply = Box<dyn FnOnce(Result<(), Fault>)>;

/// Writers that share one commit at the most.
const BATCH: usize = 128;
/// A thread without a connection tries again so soon where others have one.
const REST: Duration = Duration::from_millis(100);

/// Its threads end with the last of them.
#[derive(Clone)]
pub(super) struct Lane(Entrance);

impl Lane {
    pub(super) fn submit(&self, job: Job, queue: &Queue) -> Result<(), Fault> {
        self.0.add(job).map_err(|_| {
            queue.refused.one_more();
            Fault::Unavailable("too many are waiting".into())
        })
    }
}

/// One thread per core that reads: more would only wait for each other.
pub(super) fn sqlite_readers(url: &DatabaseUrl, clock: &Clock) -> Lane {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    pool(&Desk::new(url, Role::Read, clock, &Silence::default()), threads, "db-read")
}

pub(super) fn postgres(
    url: &DatabaseUrl,
    (role, connections): (Role, usize),
    clock: &Clock,
    silence: &Silence,
) -> Lane {
    pool(&Desk::new(url, role, clock, silence), connections, "db")
}

fn pool(desk: &Desk, threads: usize, name: &str) -> Lane {
    let (entrance, line) = Line::open();
    for n in 0..threads {
        let (line, mut desk) = (Arc::clone(&line), desk.another());
        spawn(format!("{name}-{n}"), move || {
            while let Some(job) = line.wait(desk.is_connected()) {
                serve(job, &mut desk, &line);
            }
        });
    }
    Lane(entrance)
}

fn serve(job: Job, desk: &mut Desk, line: &Line) {
    let reply = match desk.connection() {
        Ok(conn) => run(job, Ok(conn)),
        Err(fault) => match leave_to_others(job, desk, line) {
            Some(job) => run(job, Err(fault)),
            None => return std::thread::sleep(REST),
        },
    };
    desk.settle();
    if let Some(reply) = reply {
        reply(Ok(()));
    }
}

/// Who gets no connection leaves the work to those that have one: where the database takes no more of them, what is there
/// goes on. Gives the job back where there is nobody.
fn leave_to_others(job: Job, desk: &Desk, line: &Line) -> Option<Job> {
    if desk.others_are_connected() { line.add(job).err() } else { Some(job) }
}

pub(super) fn sqlite_writer(url: &DatabaseUrl, clock: &Clock) -> Lane {
    let (entrance, line) = Line::open();
    let mut desk = Desk::new(url, Role::Write, clock, &Silence::default());
    spawn("db-write".to_owned(), move || {
        while let Some(first) = line.wait(true) {
            run_batch(&mut desk, first, &line);
        }
    });
    Lane(entrance)
}

/// Runs what is queued in one transaction and answers after its commit: the disk is waited for once, not once each.
fn run_batch(desk: &mut Desk, first: Job, line: &Line) {
    // One connection from beginning to end: a new one would not be in the transaction.
    let begun = desk.connection().and_then(|conn| conn.begin_batch().map(|()| conn));
    let conn = match begun {
        Ok(conn) => conn,
        Err(fault) => {
            let all = std::iter::once(first).chain(std::iter::from_fn(|| line.next()).take(BATCH - 1));
            all.for_each(|job| job(Err(fault.clone()))(Ok(())));
            return desk.leave();
        }
    };
    let mut replies = Vec::with_capacity(BATCH);
    let mut next = Some(first);
    while let Some(job) = next {
        replies.extend(run(job, Ok(conn)));
        next = if replies.len() < BATCH && !conn.is_lost() { line.next() } else { None };
    }
    let committed = conn.commit_batch();
    if committed.is_err() {
        desk.leave();
    }
    replies.into_iter().for_each(|reply| reply(committed.clone()));
}

/// `None` where the job panicked: its caller sees the reply dropped.
fn run(job: Job, conn: Result<&mut Conn, Fault>) -> Option<Reply> {
    let done = catch_unwind(AssertUnwindSafe(|| job(conn)));
    if done.is_err() {
        tracing::error!("a database job panicked");
    }
    done.ok()
}

pub(super) fn spawn(name: String, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name).spawn(work) {
        tracing::error!(%error, "a database thread could not be started");
    }
}
