//! Whose signature under a certificate is believed: the public authorities, or those of a file.

use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use ureq::tls::{Certificate, RootCerts};

/// The authorities that are believed.
#[derive(Clone)]
pub enum Authorities {
    Public,
    Named(Vec<CertificateDer<'static>>),
}

impl Authorities {
    /// Those of a PEM file.
    ///
    /// # Errors
    /// One sentence.
    pub fn of_file(file: &Path) -> Result<Self, String> {
        let unreadable = |why: String| format!("the certificates {} can't be used: {why}", file.display());
        let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let found = read.map_err(|error| unreadable(error.to_string()))?;
        if found.is_empty() { Err(unreadable("there is none in it".to_owned())) } else { Ok(Self::Named(found)) }
    }

    pub(super) fn for_requests(&self) -> RootCerts {
        match self {
            Self::Public => RootCerts::WebPki,
            Self::Named(all) => RootCerts::Specific(Arc::new(
                all.iter().map(|one| Certificate::from_der(one.as_ref()).to_owned()).collect(),
            )),
        }
    }

    pub(super) fn roots(&self) -> RootCertStore {
        let mut store = RootCertStore::empty();
        match self {
            Self::Public => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Self::Named(all) => drop(store.add_parsable_certificates(all.iter().cloned())),
        }
        store
    }
}
