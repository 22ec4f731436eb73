//! The pages of `imports.rs`: `/admin/users/import`.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use futures_util::stream;

use super::imports::{RowsQuery, WishQuery, import_id, rows_of};
use crate::access::Caller;
use crate::app::App;
use crate::platform::ids::ImportId;
use crate::transfer::job::{self, Asked, Import, State};
use crate::transfer::{FORMATS, Kind as Verdicts, NewRoles, Verdict};
use crate::web::chrome::{Chrome, Section, When, page};
use crate::web::curl;
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::headers::no_store;
use crate::web::paging;
use crate::web::refuse::{Kind, Refusal};
use crate::web::upload::receive;
use crate::web::who::Resident;

/// Rows of a report that are read at a time for a file.
const PIECE: usize = 1000;

#[derive(Template)]
#[template(path = "admin/imports.html")]
struct ImportsPage {
    c: Chrome,
    errors: FieldErrors,
    formats: Vec<(&'static str, &'static str)>,
    format: String,
    create_roles: bool,
    rows: Vec<ImportRow>,
}

/// An import as a list shows it.
pub struct ImportRow {
    pub id: String,
    pub file_name: String,
    pub by: String,
    pub state: State,
    pub made: u64,
    pub kept: u64,
    pub refused: u64,
    pub at: When,
}

impl ImportsPage {
    async fn read(app: &App, request: &HttpRequest, caller: &Caller) -> Result<Self, Refusal> {
        let recent = job::recent(app, caller).await?;
        let c = Chrome::new(app, request, Some(caller), Section::AdminUsers)
            .with_command(curl::IMPORT.command_sending(app, "?dry_run=true", "users.jsonl"))
            .with_command(curl::LIST_IMPORTS.command(app, ""));
        let rows = recent.into_iter().map(|import| ImportRow {
            id: import.id.as_str().to_owned(),
            at: c.when(import.created_at),
            state: import.state,
            made: import.tally.made(),
            kept: import.tally.kept,
            refused: import.tally.refused,
            by: import.by,
            file_name: import.file_name,
        });
        let formats = FORMATS.iter().map(|(name, _)| (*name, c.t.transfer.format(name))).collect();
        Ok(Self {
            rows: rows.collect(),
            formats,
            errors: FieldErrors::default(),
            format: String::new(),
            create_roles: false,
            c,
        })
    }
}

/// `GET /admin/users/import`. The proof is asked for here, before somebody has sent a gigabyte.
pub async fn form_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    job::may_import(&app, &caller)?;
    Ok(page(StatusCode::OK, &ImportsPage::read(&app, &request, &caller).await?))
}

/// `POST /admin/users/import`: always looked through first.
pub async fn send_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let _turn = job::may_send(&app, &caller).await?;
    let mut asked = WishQuery::default();
    match take(&app, &request, &caller, payload, &mut asked).await {
        Ok(import) => Ok(see_other(&format!("/admin/users/import/{}", import.id))),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let status = refusal.kind.status();
            let errors = FieldErrors::from_refusal(refusal)?;
            let shown = ImportsPage::read(&app, &request, &caller).await?;
            let create_roles = !asked.create_roles.is_empty();
            Ok(page(status, &ImportsPage { errors, create_roles, format: asked.format, ..shown }))
        }
        Err(refusal) => Err(refusal),
    }
}

async fn take(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    payload: web::Payload,
    asked: &mut WishQuery,
) -> Result<Import, Refusal> {
    let mut received = receive(app, request, payload).await?;
    let mut field = |name: &str| received.fields.remove(name).unwrap_or_default();
    *asked = WishQuery { format: field("format"), dry_run: "true".into(), create_roles: field("create_roles") };
    Ok(job::begin(app, caller, asked.sent(received)?).await?)
}

#[derive(Template)]
#[template(path = "admin/import.html")]
struct ImportPage {
    c: Chrome,
    id: String,
    file_name: String,
    format: &'static str,
    create_roles: bool,
    by: String,
    at: When,
    state: State,
    percent: u64,
    taken: u64,
    converted: u64,
    kept: u64,
    refused: u64,
    failure: Option<String>,
    verdict: String,
    rows: Vec<Verdict>,
    first: Option<String>,
    next: Option<String>,
}

