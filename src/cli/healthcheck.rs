//! `vestibule healthcheck`: whether the server of these settings answers, for a container that has neither shell nor curl.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use crate::config::Config;

const PATIENCE: Duration = Duration::from_secs(3);

/// What is asked.
#[derive(Clone, Copy)]
pub enum Question {
    /// Whether the process answers at all.
    Alive,
    /// Whether it also reaches its database and is not about to stop.
    Ready,
}

impl Question {
    fn path(self) -> &'static str {
        match self {
            Self::Alive => "/health",
            Self::Ready => "/health/ready",
        }
    }
}

pub fn run(config: &Config, question: Question) -> Result<(), String> {
    let here = format!("{}:{}", config.host, config.port);
    let status = ask(config, question.path()).map_err(|error| format!("{here} does not answer: {error}"))?;
    if status == "200" { Ok(()) } else { Err(format!("{here} answers with {status}")) }
}

/// The status of the answer. A server that listens on all addresses is reached at the unspecified one.
fn ask(config: &Config, path: &str) -> std::io::Result<String> {
    let mut addresses = (config.host.as_str(), config.port).to_socket_addrs()?;
    let address = addresses.next().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", config.host)?;
    let mut head = [0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut head)?;
    Ok(String::from_utf8_lossy(&head[head.len() - 3..]).into_owned())
}
