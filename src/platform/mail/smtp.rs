//! SMTP (RFC 5321) by lettre, encrypted by rustls: STARTTLS is asked for and not only hoped for.

use std::path::PathBuf;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use percent_encoding::percent_decode_str;
use url::Url;

use super::Trouble;
use crate::platform::secret::Password;

/// How long a server may take to answer one command.
const COMMAND: Duration = Duration::from_secs(10);
/// How long one mail may take in all.
const WHOLE: Duration = Duration::from_secs(30);

/// Where the mail server is: `smtp://USER:PASSWORD@HOST:587` (STARTTLS), `smtps://…` (TLS from the first byte), and for a
/// server on the same machine or network `smtp://HOST:25?tls=none`. `ca=FILE` names certificates to trust in place of the
/// public ones.
pub struct SmtpUrl {
    host: String,
    port: u16,
    encryption: Encryption,
    login: Option<(String, Password)>,
    ca: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encryption {
    StartTls,
    FromTheStart,
    None,
}

impl SmtpUrl {
    pub const FORM: &str = "smtp://USER:PASSWORD@HOST:587, smtps://USER:PASSWORD@HOST, or smtp://HOST:25?tls=none";

    /// # Errors
    /// Says what it may be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| Self::FORM)?;
        let (mut encryption, usual_port) = match url.scheme() {
            "smtp" => (Encryption::StartTls, 587),
            "smtps" => (Encryption::FromTheStart, 465),
            _ => return Err(Self::FORM),
        };
        let mut ca = None;
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("tls", "none") if encryption == Encryption::StartTls => encryption = Encryption::None,
                ("ca", file) if !file.is_empty() => ca = Some(PathBuf::from(file)),
                _ => return Err(Self::FORM),
            }
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Self::FORM)?.trim_matches(['[', ']']);
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(Self::FORM);
        }
        let login = login(&url).ok_or(Self::FORM)?;
        if encryption == Encryption::None && login.is_some() && !is_here(host) {
            return Err("encrypted where it has a password, unless the server is on this machine: leave tls=none out");
        }
        Ok(Self { host: host.to_owned(), port: url.port().unwrap_or(usual_port), encryption, login, ca })
    }
}

impl Clone for SmtpUrl {
    fn clone(&self) -> Self {
        let login = self.login.as_ref().map(|(user, password)| (user.clone(), Password::new(password.reveal())));
        Self { host: self.host.clone(), ca: self.ca.clone(), login, ..*self }
    }
}

/// `None` where only half of it is there, or it is no UTF-8.
fn login(url: &Url) -> Option<Option<(String, Password)>> {
    let plain = |text: &str| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
    match (url.username(), url.password()) {
        ("", None) => Some(None),
        ("", Some(_)) | (_, None) => None,
        (user, Some(password)) => Some(Some((plain(user)?, Password::new(plain(password)?)))),
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A server to send by. Each mail has a connection of its own.
#[derive(Clone)]
pub(super) struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    pub(super) fn new(url: &SmtpUrl, host: &str) -> Result<Self, String> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&url.host)
            .port(url.port)
            .timeout(Some(COMMAND))
            .hello_name(ClientId::Domain(host.to_owned()))
            .tls(tls(url)?);
        if let Some((user, password)) = &url.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
        }
        Ok(Self(builder.build()))
    }

    /// Connects, signs in where there is a password, and hangs up.
    pub(super) async fn reach(&self) -> Result<(), Trouble> {
        match tokio::time::timeout(WHOLE, self.0.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Trouble::Server("it did not answer as a mail server does".to_owned())),
            Ok(Err(error)) => Err(Trouble::Server(words(&error))),
            Err(_) => Err(Trouble::Server("the mail server takes too long".to_owned())),
        }
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), Trouble> {
        match tokio::time::timeout(WHOLE, self.0.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_response() || error.is_permanent() || error.is_transient() => {
                Err(Trouble::Mail(words(&error)))
            }
            Ok(Err(error)) => Err(Trouble::Server(words(&error))),
            Err(_) => Err(Trouble::Server("the mail server takes too long".to_owned())),
        }
    }
}

fn words(error: &Error) -> String {
    let said = error.to_string();
    match std::error::Error::source(error).map(ToString::to_string) {
        Some(cause) if !said.contains(&cause) => format!("{said}: {cause}"),
        _ => said,
    }
}

fn tls(url: &SmtpUrl) -> Result<Tls, String> {
    let mut parameters = TlsParameters::builder(url.host.clone());
    if let Some(file) = &url.ca {
        let wrong =
            |why: String| format!("SMTP_URL names the certificates {}, which can't be used: {why}", file.display());
        let pem = std::fs::read(file).map_err(|error| wrong(error.to_string()))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
        parameters = parameters.certificate_store(CertificateStore::None).add_root_certificate(certificate);
    }
    let parameters = || parameters.build_rustls().map_err(|error| format!("TLS for SMTP_URL: {error}"));
    Ok(match url.encryption {
        Encryption::StartTls => Tls::Required(parameters()?),
        Encryption::FromTheStart => Tls::Wrapper(parameters()?),
        Encryption::None => Tls::None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_and_how() {
        let read = |text: &str| SmtpUrl::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
        let url = read("smtp://app%40example.com:p%2Fw@mail.example.com");
        assert_eq!((url.host.as_str(), url.port), ("mail.example.com", 587));
        assert!(url.login.is_some_and(|(user, password)| user == "app@example.com" && password.reveal() == "p/w"));
        assert_eq!(read("smtps://mail.example.com").port, 465);
        assert!(read("smtp://mailpit:1025?tls=none").encryption == Encryption::None);
        assert!(read("smtp://u:p@127.0.0.1:1025/?tls=none&ca=/x.pem").ca.is_some());
    }

    #[test]
    fn what_is_no_such_url_or_would_show_a_password_is_refused() {
        for bad in [
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://user@mail.example.com",
            "smtp://:pw@mail.example.com",
            "smtps://mail.example.com?tls=none",
            "smtp://mail.example.com?tls=maybe",
            "smtp://mail.example.com/inbox",
            "smtp://u:p@mail.example.com?tls=none",
        ] {
            assert!(SmtpUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
