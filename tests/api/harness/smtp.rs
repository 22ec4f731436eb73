//! A real mail server beside the test: Python's aiosmtpd, which `make prepare` installs.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use super::certificate::certify;

/// A server that ends with the test.
pub struct MailServer {
    child: Child,
    pub port: u16,
    certificate: PathBuf,
    mails: Receiver<Value>,
}

impl MailServer {
    /// `mood`: `friendly`, `plain` (no TLS, no password), `hang`, or the status that it answers each recipient with.
    pub fn start(folder: &Path, mood: &str) -> Self {
        let (certificate, key) = certify(&folder.join("mail"), "DNS:localhost,IP:127.0.0.1", 2);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = root.join("tests/.tools/python/bin/python");
        assert!(python.exists(), "the tests of mail need a mail server: run `make prepare` once");
        let mut child = Command::new(python)
            .arg(root.join("tests/api/harness/smtp_server.py"))
            .args([&certificate, &key])
            .arg(mood)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What it says of those who hang up is of no interest.
            .stderr(Stdio::null())
            .spawn()
            .expect("the mail server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines().map_while(Result::ok);
        let port = lines.next().and_then(|line| line.parse().ok()).expect("a port");
        let (tell, mails) = channel();
        std::thread::spawn(move || {
            for line in lines {
                let _ = tell.send(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Self { child, port, certificate, mails }
    }

    /// How a server reaches it, encrypted and with its password.
    pub fn url(&self) -> String {
        let ca = self.certificate.display();
        format!("smtp://app%40example.com:p%2Fw%20with%20spaces@localhost:{}/?ca={ca}", self.port)
    }

    /// The next mail that it took.
    pub fn mail(&self) -> Value {
        self.mails.recv_timeout(Duration::from_secs(10)).expect("a mail arrives")
    }

    pub fn has_no_mail(&self) -> bool {
        self.mails.try_recv().is_err()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
