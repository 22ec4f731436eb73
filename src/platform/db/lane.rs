//! The threads that own the connections, and the bounded queues that lead to them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::conn::{Conn, Role};
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

#[derive(Clone)]
pub(super) struct Lane(SyncSender<Job>);

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
    pool(&Desk::new(url, Role::Read, clock), threads, "db-read")
}

pub(super) fn postgres(url: &DatabaseUrl, connections: usize, clock: &Clock) -> Lane {
    pool(&Desk::new(url, Role::Write, clock), connections, "db")
}

fn pool(desk: &Desk, threads: usize, name: &str) -> Lane {
    let (sender, jobs) = sync_channel::<Job>(QUEUE);
    let jobs = Arc::new(Mutex::new(jobs));
    for n in 0..threads {
        let (jobs, mut desk) = (Arc::clone(&jobs), desk.another());
        spawn(format!("{name}-{n}"), move || {
            loop {
                // The lock is held while waiting only; a poisoned one still guards a sound receiver.
                let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = job else { break };
                if let Some(reply) = run(job, desk.connection()) {
                    reply(Ok(()));
                }
            }
        });
    }
    Lane(sender)
}

pub(super) fn sqlite_writer(url: &DatabaseUrl, clock: &Clock) -> Lane {
    let (sender, jobs) = sync_channel::<Job>(QUEUE);
    let mut desk = Desk::new(url, Role::Write, clock);
    spawn("db-write".to_owned(), move || {
        while let Ok(first) = jobs.recv() {
            run_batch(&mut desk, first, &jobs);
        }
    });
    Lane(sender)
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

/// One thread's connection, made when it is needed and thrown away when it broke.
struct Desk {
    url: DatabaseUrl,
    role: Role,
    clock: Clock,
    conn: Option<Conn>,
}

impl Desk {
    fn new(url: &DatabaseUrl, role: Role, clock: &Clock) -> Self {
        Self { url: url.clone(), role, clock: clock.clone(), conn: None }
    }

    fn another(&self) -> Self {
        Self::new(&self.url, self.role, &self.clock)
    }

    fn connection(&mut self) -> Result<&mut Conn, Fault> {
        if self.conn.as_ref().is_some_and(|conn| !conn.is_alive()) {
            self.leave();
        }
        match &mut self.conn {
            Some(conn) => Ok(conn),
            empty => Ok(empty.insert(Conn::connect(&self.url, self.role)?.going_by(self.clock.clone()))),
        }
    }

    fn leave(&mut self) {
        self.conn = None;
    }
}

pub(super) fn spawn(name: String, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name).spawn(work) {
        tracing::error!(%error, "a database thread could not be started");
    }
}
