//! Load from as many connections as callers, each sending as soon as it was answered, on one thread: what the generator
//! takes of the machine, both sides of a ratio lose alike.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A request as its bytes.
#[derive(Clone)]
pub struct Request {
    port: u16,
    pub bytes: Vec<u8>,
}

impl Request {
    pub fn get(port: u16, path: &str, headers: &[(&str, &str)]) -> Self {
        Self::new(port, &format!("GET {path}"), headers, "")
    }

    pub fn form(port: u16, path: &str, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self::new(port, &format!("POST {path}"), &[("content-type", "application/x-www-form-urlencoded")], &body)
    }

    /// The same with another header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let end = self.bytes.windows(2).position(|two| two == b"\r\n").unwrap() + 2;
        self.bytes.splice(end..end, format!("{name}: {value}\r\n").into_bytes());
        self
    }

    fn new(port: u16, line: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let mut text = format!("{line} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {}\r\n", body.len());
        headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
        text.push_str("\r\n");
        text.push_str(body);
        Self { port, bytes: text.into_bytes() }
    }
}

pub fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, work)
}

/// Answers that were no refusal, per second.
pub fn closed_loop(requests: &[Request], callers: usize, span: Duration) -> f64 {
    let started = Instant::now();
    let done = drive(requests, callers, |_| started.elapsed() <= span);
    done as f64 / started.elapsed().as_secs_f64()
}

/// Sends so many.
pub fn so_many(requests: &[Request], callers: usize, count: usize) {
    let done = drive(requests, callers, |sent| sent < count);
    assert_eq!(done, count, "none is refused");
}

/// Sends one after the other, each caller the next, as long as `more` says so of how many were sent.
fn drive(requests: &[Request], callers: usize, more: impl Fn(usize) -> bool) -> usize {
    let (sent, done) = (Cell::new(0), Cell::new(0));
    let caller = async || {
        let mut line = Line::open(requests[0].port).await;
        while more(sent.get()) {
            let request = &requests[sent.replace(sent.get() + 1) % requests.len()];
            if (200..300).contains(&line.ask(&request.bytes).await.0) {
                done.set(done.get() + 1);
            }
        }
    };
    run(join_all((0..callers).map(|_| caller())));
    done.get()
}

/// Rotates each family as fast as it can: rotations per second, and the tokens that are alive then.
pub fn rotate(port: u16, families: Vec<String>, span: Duration) -> (f64, Vec<String>) {
    run(async {
        let (done, started) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let mut set = JoinSet::new();
        for mut token in families {
            let done = Arc::clone(&done);
            set.spawn_local(async move {
                let mut line = Line::open(port).await;
                while started.elapsed() < span {
                    let request = Request::form(port, "/refresh", &[("refresh_token", &token)]);
                    let (status, body) = line.ask(&request.bytes).await;
                    assert_eq!(status, 200, "a living chain was refused");
                    token = refresh_token_in(&body);
                    done.fetch_add(1, Ordering::Relaxed);
                }
                token
            });
        }
        let living = set.join_all().await;
        (done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64(), living)
    })
}

/// Cut out rather than parsed: the generator runs on the same cores.
fn refresh_token_in(body: &[u8]) -> String {
    let text = std::str::from_utf8(body).unwrap();
    let (_, rest) = text.split_once("\"refresh_token\":\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// One kept-alive connection.
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Line {
    pub async fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(8192) }
    }

    /// Status and body of the answer.
    pub async fn ask(&mut self, request: &[u8]) -> (u16, Vec<u8>) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(read > 0, "the server hung up");
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.buffer[..end]).unwrap();
            let length: usize = head.lines().find_map(length_in).unwrap_or(0);
            if self.buffer.len() >= end + 4 + length {
                let status = head[9..12].parse().unwrap();
                return (status, self.buffer[end + 4..].to_vec());
            }
        }
    }
}

fn length_in(line: &str) -> Option<usize> {
    let (name, value) = line.split_once(':')?;
    name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
}
