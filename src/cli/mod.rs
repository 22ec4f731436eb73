//! Roof: the command line. One file per command; results go to standard output, everything else to standard error. Exit
//! codes: 0 done, 1 it failed, 2 wrong use.

mod audit;
mod config;
mod keys;
mod migrate;
mod sentence;
mod serve;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::App;
use crate::config::Config;
use crate::platform::telemetry;
use crate::platform::time::Clock;

/// The entrance hall of a team's apps: people sign in, programs get tokens, admins look after users.
#[derive(Parser)]
#[command(name = "vestibule", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and API (the default)
    Serve,
    /// Bring the database's schema up to date
    Migrate,
    /// Look after users
    #[command(subcommand)]
    User(user::Command),
    /// Look after signing keys
    #[command(subcommand)]
    Keys(keys::Command),
    /// Prove or export the audit log
    #[command(subcommand)]
    Audit(audit::Command),
    /// Show the settings in force, secrets masked
    Config {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Reads the command line and the settings, and runs the command. Wrong use ends here with code 2.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match perform(arguments.command.unwrap_or(Command::Serve)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            complain(&why);
            ExitCode::FAILURE
        }
    }
}

fn perform(command: Command) -> Result<(), String> {
    let config = Config::from_environment()?;
    telemetry::start(config.log_format, config.log_filter());
    match command {
        Command::Serve => serve::run(config),
        Command::Migrate => migrate::run(&config),
        Command::User(command) => with_app(config, async |app| user::run(&app, command).await),
        Command::Keys(command) => with_app(config, async |app| keys::run(&app, command).await),
        Command::Audit(command) => with_app(config, async |app| audit::run(&app, command).await),
        Command::Config { json } => config::run(&config, json),
    }
}

/// Opens the same database as a server that may be running beside; both see each other's changes.
fn with_app(config: Config, work: impl AsyncFnOnce(App) -> Result<(), String>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async { work(App::open_beside(config, Clock::System).await?).await })
}

/// Says why a command failed.
fn complain(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "vestibule: {why}");
}

/// Prints a result. A pipe that was closed early is no failure of ours to report.
fn print(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn print_json(value: &impl serde::Serialize) -> Result<(), String> {
    print(&serde_json::to_string_pretty(value).map_err(|e| e.to_string())?);
    Ok(())
}
