//! What a connection is opened for, and what follows from it.

/// What a connection is for. On SQLite only one thread writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Read,
    Write,
    /// A standby will do, which takes no changes.
    Replica,
    /// The database as a whole, however long it takes; the file stays as it is kept.
    Whole,
    /// A file in the making, which is put on disk once it is done.
    Draft,
}

impl Role {
    /// What a SQLite connection begins with. The time-out first: switching to WAL takes a lock.
    pub(super) fn pragmas(self) -> &'static str {
        match self {
            Self::Read | Self::Replica => {
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA query_only = ON;"
            }
            Self::Write => {
                "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 4000;"
            }
            Self::Whole => "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;",
            Self::Draft => "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;",
        }
    }
}
