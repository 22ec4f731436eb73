//! What became of each row.

use serde::Serialize;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Taken as it stands there.
    Imported,
    /// Taken, with something changed or left out.
    Converted,
    /// Somebody was there already, and was left as they are.
    Kept,
    Refused,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Imported, Self::Converted, Self::Kept, Self::Refused];

    pub fn word(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Converted => "converted",
            Self::Kept => "kept",
            Self::Refused => "refused",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One row and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// Counts from 1; headings and blank lines are no rows.
    pub row: u64,
    pub verdict: Kind,
    /// Username or address, as the file has it.
    pub who: String,
    /// Why; empty where there is nothing to say.
    pub detail: String,
}

/// How many of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub imported: u64,
    pub converted: u64,
    pub kept: u64,
    pub refused: u64,
}

impl Tally {
    pub fn count(&mut self, kind: Kind) {
        match kind {
            Kind::Imported => self.imported += 1,
            Kind::Converted => self.converted += 1,
            Kind::Kept => self.kept += 1,
            Kind::Refused => self.refused += 1,
        }
    }

    pub fn rows(&self) -> u64 {
        self.imported + self.converted + self.kept + self.refused
    }

    /// How many accounts were made, or would be.
    pub fn made(&self) -> u64 {
        self.imported + self.converted
    }
}
