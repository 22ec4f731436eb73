//! The one-time link that makes the first administrator.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::onward::{go_on, onward};
use crate::app::App;
use crate::platform::secret::Password;
use crate::signin::{self, Registration, setup};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::FieldErrors;
use crate::web::refuse::{Kind, Refusal};
use crate::web::whence::origin_of;
use crate::web::who::Visitor;

/// Where the first administrator begins.
const CONSOLE: &str = "/admin";

#[derive(Template)]
#[template(path = "pages/setup.html")]
struct SetupPage {
    c: Chrome,
    code: String,
    username: String,
    email: String,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "pages/setup_expired.html")]
struct SetupExpiredPage {
    c: Chrome,
}

#[derive(Deserialize)]
pub struct SetupQuery {
    code: Option<String>,
}

/// `GET /setup`: shows the form and uses nothing up.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<SetupQuery>,
) -> Result<HttpResponse, Refusal> {
    let c = Chrome::new(&app, &request, None, Section::None);
    let code = query.into_inner().code.unwrap_or_default();
    if !setup::is_open(&app, &code).await? {
        return Ok(page(StatusCode::NOT_FOUND, &SetupExpiredPage { c }));
    }
    let blank = SetupPage { c, code, username: String::new(), email: String::new(), errors: FieldErrors::default() };
    Ok(page(StatusCode::OK, &blank))
}

/// `POST /setup`.
pub async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(before): Visitor,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let text = |name| fields.text(name).unwrap_or_default();
    let (code, username, email) = (text("code"), text("username"), text("email"));
    let registration = Registration {
        username: username.clone(),
        email: email.clone(),
        name: String::new(),
        password: Some(Password::new(text("password"))),
    };
    match setup::run(&app, &origin_of(&request), &code, registration).await.map_err(Refusal::from) {
        Ok(proven) => {
            let onward = onward(&app, &request, Some(CONSOLE.to_owned()));
            let step = signin::next_step(&app, proven, onward).await?;
            go_on(&app, &request, before, step, Some(CONSOLE)).await
        }
        Err(refusal) => {
            let c = Chrome::new(&app, &request, None, Section::None);
            if refusal.kind == Kind::NotFound {
                return Ok(page(StatusCode::NOT_FOUND, &SetupExpiredPage { c }));
            }
            let status = refusal.kind.status();
            let errors = FieldErrors::from_refusal(refusal)?;
            Ok(page(status, &SetupPage { c, code, username, email, errors }))
        }
    }
}
