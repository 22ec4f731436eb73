//! Bytes on a connection, for what no HTTP library sends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::TestApp;

impl TestApp {
    /// Sends these bytes and reads to the end of the connection. Lines end as in the text, which is made HTTP's.
    pub fn raw(&self, text: &str) -> String {
        self.raw_bytes(text.replace('\n', "\r\n").as_bytes())
    }

    pub fn raw_bytes(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(15))).expect("a time-out");
        // The server may close before all was sent, and what it said before that is still there to read.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A request with these lines after the first, and the status that it gets.
    pub fn raw_status(&self, first: &str, lines: &str) -> u16 {
        let answer = self.raw(&format!("{first} HTTP/1.1\nHost: vestibule.test\nConnection: close\n{lines}\n"));
        status_of(&answer)
    }
}

pub fn status_of(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no HTTP: {answer:?}"))
}
