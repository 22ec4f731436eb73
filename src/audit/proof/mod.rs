//! Proving that the log is what was recorded: the chain from its beginning, or from where retention cut it, to its end, and
//! each checkpoint on the way.

mod finding;
mod from_file;
pub(super) mod store;
mod walk;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use finding::Finding;
pub use from_file::{Unreadable, verify_lines};
use walk::Walk;

use super::chain::{self, Hash};
use super::checkpoint::{self, Checkpoint, Kind, Seal};
use super::line::Line;
use super::{Refusal, store as log};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::db::{Conn, Fault};
use crate::platform::time::UnixTime;

/// Entries that are read at once.
const PART: i64 = 1000;
/// The log is proven by itself so often …
const CHECK_EVERY: Duration = Duration::from_secs(86_400);
/// … and whenever somebody asks, as long as it has no more entries than one may wait for.
const SOON_PROVEN: i64 = 100_000;

/// What a proof came to.
#[derive(Clone, Debug)]
pub struct Check {
    pub at: UnixTime,
    /// The first entry that was proven.
    pub from: i64,
    /// The last one that fits; 0 where there is none.
    pub to: i64,
    /// Checkpoints that agree.
    pub checkpoints: usize,
    pub finding: Option<Finding>,
}

/// Proves the whole log, against the checkpoints of this file, or of the one that this node keeps. `progress` hears from time
/// to time which entry of how many it has come to.
///
/// # Errors
/// Without `audit:read`; checkpoints that can't be read; a fault.
pub async fn verify(
    app: &App,
    caller: &Caller,
    checkpoints: Option<PathBuf>,
    progress: impl FnMut(i64, i64),
) -> Result<Check, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let checkpoints = read_checkpoints(&checkpoints, &checkpoint::file(app)).map_err(Refusal::Unreadable)?;
    Ok(prove(app, &checkpoints, progress).await?)
}

fn read_checkpoints(named: &Option<PathBuf>, own: &Path) -> Result<Vec<Checkpoint>, String> {
    match named {
        None => Ok(checkpoint::read(own)?.unwrap_or_default()),
        Some(path) => match checkpoint::read(path)? {
            Some(found) if !found.is_empty() => Ok(found),
            Some(_) => Err(format!("{} holds no checkpoint", path.display())),
            None => Err(format!("{} does not exist", path.display())),
        },
    }
}

/// Proves the log by itself, once a day on one of the nodes, and keeps what it came to for the pages.
///
/// # Errors
/// One sentence.
pub async fn check_when_due(app: &App) -> Result<(), String> {
    let last = app.db.read(store::last_check).await.map_err(|fault: Fault| fault.to_string())?;
    let now = app.now();
    // One of a clock that ran ahead would pass for young until it is as late as that again.
    if let Some(last) = last.filter(|last| !last.at.is_beyond(now) && now.since(last.at) < CHECK_EVERY) {
        tell(app, &last);
        return Ok(());
    }
    check(app).await
}

/// Proves the log now, for somebody who waits; `false` where it is too long for that.
///
/// # Errors
/// Without `audit:read`; checkpoints that can't be read; a fault.
pub async fn check_now(app: &App, caller: &Caller) -> Result<bool, Refusal> {
    let soon = soon_proven(app, caller).await?;
    if soon {
        check(app).await.map_err(Refusal::Unreadable)?;
    }
    Ok(soon)
}

/// Whether the log is short enough to be proven while somebody waits.
///
/// # Errors
/// Without `audit:read`; a fault.
pub async fn soon_proven(app: &App, caller: &Caller) -> Result<bool, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let bounds = app.db.read(Bounds::read).await?;
    Ok(bounds.head.0.saturating_sub(bounds.cut.map_or(0, |(seq, _)| seq)) <= SOON_PROVEN)
}

async fn check(app: &App) -> Result<(), String> {
    let checkpoints = read_checkpoints(&None, &checkpoint::file(app))?;
    let check = prove(app, &checkpoints, |_, _| {}).await.map_err(|fault| fault.to_string())?;
    if let Some(finding) = &check.finding {
        tracing::error!(%finding, "the audit log is not what was recorded: run vestibule audit verify");
    }
    tell(app, &check);
    app.db.write(move |tx| store::keep_check(tx, &check)).await.map_err(|fault: Fault| fault.to_string())
}

/// Lets whoever watches over the installation know.
fn tell(app: &App, check: &Check) {
    app.metrics.audit_proven.set(i64::from(check.finding.is_none()));
}

/// What the last proof came to, for who may read the log.
///
/// # Errors
/// Without `audit:read`; a fault.
pub async fn last_check(app: &App, caller: &Caller) -> Result<Option<Check>, Refusal> {
    caller.must(words::AUDIT_READ)?;
    Ok(app.db.read(store::last_check).await?)
}

