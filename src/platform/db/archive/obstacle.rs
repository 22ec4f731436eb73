//! Why a database as a whole could not be looked after.

use std::path::{Path, PathBuf};

use crate::platform::db::Fault;

/// Each is a sentence for the operator.
#[derive(Debug)]
pub enum Obstacle {
    Fault(Fault),
    /// Another process works with it.
    InUse,
    /// Migrations ran on it that this program does not have.
    Newer {
        schema: String,
        program: Option<String>,
    },
    /// It is no database of ours, or a damaged one.
    NoBackup {
        file: PathBuf,
        why: String,
    },
    /// Nothing could be kept before an upgrade.
    NoSnapshot(Box<Self>),
    /// A move into it has begun and is not finished.
    HalfMoved,
    /// It has people in it already.
    HoldsPeople,
    /// Nothing was ever in it.
    Nothing,
    /// The source is not at the schema of this program.
    OtherSchema(String),
    /// What a table or column is, the copy does not know.
    Shape(String),
    /// What arrived in a table is not what was sent.
    Differs(String),
    /// A file or folder can't be used.
    File {
        path: PathBuf,
        why: String,
    },
    /// The file is there already.
    Exists(PathBuf),
    /// So many bytes are needed, and so many are free.
    NoRoom {
        folder: PathBuf,
        needed: u64,
        free: u64,
    },
    /// More bytes than are copied row by row.
    TooLarge {
        size: u64,
        limit: u64,
    },
}

impl From<Fault> for Obstacle {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Obstacle {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Self::Exists(path.to_owned()),
            _ => Self::File { path: path.to_owned(), why: error.to_string() },
        }
    }
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fault(fault) => write!(f, "{fault}"),
            Self::InUse => f.write_str("a server or another command works with this database: stop it first"),
            Self::Newer { schema, program } => {
                let program =
                    program.as_ref().map_or_else(|| "a later version".to_owned(), |v| format!("Vestibule {v}"));
                write!(
                    f,
                    "it was made by {program} (schema {schema}), which is newer than this program: use that version"
                )
            }
            Self::NoBackup { file, why } => write!(f, "{} is no sound backup of Vestibule: {why}", file.display()),
            Self::NoSnapshot(why) => write!(
                f,
                "no snapshot could be taken before the upgrade: {why}. Make a backup in another way (pg_dump --format=custom \
                 --file=FILE \"$DATABASE_URL\" for PostgreSQL), then run `vestibule migrate --yes`"
            ),
            Self::HalfMoved => {
                f.write_str("a move into this database is not finished: run `vestibule move` again, with the same --to")
            }
            Self::HoldsPeople => f.write_str("the database has people in it"),
            Self::Nothing => f.write_str("there is nothing in it"),
            Self::OtherSchema(schema) => {
                write!(f, "it has the schema {schema}, which is not this program's: run `vestibule migrate` first")
            }
            Self::Shape(what) => write!(f, "{what} is not alike on both sides, or can't be copied"),
            Self::Differs(table) => write!(f, "what arrived in the table {table} is not what is in the source"),
            Self::File { path, why } => write!(f, "{}: {why}", path.display()),
            Self::Exists(path) => write!(f, "{} is there already, and nothing is overwritten", path.display()),
            Self::NoRoom { folder, needed, free } => {
                write!(f, "{} has room for {} MB, and {} are needed", folder.display(), mega(*free), mega(*needed))
            }
            Self::TooLarge { size, limit } => {
                write!(f, "the database has {} MB, and at most {} are copied row by row", mega(*size), mega(*limit))
            }
        }
    }
}

impl std::error::Error for Obstacle {}

fn mega(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}
