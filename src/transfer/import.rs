//! Going through a file at once, for whoever waits for it at the console.

use super::arrive::{Desk, Wish};
use super::authority::Authority;
use super::batches;
use super::source::Source;
use super::verdict::{Tally, Verdict};
use super::{Mode, Refusal};
use crate::access::{Caller, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};

/// How far it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    pub bytes: u64,
    pub bytes_done: u64,
    pub tally: Tally,
}

/// Takes a file's users, or says what would become of them. Whoever is there already is left as they are, so what was
/// broken off can be done again.
///
/// # Errors
/// Without `users:write` and a fresh proof; where the file breaks off; a fault. What was taken before stays.
pub async fn import(
    app: &App,
    caller: &Caller,
    (source, wish): (&Source, Wish),
    mut told: impl FnMut(&Progress, &[Verdict]),
) -> Result<Tally, Refusal> {
    caller.must(words::USERS_WRITE)?;
    caller.must_be_fresh(app.now())?;
    let authority = Authority::of(caller);
    let mut progress = Progress { bytes: source.bytes, ..Progress::default() };
    let mut desk = Desk::new(app, wish, source.format);
    let mut batches = batches::read(source.clone(), 0, app.now());
    while let Some(batch) = batches.recv().await {
        let batch = match batch {
            Ok(batch) => batch,
            Err(why) => return Err(Refusal::Unreadable(why)),
        };
        let (held, rows) = (authority.granted.clone(), batch.rows);
        let done = app.write(authority.trail.clone(), move |tx| {
            let (verdicts, events) = desk.take(tx, held, rows)?;
            Ok::<_, Refusal>(Outcome::told((desk, verdicts), events))
        });
        let verdicts;
        (desk, verdicts) = done.await?;
        verdicts.iter().for_each(|one| progress.tally.count(one.verdict));
        progress.bytes_done = batch.bytes_done;
        told(&progress, &verdicts);
    }
    if wish.mode == Mode::Import {
        let event = finished(progress.tally, source.format.name());
        app.write(authority.trail, |_| Ok::<_, Refusal>(Outcome::told((), [event]))).await?;
    }
    Ok(progress.tally)
}

/// What the log says of a whole file.
pub(super) fn finished(tally: Tally, format: &str) -> Event {
    Event::new(Fact::UsersImported)
        .with("from", format)
        .with("imported", tally.imported)
        .with("converted", tally.converted)
        .with("kept", tally.kept)
        .with("refused", tally.refused)
}
