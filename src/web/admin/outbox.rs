//! What goes out to people: `/api/outbox` and `/admin/outbox`. Never a link or a code.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::words;
use crate::app::App;
use crate::outbox::{self, Entry, State};
use crate::platform::ids::LetterId;
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::web::chrome::{Chrome, Section, When, page as render};
use crate::web::curl;
use crate::web::form::{Notice, see_other};
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

const HERE: &str = "/admin/outbox";

fn asked(query: &PageQuery) -> Result<(usize, Option<Cursor>), Refusal> {
    query.part(|cursor| (cursor.order == "outbox").then_some(cursor))
}

/// A mail as programs see it.
#[derive(Serialize, ToSchema)]
pub struct LetterJson {
    #[schema(value_type = String)]
    id: LetterId,
    #[schema(example = "reset_password")]
    kind: &'static str,
    to: String,
    /// `waiting`, `sent` or `failed`.
    state: &'static str,
    tries: i64,
    #[schema(value_type = String, format = "date-time")]
    posted_at: UnixTime,
    /// When it is tried next; null where it is not.
    #[schema(value_type = Option<String>, format = "date-time")]
    next_try_at: Option<UnixTime>,
    #[schema(value_type = Option<String>, format = "date-time")]
    settled_at: Option<UnixTime>,
    last_error: Option<String>,
}

impl From<Entry> for LetterJson {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            kind: entry.kind.word(),
            to: entry.to,
            state: entry.state.word(),
            tries: entry.tries,
            posted_at: entry.posted_at,
            next_try_at: (entry.state == State::Waiting).then_some(entry.due_at),
            settled_at: entry.settled_at,
            last_error: entry.last_error,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct LetterList {
    items: Vec<LetterJson>,
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/outbox", tag = "Users", summary = "Mails, the newest first", params(PageQuery),
    security(("password" = ["users:write"])),
    responses((status = 200, body = LetterList, description = "A page of mails, and what became of each."),
              (status = 403, description = "Without users:write."), (status = 422, description = "A parameter means nothing.")))]
pub async fn mails(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let (limit, after) = asked(&query)?;
    let Page { items, next } = outbox::list(&app, &caller, after, limit).await?;
    let list = LetterList {
        items: items.into_iter().map(LetterJson::from).collect(),
        next: next.map(|cursor| cursor.encode()),
    };
    Ok(HttpResponse::Ok().json(list))
}

#[utoipa::path(post, path = "/api/outbox/{id}/resend", tag = "Users", summary = "Send a mail now",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 202, description = "It is tried now."), (status = 403, description = "Without users:write."),
              (status = 404, description = "There is no such mail."),
              (status = 409, description = "Its link is gone: it was sent, or has expired.")))]
pub async fn send_mail_now(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    outbox::resend(&app, &caller, LetterId::from_outside(id.into_inner())).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// `POST /admin/outbox/ID/resend`.
pub async fn resend_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    outbox::resend(&app, &caller, LetterId::from_outside(id.into_inner())).await?;
    Ok(see_other(&Notice::OnItsWay.on(HERE)))
}

#[derive(Template)]
#[template(path = "admin/outbox.html")]
struct OutboxPage {
    c: Chrome,
    /// The folder that mails are written to, where no server is set.
    folder: Option<String>,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

struct Row {
    id: String,
    to: String,
    subject: &'static str,
    state: State,
    tries: i64,
    posted: When,
    error: Option<String>,
    can_be_sent: bool,
}

/// `GET /admin/outbox`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let (limit, after) = asked(&query)?;
    let is_first = after.is_none();
    let Page { items, next } = outbox::list(&app, &caller, after, limit).await?;
    let can_be_sent = items.iter().find(|entry| entry.can_be_sent);
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminOutbox)
        .with_command(curl::LIST_MAILS.command(&app, ""))
        .with_command(can_be_sent.map(|entry| curl::RESEND_MAIL.command(&app, entry.id.as_str())));
    let row = |entry: Entry| Row {
        subject: c.t.mail.letters.of(entry.kind).subject,
        posted: c.when(entry.posted_at),
        id: entry.id.as_str().to_owned(),
        to: entry.to,
        state: entry.state,
        tries: entry.tries,
        error: entry.last_error,
        can_be_sent: entry.can_be_sent,
    };
    let shown = OutboxPage {
        folder: app.mailer.folder().map(|folder| folder.display().to_string()),
        rows: items.into_iter().map(row).collect(),
        first: (!is_first).then(|| query.url(HERE, None)),
        next: next.map(|cursor| query.url(HERE, Some(&cursor))),
        c,
    };
    Ok(render(StatusCode::OK, &shown))
}
