//! What can go wrong with a database, in three words, whichever of the two it is.

use diesel::result::{DatabaseErrorKind, Error};

/// Why the database did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It can't be reached, or is too busy, or can't write: worth another try.
    Unavailable(String),
    /// A unique index holds the value already; its name.
    Taken(String),
    /// The statement itself is wrong, or the data is: a defect.
    Broken(String),
}

impl Fault {
    /// What the database said.
    pub fn why(self) -> String {
        match self {
            Self::Unavailable(why) | Self::Taken(why) | Self::Broken(why) => why,
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable(why) => write!(f, "the database is not available: {why}"),
            Self::Taken(index) => write!(f, "{index} holds that value already"),
            Self::Broken(why) => write!(f, "the database refused a statement: {why}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, info) = &error else {
            return match error {
                Error::BrokenTransactionManager | Error::AlreadyInTransaction => Self::Unavailable(error.to_string()),
                _ => Self::Broken(error.to_string()),
            };
        };
        let message = info.message();
        match kind {
            // PostgreSQL names the index; SQLite names `table.column`, which our indexes are named after.
            DatabaseErrorKind::UniqueViolation => Self::Taken(match info.constraint_name() {
                Some(index) => index.to_owned(),
                None => message.rsplit(": ").next().unwrap_or_default().replace('.', "_"),
            }),
            DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation => Self::Broken(message.to_owned()),
            _ if is_syntax(message) => Self::Broken(message.to_owned()),
            _ => Self::Unavailable(message.to_owned()),
        }
    }
}

/// Everything else that both databases report as 'unknown' is the machine's fault: locked, full, read-only, gone.
fn is_syntax(message: &str) -> bool {
    ["syntax error", "no such table", "no such column", "does not exist", "has no column"]
        .iter()
        .any(|s| message.contains(s))
}
