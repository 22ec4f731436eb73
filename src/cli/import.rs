//! `vestibule import`.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::App;
use crate::signin::recognise;
use crate::transfer::{self, Format, Kind, Mode, NewRoles, Progress, Source, Tally, Upload, Verdict, Wish};

#[derive(Args)]
pub struct Arguments {
    /// The file, or - for standard input
    file: PathBuf,
    /// jsonl, csv, keycloak, auth0, supabase, authelia or django; seen by its content when left out
    #[arg(long, value_parser = format)]
    format: Option<Format>,
    /// Say what would become of each row, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Make the roles that do not exist; they allow nothing until somebody says what
    #[arg(long)]
    create_roles: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn format(name: &str) -> Result<Format, String> {
    Format::named(name).ok_or_else(|| "it may be jsonl, csv, keycloak, auth0, supabase, authelia or django".into())
}

pub async fn run(app: &App, arguments: Arguments) -> Result<(), String> {
    let sentence = |why| super::sentence::transfer(app, why);
    let operator = recognise::operator(app).await.map_err(|fault| app.config.explain(&fault))?;
    let spooled = if arguments.file == Path::new("-") { Some(spool(app)?) } else { None };
    let path = spooled.as_ref().map_or(arguments.file.as_path(), Upload::path);
    let source = Source::open(path, arguments.format)?;
    let wish = Wish {
        new_roles: if arguments.create_roles { NewRoles::Create } else { NewRoles::Refuse },
        mode: if arguments.dry_run { Mode::Check } else { Mode::Import },
    };
    let mut report = Report::begin(&arguments);
    let done = transfer::import(app, &operator, (&source, wish), |progress, verdicts| report.tell(progress, verdicts));
    let done = done.await;
    report.end();
    let tally = done.map_err(sentence)?;
    report.sum_up(tally);
    match tally.refused {
        0 => Ok(()),
        1 => Err("1 row was refused".into()),
        many => Err(format!("{many} rows were refused")),
    }
}

/// What comes from a pipe can't be looked at twice, so it is written down first.
fn spool(app: &App) -> Result<Upload, String> {
    let mut upload = Upload::begin(app, 0).map_err(|why| super::sentence::transfer(app, why))?;
    let (mut input, mut buffer) = (std::io::stdin().lock(), vec![0; 64 * 1024]);
    loop {
        match input.read(&mut buffer).map_err(|error| format!("standard input can't be read: {error}"))? {
            0 => return Ok(upload),
            read => upload.write(&buffer[..read]).map_err(|why| super::sentence::transfer(app, why))?,
        }
    }
}

/// What is said while it goes on: each row that was not simply taken on standard output, how far it is on a terminal.
struct Report {
    json: bool,
    dry_run: bool,
    rows: u64,
    bar: bool,
}

impl Report {
    fn begin(arguments: &Arguments) -> Self {
        if arguments.json {
            super::write("{\"rows\": [");
        }
        Self { json: arguments.json, dry_run: arguments.dry_run, rows: 0, bar: std::io::stderr().is_terminal() }
    }

    fn tell(&mut self, progress: &Progress, verdicts: &[Verdict]) {
        for verdict in verdicts.iter().filter(|verdict| verdict.verdict != Kind::Imported) {
            self.line(verdict);
        }
        if self.bar {
            let percent = progress.bytes_done.min(progress.bytes) * 100 / progress.bytes.max(1);
            let filled = usize::try_from(percent / 4).unwrap_or(0);
            let bar = format!("{}{}", "#".repeat(filled), ".".repeat(25 - filled));
            let _ = write!(std::io::stderr(), "\r[{bar}] {percent:>3} %  {} rows ", progress.tally.rows());
        }
    }

    fn line(&mut self, verdict: &Verdict) {
        if self.json {
            let comma = if self.rows == 0 { "" } else { "," };
            super::write(&format!("{comma}{}", serde_json::to_string(verdict).unwrap_or_default()));
        } else {
            let who = if verdict.who.is_empty() { String::new() } else { format!(" ({})", verdict.who) };
            super::write(&format!("row {}{who}: {}: {}\n", verdict.row, verdict.verdict.word(), verdict.detail));
        }
        self.rows += 1;
    }

    fn end(&self) {
        if self.bar {
            let _ = writeln!(std::io::stderr());
        }
    }

    fn sum_up(&self, tally: Tally) {
        let Tally { imported, converted, kept, refused } = tally;
        if self.json {
            super::write(&format!(
                "], \"dry_run\": {}, \"imported\": {imported}, \"converted\": {converted}, \"kept\": {kept}, \"refused\": {refused}}}\n",
                self.dry_run
            ));
            return;
        }
        let verb = if self.dry_run { "would be imported" } else { "imported" };
        super::write(&format!(
            "{} {verb} ({converted} of them converted), {kept} kept as they were, {refused} refused.\n",
            imported + converted
        ));
    }
}
