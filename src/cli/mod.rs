//! Roof: the command line. One file per command; results go to standard output, everything else to standard error. Exit
//! codes: 0 done, 1 it failed, 2 wrong use.

mod audit;
mod backup;
mod bench;
mod completions;
mod config;
mod doctor;
mod export;
mod healthcheck;
mod import;
mod keys;
mod manual;
mod migrate;
mod move_to;
mod restore;
mod rollback;
mod sentence;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::{Parser, Subcommand};
use healthcheck::Question;

use crate::app::App;
use crate::config::Config;
use crate::platform::telemetry;
use crate::platform::time::Clock;
use crate::upkeep::{Caution, Present, Snapshot};

/// The entrance hall of a team's apps: people sign in, programs get tokens, admins look after users.
#[derive(Parser)]
#[command(name = "vestibule", version, about)]
struct Arguments {
    #[command(subcommand)]
    asked: Option<Asked>,
}

#[derive(Subcommand)]
enum Asked {
    #[command(flatten)]
    Command(Command),
    #[command(flatten)]
    About(About),
}

/// What tells of the command line itself, the same whatever is set.
#[derive(Subcommand)]
enum About {
    /// Print what a shell needs to complete this command line
    Completions { shell: clap_complete::Shell },
    /// Write the manual pages into a folder
    Manual { folder: PathBuf },
}

/// What is done with the settings in force.
#[derive(Subcommand)]
enum Command {
    /// Serve pages and API (the default)
    Serve,
    /// Bring the database's schema up to date; a snapshot of what is there is taken first
    Migrate {
        /// Without a snapshot: there is a backup already
        #[arg(long)]
        yes: bool,
    },
    /// Copy the database into a new file, while servers run
    Backup { file: PathBuf },
    /// Put a backup in the place of the database; no server may run
    Restore {
        file: PathBuf,
        /// Also where there are people in the database; a snapshot of it is kept
        #[arg(long)]
        replace: bool,
    },
    /// Go back to the snapshot that was taken before an upgrade; no server may run
    Rollback {
        /// One of those that --list shows; the last one unless given
        #[arg(conflicts_with = "list")]
        snapshot: Option<String>,
        /// Show what there is to go back to
        #[arg(long)]
        list: bool,
        /// Print JSON
        #[arg(long, requires = "list")]
        json: bool,
    },
    /// Copy everything into another, empty database; no server may run
    Move {
        /// sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME
        #[arg(long)]
        to: String,
    },
    /// Look after users
    #[command(subcommand)]
    User(user::Command),
    /// Look after signing keys
    #[command(subcommand)]
    Keys(keys::Command),
    /// Take users from a file: our own, or one of Keycloak, Auth0, Supabase, Authelia or Django
    Import(import::Arguments),
    /// Write all users to a file that `import` reads, with their password hashes
    Export(export::Arguments),
    /// Prove or export the audit log
    #[command(subcommand)]
    Audit(audit::Command),
    /// Look for what is to be mended, from inside and from outside, and say how; exit code 1 where something is
    Doctor(doctor::Arguments),
    /// Show the settings in force, secrets masked
    Config {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Measure this machine for some seconds, and recommend a BCRYPT_COST
    Bench(bench::Arguments),
    /// Ask the server of these settings whether it answers
    Healthcheck {
        /// And whether it reaches its database and is not about to stop
        #[arg(long)]
        ready: bool,
    },
}

/// Reads the command line and the settings, and runs the command. Wrong use ends here with code 2.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let done = answer(arguments.asked.unwrap_or(Asked::Command(Command::Serve)));
    let written = || UNWRITTEN.get().map_or(Ok(()), |why| Err(why.clone()));
    match done.and_then(|()| written()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            complain(&why);
            ExitCode::FAILURE
        }
    }
}

fn answer(asked: Asked) -> Result<(), String> {
    match asked {
        Asked::About(About::Completions { shell }) => completions::run(shell),
        Asked::About(About::Manual { folder }) => manual::run(&folder),
        Asked::Command(command) => perform(command),
    }
}

fn perform(command: Command) -> Result<(), String> {
    let config = Config::from_environment()?;
    telemetry::start(config.log_format, config.log_filter());
    match command {
        Command::Serve => serve::run(config),
        Command::Migrate { yes } => migrate::run(&config, if yes { Caution::OwnBackup } else { Caution::Snapshot }),
        Command::Backup { file } => backup::run(&config, &file),
        Command::Restore { file, replace } => {
            restore::run(&config, &file, if replace { Present::Goes } else { Present::Stays })
        }
        Command::Rollback { list: true, json, .. } => rollback::list(&config, json),
        Command::Rollback { snapshot, .. } => rollback::run(&config, snapshot.as_deref()),
        Command::Move { to } => move_to::run(&config, &to),
        Command::User(command) => with_app(config, async |app| user::run(&app, command).await),
        Command::Keys(command) => with_app(config, async |app| keys::run(&app, command).await),
        Command::Import(arguments) => with_app(config, async |app| import::run(&app, arguments).await),
        Command::Export(arguments) => with_app(config, async |app| export::run(&app, arguments).await),
        Command::Audit(command) => with_app(config, async |app| audit::run(&app, command).await),
        Command::Doctor(arguments) => doctor::run(config, &arguments),
        Command::Config { json } => config::run(&config, json),
        Command::Bench(arguments) => bench::run(&config, &arguments),
        Command::Healthcheck { ready } => {
            healthcheck::run(&config, if ready { Question::Ready } else { Question::Alive })
        }
    }
}

/// Opens the same database as a server that may be running beside; both see each other's changes.
fn with_app(config: Config, work: impl AsyncFnOnce(App) -> Result<(), String>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async { work(App::open_beside(config, Clock::System).await?).await })
}

/// Says why a command failed.
fn complain(why: &str) {
    remark(&format!("vestibule: {why}"));
}

/// Says what is no result.
fn remark(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn print_kept(kept: Option<&Snapshot>) {
    if let Some(snapshot) = kept {
        print(&format!("What was there before is kept: `vestibule rollback {}` puts it back.", snapshot.name));
    }
}

/// Why a result could not be written.
static UNWRITTEN: OnceLock<String> = OnceLock::new();

/// Prints a result, and a line's end.
fn print(text: &str) {
    write(&format!("{text}\n"));
}

/// Writes what is a part of a result; `false` where nobody reads any more. A pipe that was closed early is no failure of ours to
/// report; a disk that is full is, at the end.
fn write(text: &str) -> bool {
    use std::io::Write;
    let mut out = std::io::stdout();
    let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) else { return true };
    if error.kind() != std::io::ErrorKind::BrokenPipe {
        UNWRITTEN.get_or_init(|| format!("the result could not be written: {error}"));
    }
    false
}

fn print_json(value: &impl serde::Serialize) -> Result<(), String> {
    print(&serde_json::to_string_pretty(value).map_err(|e| e.to_string())?);
    Ok(())
}
