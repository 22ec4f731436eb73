//! Users from files: `/api/import`, `/api/imports`. The pages stand in `imports_page.rs`.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::Caller;
use crate::app::App;
use crate::platform::ids::ImportId;
use crate::platform::time::UnixTime;
use crate::transfer::job::{self, Asked, Import, Sent};
use crate::transfer::{FORMATS, Format, Kind as Verdicts, Mode, NewRoles, Tally, Verdict};
use crate::web::form::yes_or_no;
use crate::web::paging;
use crate::web::refuse::{FieldProblem, Refusal};
use crate::web::upload::{Received, receive};
use crate::web::who::SignedIn;

const ROWS: usize = 100;

pub(super) fn import_id(path: web::Path<String>) -> ImportId {
    ImportId::from_outside(path.into_inner())
}

/// How a file is to be taken, as the URL or a form says it.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WishQuery {
    /// `jsonl`, `csv`, `keycloak`, `auth0`, `supabase`, `authelia` or `django`; seen by the content when left out.
    #[serde(default)]
    pub format: String,
    /// `true`: say what would become of each row, and change nothing until that is asked for.
    #[serde(default)]
    pub dry_run: String,
    /// `true`: make the roles that do not exist; they allow nothing until somebody says what.
    #[serde(default)]
    pub create_roles: String,
}

impl WishQuery {
    /// # Errors
    /// 422 that names each value that means nothing.
    pub fn sent(&self, received: Received) -> Result<Sent, Refusal> {
        let mut wrong = Vec::new();
        let format = Format::named(&self.format);
        if format.is_none() && !self.format.is_empty() {
            wrong.push(FieldProblem::new("format", |t| t.may_be(&FORMATS.map(|(name, _)| name))));
        }
        let mut flag = |field, word: &str| {
            yes_or_no(word).unwrap_or_else(|| {
                wrong.push(FieldProblem::new(field, |t| t.refused.true_or_false));
                false
            })
        };
        let (dry_run, create_roles) = (flag("dry_run", &self.dry_run), flag("create_roles", &self.create_roles));
        if !wrong.is_empty() {
            return Err(Refusal::invalid(wrong));
        }
        Ok(Sent {
            upload: received.upload,
            file_name: received.file_name,
            format,
            new_roles: if create_roles { NewRoles::Create } else { NewRoles::Refuse },
            mode: if dry_run { Mode::Check } else { Mode::Import },
        })
    }
}

/// A file that was sent in, and how far it is.
#[derive(Serialize, ToSchema)]
pub struct ImportJson {
    #[schema(value_type = String)]
    id: ImportId,
    /// `checking`, `checked` (nothing was changed yet), `running`, `done` or `failed`.
    #[schema(example = "running")]
    state: &'static str,
    format: &'static str,
    file_name: String,
    create_roles: bool,
    by: String,
    #[schema(value_type = String, format = "date-time")]
    created_at: UnixTime,
    #[schema(value_type = Option<String>, format = "date-time")]
    finished_at: Option<UnixTime>,
    bytes: u64,
    bytes_done: u64,
    percent: u64,
    imported: u64,
    /// Imported with something changed or left out.
    converted: u64,
    /// There already, and left as they are.
    kept: u64,
    refused: u64,
    failure: Option<String>,
}

impl From<Import> for ImportJson {
    fn from(import: Import) -> Self {
        let Tally { imported, converted, kept, refused } = import.tally;
        Self {
            percent: import.percent(),
            id: import.id,
            state: import.state.word(),
            format: import.format.name(),
            file_name: import.file_name,
            create_roles: import.new_roles == NewRoles::Create,
            by: import.by,
            created_at: import.created_at,
            finished_at: import.finished_at,
            bytes: import.bytes,
            bytes_done: import.bytes_done,
            imported,
            converted,
            kept,
            refused,
            failure: import.failure,
        }
    }
}

#[utoipa::path(post, path = "/api/import", tag = "Import and export", summary = "Send a file of users in", params(WishQuery),
    request_body(content = String, description = "The file itself, or a form with it, up to 1 GB.", content_type = "application/octet-stream"),
    security(("password" = ["users:write"])),
    responses((status = 202, description = "It is gone through; `Location` says how far it is.", body = ImportJson),
              (status = 401, description = "Without a fresh proof."), (status = 403, description = "Without users:write."),
              (status = 409, description = "Five files of the caller are not done with, or two are being sent."),
              (status = 413, description = "Larger than 1 GB."), (status = 422, description = "No file of a kind that is known."),
              (status = 507, description = "The disk has no room for it.")))]
pub async fn import_users(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    query: web::Query<WishQuery>,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let _turn = job::may_send(&app, &caller).await?;
    let received = receive(&app, &request, payload).await?;
    accepted(job::begin(&app, &caller, query.sent(received)?).await?)
}

fn accepted(import: Import) -> Result<HttpResponse, Refusal> {
    let place = format!("/api/imports/{}", import.id);
    Ok(HttpResponse::Accepted().insert_header((LOCATION, place)).json(ImportJson::from(import)))
}

