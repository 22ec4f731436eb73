//! The server under test: the real binary, with its log thrown away, on a database of its own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

pub const PASSWORD: &str = "correct horse battery";

pub struct Subject {
    pub port: u16,
    process: Child,
    folder: PathBuf,
}

impl Subject {
    pub fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .current_dir(&folder)
            .env("PORT", port.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It prints the setup link once it listens.
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        let subject = Self { port, process, folder };
        let alice = json!({"username": "alice", "email": "alice@example.com", "password": PASSWORD});
        subject.post("/signup", &alice);
        subject
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
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
