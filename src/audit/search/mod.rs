//! Finding entries: by who, whom, what, when and from where, newest first, by a place to go on from. Each list stands on an
//! index, however long the log is.

mod store;

use super::event::Fact;
use super::log::Entry;
use super::{Refusal, store::Row};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{RequestId, SessionId, UserId};
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;

/// Somebody, as a search names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Id(UserId),
    /// The name that they had then, in lower case.
    Name(String),
}

impl Who {
    /// What looks like an id is one.
    pub fn named(text: &str) -> Self {
        let id = UserId::from_outside(text);
        if id.bytes().is_some() { Self::Id(id) } else { Self::Name(text.to_ascii_lowercase()) }
    }
}

/// Which entries are asked for: those that fit all of it.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub actor: Option<Who>,
    pub subject: Option<Who>,
    /// Any of these; all, where there is none.
    pub facts: Vec<Fact>,
    pub from: Option<UnixTime>,
    /// Up to before this moment.
    pub until: Option<UnixTime>,
    pub address: Option<String>,
    pub session: Option<SessionId>,
    pub request: Option<RequestId>,
}

impl Filter {
    /// Whether it is about one person, place, session or request, of which there is an index each.
    fn is_narrow(&self) -> bool {
        self.actor.is_some()
            || self.subject.is_some()
            || self.address.is_some()
            || self.session.is_some()
            || self.request.is_some()
    }
}

/// The facts that a word names: one itself, or all that begin with it where it ends with a dot (`signin.`); none where it
/// means nothing.
pub fn facts_named(word: &str) -> Vec<Fact> {
    let fits = |fact: &Fact| if word.ends_with('.') { fact.word().starts_with(word) } else { fact.word() == word };
    Fact::ALL.iter().copied().filter(fits).collect()
}

/// A place in a list of entries, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    at: UnixTime,
    seq: i64,
}

impl Place {
    /// The one order there is, as a cursor names it.
    const ORDER: &str = "-at";

    /// `None` for the cursor of another list.
    pub fn at(cursor: &Cursor) -> Option<Self> {
        let (at, seq) = (cursor.key.parse().ok()?, cursor.id.parse().ok()?);
        (cursor.order == Self::ORDER).then_some(Self { at: UnixTime::from_millis(at), seq })
    }

    fn of(entry: &Entry) -> Cursor {
        Cursor { order: Self::ORDER.to_owned(), key: entry.at.millis().to_string(), id: entry.seq.to_string() }
    }

    fn after(entry: &Entry) -> Self {
        Self { at: entry.at, seq: entry.seq }
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub after: Option<Place>,
    pub limit: usize,
}

/// Entries that fit, newest first.
///
/// # Errors
/// Without `audit:read`; a fault.
pub async fn search(app: &App, caller: &Caller, filter: Filter, asked: Asked) -> Result<Page<Entry>, Refusal> {
    caller.must(words::AUDIT_READ)?;
    Ok(page(app, filter, asked).await?)
}

/// A search that is read to its end, in parts that fit into memory.
pub struct Export {
    app: App,
    filter: Filter,
    after: Option<Place>,
    over: bool,
}

impl Export {
    /// Entries of one part.
    const PART: usize = 500;

    /// # Errors
    /// Without `audit:read`.
    pub fn begin(app: &App, caller: &Caller, filter: Filter) -> Result<Self, Refusal> {
        caller.must(words::AUDIT_READ)?;
        Ok(Self { app: app.clone(), filter, after: None, over: false })
    }

    /// The next part; nothing at the end.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn next(&mut self) -> Result<Vec<Entry>, Fault> {
        if self.over {
            return Ok(Vec::new());
        }
        let (filter, after) = (self.filter.clone(), self.after);
        let part = self.app.db.survey(move |conn| rows(conn, &filter, after, Self::PART)).await?;
        self.over = part.len() < Self::PART;
        self.after = part.last().map(Place::after).or(self.after);
        Ok(part)
    }
}

pub(super) async fn page(app: &App, filter: Filter, asked: Asked) -> Result<Page<Entry>, Fault> {
    let one_more = asked.limit.saturating_add(1);
    let rows = app.db.survey(move |conn| rows(conn, &filter, asked.after, one_more)).await?;
    Ok(Page::cut(rows, asked.limit, Place::of))
}

/// The newest that fit. Where only kinds are asked for, each is read for itself and all are put in order here: there is an
/// index for one kind, and none for some of them.
pub(super) fn rows(conn: &mut Conn, filter: &Filter, after: Option<Place>, limit: usize) -> Result<Vec<Entry>, Fault> {
    let found = match filter.facts.as_slice() {
        several @ [_, _, ..] if !filter.is_narrow() => {
            let mut found: Vec<Row> = Vec::new();
            for fact in several {
                found.extend(store::newest(conn, filter, &[*fact], (after, limit))?);
            }
            found.sort_unstable_by_key(|row| std::cmp::Reverse((row.at, row.seq)));
            found.truncate(limit);
            found
        }
        facts => store::newest(conn, filter, facts, (after, limit))?,
    };
    found.into_iter().map(Entry::try_from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_a_fact_and_a_word_with_a_dot_all_that_begin_so() {
        assert_eq!(facts_named("signin.failed"), [Fact::SignInFailed]);
        let of_sign_in = facts_named("signin.");
        assert!(of_sign_in.len() > 2 && of_sign_in.iter().all(|fact| fact.word().starts_with("signin.")));
        assert!(["", ".", "signin", "nonsense.", "SIGNIN."].iter().all(|word| facts_named(word).is_empty()));
    }

    #[test]
    fn what_looks_like_an_id_is_one_and_names_have_no_case() {
        let id = UserId::fresh(UnixTime::from_millis(1));
        assert_eq!(Who::named(id.as_str()), Who::Id(id));
        assert_eq!(Who::named("Alice"), Who::Name("alice".to_owned()));
    }
}
