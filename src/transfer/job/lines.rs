//! What became of the rows of an import, in pieces.

use super::store;
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::ids::ImportId;
use crate::transfer::Refusal;
use crate::transfer::verdict::{Kind, Verdict};

/// Which part of a report is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Only rows of this kind.
    pub kind: Option<Kind>,
    /// Only what comes after this row.
    pub after: u64,
    pub limit: usize,
}

/// Rows that were not simply taken, in the order of the file.
///
/// # Errors
/// Without `users:write`; a fault. An import that is gone has none.
pub async fn lines(app: &App, caller: &Caller, id: ImportId, asked: Asked) -> Result<Vec<Verdict>, Refusal> {
    caller.must(words::USERS_WRITE)?;
    Ok(app.db.read(move |conn| store::lines(conn, &id, &asked)).await?)
}
