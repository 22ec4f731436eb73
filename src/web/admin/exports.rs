//! All users as a file: `GET /api/export` and `/admin/users/export`.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use futures_util::stream;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::{Caller, words};
use crate::app::App;
use crate::transfer::export::{self, Export, Form, Secrets};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::curl;
use crate::web::form::{FieldErrors, yes_or_no};
use crate::web::headers::no_store;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// `jsonl`, which it is when left out, or `csv`.
    #[serde(default)]
    format: String,
    /// Whether password hashes and the secrets of authenticator apps go along, `true` or `false`. Left out, they do for a person
    /// who holds every permission and has just proved who they are.
    secrets: Option<String>,
}

impl ExportQuery {
    fn read(&self) -> Result<(Form, Option<Secrets>), Refusal> {
        let form = if self.format.is_empty() { Some(Form::Jsonl) } else { Form::named(&self.format) };
        let secrets = self.secrets.as_deref().map(|word| match yes_or_no(word) {
            Some(true) => Ok(Secrets::With),
            Some(false) => Ok(Secrets::Without),
            None => Err(Refusal::wrong("secrets", |t| t.refused.true_or_false)),
        });
        let form = form.ok_or_else(|| Refusal::wrong("format", |t| t.may_be(&Form::ALL.map(Form::name))))?;
        Ok((form, secrets.transpose()?))
    }
}

#[utoipa::path(get, path = "/api/export", tag = "Import and export", summary = "All users as a file", params(ExportQuery),
    security(("password" = ["users:read"])),
    responses((status = 200, description = "A user a line, in the order of their names; `POST /api/import` takes it back.",
               content((String = "application/jsonl"), (String = "text/csv"))),
              (status = 401, description = "Secrets without a fresh proof."),
              (status = 403, description = "Without users:read; secrets without every permission.")))]
pub async fn export_users(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<ExportQuery>,
) -> Result<HttpResponse, Refusal> {
    send(&app, &caller, &query).await
}

#[derive(Template)]
#[template(path = "admin/export.html")]
struct ExportPage {
    c: Chrome,
    csv: bool,
    /// Whoever holds every permission may take secrets along.
    may_secrets: bool,
    errors: FieldErrors,
}

impl ExportPage {
    async fn new(app: &App, request: &HttpRequest, caller: &Caller, csv: bool) -> Result<Self, Refusal> {
        let may_secrets = export::may_take_secrets(app, caller).await?;
        let asked = if csv { "?format=csv&secrets=false" } else { "?secrets=false" };
        let c = Chrome::new(app, request, Some(caller), Section::AdminUsers)
            .with_command(curl::EXPORT.command_asking(app, asked));
        Ok(Self { c, csv, may_secrets, errors: FieldErrors::default() })
    }
}

/// `GET /admin/users/export`.
pub async fn form_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    Ok(page(StatusCode::OK, &ExportPage::new(&app, &request, &caller, false).await?))
}

/// `POST /admin/users/export`: the file.
pub async fn download_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let text = |name| fields.text(name).unwrap_or_default();
    // A box that is not ticked is not sent.
    let secrets = fields.text("secrets").filter(|word| !word.is_empty()).unwrap_or_else(|| "false".to_owned());
    let asked = ExportQuery { format: text("format"), secrets: Some(secrets) };
    match send(&app, &caller, &asked).await {
        Err(refusal) if !refusal.errors.is_empty() => {
            let status = refusal.kind.status();
            let errors = FieldErrors::from_refusal(refusal)?;
            let shown = ExportPage::new(&app, &request, &caller, asked.format == "csv").await?;
            Ok(page(status, &ExportPage { errors, ..shown }))
        }
        sent => sent,
    }
}

/// Streams the file: what breaks off on the way ends the connection, so that nobody takes a part for the whole.
async fn send(app: &App, caller: &Caller, asked: &ExportQuery) -> Result<HttpResponse, Refusal> {
    let (form, secrets) = asked.read()?;
    let begun = export::begin(app, caller, form, secrets).await?;
    let next = |(app, mut export): (App, Export)| async move {
        let text = export.next(&app).await.map_err(|fault| Refusal::fault(&fault))?;
        Ok::<_, actix_web::Error>(text.map(|text| (web::Bytes::from(text), (app, export))))
    };
    let name = format!("attachment; filename=\"users-{}.{}\"", &app.now().rfc3339()[..10], form.name());
    let mut answer = HttpResponse::Ok()
        .content_type(form.media_type())
        .insert_header((CONTENT_DISPOSITION, name))
        .streaming(stream::try_unfold((app.clone(), begun), next));
    no_store(answer.headers_mut());
    Ok(answer)
}
