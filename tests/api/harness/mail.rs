//! The mails that a test's server sent: without a mail server they are files.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use super::{TestApp, within};

const PATIENCE: Duration = Duration::from_secs(10);

/// Which mails the test has looked at.
#[derive(Default)]
pub struct Seen(Mutex<BTreeSet<PathBuf>>);

/// A mail as it arrives.
#[derive(Clone, Debug)]
pub struct Mail {
    pub raw: String,
    pub text: String,
    pub html: String,
}

impl TestApp {
    /// The next mail to this address that was not looked at yet.
    #[track_caller]
    pub fn mail_to(&self, address: &str) -> Mail {
        let mut found = None;
        within(PATIENCE, &format!("a mail to {address}"), || {
            found = self.unseen(address).into_iter().next();
            found.is_some()
        });
        let (file, mail) = found.expect("it was waited for");
        self.seen.0.lock().expect("what was seen").insert(file);
        mail
    }

    /// How many mails to this address are still to be looked at, once all that was posted is out.
    pub fn more_mail_to(&self, address: &str) -> usize {
        self.mail_is_out();
        self.unseen(address).len()
    }

    /// Waits until nothing is left to be sent.
    pub fn mail_is_out(&self) {
        let left = "SELECT id AS value FROM outbox WHERE state = 'waiting' UNION ALL \
                    SELECT id AS value FROM mail_codes WHERE made_at IS NULL";
        within(PATIENCE, "all mail is out", || self.home.database.texts(left).is_empty());
    }

    fn files(&self) -> BTreeSet<PathBuf> {
        let Ok(folder) = std::fs::read_dir(self.home.path().join("outbox")) else { return BTreeSet::new() };
        folder.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "eml")).collect()
    }

    fn unseen(&self, address: &str) -> Vec<(PathBuf, Mail)> {
        let seen = self.seen.0.lock().expect("what was seen").clone();
        let read = |path: PathBuf| {
            let mail = Mail::read(&std::fs::read_to_string(&path).expect("a mail"));
            (path, mail)
        };
        let all = self.files().into_iter().filter(|path| !seen.contains(path)).map(read);
        all.filter(|(_, mail)| mail.header("To") == address).collect()
    }
}

impl Mail {
    pub fn read(raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let part = |kind: &str| {
            let start = raw.find(&format!("Content-Type: {kind}")).unwrap_or_else(|| panic!("no {kind} in {raw}"));
            let end = raw[start..].find("\n--").map_or(raw.len(), |end| start + end);
            let (head, body) = raw[start..end].split_once("\n\n").expect("a head and a body");
            decode(head, body)
        };
        Self { text: part("text/plain"), html: part("text/html"), raw: raw.clone() }
    }

    /// A header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\n\n").next().expect("a head").replace("\n ", " ");
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
        line.unwrap_or_else(|| panic!("no {name} in {head}"))
    }

    /// The link in it.
    pub fn link(&self) -> String {
        let line = self.text.lines().find(|line| line.starts_with("http"));
        line.unwrap_or_else(|| panic!("no link in {}", self.text)).to_owned()
    }

    /// The link without the installation before it.
    pub fn path(&self) -> String {
        let link = self.link();
        link.strip_prefix(super::PUBLIC_URL).unwrap_or_else(|| panic!("{link} leads elsewhere")).to_owned()
    }

    pub fn token(&self) -> String {
        self.link().split_once("?code=").expect("a token").1.to_owned()
    }

    /// The code to type.
    pub fn code(&self) -> String {
        let is_code = |line: &&str| line.len() == 9 && line.as_bytes()[4] == b'-';
        let line = self.text.lines().map(str::trim).find(is_code);
        line.unwrap_or_else(|| panic!("no code in {}", self.text)).to_owned()
    }
}

fn decode(head: &str, body: &str) -> String {
    if head.contains("quoted-printable") {
        let joined = body.replace("=\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let [first, more @ ..] = rest {
            if *first == b'=' && more.len() >= 2 {
                let hex = std::str::from_utf8(&more[..2]).expect("ASCII");
                bytes.push(u8::from_str_radix(hex, 16).expect("two digits"));
                rest = &more[2..];
            } else {
                bytes.push(*first);
                rest = more;
            }
        }
        return String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n");
    }
    if head.contains("base64") {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(body.replace('\n', "")).expect("base 64");
        return String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n");
    }
    body.to_owned()
}
