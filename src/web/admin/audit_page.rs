//! `GET /admin/audit`: what happened, in plain words, and whether that is proven.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::audit::AuditQuery;
use crate::access::words;
use crate::app::App;
use crate::audit::{self, Check, Entry, Fact, Person};
use crate::platform::hex::hex;
use crate::texts::audit::finding;
use crate::web::chrome::{Chrome, EventRow, Section, When, page};
use crate::web::curl;
use crate::web::form::see_other;
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

/// Fewer than programs get: all that is known of each entry stands on the page, folded.
const PAGE: usize = 20;
const HERE: &str = "/admin/audit";
const EXPORT: &str = "/admin/audit/export";

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    c: Chrome,
    query: AuditQuery,
    filtered: bool,
    groups: Vec<Group>,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    export: String,
    proof: Option<Proof>,
    /// Whether the log can be proven while somebody waits.
    soon: bool,
    retention: String,
    /// Whether the pages of users are open to whoever asks.
    may_open: bool,
}

/// Kinds that begin alike.
struct Group {
    name: String,
    /// `signin.`
    all: String,
    kinds: Vec<&'static str>,
}

/// An entry, and all there is to say about it.
struct Row {
    told: EventRow,
    seq: i64,
    actor: Option<Linked>,
    subject: Option<Linked>,
    session: Option<String>,
    request: String,
    detail: Vec<(String, String)>,
    hash: Option<String>,
}

struct Linked {
    id: String,
    name: String,
    /// Whether there is a page about them: the console has none.
    is_user: bool,
}

/// What the last proof came to.
struct Proof {
    at: When,
    from: i64,
    to: i64,
    checkpoints: usize,
    finding: Option<String>,
}

impl Proof {
    fn new(c: &Chrome, check: &Check) -> Self {
        Self {
            at: c.when(check.at),
            from: check.from,
            to: check.to,
            checkpoints: check.checkpoints,
            finding: check.finding.map(|found| finding(c.language(), found)),
        }
    }
}

impl Linked {
    fn new(person: &Person) -> Self {
        Self { id: person.id.as_str().to_owned(), name: person.name.clone(), is_user: person.id.bytes().is_some() }
    }
}

impl Row {
    fn new(c: &Chrome, entry: Entry) -> Self {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self {
            seq: entry.seq,
            actor: entry.actor.as_ref().map(Linked::new),
            subject: entry.subject.as_ref().map(Linked::new),
            session: entry.session.as_ref().map(|session| session.as_str().to_owned()),
            request: entry.request_id.as_str().to_owned(),
            detail: entry.detail.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
            hash: entry.hash.as_deref().map(hex),
            told: c.event(entry),
        }
    }
}

/// Every kind there is, by the word before the dot, in the order of their names.
fn groups(c: &Chrome) -> Vec<Group> {
    let mut kinds: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
    for word in Fact::ALL.iter().map(|fact| fact.word()) {
        kinds.entry(word.split('.').next().unwrap_or(word)).or_default().push(word);
    }
    let group = |(first, kinds)| Group { name: c.t.audit.group(first), all: format!("{first}."), kinds };
    kinds.into_iter().map(group).collect()
}

/// The page.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let query = query.into_inner();
    let (filter, asked) = query.read(PAGE)?;
    let found = audit::search(&app, &caller, filter, asked).await?;
    let check = audit::last_check(&app, &caller).await?;
    let soon = audit::soon_proven(&app, &caller).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminAudit)
        .with_command(curl::LIST_AUDIT.command_asking(&app, &query.url("", None)))
        .with_command(soon.then(|| curl::CHECK_AUDIT.command(&app, "")));
    let filtered = query.set().next().is_some();
    let shown = AuditPage {
        groups: groups(&c),
        filtered,
        first: (!query.after.is_empty()).then(|| query.url(HERE, None)),
        next: found.next.map(|cursor| query.url(HERE, Some(&cursor))),
        export: query.url(EXPORT, None),
        // Before the first entry there was nothing to prove.
        proof: check
            .filter(|check| check.finding.is_some() || check.to >= check.from)
            .map(|check| Proof::new(&c, &check)),
        soon,
        retention: c.t.audit.kept(app.config.audit_retention.map(|kept| kept.as_secs() / 86_400)),
        may_open: caller.may(words::USERS_READ),
        rows: found.items.into_iter().map(|entry| Row::new(&c, entry)).collect(),
        query,
        c,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `POST /admin/audit/check`: what it comes to stands on the page.
pub async fn check(app: web::Data<App>, Resident(caller): Resident) -> Result<HttpResponse, Refusal> {
    audit::check_now(&app, &caller).await?;
    Ok(see_other(HERE))
}
