//! The threads that own the connections, and the bounded queues that lead to them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::conn::{Conn, Role};
use super::desk::{Desk, Silence};
use super::{DatabaseUrl, Fault};
use crate::platform::metrics::Queue;
use crate::platform::time::Clock;

/// Gets a connection, or why there is none; hands back what to do once it is known whether the work was committed.
pub(super) type Job = Box<dyn FnOnce(Result<&mut Conn, Fault>) -> Reply + Send>;
pub(super) type Reply = Box<dyn FnOnce(Result<(), Fault>)>;

/// Waiting places; beyond them a caller is told to come again.
const QUEUE: usize = 1024;
/// Writers that share one commit at the most.
const BATCH: usize = 128;
/// A thread without a connection tries again so soon where others have one.
const REST: Duration = Duration::from_millis(100);

/// The queue closes with the last of them, and its threads end.
#[derive(Clone)]
pub(super) struct Lane(Arc<SyncSender<Job>>);

impl Lane {
    pub(super) fn submit(&self, job: Job, queue: &Queue) -> Result<(), Fault> {
        self.0.try_send(job).map_err(|_| {
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
    let (sender, jobs) = sync_channel::<Job>(QUEUE);
    let lane = Lane(Arc::new(sender));
    let jobs = Arc::new(Mutex::new(jobs));
    for n in 0..threads {
        let (jobs, mut desk, back) = (Arc::clone(&jobs), desk.another(), Arc::downgrade(&lane.0));
        spawn(format!("{name}-{n}"), move || {
            loop {
                // The lock is held while waiting only; a poisoned one still guards a sound receiver.
                let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = job else { break };
                serve(job, &mut desk, &back);
            }
        });
    }
    lane
}

fn serve(job: Job, desk: &mut Desk, back: &Weak<SyncSender<Job>>) {
    let reply = match desk.connection() {
        Ok(conn) => run(job, Ok(conn)),
        Err(fault) => match leave_to_others(job, desk, back) {
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
fn leave_to_others(job: Job, desk: &Desk, back: &Weak<SyncSender<Job>>) -> Option<Job> {
    let Some(queue) = back.upgrade().filter(|_| desk.others_are_connected()) else { return Some(job) };
    match queue.try_send(job) {
        Ok(()) => None,
        Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) => Some(job),
    }
}

pub(super) fn sqlite_writer(url: &DatabaseUrl, clock: &Clock) -> Lane {
    let (sender, jobs) = sync_channel::<Job>(QUEUE);
    let mut desk = Desk::new(url, Role::Write, clock, &Silence::default());
    spawn("db-write".to_owned(), move || {
        while let Ok(first) = jobs.recv() {
            run_batch(&mut desk, first, &jobs);
        }
    });
    Lane(Arc::new(sender))
}

/// Runs what is queued in one transaction and answers after its commit: the disk is waited for once, not once each.
fn run_batch(desk: &mut Desk, first: Job, jobs: &Receiver<Job>) {
    // One connection from beginning to end: a new one would not be in the transaction.
    let begun = desk.connection().and_then(|conn| conn.begin_batch().map(|()| conn));
    let conn = match begun {
        Ok(conn) => conn,
        Err(fault) => {
            let all = std::iter::once(first).chain(jobs.try_iter().take(BATCH - 1));
            all.for_each(|job| job(Err(fault.clone()))(Ok(())));
            return desk.leave();
        }
    };
    let mut replies = Vec::with_capacity(BATCH);
    let mut next = Some(first);
    while let Some(job) = next {
        replies.extend(run(job, Ok(conn)));
        next = if replies.len() < BATCH && !conn.is_lost() { jobs.try_recv().ok() } else { None };
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
