//! Files that were sent to the server: looked through first where that is wanted, then taken, a batch at a time. How far
//! one is stands in the database with each batch, so that a restart loses nothing and does nothing twice; the file lies on
//! the node that it was sent to, and goes when it is done.

mod lines;
mod progress;
mod store;
mod waiting;
mod work;

pub use lines::{Asked, lines};
pub use waiting::{may_import, may_send};
pub use work::{purge, work};

use super::arrive::{Mode, NewRoles};
use super::format::Format;
use super::source::Source;
use super::upload::{Upload, path_of};
use super::verdict::Tally;
use super::{Refusal, record};
use crate::access::{Caller, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::ids::ImportId;
use crate::platform::time::UnixTime;

/// Imports that are listed.
const RECENT: i64 = 20;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// What would become of each row is being found out.
    Checking,
    /// That is known; somebody says whether it is to be done.
    Checked,
    Running,
    Done,
    Failed,
}

impl State {
    const ALL: [(&'static str, Self); 5] = [
        ("checking", Self::Checking),
        ("checked", Self::Checked),
        ("running", Self::Running),
        ("done", Self::Done),
        ("failed", Self::Failed),
    ];

    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, state)| *state)
    }

    /// Whether the server is at it.
    pub fn is_moving(self) -> bool {
        matches!(self, Self::Checking | Self::Running)
    }
}

/// A file that was sent in, and how far it is.
#[derive(Clone, Debug)]
pub struct Import {
    pub id: ImportId,
    pub created_at: UnixTime,
    pub by: String,
    pub file_name: String,
    pub bytes: u64,
    pub format: Format,
    pub new_roles: NewRoles,
    pub state: State,
    pub bytes_done: u64,
    pub tally: Tally,
    pub finished_at: Option<UnixTime>,
    /// Why it failed.
    pub failure: Option<String>,
}

impl Import {
    /// How much of the file was read, in percent.
    pub fn percent(&self) -> u64 {
        if self.state.is_moving() {
            (self.bytes_done.min(self.bytes) * 100).checked_div(self.bytes).unwrap_or(0).min(99)
        } else {
            100
        }
    }
}

/// What somebody sent.
pub struct Sent {
    pub upload: Upload,
    /// What the file was called where it came from.
    pub file_name: String,
    pub format: Option<Format>,
    pub new_roles: NewRoles,
    pub mode: Mode,
}

/// Takes a file over. It is gone through soon.
///
/// # Errors
/// Without `users:write` and a fresh proof; [`Refusal::TooManyWaiting`]; [`Refusal::Unreadable`] for a file of no kind that is
/// known; a fault.
pub async fn begin(app: &App, caller: &Caller, mut sent: Sent) -> Result<Import, Refusal> {
    may_import(app, caller)?;
    let source = Source::open(sent.upload.path(), sent.format).map_err(Refusal::Unreadable)?;
    let import = Import {
        id: sent.upload.id.clone(),
        created_at: app.now(),
        by: caller.username.clone(),
        file_name: record::cut(&sent.file_name),
        bytes: source.bytes,
        format: source.format,
        new_roles: sent.new_roles,
        state: if sent.mode == Mode::Check { State::Checking } else { State::Running },
        bytes_done: 0,
        tally: Tally::default(),
        finished_at: None,
        failure: None,
    };
    let (row, asker) = (import.clone(), caller.clone());
    app.write(caller, move |tx| {
        waiting::leave_room(tx, &asker)?;
        store::insert(tx, &row, &asker)?;
        Ok::<_, Refusal>(Outcome::told((), [told(Fact::ImportSent, &row)]))
    })
    .await?;
    sent.upload.kept = true;
    app.wake_imports();
    Ok(import)
}

/// # Errors
/// Without `users:write`; [`Refusal::NoSuchImport`]; a fault.
pub async fn look(app: &App, caller: &Caller, id: ImportId) -> Result<Import, Refusal> {
    caller.must(words::USERS_WRITE)?;
    app.db.read(move |conn| store::find(conn, &id)).await?.ok_or(Refusal::NoSuchImport)
}

/// The latest, newest first.
///
/// # Errors
/// Without `users:write`; a fault.
pub async fn recent(app: &App, caller: &Caller) -> Result<Vec<Import>, Refusal> {
    caller.must(words::USERS_WRITE)?;
    Ok(app.db.read(|conn| store::recent(conn, RECENT)).await?)
}

/// Has done what was found out. From now on it is done in the caller's name.
///
/// # Errors
/// As [`begin`]; [`Refusal::NotYours`]; [`Refusal::NotNow`] where it is not waiting for that.
pub async fn run(app: &App, caller: &Caller, id: ImportId) -> Result<Import, Refusal> {
    may_import(app, caller)?;
    let before = look(app, caller, id.clone()).await?;
    if !path_of(app, &id).exists() && before.state == State::Checked {
        return Err(Refusal::Unreadable("The file lies on another node, or is gone: send it again.".into()));
    }
    let asker = caller.clone();
    let begun = app.write(caller, move |tx| {
        waiting::theirs(tx, &asker, &id)?;
        if !store::begin_run(tx, &id, &asker)? {
            return Err(Refusal::NotNow);
        }
        let import = store::find(tx, &id)?.ok_or(Refusal::NoSuchImport)?;
        let event = told(Fact::ImportStarted, &import);
        Ok(Outcome::told(import, [event]))
    });
    let import = begun.await?;
    app.wake_imports();
    Ok(import)
}

/// Puts an import away, with its file and its report; one that runs ends after the batch that it is at.
///
/// # Errors
/// Without `users:write`; [`Refusal::NoSuchImport`]; [`Refusal::NotYours`]; a fault.
pub async fn discard(app: &App, caller: &Caller, id: ImportId) -> Result<(), Refusal> {
    caller.must(words::USERS_WRITE)?;
    let (path, asker) = (path_of(app, &id), caller.clone());
    app.write(caller, move |tx| {
        let import = waiting::theirs(tx, &asker, &id)?;
        if !store::delete(tx, &id)? {
            return Err(Refusal::NoSuchImport);
        }
        let event = told(Fact::ImportDiscarded, &import).with("state", import.state.word()).with("sent_by", import.by);
        Ok(Outcome::told((), [event]))
    })
    .await?;
    let _ = std::fs::remove_file(path);
    Ok(())
}

fn told(fact: Fact, import: &Import) -> Event {
    Event::new(fact).with("import", import.id.as_str()).with("file", import.file_name.as_str())
}
