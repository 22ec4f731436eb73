//! Requests that nobody means: random bytes, and heads, bodies, tokens and cookies that are almost right. Each gets an answer or
//! is hung up on, none is a defect, and they cost no memory.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{QUIET, SECOND, figure, scaled, sign_in, signed_in};
use crate::harness::Home;
use crate::harness::at_once;
use crate::harness::binary::Process;
use crate::harness::database::Copy;

const CALLERS: usize = 6;

/// The same numbers each time, so that what was found is found again (Marsaglia, "Xorshift RNGs").
struct Dice(u64);

impl Dice {
    fn number(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % below
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.number(most)).map(|_| u8::try_from(self.number(256)).unwrap_or(0)).collect()
    }

    /// Text with what means something to somebody.
    fn text(&mut self, most: usize) -> String {
        const SIGNS: [&str; 20] = [
            "a", "Z", "9", ".", "/", "%", "%00", "%ff", "..", "'", "\"", "{", "[", "&", "=", ";", "ä", "<", "\\u0000",
            "eyJ",
        ];
        (0..self.number(most)).map(|_| SIGNS[self.number(SIGNS.len())]).collect()
    }

    fn one_of(&mut self, all: &[&'static str]) -> &'static str {
        all[self.number(all.len())]
    }

    fn request(&mut self) -> Vec<u8> {
        let method = self.one_of(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]);
        let path =
            self.one_of(&["/token", "/login", "/users/me", "/refresh", "/admin", "/api/users", "/introspect", "/"]);
        let media =
            self.one_of(&["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/x"]);
        let (odd, body) = (self.text(60), self.text(200));
        let head = format!("Host: x\r\nConnection: close\r\nContent-Type: {media}\r\n");
        match self.number(9) {
            0 => return self.bytes(2000),
            1 => format!("{method} /{odd} HTTP/1.1\r\n{head}\r\n"),
            2 => format!("{method} {path}?{odd} HTTP/1.1\r\n{head}\r\n"),
            3 => format!("{method} {path} HTTP/1.1\r\n{head}Authorization: Bearer {odd}\r\n\r\n"),
            4 => format!(
                "{method} {path} HTTP/1.1\r\n{head}Cookie: vestibule_session={odd}; access_token_cookie={odd}\r\n\r\n"
            ),
            5 => format!("POST {path} HTTP/1.1\r\n{head}Content-Length: {}\r\n\r\n{body}", body.len()),
            6 => format!(
                "POST {path} HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}",
                self.number(9999)
            ),
            7 => format!("{method} {path} HTTP/1.1\r\n{head}X-Long: {}\r\n\r\n", "x".repeat(self.number(200_000))),
            _ => format!(
                "POST {path} HTTP/1.1\r\n{head}Content-Length: {}\r\n\r\n{{\"username\": \"{odd}",
                self.number(99_999)
            ),
        }
        .into_bytes()
    }
}

/// What came back, if anything did.
fn send(port: u16, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream.set_read_timeout(Some(SECOND * 20)).expect("a time-out");
    // It may hang up before all was sent.
    let _ = stream.write_all(request).and_then(|()| stream.shutdown(Shutdown::Write));
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn garbage_is_answered_or_hung_up_on_and_harms_nobody() {
    let home = Home::new(Copy::Peopled);
    let server = Process::serve(&home, &[QUIET]);
    let (port, alice) = (server.port(), signed_in(&server, "alice"));
    let count = scaled(3_000, 100_000);
    let answered = AtomicUsize::new(0);
    let throw = |caller: usize, times: usize| {
        let mut dice = Dice(0x9e37_79b9 + caller as u64);
        for _ in 0..times {
            let request = dice.request();
            let answer = send(port, &request);
            let shown = String::from_utf8_lossy(&request[..request.len().min(300)]).into_owned();
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 "), "{shown:?}: {answer:?}");
            // Too many at once may be told to come again.
            let defect = answer.starts_with("HTTP/1.1 5") && !answer.starts_with("HTTP/1.1 503");
            assert!(!defect, "{shown:?}: {answer:?}");
            answered.fetch_add(usize::from(!answer.is_empty()), Ordering::Relaxed);
            if dice.number(100) == 0 {
                assert!(alice.is_known());
            }
        }
    };
    at_once(CALLERS, |caller| throw(caller, count / CALLERS / 10));
    let before = server.memory();
    at_once(CALLERS, |caller| throw(caller + CALLERS, count / CALLERS));
    let after = server.memory();
    figure("garbage sent", count);
    figure("of it answered", answered.into_inner());
    figure("bytes of memory before and after", format!("{before}, {after}"));
    assert!(after < before + before / 2, "{before} bytes became {after}");
    assert!(!server.log().contains("panicked"), "{}", server.log());
    sign_in(&server, "alice").expect(200);
}
