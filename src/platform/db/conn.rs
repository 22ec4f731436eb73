//! The one file that knows that there are two databases. `on!` gives both the same body; what they differ in is here.

use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl, SqliteConnection};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::prepared::Plain;
pub use super::role::Role;
use super::runtime::{self, ThreadRuntime, Wire};
use super::tx::Tx;
use super::{DatabaseUrl, Fault, hosts, in_use};
use crate::platform::time::{Clock, UnixTime};

/// Runs one query body on whichever database the connection is to: `on!(conn, c => users::table.load(c))`. A row that a
/// key names is fetched by `get_result`: `first` adds a bound `LIMIT`, for which SQLite plans the statement anew each time.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn.kind() {
            $crate::platform::db::ConnKind::Sqlite($c) => $body,
            $crate::platform::db::ConnKind::Postgres($c) => $body,
        }
    };
}
pub(crate) use on;

/// PostgreSQL in pure Rust behind Diesel's blocking interface: TLS without OpenSSL, nothing to install but gcc.
pub type Postgres = AsyncConnectionWrapper<AsyncPgConnection, ThreadRuntime>;

#[allow(clippy::large_enum_variant, reason = "there are a handful of them, each owned by a thread")]
pub enum ConnKind {
    Sqlite(SqliteConnection),
    Postgres(Postgres),
}

/// A connection, owned by a database thread.
pub struct Conn {
    kind: ConnKind,
    life: Life,
    /// Whether a transaction is open in which each change has a savepoint of its own.
    in_batch: bool,
    clock: Clock,
}

/// By what a connection is known to be alive.
enum Life {
    /// The file that was opened still stands at its path.
    File(PathBuf, FileIdentity),
    /// The driver still reads from the server.
    Socket(Wire),
    Lost,
}

/// Device and inode: the file itself, whatever it is called.
#[derive(PartialEq, Eq)]
struct FileIdentity(u64, u64);

impl FileIdentity {
    fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|file| Self(file.dev(), file.ino()))
    }
}

/// What means something else in a `file:` address (sqlite.org/uri.html).
const PATH: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

impl Conn {
    pub fn kind(&mut self) -> &mut ConnKind {
        &mut self.kind
    }

    /// Whether every row has a number beside its key, `rowid`, which each index leads to.
    pub fn has_rowids(&self) -> bool {
        matches!(self.kind, ConnKind::Sqlite(_))
    }

    /// What SQL's own `CURRENT_TIMESTAMP` would be, by the clock that tests move: for rows that are there until a moment.
    pub fn now(&self) -> UnixTime {
        self.clock.now()
    }

