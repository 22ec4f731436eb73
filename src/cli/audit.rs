//! `vestibule audit`.

use std::fs::File;
use std::io::{BufReader, IsTerminal, Write};
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::access::Caller;
use crate::app::App;
use crate::audit::{self, Check, Lines, Unreadable};
use crate::signin::recognise;
use crate::texts::Language;
use crate::texts::audit::finding;

#[derive(Subcommand)]
pub enum Command {
    /// Prove that no entry was changed, put in or taken out; 1 where one was
    Verify {
        /// An export to prove in place of the database
        file: Option<PathBuf>,
        /// Checkpoints that were kept elsewhere: their file, or a log in JSON [default: those under DATA_DIR]
        #[arg(long)]
        checkpoints: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write every entry as a line of JSON, the oldest first
    Export,
}

pub async fn run(app: &App, command: Command) -> Result<(), String> {
    let operator = recognise::operator(app).await.map_err(|fault| app.config.explain(&fault))?;
    match command {
        Command::Export => export(app, &operator).await,
        Command::Verify { file, checkpoints, json } => {
            let check = match file {
                Some(file) => of_file(app, &operator, &file, checkpoints)?,
                None => {
                    let proven = audit::verify(app, &operator, checkpoints, Progress::new().told()).await;
                    proven.map_err(|why| super::sentence::audit(app, why))?
                }
            };
            report(&check, json)
        }
    }
}

fn of_file(app: &App, operator: &Caller, path: &PathBuf, checkpoints: Option<PathBuf>) -> Result<Check, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    audit::verify_lines(app, operator, BufReader::new(file), &checkpoints).map_err(|why| match why {
        Unreadable::Refused(refusal) => super::sentence::audit(app, refusal),
        Unreadable::File(why) => format!("{}: {why}", path.display()),
    })
}

fn report(check: &Check, json: bool) -> Result<(), String> {
    if json {
        super::print_json(&json!({
            "ok": check.finding.is_none(),
            "from": check.from,
            "to": check.to,
            "checkpoints": check.checkpoints,
            "finding": check.finding.map(|found| json!({"kind": found.word(), "detail": finding(Language::En, found)})),
        }))?;
    }
    match check.finding {
        Some(found) => Err(format!("the audit log is not what was recorded: {}", finding(Language::En, found))),
        None if json => Ok(()),
        None => {
            super::print(&sentence(check));
            Ok(())
        }
    }
}

fn sentence(check: &Check) -> String {
    let entries = match check.to.saturating_sub(check.from).saturating_add(1) {
        ..=0 => "The audit log holds no entry".to_owned(),
        1 => format!("The audit log is whole: entry {}", check.to),
        _ => format!("The audit log is whole: entries {} to {}", check.from, check.to),
    };
    match check.checkpoints {
        0 => format!("{entries}. No checkpoint was there to hold it against: a rewritten chain would not be noticed."),
        1 => format!("{entries}; 1 checkpoint agrees."),
        several => format!("{entries}; {several} checkpoints agree."),
    }
}

/// A line on a terminal that says how far it is.
struct Progress {
    seen: bool,
}

impl Progress {
    fn new() -> Self {
        Self { seen: std::io::stderr().is_terminal() }
    }

    fn told(self) -> impl FnMut(i64, i64) {
        move |at, of| {
            if self.seen {
                let end = if at >= of { "\n" } else { "" };
                let _ = write!(std::io::stderr(), "\r{at} of {of} entries{end}");
            }
        }
    }
}

async fn export(app: &App, operator: &Caller) -> Result<(), String> {
    let mut lines = Lines::begin(app, operator).map_err(|why| super::sentence::audit(app, why))?;
    loop {
        let part = lines.next().await.map_err(|fault| app.config.explain(&fault))?;
        let mut text = String::new();
        for line in &part {
            text.push_str(&serde_json::to_string(line).map_err(|error| error.to_string())?);
            text.push('\n');
        }
        if part.is_empty() || !super::write(&text) {
            return Ok(());
        }
    }
}
