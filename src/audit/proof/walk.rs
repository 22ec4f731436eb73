//! Walking along the chain, entry by entry: what does not fit is named at the first place where it shows.

use std::collections::BTreeMap;

use super::super::chain::{self, GENESIS, Hash};
use super::super::checkpoint::Checkpoint;
use super::super::store::Row;
use super::Finding;

/// Where a walk has come to.
pub struct Walk {
    /// The number and hash of the entry before; `None` where it is not known, and the first one is taken as it is.
    last: Option<(i64, Hash)>,
    /// Whether no entry with a hash has come yet.
    before_the_chain: bool,
    first: Option<i64>,
    checkpoints: BTreeMap<i64, Vec<Hash>>,
    agreed: usize,
}

impl Walk {
    /// From behind a cut, or from the first entry there ever was.
    pub fn from(cut: Option<&Checkpoint>, checkpoints: &[Checkpoint]) -> Self {
        let (seq, hash) = cut.map_or((0, GENESIS), |cut| (cut.seq, cut.hash));
        Self { last: Some((seq, hash)), before_the_chain: hash == GENESIS, ..Self::anywhere(checkpoints) }
    }

    /// From whichever entry comes first.
    pub fn anywhere(checkpoints: &[Checkpoint]) -> Self {
        let mut expected: BTreeMap<i64, Vec<Hash>> = BTreeMap::new();
        for checkpoint in checkpoints {
            expected.entry(checkpoint.seq).or_default().push(checkpoint.hash);
        }
        Self { last: None, before_the_chain: false, first: None, checkpoints: expected, agreed: 0 }
    }

    /// # Errors
    /// What is wrong with this entry, or before it.
    pub fn step(&mut self, row: &Row) -> Result<(), Finding> {
        let hash = match self.last {
            Some((last, _)) if row.seq > last + 1 => return Err(Finding::Missing { from: last + 1, to: row.seq - 1 }),
            Some((last, _)) if row.seq <= last => return Err(Finding::PutIn { seq: row.seq }),
            Some((_, previous)) => self.proven(&previous, row)?,
            None => stored(row)?,
        };
        self.first.get_or_insert(row.seq);
        self.last = Some((row.seq, hash));
        self.compare(row.seq, &hash)
    }

    /// The hash of the entry, which is what its own content and the one before make it.
    fn proven(&mut self, previous: &Hash, row: &Row) -> Result<Hash, Finding> {
        if row.hash.is_none() && self.before_the_chain {
            return Ok(GENESIS);
        }
        self.before_the_chain = false;
        let hash = chain::hash(previous, row);
        if row.hash.as_deref() == Some(&hash) { Ok(hash) } else { Err(Finding::Changed { seq: row.seq }) }
    }

    /// Whether the checkpoints of this place say the same.
    ///
    /// # Errors
    /// Where one does not.
    pub fn compare(&mut self, seq: i64, hash: &Hash) -> Result<(), Finding> {
        let expected = self.checkpoints.remove(&seq).unwrap_or_default();
        self.agreed += expected.len();
        if expected.iter().all(|expected| expected == hash) { Ok(()) } else { Err(Finding::Rewritten { seq }) }
    }

    /// The end of the chain is `head`; nothing that was signed for lies behind it.
    ///
    /// # Errors
    /// Where something is missing at the end.
    pub fn end(self, head: Option<(i64, Hash)>) -> Result<(Option<i64>, i64, usize), Finding> {
        let (last, hash) = self.last.unwrap_or((0, GENESIS));
        if let Some((head, head_hash)) = head {
            if last < head {
                return Err(Finding::CutOff { last, expected: head });
            }
            if hash != head_hash {
                return Err(Finding::Changed { seq: head });
            }
        }
        match self.checkpoints.keys().next_back() {
            Some(expected) if *expected > last => Err(Finding::CutOff { last, expected: *expected }),
            _ => Ok((self.first, last, self.agreed)),
        }
    }
}

fn stored(row: &Row) -> Result<Hash, Finding> {
    chain::of_column(row.hash.as_deref()).ok_or(Finding::Changed { seq: row.seq })
}