    pub(super) fn going_by(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    pub(super) fn connect(url: &DatabaseUrl, role: Role) -> Result<Self, Fault> {
        match url {
            DatabaseUrl::Sqlite(path) => Self::open_sqlite(path, role),
            DatabaseUrl::Postgres(url) => Self::connect_postgres(url, role),
        }
    }

    fn open_sqlite(path: &Path, role: Role) -> Result<Self, Fault> {
        // Never made here: where the file went away, an empty one in its place would be the worse answer.
        let address = format!("file:{}?mode=rw", utf8_percent_encode(&path.to_string_lossy(), PATH));
        let mut conn = SqliteConnection::establish(&address).map_err(unreachable)?;
        conn.batch_execute(role.pragmas())?;
        if role == Role::Write {
            // Where the file can't be opened for writing just now, SQLite opens it for reading, and that for good.
            conn.batch_execute("BEGIN IMMEDIATE; PRAGMA user_version = 0; ROLLBACK;")?;
        }
        let file = FileIdentity::of(path).ok_or_else(|| Fault::Unavailable(format!("{} is gone", path.display())))?;
        Ok(Self {
            kind: ConnKind::Sqlite(conn),
            life: Life::File(path.to_owned(), file),
            in_batch: false,
            clock: Clock::System,
        })
    }

    fn connect_postgres(url: &str, role: Role) -> Result<Self, Fault> {
        let (conn, wire) = runtime::run(async {
            let (client, driver) = hosts::connect(url, role).await?;
            let wire = Wire::drive(driver);
            // A server may fall silent right after it let somebody in, and what it does not answer here has no other limit.
            let Ok(conn) = tokio::time::timeout(CONNECT_TIMEOUT, AsyncPgConnection::try_from(client)).await else {
                wire.hang_up();
                return Err(Fault::Unavailable("PostgreSQL does not answer".into()));
            };
            Ok((conn.map_err(unreachable)?, wire))
        })?;
        let mut conn = Postgres::from(conn);
        wire.watched(|| set_up(&mut conn, role))?;
        Ok(Self { kind: ConnKind::Postgres(conn), life: Life::Socket(wire), in_batch: false, clock: Clock::System })
    }

    /// Whether it can still be used.
    pub(super) fn is_alive(&self) -> bool {
        match &self.life {
            Life::Lost => false,
            // What is written into a file that was removed or replaced is lost, and nobody would hear of it.
            Life::File(path, opened) => FileIdentity::of(path).as_ref() == Some(opened),
            Life::Socket(wire) => wire.is_up(),
        }
    }

    /// Whether its server was waited for in vain.
    pub(super) fn fell_silent(&self) -> bool {
        matches!(&self.life, Life::Socket(wire) if wire.fell_silent())
    }

    /// From now on nobody waits for it longer than any statement of a request may take.
    pub(super) fn watch(&self) {
        if let Life::Socket(wire) = &self.life {
            wire.watch();
        }
    }

    pub(super) fn ping(&mut self) -> Result<(), Fault> {
        Ok(on!(self, c => c.batch_execute("SELECT 1"))?)
    }

    pub(super) fn begin_batch(&mut self) -> Result<(), Fault> {
        // A deferred transaction that reads before it writes fails under contention; this one waits its turn.
        self.run("BEGIN IMMEDIATE")?;
        self.in_batch = true;
        Ok(())
    }

    pub(super) fn commit_batch(&mut self) -> Result<(), Fault> {
        self.in_batch = false;
        // Where a change could not be undone, the others that share the transaction go with it.
        if self.is_lost() { Err(Fault::Unavailable("a transaction was lost".into())) } else { self.run("COMMIT") }
    }

    pub(super) fn is_lost(&self) -> bool {
        matches!(self.life, Life::Lost)
    }

    /// Nobody can say what is in its transaction: all of it goes.
    pub(super) fn give_up(&mut self) {
        self.life = Life::Lost;
    }

    fn begin(&mut self) -> Result<(), Fault> {
        self.run(match self.kind {
            _ if self.in_batch => "SAVEPOINT job",
            ConnKind::Sqlite(_) => "BEGIN IMMEDIATE",
            ConnKind::Postgres(_) => "BEGIN",
        })
    }

    fn commit(&mut self) -> Result<(), Fault> {
        self.run(if self.in_batch { "RELEASE job" } else { "COMMIT" })
    }

    /// Where even that fails, the connection is given up: nobody can say what is in its transaction.
    fn roll_back(&mut self) {
        let undone = match self.in_batch {
            true => self.run("ROLLBACK TO job").and_then(|()| self.run("RELEASE job")),
            false => self.run("ROLLBACK"),
        };
        if let Err(fault) = undone {
            tracing::warn!(error = %fault, "a transaction could not be rolled back");
            self.life = Life::Lost;
        }
    }

    /// What begins and ends a transaction, prepared once. Diesel's own transaction manager parses it each time.
    pub(super) fn run(&mut self, statement: &'static str) -> Result<(), Fault> {
        on!(self, c => Plain(statement).execute(c))?;
        Ok(())
    }

    /// Runs `change` in a transaction, or in a savepoint where one is open already.
    pub(super) fn transaction<T, E: From<Fault>>(
        &mut self,
        change: impl FnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin()?;
        let mut tx = Tx::on(self);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| change(&mut tx)));
        match result {
            Ok(Ok(value)) => match self.commit() {
                Ok(()) => Ok(value),
                Err(fault) => {
                    self.roll_back();
                    Err(fault.into())
                }
            },
            Ok(Err(error)) => {
                self.roll_back();
                Err(error)
            }
            Err(_) => {
                self.roll_back();
                Err(Fault::Broken("a change panicked and was rolled back".into()).into())
            }
        }
    }
}

/// A plan is kept until the table is analysed, and one that was made while it was nearly empty reads it from end to end: on a
/// new database an import slows down with each row. What is asked often has an index, so none of it is to do that.
const PLANS: &str = "SET enable_seqscan = off; SET jit = off;";

/// What a session of PostgreSQL begins with.
fn set_up(conn: &mut Postgres, role: Role) -> Result<(), Fault> {
    const PATIENCE: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s';";
    match role {
        Role::Read | Role::Write => {
            conn.batch_execute(&format!("{PATIENCE} {PLANS}"))?;
            in_use::share_session(conn)?;
        }
        Role::Replica => {
            conn.batch_execute(&format!("{PATIENCE} {PLANS} SET default_transaction_read_only = on;"))?;
        }
        Role::Whole | Role::Draft => conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = '5s';")?,
    }
    Ok(())
}

/// Makes the file so that nobody else on the machine can ever read it; SQLite's side files take over its mode. One that is
/// there is not even opened: closing it again would drop the locks that SQLite holds on it (sqlite.org/howtocorrupt.html).
pub(crate) fn make_private(path: &Path) -> std::io::Result<()> {
    match std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn unreachable(error: diesel::ConnectionError) -> Fault {
    Fault::Unavailable(error.to_string())
}

/// How long the first connection may take.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
