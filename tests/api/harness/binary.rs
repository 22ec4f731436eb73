//! The real binary, as an operator runs it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use vestibule::platform::time::Clock;

use super::people::Person;
use super::{Home, within};

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// It failed, and said why in one line, without the log around it.
    #[track_caller]
    pub fn failed_in_one_line(&self, about: &str) {
        assert_eq!(self.code, 1, "{self:?}");
        assert_eq!(self.out, "");
        assert_eq!(self.err.lines().count(), 1, "{}", self.err);
        assert!(self.err.starts_with("vestibule: ") && self.err.contains(about), "{}", self.err);
    }

    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }
}

pub fn command(home: &Home, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    command
        .args(arguments)
        .env_clear()
        .envs([("PORT", "0"), ("LOG_FORMAT", "json"), ("RUST_LOG", "warn")])
        .envs(home.settings(settings))
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs `vestibule` with these arguments and this on its standard input.
pub fn run(home: &Home, arguments: &[&str], input: &str) -> Ran {
    run_with(home, arguments, input, &[])
}

pub fn run_with(home: &Home, arguments: &[&str], input: &str, settings: &[(&str, &str)]) -> Ran {
    let mut child = command(home, arguments, settings).spawn().expect("the binary starts");
    // A command that does not ask may be gone before it was told.
    let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the binary ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A server in a process of its own, killed with the test.
pub struct Process {
    child: Child,
    pub url: String,
    /// What it printed before it served.
    pub printed: Vec<String>,
    log: Arc<Mutex<String>>,
}

impl Process {
    pub fn serve(home: &Home, settings: &[(&str, &str)]) -> Self {
        let mut child = Self::command(home, settings).spawn().expect("the binary starts");
        let mut log = BufReader::new(child.stderr.take().expect("a log")).lines();
        let serving = log.by_ref().map_while(Result::ok).find(|line| line.contains("Vestibule is serving"));
        let line: Value = serde_json::from_str(&serving.expect("it serves")).expect("a line of JSON");
        let url = line["address"].as_str().expect("an address").to_owned();
        let kept = Arc::new(Mutex::new(String::new()));
        let keep = Arc::clone(&kept);
        std::thread::spawn(move || {
            log.map_while(Result::ok).for_each(|line| keep.lock().expect("the log").push_str(&line))
        });
        let mut process = Self { child, url, printed: Vec::new(), log: kept };
        if line_is_due(home) {
            process.read_first_line();
        }
        process.anon().get("/health").send().expect(200);
        process
    }

    fn command(home: &Home, settings: &[(&str, &str)]) -> Command {
        let mut command = command(home, &["serve"], &[]);
        command.env("RUST_LOG", "info").envs(settings.iter().copied());
        command
    }

    /// What it has logged since it serves.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    fn read_first_line(&mut self) {
        let mut line = String::new();
        let out = self.child.stdout.as_mut().expect("an output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        self.printed.push(line);
    }

    /// What it printed beyond that, once it has ended.
    pub fn rest_of_output(&mut self) -> String {
        let mut text = String::new();
        self.child.stdout.as_mut().expect("an output").read_to_string(&mut text).expect("UTF-8");
        text
    }

    pub fn anon(&self) -> Person {
        Person::at(&self.url, Clock::System)
    }

    pub fn port(&self) -> u16 {
        self.url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
    }

    /// Bytes of memory that it has in use.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Nothing in it moves until `meanwhile` has returned.
    pub fn stands_still(&self, meanwhile: impl FnOnce()) {
        self.signal("STOP");
        let threads = || std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("it runs").flatten();
        let stopped = |state: std::io::Result<String>| state.is_ok_and(|state| state.contains(") T "));
        within(Duration::from_secs(5), "it stands still", || {
            threads().all(|thread| stopped(std::fs::read_to_string(thread.path().join("stat"))))
        });
        meanwhile();
        self.signal("CONT");
    }

    /// The exit code, once it has ended.
    pub fn ended(&mut self, limit: Duration) -> Option<i32> {
        let mut status = None;
        within(limit, "the process ends", || {
            status = self.child.try_wait().expect("a child");
            status.is_some()
        });
        status.and_then(|status| status.code())
    }
}

/// Whether a server here has a setup link to print.
fn line_is_due(home: &Home) -> bool {
    home.database.texts("SELECT user_id AS value FROM user_roles WHERE role_id = 'admin'").is_empty()
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