impl Check {
    /// Nothing was proven yet.
    fn nothing(at: UnixTime) -> Self {
        Self { at, from: 0, to: 0, checkpoints: 0, finding: None }
    }
}

/// The end of the chain, and where it was cut.
struct Bounds {
    head: (i64, Option<Hash>),
    /// The highest number that an entry has.
    last: i64,
    cut: Option<(i64, Option<Checkpoint>)>,
}

impl Bounds {
    fn read(conn: &mut Conn) -> Result<Self, Fault> {
        // The entries first: whatever is recorded meanwhile lies behind them, and below a head that is read later.
        let last = store::last_entry(conn)?.unwrap_or(0);
        let (seq, hash) = log::head(conn)?;
        Ok(Self { head: (seq, chain::of_column(hash.as_deref())), last, cut: store::newest_cut(conn)? })
    }

    /// From where the walk goes, where that was signed for, and to which end.
    fn judged(&self, seal: &Seal, checkpoints: &[Checkpoint]) -> Result<(Option<Checkpoint>, (i64, Hash)), Finding> {
        if let Some(forged) = checkpoints.iter().find(|checkpoint| !seal.signed(Kind::Head, checkpoint)) {
            return Err(Finding::Unsigned { seq: forged.seq });
        }
        let cut = match &self.cut {
            None => None,
            Some((_, Some(cut))) if seal.signed(Kind::Cut, cut) => Some(cut.clone()),
            Some((seq, _)) => return Err(Finding::ForgedCut { seq: *seq }),
        };
        if self.last > self.head.0 {
            return Err(Finding::PutIn { seq: self.last });
        }
        let hash = self.head.1.ok_or(Finding::Changed { seq: self.head.0 })?;
        Ok((cut, (self.head.0, hash)))
    }
}

async fn prove(app: &App, checkpoints: &[Checkpoint], mut progress: impl FnMut(i64, i64)) -> Result<Check, Fault> {
    loop {
        let bounds = app.db.read(Bounds::read).await?;
        let check = match bounds.judged(&Seal::of(app), checkpoints) {
            Ok((cut, head)) => walk(app, (cut, head), checkpoints, &mut progress).await?,
            Err(finding) => Check { finding: Some(finding), ..Check::nothing(app.now()) },
        };
        let cut = app.db.read(store::newest_cut).await?;
        // Where retention came in between, what is missing may be what it removed.
        if check.finding.is_none() || cut.map(|(seq, _)| seq) == bounds.cut.map(|(seq, _)| seq) {
            return Ok(check);
        }
    }
}

async fn walk(
    app: &App,
    (cut, head): (Option<Checkpoint>, (i64, Hash)),
    checkpoints: &[Checkpoint],
    progress: &mut impl FnMut(i64, i64),
) -> Result<Check, Fault> {
    let start = cut.as_ref().map_or(0, |cut| cut.seq);
    // What was signed for before that is gone.
    let checkpoints: Vec<Checkpoint> = checkpoints.iter().filter(|signed| signed.seq >= start).cloned().collect();
    let mut check = Check { from: start + 1, to: start, ..Check::nothing(app.now()) };
    let mut walk = Walk::from(cut.as_ref(), &checkpoints);
    let mut place = i64::MIN;
    let mut found = cut.as_ref().map_or(Ok(()), |cut| walk.compare(cut.seq, &cut.hash));
    while found.is_ok() && check.to < head.0 {
        let after = place;
        let part = app.db.read(move |conn| store::entries(conn, after, PART)).await?;
        let Some(last) = part.last() else { break };
        place = last.seq;
        found = part.iter().filter(|row| row.seq <= head.0).try_for_each(|row| {
            walk.step(row)?;
            check.to = row.seq;
            Ok(())
        });
        progress(check.to, head.0);
    }
    match found.and_then(|()| walk.end(Some(head))) {
        Ok((_, _, agreed)) => check.checkpoints = agreed,
        Err(finding) => check.finding = Some(finding),
    }
    Ok(check)
}

/// The log from its beginning, in parts that fit into memory, as lines for [`verify_lines`].
pub struct Lines {
    app: App,
    after: i64,
}

impl Lines {
    /// # Errors
    /// Without `audit:read`.
    pub fn begin(app: &App, caller: &Caller) -> Result<Self, Refusal> {
        caller.must(words::AUDIT_READ)?;
        Ok(Self { app: app.clone(), after: i64::MIN })
    }

    /// The next part; nothing at the end.
    ///
    /// # Errors
    /// A [`Fault`].
    pub async fn next(&mut self) -> Result<Vec<Line>, Fault> {
        let after = self.after;
        let part = self.app.db.read(move |conn| store::entries(conn, after, PART)).await?;
        self.after = part.last().map_or(after, |last| last.seq);
        part.into_iter().map(Line::try_from).collect()
    }
}
