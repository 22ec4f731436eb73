//! `GET /admin`: what happened lately.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::access::words;
use crate::app::App;
use crate::audit;
use crate::web::chrome::{Chrome, EventRow, Section, page};
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

const SHOWN: usize = 25;
/// Fewer events than these, and the installation is young.
const YOUNG: usize = 4;

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    c: Chrome,
    events: Vec<EventRow>,
    first_steps: bool,
}

pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let entries = match caller.may(words::AUDIT_READ) {
        true => audit::latest(&app, &caller, None, SHOWN).await?,
        false => Vec::new(),
    };
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminOverview);
    let first_steps = entries.len() < YOUNG;
    let overview = OverviewPage { events: c.events(entries), first_steps, c };
    Ok(page(StatusCode::OK, &overview))
}
