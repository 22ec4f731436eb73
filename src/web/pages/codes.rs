//! Recovery codes, shown this once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::next_path;
use super::onward::HOME;
use crate::app::App;
use crate::credentials::factors;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, page};
use crate::web::form::see_other;
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

#[derive(Template)]
#[template(path = "pages/codes.html")]
struct CodesPage {
    c: Chrome,
    codes: Vec<String>,
    /// Where one goes on to.
    next: String,
}

/// The page; nobody can look at it again.
pub fn codes_page(c: Chrome, codes: Vec<String>, next: String) -> HttpResponse {
    page(StatusCode::OK, &CodesPage { c, codes, next })
}

/// `POST /account/factors/kept`: somebody has put their codes away.
pub async fn keep(app: web::Data<App>, Resident(caller): Resident, fields: Fields) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    factors::keep_recovery_codes(&app, &caller).await?;
    let next = next_path(fields.text("next"));
    Ok(see_other(next.as_deref().unwrap_or(HOME)))
}
