//! Server-sent events, read as they come (WHATWG HTML section 9.2).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::TestApp;
use super::people::Person;
use super::raw::status_of;

/// A stream that is open.
pub struct Events(BufReader<TcpStream>);

impl TestApp {
    /// Listens to the feed, from the beginning or from after the event that was seen last.
    pub fn listen(&self, person: &Person, last_seen: Option<&str>) -> Events {
        let resume = last_seen.map_or(String::new(), |id| format!("Last-Event-ID: {id}\r\n"));
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
        // HTTP/1.0, so that the connection ends with the stream.
        let request = format!(
            "GET /revocations HTTP/1.0\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer {}\r\n{resume}\r\n",
            person.access()
        );
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut events = Events(BufReader::new(stream));
        let head: Vec<String> = std::iter::from_fn(|| events.line().filter(|line| !line.is_empty())).collect();
        assert_eq!(status_of(&head[0]), 200, "{head:?}");
        assert!(head.iter().any(|line| line.eq_ignore_ascii_case("content-type: text/event-stream")), "{head:?}");
        events
    }
}

impl Events {
    /// A line without its end; `None` where the stream is over.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.0.read_line(&mut line).unwrap_or_else(|e| panic!("nothing came in time: {e}"));
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// The next event: its id, and what it says. It must come within this time.
    pub fn next(&mut self, limit: Duration) -> (String, Value) {
        let deadline = Instant::now() + limit;
        self.0.get_ref().set_read_timeout(Some(limit)).expect("a time-out");
        let mut id = String::new();
        loop {
            let line = self.line().expect("the stream goes on");
            assert!(Instant::now() < deadline, "not within {limit:?}: {line}");
            if let Some(text) = line.strip_prefix("id: ") {
                text.clone_into(&mut id);
            } else if let Some(text) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(text).expect("JSON"));
            }
        }
    }

    /// Whether the server ends the stream within this time, with no event more.
    pub fn ends(mut self, limit: Duration) -> bool {
        self.0.get_ref().set_read_timeout(Some(limit)).expect("a time-out");
        let rest: Vec<String> = std::iter::from_fn(|| self.line()).collect();
        !rest.iter().any(|line| line.starts_with("data:"))
    }
}
