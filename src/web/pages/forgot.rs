//! Somebody has forgotten their password: they say their address, and learn nothing about it here.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::reset::ResetPage;
use crate::accounts::Email;
use crate::app::App;
use crate::credentials;
use crate::texts::Sentence;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::FieldErrors;
use crate::web::refuse::Refusal;
use crate::web::whence::origin_of;

#[derive(Template)]
#[template(path = "pages/forgot.html")]
struct ForgotPage {
    c: Chrome,
    email: String,
    errors: FieldErrors,
}

/// `GET /forgot`.
pub async fn form(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let c = Chrome::new(&app, &request, None, Section::None);
    Ok(page(StatusCode::OK, &ForgotPage { c, email: String::new(), errors: FieldErrors::default() }))
}

/// `POST /forgot` from a browser: on to where the code can be typed, whoever has the address.
pub async fn submit(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let typed = fields.text("email").unwrap_or_default();
    let c = Chrome::new(&app, &request, None, Section::None);
    match Email::parse(&typed) {
        Ok(address) => {
            credentials::ask_reset(&app, &origin_of(&request), address).await?;
            Ok(page(StatusCode::OK, &ResetPage::after_asking(c, typed)))
        }
        Err(why) => {
            let errors = FieldErrors::at("email", Sentence::new(move |t| t.wrong_account(&why)));
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &ForgotPage { c, email: typed, errors }))
        }
    }
}
