//! Proving once more that it is oneself, before something dangerous; then going on to it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::next_path;
use super::onward::HOME;
use crate::app::App;
use crate::platform::secret::Password;
use crate::signin;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::{FieldErrors, see_other};
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

#[derive(Template)]
#[template(path = "pages/confirm.html")]
struct ConfirmPage {
    c: Chrome,
    /// For password managers, which fill in by it.
    username: String,
    next: Option<String>,
    asks_for_factor: bool,
    errors: FieldErrors,
}

#[derive(Deserialize)]
pub struct ConfirmQuery {
    next: Option<String>,
}

/// `GET /confirm`. Whose proof is fresh goes on at once.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<ConfirmQuery>,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let next = next_path(query.into_inner().next);
    let asked = ConfirmPage {
        c: Chrome::new(&app, &request, Some(&caller), Section::None),
        username: caller.username.clone(),
        next,
        asks_for_factor: signin::asks_for_factor(&app, &caller).await?,
        errors: FieldErrors::default(),
    };
    Ok(page(StatusCode::OK, &asked))
}

/// `POST /confirm`.
pub async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let next = next_path(fields.text("next"));
    let password = Password::new(fields.text("password").unwrap_or_default());
    let code = fields.text("otp").unwrap_or_default();
    match signin::confirm(&app, &caller, password, code).await.map_err(Refusal::from) {
        Ok(()) => Ok(see_other(next.as_deref().unwrap_or(HOME))),
        Err(refusal) => {
            let status = refusal.kind.status();
            let again = ConfirmPage {
                c: Chrome::new(&app, &request, Some(&caller), Section::None),
                username: caller.username.clone(),
                next,
                asks_for_factor: signin::asks_for_factor(&app, &caller).await?,
                errors: FieldErrors::from_refusal(refusal)?,
            };
            Ok(page(status, &again))
        }
    }
}
