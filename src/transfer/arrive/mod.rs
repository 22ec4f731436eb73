//! Taking rows, many at once and each for itself: what goes wrong with one undoes nothing of another. First is decided what
//! becomes of each (`decide`, with the roles that may be given, `gifts`); then those that come are written together (`settle`).

mod decide;
mod gifts;
mod settle;

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use self::settle::Fate;
use super::accept::Accepted;
use super::format::Format;
use super::record::cut_to;
use super::verdict::Verdict;
use crate::access::PermissionSet;
use crate::accounts::as_looked_up;
use crate::app::App;
use crate::audit::Event;
use crate::platform::db::{Fault, Tx};

/// Names that a check remembers; what is twice in a file beyond them, only the import finds.
const REMEMBERED: usize = 2_000_000;

/// What becomes of a role that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewRoles {
    /// Whoever has it is refused.
    Refuse,
    /// It is made, and allows nothing yet.
    Create,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything is tried, and undone again.
    Check,
    Import,
}

/// How a file is to be taken.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub new_roles: NewRoles,
    pub mode: Mode,
}

/// A row with its number, and who it is about.
pub(super) struct Numbered {
    pub row: u64,
    pub who: String,
    pub accepted: Result<Accepted, String>,
}

/// What all rows of a file share.
pub(super) struct Desk {
    pub app: App,
    pub wish: Wish,
    pub format: Format,
    seen: Seen,
}

impl Desk {
    pub fn new(app: &App, wish: Wish, format: Format) -> Self {
        Self { app: app.clone(), wish, format, seen: Seen::default() }
    }

    /// Takes some rows in the name of somebody who holds this.
    ///
    /// # Errors
    /// A [`Fault`], which undoes all of them.
    pub fn take(
        &mut self,
        tx: &mut Tx,
        held: PermissionSet,
        rows: Vec<Numbered>,
    ) -> Result<(Vec<Verdict>, Vec<Event>), Fault> {
        let (named, rows): (Vec<_>, Vec<_>) = rows.into_iter().map(|row| ((row.row, row.who), row.accepted)).unzip();
        let settled = match self.wish.mode {
            Mode::Import => self.settle(tx, held, rows)?,
            Mode::Check => tx.undone(|tx| self.settle(tx, held, rows))?,
        };
        let verdict = |((row, who), Fate { kind, detail }): ((u64, String), Fate)| Verdict {
            row,
            verdict: kind,
            who,
            detail: readable(&detail),
        };
        let verdicts = named.into_iter().zip(settled.fates).map(verdict).collect();
        let events = if self.wish.mode == Mode::Check { Vec::new() } else { settled.events };
        Ok((verdicts, events))
    }
}

/// What a file says stands in some sentences: no line breaks, no NUL, and not for pages.
fn readable(detail: &str) -> String {
    const LONGEST: usize = 500;
    cut_to(detail, LONGEST)
}

/// Who stood in the file before, for a check that leaves nothing behind by which to know them.
#[derive(Default)]
struct Seen {
    names: HashSet<u64>,
    hash: RandomState,
}

impl Seen {
    fn key(&self, name: &str) -> u64 {
        self.hash.hash_one(as_looked_up(name))
    }

    fn has(&self, name: &str) -> bool {
        !self.names.is_empty() && self.names.contains(&self.key(name))
    }

    fn remember(&mut self, name: &str) {
        if self.names.len() < REMEMBERED {
            self.names.insert(self.key(name));
        }
    }
}
