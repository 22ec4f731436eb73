//! The database behind two verbs: [`Db::read`] and [`Db::write`]. Each runs a closure on a thread that owns its
//! connection; nothing else in the program blocks on a database.
//!
//! On SQLite one thread writes: what is queued shares one commit, each in its own savepoint, and nobody gets an answer
//! before that commit is on disk. On PostgreSQL every thread has a connection, some for changes and some for questions.

pub mod archive;
mod changes;
mod conn;
mod describe;
mod desk;
mod fault;
mod hosts;
pub mod in_use;
mod lane;
mod line;
pub mod migrate;
#[cfg(test)]
pub(crate) mod plan;
mod prepared;
mod reach;
mod replica;
mod role;
mod runtime;
mod sql;
mod tls;
mod trial;
mod trigrams;
mod tx;
mod types;
mod vitals;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use changes::Changes;
pub use conn::{Conn, ConnKind};
pub(crate) use conn::{make_private, on};
pub use describe::{Column, describe};
use desk::Silence;
pub use fault::Fault;
pub use hosts::{check_url, each as each_host};
use lane::{Job, Lane};
pub(crate) use prepared::Prepared;
use replica::Replica;
use role::Role;
pub(crate) use sql::Sql;
use tokio::sync::oneshot;
pub use trial::Trial;
pub(crate) use trigrams::Trigrams;
pub use tx::Tx;

use super::metrics::Queue;
use super::time::Clock;

/// How long a caller waits for the database before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections to PostgreSQL per process: for changes, and for questions, which are not kept waiting by changes that wait.
const POSTGRES_WRITERS: usize = 8;
const POSTGRES_READERS: usize = 3;

/// Where the data lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

impl DatabaseUrl {
    /// Which of the two it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgresql",
        }
    }
}

#[derive(Clone)]
pub struct Db {
    url: DatabaseUrl,
    readers: Lane,
    writers: Lane,
    /// What an operator sees of the two queues.
    reads: Arc<Queue>,
    writes: Arc<Queue>,
    probe: Arc<reach::Probe>,
    replica: Option<Replica>,
    /// Nobody has the database for itself meanwhile.
    _shared: Arc<in_use::Shared>,
}

impl Db {
    /// Starts the threads; each connects when its first job comes, and again whenever the connection was lost. `clock` is
    /// what their connections tell the time by.
    ///
    /// # Errors
    /// Where another process has the database for itself.
    pub fn open(url: &DatabaseUrl, clock: &Clock) -> Result<Self, Fault> {
        let shared = Arc::new(in_use::share(url)?);
        let (readers, writers) = match url {
            DatabaseUrl::Sqlite(_) => (lane::sqlite_readers(url, clock), lane::sqlite_writer(url, clock)),
            DatabaseUrl::Postgres(_) => {
                let silence = Silence::default();
                let lane = |role, connections| lane::postgres(url, (role, connections), clock, &silence);
                (lane(Role::Read, POSTGRES_READERS), lane(Role::Write, POSTGRES_WRITERS))
            }
        };
        let (reads, writes) = (Queue::of("database read"), Queue::of("database write"));
        let (probe, replica) = (Arc::default(), None);
        Ok(Self { url: url.clone(), readers, writers, reads, writes, probe, replica, _shared: shared })
    }

    /// Who waits to read, to write, and for the replica, where there is one.
    pub fn load(&self) -> Vec<(&'static str, &Queue)> {
        let replica = self.replica.iter().map(|replica| ("survey", &*replica.queue));
        [("read", &*self.reads), ("write", &*self.writes)].into_iter().chain(replica).collect()
    }

    /// Has a replica at `url` answer what it may, where there is one.
    #[must_use]
    pub fn beside(self, url: Option<&DatabaseUrl>, clock: &Clock) -> Self {
        Self { replica: url.map(|url| Replica::at(url, clock)), ..self }
    }

    /// To be told of what other processes announce.
    pub fn changes(&self) -> Changes {
        Changes::listen(&self.url)
    }

    /// Runs `query` on a connection for reading.
    ///
    /// # Errors
    /// What the closure returns, or a [`Fault`] where no connection could be had in time.
    pub async fn read<T, E>(&self, query: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let place = self.reads.enter();
        let job: Job = Box::new(move |conn| {
            if reply.is_closed() {
                return Box::new(|_| {});
            }
            let _served = place.served();
            let result = conn.map_err(E::from).and_then(query);
            Box::new(move |_| {
                let _ = reply.send(result);
            })
        });
        wait(self.readers.submit(job, &self.reads), answer).await
    }

    /// Runs a query that takes long: on the replica where one is set and knows all that was committed before this was asked,
    /// else as [`Self::read`] does. What it refuses is a value: an error is the replica's, and the primary is asked in its place.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn survey<T: Send + 'static>(
        &self,
        query: impl Fn(&mut Conn) -> Result<T, Fault> + Send + Sync + 'static,
    ) -> Result<T, Fault> {
        let query = Arc::new(query);
        if let Some(replica) = self.replica.as_ref().filter(|replica| replica.is_awake()) {
            let known = self.read(replica::written).await?;
            if let Some(answer) = replica.ask(known, Arc::clone(&query)).await {
                return Ok(answer);
            }
        }
        self.read(move |conn| query(conn)).await
    }

    /// Runs `change` in a transaction: an `Ok` is committed, durable, and only then returned; an `Err` is rolled back.
    /// A refusal that must leave a trace is therefore a value.
    ///
    /// # Errors
    /// What the closure returns, or a [`Fault`] where the change could not be committed.
    pub async fn write<T, E>(&self, change: impl FnOnce(&mut Tx) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let place = self.writes.enter();
        let job: Job = Box::new(move |conn| {
            if reply.is_closed() {
                return Box::new(|_| {});
            }
            let _served = place.served();
            let result = conn.map_err(E::from).and_then(|conn| conn.transaction(change));
            Box::new(move |committed| {
                let _ = reply.send(committed.map_err(E::from).and(result));
            })
        });
        wait(self.writers.submit(job, &self.writes), answer).await
    }
}

/// One change by a command that looks after the database as a whole, and so has no [`Db`].
///
/// # Errors
/// What the closure returns, or a [`Fault`] where the change could not be committed.
pub fn change_once<T, E: From<Fault>>(url: &DatabaseUrl, change: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
    Conn::connect(url, Role::Write)?.transaction(change)
}

async fn wait<T, E: From<Fault>>(
    submitted: Result<(), Fault>,
    answer: oneshot::Receiver<Result<T, E>>,
) -> Result<T, E> {
    submitted?;
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Fault::Broken("a statement panicked".into()).into()),
        Err(_) => Err(Fault::Unavailable("no answer in time".into()).into()),
    }
}
