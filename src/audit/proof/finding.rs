//! What a proof can find: each names the first entry that does not fit.

use std::fmt::{self, Display, Formatter};

/// Why the log is not what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Entries of these numbers were taken out.
    Missing { from: i64, to: i64 },
    /// An entry is not what it was, or does not follow the one before.
    Changed { seq: i64 },
    /// There is an entry that nobody recorded.
    PutIn { seq: i64 },
    /// Entries were taken away at the end.
    CutOff { last: i64, expected: i64 },
    /// The chain holds, but a checkpoint says that it was another.
    Rewritten { seq: i64 },
    /// A checkpoint for this place was not signed with our key.
    Unsigned { seq: i64 },
    /// Entries up to this one are gone by a cut that was not signed with our key.
    ForgedCut { seq: i64 },
    /// What was written down about a finding can't be read.
    Unknown,
}

/// As it is kept.
impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { from, to } => write!(f, "missing {from} {to}"),
            Self::Changed { seq } => write!(f, "changed {seq}"),
            Self::PutIn { seq } => write!(f, "put_in {seq}"),
            Self::CutOff { last, expected } => write!(f, "cut_off {last} {expected}"),
            Self::Rewritten { seq } => write!(f, "rewritten {seq}"),
            Self::Unsigned { seq } => write!(f, "unsigned {seq}"),
            Self::ForgedCut { seq } => write!(f, "forged_cut {seq}"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl Finding {
    /// What [`Display`] wrote.
    pub(super) fn read(text: &str) -> Self {
        let mut parts = text.split(' ');
        let word = parts.next().unwrap_or_default();
        let numbers: Vec<i64> = parts.map_while(|part| part.parse().ok()).collect();
        match (word, numbers.as_slice()) {
            ("missing", &[from, to]) => Self::Missing { from, to },
            ("changed", &[seq]) => Self::Changed { seq },
            ("put_in", &[seq]) => Self::PutIn { seq },
            ("cut_off", &[last, expected]) => Self::CutOff { last, expected },
            ("rewritten", &[seq]) => Self::Rewritten { seq },
            ("unsigned", &[seq]) => Self::Unsigned { seq },
            ("forged_cut", &[seq]) => Self::ForgedCut { seq },
            _ => Self::Unknown,
        }
    }

    /// The word and the numbers, for programs.
    pub fn word(&self) -> String {
        self.to_string().split(' ').next().unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Finding;

    #[test]
    fn what_was_written_down_is_read_back() {
        for finding in [
            Finding::Missing { from: 3, to: 5 },
            Finding::Changed { seq: 1 },
            Finding::PutIn { seq: -1 },
            Finding::CutOff { last: 0, expected: 9 },
            Finding::Rewritten { seq: 2 },
            Finding::Unsigned { seq: 4 },
            Finding::ForgedCut { seq: 6 },
            Finding::Unknown,
        ] {
            assert_eq!(Finding::read(&finding.to_string()), finding);
        }
    }
}
