//! Going through the files that wait here, one after the other.

use std::time::Duration;

use super::progress::Progress;
use super::{Import, State, store};
use crate::app::{App, Outcome};
use crate::platform::db::Fault;
use crate::platform::ids::ImportId;
use crate::transfer::arrive::{Desk, Mode, Wish};
use crate::transfer::authority::Authority;
use crate::transfer::batches::{self, Batch};
use crate::transfer::import::finished;
use crate::transfer::source::Source;
use crate::transfer::upload::{folder, path_of};

/// How long a report is kept.
const KEPT: Duration = Duration::from_secs(7 * 86_400);

const MAY_NO_MORE: &str = "Whoever began this may not import users any more.";

/// Why a batch was not taken.
enum Halt {
    /// Another process goes on with it, or it was put away.
    Lost,
    Forbidden,
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Goes through all that waits and whose file lies here.
///
/// # Errors
/// A [`Fault`]: what was begun goes on at the next call.
pub async fn work(app: &App) -> Result<(), Fault> {
    loop {
        let waiting = app.db.read(store::moving).await?;
        let here = waiting.into_iter().find(|(import, _)| path_of(app, &import.id).exists());
        let Some((import, authority)) = here else { return Ok(()) };
        if app.is_draining() {
            return Ok(());
        }
        go_through(app, import, authority).await?;
    }
}

async fn go_through(app: &App, mut import: Import, authority: Authority) -> Result<(), Fault> {
    let mode = if import.state == State::Checking { Mode::Check } else { Mode::Import };
    if mode == Mode::Check {
        // Who stood in the file before is remembered in this process alone.
        let id = import.id.clone();
        if !app.db.write(move |tx| store::start_over(tx, &id, State::Checking)).await? {
            return Ok(());
        }
        import.tally = Default::default();
    }
    let mut progress = Progress::of(&import);
    let source = match Source::open(&path_of(app, &import.id), Some(import.format)) {
        Ok(source) => source,
        Err(why) => return finish(app, &import, &progress, &authority, Some(why)).await,
    };
    let mut desk = Desk::new(app, Wish { new_roles: import.new_roles, mode }, import.format);
    let mut batches = batches::read(source, progress.tally.rows(), app.now());
    while let Some(batch) = batches.recv().await {
        let batch = match batch {
            Ok(batch) => batch,
            Err(why) => return finish(app, &import, &progress, &authority, Some(why)).await,
        };
        match take(app, &authority, (desk, progress.clone()), batch).await {
            Ok(taken) => (desk, progress) = taken,
            Err(Halt::Lost) => return Ok(()),
            Err(Halt::Forbidden) => return finish(app, &import, &progress, &authority, Some(MAY_NO_MORE.into())).await,
            Err(Halt::Fault(fault)) => return Err(fault),
        }
        if app.is_draining() {
            return Ok(());
        }
    }
    finish(app, &import, &progress, &authority, None).await
}

/// Takes a batch, with how far it is now, in one commit.
async fn take(
    app: &App,
    authority: &Authority,
    (mut desk, mut progress): (Desk, Progress),
    batch: Batch,
) -> Result<(Desk, Progress), Halt> {
    let (asked, now) = (authority.clone(), app.now());
    app.write(authority.trail.clone(), move |tx| {
        let held = asked.now(tx, now)?.ok_or(Halt::Forbidden)?;
        let (verdicts, events) = desk.take(tx, held, batch.rows)?;
        // Of two that go through the same, the second is stopped here, and what it took is undone.
        match progress.advance(tx, &verdicts, batch.bytes_done)? {
            true => Ok(Outcome::told((desk, progress), events)),
            false => Err(Halt::Lost),
        }
    })
    .await
}

async fn finish(
    app: &App,
    import: &Import,
    progress: &Progress,
    authority: &Authority,
    failure: Option<String>,
) -> Result<(), Fault> {
    let to = match (&failure, import.state) {
        (Some(_), _) => State::Failed,
        (None, State::Checking) => State::Checked,
        (None, _) => State::Done,
    };
    let event = (import.state == State::Running).then(|| finished(progress.tally, import.format.name()));
    let (from, now) = (progress.clone(), app.now());
    app.write(authority.trail.clone(), move |tx| {
        let finished = store::finish(tx, &from, to, failure.as_deref(), now)?;
        Ok::<_, Fault>(Outcome::told((), event.filter(|_| finished)))
    })
    .await?;
    if to != State::Checked {
        let _ = std::fs::remove_file(path_of(app, &import.id));
    }
    Ok(())
}

/// Forgets what was done long ago, and files that belong to nothing any more.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let before = app.now().minus(KEPT);
    app.db.write(move |tx| store::delete_before(tx, before)).await?;
    for file in std::fs::read_dir(folder(app)).into_iter().flatten().flatten() {
        let id = ImportId::from_outside(file.file_name().to_string_lossy());
        // One that is still being sent has no row yet.
        let is_old =
            file.metadata().and_then(|data| data.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|age| age > KEPT));
        if is_old && app.db.read(move |conn| store::find(conn, &id)).await?.is_none() {
            let _ = std::fs::remove_file(file.path());
        }
    }
    Ok(())
}
