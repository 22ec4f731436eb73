//! A mail server that takes a connection and says nothing, or says it slowly: nobody notices but the mail, and all of it goes
//! out once the server is well.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{SECOND, scaled};
use crate::harness::database::Copy;
use crate::harness::{Home, PASSWORD, TestApp, start, within};

const WELL: u8 = 0;
const SILENT: u8 = 1;
const SLOW: u8 = 2;

/// A mail server that changes its mood while it runs.
#[derive(Clone, Default)]
struct MailServer {
    mood: Arc<AtomicU8>,
    /// Connections that are open.
    open: Arc<AtomicUsize>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    fn start(mood: u8) -> (Self, u16) {
        let server = Self::default();
        server.is(mood);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let serving = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                std::thread::spawn(move || {
                    serving.open.fetch_add(1, Ordering::SeqCst);
                    let _ = serving.converse(&stream);
                    serving.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        (server, port)
    }

    fn is(&self, mood: u8) {
        self.mood.store(mood, Ordering::SeqCst);
    }

    /// RFC 5321, as far as one mail needs it.
    fn converse(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        self.say(stream, "220 mail.test")?;
        let mut to = String::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let word = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            match word.as_str() {
                "RCPT" => {
                    to = line.trim().to_owned();
                    self.say(stream, "250 OK")?;
                }
                "DATA" => {
                    self.say(stream, "354 go on")?;
                    while line.trim_end() != "." {
                        line.clear();
                        lines.read_line(&mut line)?;
                    }
                    self.taken.lock().expect("mails").push(to.clone());
                    self.say(stream, "250 OK")?;
                }
                "QUIT" => return self.say(stream, "221 bye"),
                _ => self.say(stream, "250 OK")?,
            }
        }
    }

    /// A silent one waits until whoever is there hangs up, or it is well again and drops them.
    fn say(&self, mut stream: &TcpStream, text: &str) -> std::io::Result<()> {
        while self.mood.load(Ordering::SeqCst) == SILENT {
            stream.set_read_timeout(Some(Duration::from_millis(50)))?;
            if stream.read(&mut [0]).is_ok_and(|read| read == 0) || self.mood.load(Ordering::SeqCst) != SILENT {
                return Err(std::io::ErrorKind::ConnectionAborted.into());
            }
        }
        stream.set_read_timeout(None)?;
        for byte in format!("{text}\r\n").bytes() {
            if self.mood.load(Ordering::SeqCst) == SLOW {
                sleep(Duration::from_millis(20));
            }
            stream.write_all(&[byte])?;
        }
        Ok(())
    }
}

/// What people do goes on as if nothing were; how many letters that makes.
fn people_go_on(app: &TestApp) -> usize {
    let before = Instant::now();
    let new = scaled(8, 100);
    for n in 0..new {
        let name = format!("new{n}");
        let new = serde_json::json!({"username": name, "email": format!("{name}@example.com"), "password": PASSWORD});
        app.anon().post("/signup").json(new).send().expect(201);
        assert!(app.user(&name).is_known());
        app.anon().get("/health/ready").send().expect(200);
    }
    let each = before.elapsed() / u32::try_from(new).expect("a few");
    assert!(each < SECOND * 8, "nobody waits for the mail server: {each:?}");
    new
}

fn all_goes_out_once_it_is_well(mood: u8) {
    let (server, port) = MailServer::start(mood);
    let home = Home::new(Copy::Peopled);
    let url = format!("smtp://127.0.0.1:{port}?tls=none");
    let app = start(home, &[("SMTP_URL", url.as_str()), ("MAIL_FROM", "no-reply@example.com")]);
    let letters = people_go_on(&app);
    within(SECOND * 30, "it was tried", || server.open.load(Ordering::SeqCst) > 0 || mood != SILENT);
    assert!(server.open.load(Ordering::SeqCst) <= 1, "one try at a time");
    server.is(WELL);
    // Nothing waits longer than five minutes once the server takes mail again, however long it did not.
    let begun = Instant::now();
    let mut minutes = 0;
    within(SECOND * 60, "all went out", || {
        if begun.elapsed() > SECOND * minutes {
            app.advance(60);
            minutes += 1;
        }
        server.taken.lock().expect("mails").len() >= letters
    });
    app.mail_is_out();
    let taken = server.taken.lock().expect("mails").clone();
    assert_eq!(taken.len(), letters, "each once: {taken:?}");
}

#[test]
fn a_mail_server_that_takes_connections_and_says_nothing_is_noticed_by_nobody() {
    all_goes_out_once_it_is_well(SILENT);
}

#[test]
fn a_mail_server_that_answers_slowly_is_noticed_by_nobody() {
    all_goes_out_once_it_is_well(SLOW);
}
