//! Proving once more that it is oneself, before something dangerous; then going on to it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::factor::wrong;
use super::next_path;
use super::onward::HOME;
use crate::access::Caller;
use crate::app::App;
use crate::credentials::{factors, passkeys};
use crate::platform::secret::Password;
use crate::signin;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page, page_again};
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
    /// Where passkeys work, for whoever has one.
    passkeys_at: Option<String>,
    errors: FieldErrors,
}

impl ConfirmPage {
    async fn blank(app: &App, request: &HttpRequest, caller: &Caller, next: Option<String>) -> Result<Self, Refusal> {
        let held = factors::own(app, caller).await?;
        Ok(Self {
            c: Chrome::new(app, request, Some(caller), Section::None),
            username: caller.username.clone(),
            next,
            asks_for_factor: held.any(),
            passkeys_at: passkeys::place(app).filter(|_| held.passkeys > 0),
            errors: FieldErrors::default(),
        })
    }
}

#[derive(Deserialize)]
pub struct ConfirmQuery {
    next: Option<String>,
}

/// `GET /confirm`: for a proof that is fresh too, since the second factor may be missing in it.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<ConfirmQuery>,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let next = next_path(query.into_inner().next);
    Ok(page(StatusCode::OK, &ConfirmPage::blank(&app, &request, &caller, next).await?))
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
        Err(refusal) => again(&app, &request, &caller, next, refusal).await,
    }
}

/// The page again, with what was wrong.
pub(super) async fn again(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    next: Option<String>,
    refusal: Refusal,
) -> Result<HttpResponse, Refusal> {
    let (status, wait) = (refusal.kind.status(), refusal.retry_after());
    let blank = ConfirmPage::blank(app, request, caller, next).await?;
    Ok(page_again(status, &ConfirmPage { errors: wrong(refusal)?, ..blank }, wait))
}
