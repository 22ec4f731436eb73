//! Asking other servers over HTTP, encrypted by rustls: what is looked at from outside, and where traces go. It blocks: for
//! commands, and for threads that have nothing else to do.

mod certificate;
mod trust;

use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use ureq::Agent;
use ureq::tls::{TlsConfig, TlsProvider};

pub use certificate::{Verdict, judge};
pub use trust::Authorities;

/// More of a body is not read.
const LONGEST: u64 = 1 << 20;

#[derive(Clone)]
pub struct Client(Agent);

/// What came back, whatever its status.
pub struct Reply {
    pub status: u16,
    headers: ureq::http::HeaderMap,
    pub body: String,
}

impl Reply {
    /// A header's text; where it stands several times, the first.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Client {
    /// Follows no redirect, asks no proxy of the environment, and waits no longer than that for a whole answer.
    pub fn new(authorities: &Authorities, patience: Duration) -> Self {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(authorities.for_requests())
            .unversioned_rustls_crypto_provider(std::sync::Arc::new(aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("vestibule/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls);
        Self(config.build().into())
    }

    /// # Errors
    /// Why there is no answer.
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Reply, String> {
        let request = headers.iter().fold(self.0.get(url), |request, (name, value)| request.header(*name, *value));
        read(request.call())
    }

    /// # Errors
    /// Why there is no answer.
    pub fn post(&self, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Reply, String> {
        let request = headers.iter().fold(self.0.post(url), |request, (name, value)| request.header(*name, *value));
        read(request.send(body))
    }
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Reply, String> {
    let mut answer = answer.map_err(|error| error.to_string())?;
    let body = answer.body_mut().with_config().limit(LONGEST).lossy_utf8(true).read_to_string();
    let body = body.map_err(|error| error.to_string())?;
    Ok(Reply { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
}
