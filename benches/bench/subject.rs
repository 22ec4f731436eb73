//! The server under test: the real binary, with its log thrown away, on a database of its own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub const PASSWORD: &str = "correct horse battery";
pub const BINARY: &str = env!("CARGO_BIN_EXE_vestibule");
/// What tells this very program to be a server with one route and nothing else.
pub const BE_BARE: &str = "be-bare";

/// A million users are read once by the first start with their search.
const PATIENCE: Duration = Duration::from_secs(600);

pub struct Subject {
    pub port: u16,
    /// From the start of the process until its first answer.
    pub started_in: Duration,
    process: Child,
    folder: PathBuf,
    database: Option<String>,
}

impl Subject {
    pub fn start() -> Self {
        Self::start_on(None)
    }

    /// The same on another database than a file of its own.
    pub fn start_on(database: Option<String>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("vestibule-bench-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let port = free_port();
        let (process, started_in) = run(port, &folder, database.as_deref());
        let subject = Self { port, started_in, process, folder, database };
        let alice = json!({"username": "alice", "email": "alice@example.com", "password": PASSWORD});
        subject.post("/signup", &alice);
        subject
    }

    /// Stops the server, changes its database, and starts it again.
    pub fn restart_with(&mut self, change: impl FnOnce(&Path)) {
        self.stop();
        change(&self.file());
        (self.process, self.started_in) = run(self.port, &self.folder, self.database.as_deref());
    }

    /// The same without a change; how long it took.
    pub fn restart(&mut self) -> Duration {
        self.restart_with(|_| {});
        self.started_in
    }

    /// Where a server without another database keeps its own.
    pub fn file(&self) -> PathBuf {
        self.folder.join("data/vestibule.db")
    }

    /// An access token of alice.
    pub fn token(&self) -> String {
        let tokens = self.post("/login", &json!({"username": "alice", "password": PASSWORD}));
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    /// Bytes of memory that the process has in use.
    pub fn memory(&self) -> u64 {
        memory_of(&self.process)
    }

    fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        ureq::post(url).send_json(body).unwrap().body_mut().read_json().unwrap()
    }

    /// So many access tokens of one session, by refreshing it: a sign-in each would take minutes.
    pub fn access_tokens(&self, count: usize) -> Vec<String> {
        let mut tokens = self.post("/login", &json!({"username": "alice", "password": PASSWORD}));
        let mut next = || {
            tokens = self.post("/refresh", &json!({"refresh_token": tokens["refresh_token"]}));
            tokens["access_token"].as_str().unwrap().to_owned()
        };
        (0..count).map(|_| next()).collect()
    }

    /// The first refresh token of so many sessions.
    pub fn refresh_tokens(&self, count: usize) -> Vec<String> {
        let sign_in = || self.post("/login", &json!({"username": "alice", "password": PASSWORD}));
        (0..count).map(|_| sign_in()["refresh_token"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A server with one route, in a process of its own.
pub struct BareServer {
    pub port: u16,
    pub started_in: Duration,
    process: Child,
}

pub fn bare() -> BareServer {
    let port = free_port();
    let mut command = Command::new(std::env::current_exe().unwrap());
    let (process, started_in) = first_answer(command.args([BE_BARE, &port.to_string()]), port);
    BareServer { port, started_in, process }
}

impl BareServer {
    pub fn memory(&self) -> u64 {
        memory_of(&self.process)
    }
}

impl Drop for BareServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn memory_of(process: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The server on that port, and how long it took to answer.
fn run(port: u16, folder: &Path, database: Option<&str>) -> (Child, Duration) {
    let mut command = Command::new(BINARY);
    command.current_dir(folder).env("PORT", port.to_string()).env("RATE_LIMITS", "off");
    first_answer(command.envs(database.map(|url| ("DATABASE_URL", url))), port)
}

/// Starts it, and asks until it answers.
fn first_answer(command: &mut Command, port: u16) -> (Child, Duration) {
    let began = Instant::now();
    let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !answers(port) {
        assert!(began.elapsed() < PATIENCE, "it does not start");
        std::thread::sleep(Duration::from_micros(200));
    }
    (process, began.elapsed())
}

fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<[u8; 12]> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head)
    };
    ask().is_ok_and(|head| head.ends_with(b"200"))
}
