//! What an operator should mend: `/api/health-report` and `/admin/health`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::health::{self, Finding, State};
use crate::texts::{self, Language};
use crate::web::chrome::{Chrome, Section, page as render};
use crate::web::curl;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

/// What one check has found.
#[derive(Serialize, ToSchema)]
pub struct FindingJson {
    #[schema(example = "limits.off")]
    found: &'static str,
    /// `good`, `look` (is it meant?) or `mend`.
    state: &'static str,
    /// One sentence.
    says: String,
    /// What to do; empty where all is good.
    mend: String,
}

#[derive(Serialize, ToSchema)]
pub struct HealthReport {
    version: &'static str,
    /// The gravest of all.
    state: &'static str,
    /// The gravest first.
    items: Vec<FindingJson>,
}

#[utoipa::path(get, path = "/api/health-report", tag = "Installation", summary = "What an operator should mend",
    security(("password" = ["settings:read"])),
    responses((status = 200, body = HealthReport, description = "Every check, with what it found and what to do."),
              (status = 403, description = "Without settings:read.")))]
pub async fn health_report(app: web::Data<App>, SignedIn(caller): SignedIn) -> Result<HttpResponse, Refusal> {
    let report = health::report(&app, &caller).await?;
    let json = |finding: &Finding| {
        let words = texts::finding(Language::En, finding);
        FindingJson { found: finding.word(), state: finding.state().word(), says: words.says, mend: words.mend }
    };
    let items = report.findings.iter().map(json).collect();
    Ok(HttpResponse::Ok().json(HealthReport { version: report.version, state: report.state().word(), items }))
}

#[derive(Template)]
#[template(path = "admin/health.html")]
struct HealthPage {
    c: Chrome,
    version: &'static str,
    state: State,
    /// What is to be mended or looked at.
    open: Vec<Row>,
    good: Vec<Row>,
}

struct Row {
    state: State,
    title: &'static str,
    says: String,
    mend: String,
}

/// `GET /admin/health`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let report = health::report(&app, &caller).await?;
    let c =
        Chrome::new(&app, &request, Some(&caller), Section::AdminHealth).with_command(curl::HEALTH.command(&app, ""));
    let row = |finding: &Finding| {
        let words = texts::finding(c.language(), finding);
        Row { state: finding.state(), title: words.title, says: words.says, mend: words.mend }
    };
    let rows: Vec<Row> = report.findings.iter().map(row).collect();
    let (good, open) = rows.into_iter().partition(|row| row.state == State::Good);
    let shown = HealthPage { version: report.version, state: report.state(), open, good, c };
    Ok(render(StatusCode::OK, &shown))
}
