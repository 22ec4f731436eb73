//! What one batch came to, written down in the transaction that took it.

use super::{Import, State, store};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::ImportId;
use crate::transfer::verdict::{Kind, Tally, Verdict};

/// How far an import is.
#[derive(Clone)]
pub(super) struct Progress {
    pub id: ImportId,
    pub state: State,
    pub tally: Tally,
}

impl Progress {
    pub fn of(import: &Import) -> Self {
        Self { id: import.id.clone(), state: import.state, tally: import.tally }
    }

    /// Goes on by these rows; `false` where somebody else has, or put it away.
    ///
    /// # Errors
    /// A [`Fault`].
    pub fn advance(&mut self, tx: &mut Tx, verdicts: &[Verdict], bytes_done: u64) -> Result<bool, Fault> {
        let before = self.tally.rows();
        verdicts.iter().for_each(|one| self.tally.count(one.verdict));
        if !store::advance(tx, self, before, bytes_done)? {
            return Ok(false);
        }
        let told: Vec<&Verdict> = verdicts.iter().filter(|one| one.verdict != Kind::Imported).collect();
        store::add_lines(tx, &self.id, &told)?;
        Ok(true)
    }
}