/// `GET /admin/users/import/ID`.
pub async fn one_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
    query: web::Query<RowsQuery>,
) -> Result<HttpResponse, Refusal> {
    let import = job::look(&app, &caller, import_id(id)).await?;
    let (rows, next) = rows_of(&app, &caller, import.id.clone(), query.asked()?).await?;
    let waits = (import.state == State::Checked).then(|| curl::RUN_IMPORT.command(&app, import.id.as_str()));
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminUsers)
        .with_command(curl::LIST_ROWS.command(&app, import.id.as_str()))
        .with_command(waits)
        .with_command(curl::DISCARD_IMPORT.command(&app, import.id.as_str()));
    let here = format!("/admin/users/import/{}", import.id);
    let url = |after: &str| paging::url(&here, [("verdict", query.verdict.as_str()), ("after", after)]);
    let shown = ImportPage {
        percent: import.percent(),
        id: import.id.as_str().to_owned(),
        format: c.t.transfer.format(import.format.name()),
        create_roles: import.new_roles == NewRoles::Create,
        at: c.when(import.created_at),
        state: import.state,
        taken: import.tally.imported,
        converted: import.tally.converted,
        kept: import.tally.kept,
        refused: import.tally.refused,
        by: import.by,
        file_name: import.file_name,
        failure: import.failure,
        first: (!query.after.is_empty()).then(|| url("")),
        next: next.map(|row| url(&row.to_string())),
        verdict: query.verdict.clone(),
        rows,
        c,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `POST /admin/users/import/ID/run`.
pub async fn run_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let import = job::run(&app, &caller, import_id(id)).await?;
    Ok(see_other(&format!("/admin/users/import/{}", import.id)))
}

/// `POST /admin/users/import/ID/discard`.
pub async fn discard_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    job::discard(&app, &caller, import_id(id)).await?;
    Ok(see_other(&Notice::ImportDiscarded.on("/admin/users/import")))
}

/// `GET /admin/users/import/ID/report`: every row that was not simply taken, as a table.
pub async fn report(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let import = job::look(&app, &caller, import_id(id)).await?;
    let begun = (app.get_ref().clone(), caller, import.id.clone(), Some(0));
    let rows = stream::try_unfold(begun, |(app, caller, id, after): (App, Caller, ImportId, Option<u64>)| async move {
        let Some(after) = after else { return Ok(None) };
        let asked = Asked { kind: None, after, limit: PIECE };
        let (found, next) = rows_of(&app, &caller, id.clone(), asked).await?;
        let head = if after == 0 { "row,verdict,who,detail\r\n" } else { "" };
        let text = head.to_owned() + &found.iter().map(line).collect::<String>();
        Ok::<_, actix_web::Error>(Some((web::Bytes::from(text), (app, caller, id, next))))
    });
    let name = format!("attachment; filename=\"import-{}.csv\"", &import.created_at.rfc3339()[..10]);
    let mut answer = HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, name))
        .streaming(rows);
    no_store(answer.headers_mut());
    Ok(answer)
}

fn line(one: &Verdict) -> String {
    let cells = [one.row.to_string(), one.verdict.word().to_owned(), one.who.clone(), one.detail.clone()];
    crate::transfer::export::csv_line(&cells)
}

impl ImportPage {
    fn tone(verdict: &Verdict) -> &'static str {
        match verdict.verdict {
            Verdicts::Imported => "good",
            Verdicts::Converted => "warn",
            Verdicts::Kept => "",
            Verdicts::Refused => "bad",
        }
    }

    fn word(&self, verdict: &Verdict) -> &'static str {
        match verdict.verdict {
            Verdicts::Imported => self.c.t.transfer.imported,
            Verdicts::Converted => self.c.t.transfer.converted,
            Verdicts::Kept => self.c.t.transfer.kept,
            Verdicts::Refused => self.c.t.transfer.refused,
        }
    }
}
