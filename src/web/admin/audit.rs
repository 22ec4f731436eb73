//! The audit log: `GET /api/audit`, as a page of JSON or all that fits as JSON lines. The page for people is in `audit_page.rs`.

use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use futures_util::stream::unfold;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Caller, words};
use crate::app::App;
use crate::audit::{self, Asked, Entry, Export, Fact, Filter, Line, Place, Who};
use crate::platform::ids::{RequestId, SessionId};
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::web::headers::no_store;
use crate::web::paging;
use crate::web::refuse::{FieldProblem, Refusal};
use crate::web::who::{Resident, SignedIn};

const PAGE: usize = 50;
const LINES: &str = "application/x-ndjson";

/// Which entries, as the URL says it: those that fit all of it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Who did it: the id of a user, or the name that they had then.
    #[serde(default)]
    pub actor: String,
    /// Whom it concerns: likewise.
    #[serde(default)]
    pub subject: String,
    /// What happened: `signin.failed`, several with commas between, or all that begin with a word: `signin.`
    #[serde(default)]
    pub kind: String,
    /// From this moment on (RFC 3339, or a date).
    #[serde(default)]
    pub from: String,
    /// Up to this moment; a date means to its end.
    #[serde(default)]
    pub to: String,
    /// From where, exactly.
    #[serde(default)]
    pub address: String,
    /// The `X-Request-Id` of an answer.
    #[serde(default)]
    pub request_id: String,
    /// A session, by its `sid`.
    #[serde(default)]
    pub session: String,
    /// How many at the most, up to 200.
    #[serde(default)]
    limit: String,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: String,
}

impl AuditQuery {
    /// What is meant; so many entries where no number is named.
    ///
    /// # Errors
    /// 422 that names each value that means nothing.
    pub fn read(&self, entries: usize) -> Result<(Filter, Asked), Refusal> {
        // No text of a database has a NUL in it.
        let nul = |name| FieldProblem::new(name, |t| t.refused.no_such_character);
        let mut wrong: Vec<_> = self.set().filter(|(_, text)| text.contains('\0')).map(|(name, _)| nul(name)).collect();
        let limit = paging::limit(&self.limit, entries).map_err(|problem| wrong.push(problem));
        let after = paging::after(&self.after, |cursor| Place::at(&cursor)).map_err(|problem| wrong.push(problem));
        let facts = kinds(&self.kind).map_err(|problem| wrong.push(problem));
        let from = moment("from", &self.from).map_err(|problem| wrong.push(problem));
        let to = moment("to", &self.to).map_err(|problem| wrong.push(problem));
        let filter = Filter {
            actor: given(&self.actor).map(Who::named),
            subject: given(&self.subject).map(Who::named),
            facts: facts.unwrap_or_default(),
            from: from.unwrap_or_default().map(|(from, _)| from),
            until: to.unwrap_or_default().map(|(_, until)| until),
            address: given(&self.address).map(str::to_owned),
            session: given(&self.session).map(SessionId::from_outside),
            request: given(&self.request_id).map(RequestId::from_outside),
        };
        match (limit, after) {
            (Ok(limit), Ok(after)) if wrong.is_empty() => Ok((filter, Asked { after, limit })),
            _ => Err(Refusal::invalid(wrong)),
        }
    }

    /// The parts of the filter that are set, by name.
    pub fn set(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("actor", &self.actor),
            ("subject", &self.subject),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
            ("address", &self.address),
            ("request_id", &self.request_id),
            ("session", &self.session),
        ];
        all.into_iter().filter_map(|(name, text)| given(text).map(|text| (name, text)))
    }

    /// The same filter at another address, from a place on.
    pub fn url(&self, path: &str, after: Option<&Cursor>) -> String {
        let after = after.map(Cursor::encode).unwrap_or_default();
        paging::url(path, self.set().chain([("limit", self.limit.as_str()), ("after", &after)]))
    }
}

/// A field of a form that was left empty is none.
fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn kinds(text: &str) -> Result<Vec<Fact>, FieldProblem> {
    let mut facts = Vec::new();
    for word in text.split(',').filter_map(given) {
        let named = audit::facts_named(word);
        if named.is_empty() {
            return Err(FieldProblem::new("kind", |t| t.refused.kinds));
        }
        facts.extend(named.into_iter().filter(|fact| !facts.contains(fact)).collect::<Vec<_>>());
    }
    Ok(facts)
}

/// A moment, and the one by which it is over: a date alone is a whole day.
fn moment(field: &'static str, text: &str) -> Result<Option<(UnixTime, UnixTime)>, FieldProblem> {
    const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);
    const INSTANT: std::time::Duration = std::time::Duration::from_millis(1);
    let Some(text) = given(text) else { return Ok(None) };
    let day = UnixTime::parse_day(text).map(|moment| (moment, moment.plus(DAY)));
    let read = || UnixTime::parse(text).or_else(|| UnixTime::parse_local(text));
    let span = day.or_else(|| read().map(|moment| (moment, moment.plus(INSTANT))));
    span.map(Some).ok_or_else(|| FieldProblem::new(field, |t| t.refused.moment))
}

/// One page of the audit log.
#[derive(Serialize, ToSchema)]
pub struct AuditList {
    items: Vec<Line>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/audit", tag = "Audit", summary = "What happened, the newest first", params(AuditQuery),
    security(("password" = ["audit:read"])),
    responses((status = 200, content((AuditList = "application/json"), (String = "application/x-ndjson")),
               description = "A page of entries; with Accept: application/x-ndjson all that fit, a line of JSON each."),
              (status = 403, description = "Without audit:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn audit_log(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let (filter, asked) = query.read(PAGE)?;
    if wants_lines(request.headers()) {
        return lines(&app, &caller, filter);
    }
    let Page { items, next } = audit::search(&app, &caller, filter, asked).await?;
    let items = items.into_iter().map(Line::from).collect();
    let mut answer = HttpResponse::Ok().json(AuditList { items, next: next.map(|cursor| cursor.encode()) });
    no_store(answer.headers_mut());
    Ok(answer)
}

/// `GET /admin/audit/export`: the same as a file.
pub async fn export(
    app: web::Data<App>,
    Resident(caller): Resident,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let (filter, _) = query.read(PAGE)?;
    let mut answer = lines(&app, &caller, filter)?;
    let name = HeaderValue::from_static("attachment; filename=\"vestibule-audit.jsonl\"");
    answer.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(answer)
}

fn wants_lines(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains(LINES))
}

/// All that fit, read part by part while it is sent. Where that fails in the middle, the connection breaks off: what ends in
/// order is whole.
fn lines(app: &App, caller: &Caller, filter: Filter) -> Result<HttpResponse, Refusal> {
    let export = Export::begin(app, caller, filter)?;
    let parts = unfold(export, |mut export| async {
        match export.next().await {
            Ok(part) if part.is_empty() => None,
            Ok(part) => Some((Ok(as_lines(part)), export)),
            Err(fault) => Some((Err(Error::from(Refusal::from(fault))), export)),
        }
    });
    let mut answer = HttpResponse::Ok().content_type(LINES).streaming(Box::pin(parts));
    no_store(answer.headers_mut());
    Ok(answer)
}

fn as_lines(part: Vec<Entry>) -> Bytes {
    let line = |entry| format!("{}\n", serde_json::to_string(&Line::from(entry)).unwrap_or_default());
    Bytes::from(part.into_iter().map(line).collect::<String>())
}
