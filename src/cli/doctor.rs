//! `vestibule doctor`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::app::App;
use crate::config::Config;
use crate::health::outside::{self, Authorities, Look, Outside};
use crate::health::{self, Finding, State};
use crate::platform::time::Clock;
use crate::signin::recognise;
use crate::texts::{self, FindingWords, Language};
use crate::upkeep::{self, Standing};

#[derive(Args)]
pub struct Arguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Do not ask at PUBLIC_URL how it looks from outside
    #[arg(long)]
    inside: bool,
    /// Believe certificates of the authorities in this PEM file, in place of the public ones
    #[arg(long)]
    ca: Option<PathBuf>,
}

/// One line of what was found.
#[derive(Serialize)]
struct Line {
    found: &'static str,
    state: &'static str,
    says: String,
    /// Empty where all is good.
    mend: String,
    #[serde(skip)]
    title: &'static str,
    #[serde(skip)]
    gravity: State,
}

impl Line {
    fn new(found: &'static str, gravity: State, words: FindingWords) -> Self {
        Self { found, state: gravity.word(), says: words.says, mend: words.mend, title: words.title, gravity }
    }

    fn inside(finding: &Finding) -> Self {
        Self::new(finding.word(), finding.state(), texts::finding(Language::En, finding))
    }

    fn outside(finding: &Outside) -> Self {
        Self::new(finding.word(), finding.state(), texts::doctor::outside(finding))
    }
}

pub fn run(config: Config, arguments: &Arguments) -> Result<(), String> {
    let authorities = arguments.ca.as_deref().map_or(Ok(Authorities::Public), Authorities::of_file)?;
    let standing = upkeep::standing(&config);
    let (found, gravity, words) = texts::doctor::standing(&standing);
    let mut lines = vec![Line::new(found, gravity, words)];
    if standing == Standing::Ready {
        lines.extend(from_inside(config.clone())?);
    }
    // Before the first start nobody answers, and without a key nobody is asked: to make one is for a start, and this is none.
    let asks = !arguments.inside && standing != Standing::New;
    if let Some(root) = if asks { config.known_root_key()? } else { None } {
        let look = Look { config: &config, root: &root, authorities, now: Clock::System.now() };
        lines.extend(outside::look(&look).iter().map(Line::outside));
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.gravity));
    show(&lines, arguments.json)?;
    match lines.iter().filter(|line| line.gravity == State::Mend).count() {
        0 => Ok(()),
        1 => Err("one thing is to be mended".to_owned()),
        several => Err(format!("{several} things are to be mended")),
    }
}

/// What the installation finds when it looks at itself, and whether its mail server takes mail.
fn from_inside(config: Config) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    super::with_app(config, async |app: App| {
        let operator = recognise::operator(&app).await.map_err(|fault| app.config.explain(&fault))?;
        let report = health::report(&app, &operator).await.map_err(|refusal| super::sentence::health(&app, refusal))?;
        lines.extend(report.findings.iter().map(Line::inside));
        lines.extend(outside::mail(&app).await.iter().map(Line::outside));
        Ok(())
    })?;
    Ok(lines)
}

fn show(lines: &[Line], json: bool) -> Result<(), String> {
    if json {
        let state = lines.iter().map(|line| line.gravity).max().unwrap_or(State::Good).word();
        let version = env!("CARGO_PKG_VERSION");
        return super::print_json(&serde_json::json!({"version": version, "state": state, "items": lines}));
    }
    for line in lines {
        super::print(&format!("{:<5} {}: {}", line.state, line.title, line.says));
        if !line.mend.is_empty() {
            super::print(&format!("      {}", line.mend));
        }
    }
    Ok(())
}
