//! One's own password.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::credentials;
use crate::platform::secret::Password;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page, page_again};
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

#[derive(Template)]
#[template(path = "pages/password.html")]
struct PasswordPage {
    c: Chrome,
    username: String,
    errors: FieldErrors,
}

/// `GET /account/password`.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must_be_fresh(app.now())?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    let blank = PasswordPage { c, username: caller.username.clone(), errors: FieldErrors::default() };
    Ok(page(StatusCode::OK, &blank))
}

/// `POST /account/password`.
pub async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let typed = |name| Password::new(fields.text(name).unwrap_or_default());
    let (current, new) = (typed("current_password"), typed("new_password"));
    match credentials::change_own(&app, &caller, current, new).await.map_err(Refusal::from) {
        Ok(()) => Ok(see_other(&Notice::PasswordChanged.on("/account"))),
        Err(refusal) => {
            let (status, wait) = (refusal.kind.status(), refusal.retry_after());
            let errors = FieldErrors::from_refusal(refusal)?;
            let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
            Ok(page_again(status, &PasswordPage { c, username: caller.username.clone(), errors }, wait))
        }
    }
}
