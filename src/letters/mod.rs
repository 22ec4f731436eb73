//! Roof: from a letter in the outbox to the mail that goes out: its words, in the recipient's language, as text and as HTML.
//! Links begin with `PUBLIC_URL` and with nothing that a request said.

use askama::Template;

use crate::app::App;
use crate::outbox::{Due, Kind};
use crate::platform::mail::Mail;
use crate::texts::device::Device;
use crate::texts::{Language, Texts, negotiate};

/// What both forms of a letter are made of.
struct Words {
    lang: &'static str,
    product: &'static str,
    subject: &'static str,
    hello: String,
    says: String,
    link: &'static str,
    url: String,
    or_type: &'static str,
    code: Option<String>,
    facts: Vec<(&'static str, String)>,
    ends: String,
    why: String,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct AsText<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct AsHtml<'a> {
    w: &'a Words,
}

/// Writes a letter.
///
/// # Errors
/// What an administrator should know: then it can't be sent.
pub fn write(app: &App, due: &Due) -> Result<Mail, String> {
    if due.kind.has_secret() && due.secret.is_none() {
        return Err("its link can't be opened: SECRET_KEY is another than when it was posted".to_owned());
    }
    let words = words(app, due);
    let in_words = |error: askama::Error| format!("it can't be written: {error}");
    Ok(Mail {
        id: due.id.as_str().to_owned(),
        to: due.to.clone(),
        subject: words.subject.to_owned(),
        text: AsText { w: &words }.render().map_err(in_words)?,
        html: AsHtml { w: &words }.render().map_err(in_words)?,
        at: due.posted_at,
    })
}

fn words(app: &App, due: &Due) -> Words {
    let set = app.config.language.as_deref().and_then(|language| language.parse::<Language>().ok());
    let language = negotiate(set, Some(&due.languages));
    let t = language.texts();
    let letter = t.mail.letters.of(due.kind);
    let code = due.secret.as_ref().and_then(|secret| secret.code.as_ref());
    Words {
        lang: language.code(),
        product: "Vestibule",
        subject: letter.subject,
        hello: t.mail.letters.hello(&due.about.username),
        says: filled(t, letter.says, due),
        link: letter.link,
        url: app.config.public_url.join(&path(due)),
        or_type: t.mail.letters.or_type,
        code: code.map(|code| code.spaced()),
        facts: facts(t, due),
        ends: filled(t, letter.ends, due),
        why: t.mail.letters.why(due.kind, app.config.public_url.host()),
    }
}

fn filled(t: &Texts, pattern: &str, due: &Due) -> String {
    let other = due.about.other.as_deref();
    // Never a name that somebody gave it: who comes in by stealth would write the mail.
    let factor = due.about.factor.as_deref().map(|factor| match factor {
        "passkey" => t.passkeys.one,
        "recovery_code" => t.factors.codes,
        _ => t.factors.app,
    });
    // Each pattern has one of the two, so that nothing that is filled in is filled in again.
    match pattern.contains("{other}") {
        true => pattern.replace("{other}", other.unwrap_or_default()),
        false => pattern.replace("{factor}", factor.unwrap_or_default()),
    }
}

/// Where the link leads. The token is made of letters, digits, hyphens and underscores.
fn path(due: &Due) -> String {
    let token = due.secret.as_ref().map_or("", |secret| secret.token.reveal());
    match due.kind {
        Kind::VerifyAddress | Kind::ChangeAddress => format!("/verify?code={token}"),
        Kind::ResetPassword => format!("/reset?code={token}"),
        Kind::Invitation => format!("/signup?code={token}"),
        Kind::NewDevice => format!("/not-me?code={token}"),
        Kind::AddressChanged => "/login".to_owned(),
        Kind::AddressChangeAsked
        | Kind::PasswordChanged
        | Kind::FactorAdded
        | Kind::FactorRemoved
        | Kind::RecoveryCodeUsed => "/forgot".to_owned(),
    }
}

/// From where it was done, and when.
fn facts(t: &'static Texts, due: &Due) -> Vec<(&'static str, String)> {
    let l = &t.mail.letters;
    let device = due.about.user_agent.as_deref().map(|said| Device::read(said).in_words(t));
    let when = due.posted_at.rfc3339().replace('T', " ").replace('Z', " UTC");
    let all = [(l.device, device), (l.place, due.about.source.clone()), (l.when, Some(when))];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
