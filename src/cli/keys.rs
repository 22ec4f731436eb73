//! `vestibule keys`.

use clap::Subcommand;

use crate::app::App;
use crate::signin::recognise;
use crate::tokens::keys::{self, KeyInfo, Start, State};

#[derive(Subcommand)]
pub enum Command {
    /// List the signing keys
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new signing key; it signs once every verifier can have seen it
    Rotate {
        /// Let it sign at once, before every verifier can have seen it
        #[arg(long)]
        now: bool,
        /// The old keys may be in wrong hands: sign at once, and trust no token that they signed; nobody is signed out
        #[arg(long, conflicts_with = "now")]
        compromised: bool,
    },
}

pub async fn run(app: &App, command: Command) -> Result<(), String> {
    match command {
        Command::List { json } => list(app, json).await,
        Command::Rotate { now, compromised } => {
            let operator = recognise::operator(app).await.map_err(|fault| app.config.explain(&fault))?;
            let start = match (now, compromised) {
                (_, true) => Start::Compromised,
                (true, false) => Start::Now,
                (false, false) => Start::WhenKnown,
            };
            let made = keys::rotate(app, &operator, start).await.map_err(|why| super::sentence::tokens(app, why))?;
            super::print(&format!("{} ({}) signs from {} on.", made.kid, made.algorithm, made.signs_from.rfc3339()));
            Ok(())
        }
    }
}

async fn list(app: &App, json: bool) -> Result<(), String> {
    let keys = keys::list(app).await.map_err(|fault| app.config.explain(&fault))?;
    if json {
        return super::print_json(&keys);
    }
    keys.iter().for_each(|key| super::print(&line(key)));
    Ok(())
}

fn line(key: &KeyInfo) -> String {
    let state = match key.state {
        State::Published => "published",
        State::Signs => "signs",
        State::Verifies => "verifies",
    };
    format!("{:<43}  {:<5}  {state:<9}  {}", key.kid, key.algorithm, key.created_at.rfc3339())
}
