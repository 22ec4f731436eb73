//! A proxy that ends encryption, as one would stand in front: it shows a certificate made for the test, and passes requests on
//! with whatever headers a test would have it say.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::certificate::certify;

/// What it does with `X-Forwarded-For`.
#[derive(Clone, Copy)]
pub enum Manner {
    Append,
    Drop,
    PassOn,
}

pub struct TlsProxy {
    pub port: u16,
    pub certificate: PathBuf,
}

impl TlsProxy {
    /// In front of the server at that port, with a certificate for `name` that is good for so many days.
    pub fn start(folder: &Path, to: u16, manner: Manner, (name, days): (&str, u32)) -> Self {
        let (certificate, key) = certify(&folder.join("proxy"), &format!("DNS:{name}"), days);
        let chain: Vec<_> = CertificateDer::pem_file_iter(&certificate).unwrap().collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_file(&key).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("a certificate");
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                // A client that only looks at the certificate hangs up.
                std::thread::spawn(move || pass_on(socket, config, to, manner));
            }
        });
        Self { port, certificate }
    }
}

fn pass_on(socket: TcpStream, config: Arc<ServerConfig>, to: u16, manner: Manner) -> Option<()> {
    let mut client = StreamOwned::new(ServerConnection::new(config).ok()?, socket);
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let mut server = TcpStream::connect(("127.0.0.1", to)).ok()?;
    for line in head.trim_end().split("\r\n") {
        let said = line.to_ascii_lowercase().starts_with("x-forwarded-for:");
        match manner {
            _ if line.to_ascii_lowercase().starts_with("connection:") => {}
            Manner::Append if said => write!(server, "{line}, 203.0.113.9\r\n").ok()?,
            Manner::Drop if said => {}
            _ => write!(server, "{line}\r\n").ok()?,
        }
    }
    server.write_all(b"Connection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).ok()?;
    client.write_all(&answer).ok()?;
    client.conn.send_close_notify();
    client.flush().ok()
}