/// The latest imports.
#[derive(Serialize, ToSchema)]
pub struct ImportList {
    items: Vec<ImportJson>,
    /// Always `null`: older ones are forgotten.
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/imports", tag = "Import and export", summary = "The latest imports",
    security(("password" = ["users:write"])),
    responses((status = 200, description = "Newest first.", body = ImportList), (status = 403, description = "Without users:write.")))]
pub async fn imports(app: web::Data<App>, SignedIn(caller): SignedIn) -> Result<HttpResponse, Refusal> {
    let items = job::recent(&app, &caller).await?.into_iter().map(ImportJson::from).collect();
    Ok(HttpResponse::Ok().json(ImportList { items, next: None }))
}

#[utoipa::path(get, path = "/api/imports/{id}", tag = "Import and export", summary = "How far an import is",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 200, description = "The import.", body = ImportJson), (status = 404, description = "There is none.")))]
pub async fn one_import(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Ok().json(ImportJson::from(job::look(&app, &caller, import_id(id)).await?)))
}

#[utoipa::path(post, path = "/api/imports/{id}/run", tag = "Import and export", summary = "Do what a dry run has found out",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 202, description = "It is being done, in the name of the caller.", body = ImportJson),
              (status = 403, description = "Without users:write, or it was sent by somebody who may do more."),
              (status = 409, description = "It does not wait for that.")))]
pub async fn run_import(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    accepted(job::run(&app, &caller, import_id(id)).await?)
}

#[utoipa::path(delete, path = "/api/imports/{id}", tag = "Import and export", summary = "Put an import away, with its report",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 204, description = "Gone. Who was imported stays."),
              (status = 403, description = "Without users:write, or it was sent by somebody who may do more."), (status = 404, description = "There is none.")))]
pub async fn discard_import(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    job::discard(&app, &caller, import_id(id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct RowsQuery {
    /// Only `imported`, `converted`, `kept` or `refused`.
    pub verdict: String,
    /// How many at the most, up to 200.
    pub limit: String,
    /// The `next` of the page before.
    pub after: String,
}

impl RowsQuery {
    /// # Errors
    /// 422 that names each value that means nothing.
    pub fn asked(&self) -> Result<Asked, Refusal> {
        let mut wrong = Vec::new();
        let kind = Verdicts::parse(&self.verdict);
        if kind.is_none() && !self.verdict.is_empty() {
            wrong.push(FieldProblem::new("verdict", |t| t.may_be(&Verdicts::ALL.map(Verdicts::word))));
        }
        let after = if self.after.is_empty() { Some(0) } else { self.after.parse().ok() };
        if after.is_none() {
            wrong.push(FieldProblem::new("after", |t| t.refused.no_cursor));
        }
        let limit = paging::limit(&self.limit, ROWS).map_err(|problem| wrong.push(problem));
        if !wrong.is_empty() {
            return Err(Refusal::invalid(wrong));
        }
        Ok(Asked { kind, after: after.unwrap_or(0), limit: limit.unwrap_or(ROWS) })
    }
}

/// What became of one row.
#[derive(Serialize, ToSchema)]
pub struct RowJson {
    /// Counts from 1; headings and blank lines are no rows.
    row: u64,
    #[schema(example = "kept")]
    verdict: &'static str,
    who: String,
    detail: String,
}

/// A page of a report.
#[derive(Serialize, ToSchema)]
pub struct RowList {
    items: Vec<RowJson>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
}

/// Rows, and whether there are more.
pub(super) async fn rows_of(
    app: &App,
    caller: &Caller,
    id: ImportId,
    asked: Asked,
) -> Result<(Vec<Verdict>, Option<u64>), Refusal> {
    let more = Asked { limit: asked.limit + 1, ..asked };
    let mut found = job::lines(app, caller, id, more).await?;
    let next = (found.len() > asked.limit).then(|| found.truncate(asked.limit));
    let next = next.and_then(|()| found.last()).map(|last| last.row);
    Ok((found, next))
}

#[utoipa::path(get, path = "/api/imports/{id}/rows", tag = "Import and export", summary = "The rows that were not simply taken",
    params(("id" = String, Path), RowsQuery), security(("password" = ["users:write"])),
    responses((status = 200, description = "A page of them, in the order of the file.", body = RowList),
              (status = 404, description = "There is no such import.")))]
pub async fn import_rows(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
    query: web::Query<RowsQuery>,
) -> Result<HttpResponse, Refusal> {
    let import = job::look(&app, &caller, import_id(id)).await?;
    let (found, next) = rows_of(&app, &caller, import.id, query.asked()?).await?;
    let row = |one: Verdict| RowJson { row: one.row, verdict: one.verdict.word(), who: one.who, detail: one.detail };
    let items = found.into_iter().map(row).collect();
    Ok(HttpResponse::Ok().json(RowList { items, next: next.map(|row| row.to_string()) }))
}
