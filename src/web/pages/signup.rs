//! Making one's own account at a browser; whoever did is signed in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::next_path;
use super::onward::{go_on, onward};
use crate::app::App;
use crate::config::Signup;
use crate::platform::secret::Password;
use crate::signin::{self, Registration};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::FieldErrors;
use crate::web::refuse::Refusal;
use crate::web::trace::origin_of;
use crate::web::who::Visitor;

#[derive(Template)]
#[template(path = "pages/signup.html")]
struct SignupPage {
    c: Chrome,
    username: String,
    email: String,
    next: Option<String>,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "pages/signup_closed.html")]
struct SignupClosedPage {
    c: Chrome,
}

#[derive(Deserialize)]
pub struct SignupQuery {
    next: Option<String>,
}

/// `GET /signup`.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<SignupQuery>,
) -> Result<HttpResponse, Refusal> {
    let c = Chrome::new(&app, &request, None, Section::None);
    if app.config.signup != Signup::Open {
        return Ok(page(StatusCode::FORBIDDEN, &SignupClosedPage { c }));
    }
    let next = next_path(query.into_inner().next);
    let blank = SignupPage { c, username: String::new(), email: String::new(), next, errors: FieldErrors::default() };
    Ok(page(StatusCode::OK, &blank))
}

/// `POST /signup` from a browser.
pub async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(before): Visitor,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let (username, email) = (fields.text("username").unwrap_or_default(), fields.text("email").unwrap_or_default());
    let password = fields.text("password").unwrap_or_default();
    let next = next_path(fields.text("next"));
    let registration = Registration {
        username: username.clone(),
        email: email.clone(),
        name: String::new(),
        password: Some(Password::new(password)),
    };
    match signin::sign_up(&app, &origin_of(&request), registration).await.map_err(Refusal::from) {
        Ok(registered) => {
            let onward = onward(&app, &request, next.clone());
            let step = signin::next_step(&app, registered.proven, onward).await?;
            go_on(&app, &request, before, step, next.as_deref()).await
        }
        Err(refusal) => {
            let (status, later) = (refusal.kind.status(), refusal.clone());
            let errors = FieldErrors::from_refusal(refusal)?;
            let c = Chrome::new(&app, &request, None, Section::None);
            let mut answer = page(status, &SignupPage { c, username, email, next, errors });
            later.apply_retry_after(answer.headers_mut());
            Ok(answer)
        }
    }
}
