//! What `vestibule doctor` says of what only it looks at: English, as everything on the console.

use super::findings::Words;
use crate::health::State;
use crate::health::outside::Outside;
use crate::upkeep::Standing;

/// The installation from outside.
pub fn outside(finding: &Outside) -> Words {
    use Outside as O;
    let (title, says, mend) = match finding {
        O::Reached { url } => ("Reached", format!("This installation answers at {url}."), ""),
        O::Unreachable { url, why } => (
            "Reached",
            format!("Nobody answers at {url}: {why}."),
            "Start the server, or correct PUBLIC_URL, the name’s DNS entry or the proxy, whichever is to blame.",
        ),
        O::SomebodyElse { url, status } => (
            "Reached",
            format!("What answers at {url} (status {status}) does not prove that it is this installation."),
            "Let the proxy lead to this server, and start it with the same SECRET_KEY and DATA_DIR as this command. A server of an older version can’t answer either.",
        ),
        O::OtherVersion { theirs } => (
            "Version",
            format!("The server that runs is version {theirs}, this command is {}.", env!("CARGO_PKG_VERSION")),
            "Start the server anew, with the version that is meant.",
        ),
        O::CertificateGood { days } => ("Certificate", format!("It is good for {days} more days."), ""),
        O::CertificateSoon { days } => (
            "Certificate",
            format!("It is good for {days} more days only."),
            "Renew it, and look why that did not happen by itself.",
        ),
        O::CertificateBad { why } => (
            "Certificate",
            format!("Clients refuse it: {why}."),
            "Let the proxy show a certificate for this name, with every intermediate, by an authority that clients know. For one of your own: `vestibule doctor --ca FILE`.",
        ),
        O::HstsThere => ("HSTS", "Browsers are told to come encrypted only.".into(), ""),
        O::HstsMissing => (
            "HSTS",
            "The proxy removes the header Strict-Transport-Security that the server sends.".into(),
            "Let the proxy pass the server’s headers on.",
        ),
        O::PlainLeadsOn => ("Without encryption", "Whoever comes without encryption is led to https.".into(), ""),
        O::PlainClosed => ("Without encryption", "Nothing is served without encryption.".into(), ""),
        O::PlainServes { url } => (
            "Without encryption",
            format!("{url} serves without encryption: whoever is on the way can read and change it."),
            "Let the proxy redirect port 80 to https.",
        ),
        O::NoProxy { address } => {
            ("Proxy", format!("None: the server sees its clients themselves, this one as {address}."), "")
        }
        O::ProxySound { address } => (
            "Proxy",
            format!("The server sees this client as {address}. (Host and X-Forwarded-Proto it does not need.)"),
            "",
        ),
        O::ProxyUndeclared { peer } => (
            "Proxy",
            format!(
                "A proxy at {peer} passes requests on that TRUSTED_PROXIES does not name: all clients count as one address, and its limits stop everybody."
            ),
            "Set TRUSTED_PROXIES to the proxy’s address.",
        ),
        O::ProxySilent { peer } => (
            "Proxy",
            format!(
                "The proxy at {peer} does not say who its clients are: all count as one address, and its limits stop everybody."
            ),
            "Let it send X-Forwarded-For. nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        ),
        O::ProxyGullible { peer } => (
            "Proxy",
            format!(
                "{peer} passes on whatever address a client claims in X-Forwarded-For: nobody’s tries are limited, and the log is wrong."
            ),
            "Let the proxy append or set the address that it sees. If clients reach the server without a proxy, leave TRUSTED_PROXIES out.",
        ),
        O::MailAnswers => ("Mail server", "It answers and takes our password.".into(), ""),
        O::MailSilent { why } => (
            "Mail server",
            format!("It does not take mail from us: {why}."),
            "Correct SMTP_URL, or ask whoever runs the mail server.",
        ),
    };
    Words { title, says, mend: mend.to_owned() }
}

/// The database, before anything is asked of it.
pub fn standing(standing: &Standing) -> (&'static str, State, Words) {
    let (found, state, says, mend) = match standing {
        Standing::Ready => {
            ("database.ready", State::Good, "It answers, and its schema is this version’s.".to_owned(), "")
        }
        Standing::Behind { migrations } => (
            "database.behind",
            State::Look,
            format!("It lacks {migrations} migrations of this version, so nothing more was asked of it."),
            "The next start of the server brings it up to date, after a snapshot; or `vestibule migrate`.",
        ),
        Standing::New => (
            "database.new",
            State::Look,
            "There is none yet, so there is little to look at.".to_owned(),
            "`vestibule` makes it. If there should be one, DATABASE_URL or the working directory is another than the server’s.",
        ),
        Standing::Unusable { why } => (
            "database.unusable",
            State::Mend,
            format!("{}.", sentence(why)),
            "Start the database, or correct DATABASE_URL.",
        ),
    };
    (found, state, Words { title: "Database", says, mend: mend.to_owned() })
}

/// With a capital letter, as sentences begin.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}
