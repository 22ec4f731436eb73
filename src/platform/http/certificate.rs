//! Is a server's certificate good, and for how much longer? It is judged as a client would judge it on later days, so that
//! the whole chain counts and nothing has to read what stands in a certificate.

use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime as Moment};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};

use super::Authorities;
use crate::platform::time::UnixTime;

/// Beyond so many days it makes no difference.
const LONGEST_DAYS: u64 = 1000;

/// What a client thinks of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Whole days that it goes on to be good.
    Good {
        days: u64,
    },
    Bad {
        why: String,
    },
}

/// Connects and judges what it is shown.
///
/// # Errors
/// Why there was no certificate to judge.
pub fn judge(
    (host, port): (&str, u16),
    authorities: &Authorities,
    now: UnixTime,
    patience: Duration,
) -> Result<Verdict, String> {
    // A URL has an IPv6 address in brackets, and nobody else.
    let host = host.trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(authorities.roots()), Arc::clone(&provider));
    let witness = Arc::new(Witness {
        verifier: verifier.build().map_err(|error| error.to_string())?,
        now,
        verdict: Mutex::default(),
    });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&witness) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let mut socket = connect(host, port, patience)?;
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
    let shaken = connection.complete_io(&mut socket);
    let verdict = witness.verdict.lock().unwrap_or_else(PoisonError::into_inner).take();
    verdict.ok_or_else(|| shaken.err().map_or_else(|| "it showed none".to_owned(), |error| error.to_string()))
}

fn connect(host: &str, port: u16, patience: Duration) -> Result<TcpStream, String> {
    let addresses = (host, port).to_socket_addrs().map_err(|error| error.to_string())?;
    let mut last = "the name has no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(&address, patience) {
            Ok(socket) => {
                let timed = socket.set_read_timeout(Some(patience)).and(socket.set_write_timeout(Some(patience)));
                return timed.map(|()| socket).map_err(|error| error.to_string());
            }
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}

/// Accepts whatever it is shown, and remembers what a client would have said. Nothing is sent over such a connection.
#[derive(Debug)]
struct Witness {
    verifier: Arc<WebPkiServerVerifier>,
    now: UnixTime,
    verdict: Mutex<Option<Verdict>>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        _now: Moment,
    ) -> Result<ServerCertVerified, Error> {
        let on_day = |day: u64| {
            let seconds = u64::try_from(self.now.seconds()).unwrap_or(0) + day * 86_400;
            let moment = Moment::since_unix_epoch(Duration::from_secs(seconds));
            self.verifier.verify_server_cert(certificate, intermediates, name, ocsp, moment)
        };
        let verdict = match on_day(0) {
            Ok(_) => Verdict::Good { days: last_day(|day| on_day(day).is_ok()) },
            Err(error) => Verdict::Bad { why: error.to_string() },
        };
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// The last day on which it is good, from today on; what is good on a day was good before.
fn last_day(is_good: impl Fn(u64) -> bool) -> u64 {
    let (mut good, mut bad) = (0, LONGEST_DAYS);
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        if is_good(middle) { good = middle } else { bad = middle }
    }
    good
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_DAYS, last_day};

    #[test]
    fn the_last_good_day_is_found() {
        for last in [0, 1, 13, 89, 398, LONGEST_DAYS - 1] {
            assert_eq!(last_day(|day| day <= last), last);
        }
    }
}
