//! The installation as others meet it: whoever asks at `PUBLIC_URL` should reach this server, over an encrypted connection that
//! can be believed, and it should see who they are. Looked at by a command beside the server, which needs no database for it.

mod probe;
mod proxy;

use std::time::Duration;

pub use probe::{Probe, Seen};

use super::{State, findings};
use crate::app::App;
use crate::config::{Config, PublicUrl};
pub use crate::platform::http::Authorities;
use crate::platform::http::{Client, Reply, Verdict, judge};
use crate::platform::secret::RootKey;
use crate::platform::time::UnixTime;

/// How long anything outside may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// A certificate that is not renewed by then is not renewed by itself.
const SOON_DAYS: u64 = 14;

findings! { Outside:
    Reached { url: String } = "outside.reached", Good;
    Unreachable { url: String, why: String } = "outside.unreachable", Mend;
    /// Something answers there, and does not hold this installation's key.
    SomebodyElse { url: String, status: u16 } = "outside.other", Mend;
    /// The server that runs is not of the version that looks at it.
    OtherVersion { theirs: String } = "outside.version", Look;
    CertificateGood { days: u64 } = "certificate.good", Good;
    CertificateSoon { days: u64 } = "certificate.expires_soon", Mend;
    CertificateBad { why: String } = "certificate.bad", Mend;
    HstsThere = "hsts.there", Good;
    HstsMissing = "hsts.missing", Mend;
    PlainLeadsOn = "plain.leads_on", Good;
    /// Nobody answers without encryption.
    PlainClosed = "plain.closed", Good;
    PlainServes { url: String } = "plain.serves", Mend;
    /// Clients reach the server itself.
    NoProxy { address: String } = "proxy.none", Good;
    ProxySound { address: String } = "proxy.sound", Good;
    /// A proxy passes requests on that is not declared.
    ProxyUndeclared { peer: String } = "proxy.undeclared", Mend;
    /// A declared proxy does not say who the client is.
    ProxySilent { peer: String } = "proxy.silent", Mend;
    /// It passes on whatever a client says of itself.
    ProxyGullible { peer: String } = "proxy.gullible", Mend;
    MailAnswers = "mail.answers", Good;
    MailSilent { why: String } = "mail.silent", Mend;
}

/// What is looked at, and with what.
pub struct Look<'a> {
    pub config: &'a Config,
    pub root: &'a RootKey,
    pub authorities: Authorities,
    pub now: UnixTime,
}

/// Looks at it from outside, as far as a command on this machine is outside.
pub fn look(look: &Look<'_>) -> Vec<Outside> {
    let url = &look.config.public_url;
    let mut found = Vec::new();
    if url.is_https() {
        found.extend(certificate(look));
        found.push(plain(look));
    }
    // Whether the certificate can be believed is told above; who answers behind it is another question.
    let client = Client::new(&look.authorities, PATIENCE);
    let probe = Probe::fresh(look.root, look.now);
    let sent = [(Probe::HEADER, probe.text()), ("x-forwarded-for", proxy::INVENTED)];
    match client.get(&url.join(Probe::PATH), &sent) {
        Err(why) => found.push(Outside::Unreachable { url: url.origin().to_owned(), why }),
        Ok(reply) => found.extend(answered(url, &probe, &reply)),
    }
    found
}

/// Asks the mail server, where one is set.
pub async fn mail(app: &App) -> Option<Outside> {
    app.mailer.folder().is_none().then_some(())?;
    Some(match app.mailer.reach().await {
        Ok(()) => Outside::MailAnswers,
        Err(trouble) => Outside::MailSilent { why: trouble.words() },
    })
}

fn answered(url: &PublicUrl, probe: &Probe, reply: &Reply) -> Vec<Outside> {
    let proof = reply.header(Probe::PROOF).unwrap_or_default();
    let Some(seen) = probe.answered(&reply.body, proof) else {
        return vec![Outside::SomebodyElse { url: url.origin().to_owned(), status: reply.status }];
    };
    let mut found = vec![Outside::Reached { url: url.origin().to_owned() }];
    if url.is_https() {
        let there = reply.header("strict-transport-security").is_some();
        found.push(if there { Outside::HstsThere } else { Outside::HstsMissing });
    }
    if seen.version != env!("CARGO_PKG_VERSION") {
        found.push(Outside::OtherVersion { theirs: seen.version.clone() });
    }
    found.push(proxy::judge(&seen, url.is_https()));
    found
}

/// Nothing where nobody answers at all: that is told by itself.
fn certificate(look: &Look<'_>) -> Option<Outside> {
    let verdict = judge(look.config.public_url.host_and_port(), &look.authorities, look.now, PATIENCE).ok()?;
    Some(match verdict {
        Verdict::Bad { why } => Outside::CertificateBad { why },
        Verdict::Good { days } if days < SOON_DAYS => Outside::CertificateSoon { days },
        Verdict::Good { days } => Outside::CertificateGood { days },
    })
}

/// Where people come who type the name alone.
fn plain(look: &Look<'_>) -> Outside {
    let url = format!("http://{}/", look.config.public_url.host());
    match Client::new(&look.authorities, PATIENCE).get(&url, &[]) {
        Err(_) => Outside::PlainClosed,
        Ok(reply) if reply.header("location").is_some_and(|to| to.starts_with("https://")) => Outside::PlainLeadsOn,
        Ok(reply) if reply.status >= 400 => Outside::PlainClosed,
        Ok(_) => Outside::PlainServes { url },
    }
}
