//! Connecting to PostgreSQL, encrypted where the URL asks for it, by rustls. `sslmode` means what it means to libpq:
//! `disable`, `prefer` (the default) and `require` do not check who the server is; `verify-ca`, `verify-full`, and `require`
//! with a `sslrootcert` do, against that PEM file or the public authorities. The name is checked in each of these.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::tls::TlsStream;
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use super::Fault;
use super::conn::CONNECT_TIMEOUT;
use super::role::Role;

/// A server that went away without a word is found out after so long: silent for the first, then asked so often at such
/// intervals.
const KEEPALIVE: Duration = Duration::from_secs(10);
const PROBE_EVERY: Duration = Duration::from_secs(2);
const PROBES: u32 = 3;
/// The same where something was sent that nobody takes.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// A connection to one server, and what drives it: nothing moves unless that is polled.
pub(super) async fn connect(
    url: &str,
    role: Role,
) -> Result<(Client, Connection<Socket, impl TlsStream + Unpin + Send + 'static + use<>>), Fault> {
    let (mut config, trust) = read(url)?;
    if role != Role::Replica {
        takes_changes(&mut config);
    }
    config.connect_timeout(CONNECT_TIMEOUT).application_name("vestibule").tcp_user_timeout(UNACKNOWLEDGED);
    config.keepalives_idle(KEEPALIVE).keepalives_interval(PROBE_EVERY).keepalives_retries(PROBES);
    let connecting = config.connect(MakeRustlsConnect::new(trust.client_config()?));
    tokio::time::timeout(CONNECT_TIMEOUT, connecting)
        .await
        .map_err(|_| Fault::Unavailable("PostgreSQL does not answer".into()))?
        .map_err(|e| Fault::Unavailable(with_cause(&e)))
}

/// A standby answers too, and would refuse every change.
fn takes_changes(config: &mut Config) {
    if config.get_target_session_attrs() == TargetSessionAttrs::Any {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
}

fn with_cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

enum Trust {
    Anybody,
    Roots(Option<String>),
}

/// tokio-postgres does not know `verify-*` and `sslrootcert`, so they are taken out here.
fn read(text: &str) -> Result<(Config, Trust), Fault> {
    // Whose URL it is, the settings' own message says.
    let mut url = Url::parse(text).map_err(|e| Fault::Unavailable(e.to_string()))?;
    let (mut mode, mut root, mut rest) = (SslMode::Prefer, None, Vec::new());
    let mut verify = false;
    for (name, value) in url.query_pairs().into_owned() {
        match (name.as_str(), value.as_str()) {
            ("sslmode", "disable") => mode = SslMode::Disable,
            ("sslmode", "prefer" | "allow") => mode = SslMode::Prefer,
            ("sslmode", "require") => mode = SslMode::Require,
            ("sslmode", "verify-ca" | "verify-full") => (mode, verify) = (SslMode::Require, true),
            ("sslrootcert", _) => root = Some(value),
            _ => rest.push((name, value)),
        }
    }
    // As with libpq, a root certificate beside `require` is there to be held against.
    verify |= root.is_some() && mode == SslMode::Require;
    url.set_query(None);
    if !rest.is_empty() {
        url.query_pairs_mut().extend_pairs(rest);
    }
    let mut config: Config =
        url.as_str().parse().map_err(|e: tokio_postgres::Error| Fault::Unavailable(with_cause(&e)))?;
    config.ssl_mode(mode);
    Ok((config, if verify { Trust::Roots(root) } else { Trust::Anybody }))
}

/// What is wrong with the URL of one server, if anything, without connecting.
pub(super) fn check(url: &str) -> Result<(), String> {
    read(url).map(drop).map_err(Fault::why)
}

impl Trust {
    fn client_config(&self) -> Result<ClientConfig, Fault> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|e| Fault::Broken(e.to_string()))?;
        Ok(match self {
            Self::Anybody => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AcceptAnybody(provider)))
                .with_no_client_auth(),
            Self::Roots(file) => builder.with_root_certificates(roots(file.as_deref())?).with_no_client_auth(),
        })
    }
}

fn roots(file: Option<&str>) -> Result<RootCertStore, Fault> {
    let mut store = RootCertStore::empty();
    let Some(file) = file else {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(store);
    };
    let unreadable = |why: String| Fault::Unavailable(format!("sslrootcert {file}: {why}"));
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| unreadable(e.to_string()))? {
        let certificate = certificate.map_err(|e| unreadable(e.to_string()))?;
        store.add(certificate).map_err(|e| unreadable(e.to_string()))?;
    }
    Ok(store)
}

/// `sslmode=require` as libpq has it: encrypted, whoever it is.
#[derive(Debug)]
struct AcceptAnybody(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAnybody {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
