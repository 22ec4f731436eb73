//! Logging: for people on a terminal, as JSON lines elsewhere, always on standard error.

mod json_line;
mod panics;

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use json_line::JsonLine;
pub use panics::{Panic, caught};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Pretty,
    Json,
}

impl LogFormat {
    pub fn default_here() -> Self {
        if std::io::stderr().is_terminal() { Self::Pretty } else { Self::Json }
    }
}

/// Starts logging, once per process; a second call changes nothing. What panics is logged as well.
pub fn start(format: LogFormat, filter: EnvFilter) {
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // A line that can't be written, as on a full disk, would be complained of there too, and the second failure panics.
    let lines = lines.log_internal_errors(false);
    let _ = match format {
        LogFormat::Pretty => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.event_format(JsonLine).try_init(),
    };
    panics::log_all();
}
