//! Signing in and out at a browser.

use actix_identity::Identity;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::onward::{HOME, go_on, onward};
use super::{next_path, sentence};
use crate::app::App;
use crate::config::Signup;
use crate::credentials::passkeys;
use crate::platform::secret::Password;
use crate::sessions;
use crate::signin;
use crate::texts::Sentence;
use crate::tokens;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::{Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::token_cookies;
use crate::web::whence::origin_of;
use crate::web::who::Visitor;

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LoginPage {
    c: Chrome,
    username: String,
    next: Option<String>,
    problem: Option<String>,
    signup_open: bool,
    /// Where passkeys work; none where there can be none.
    passkeys_at: Option<String>,
}

impl LoginPage {
    fn blank(app: &App, request: &HttpRequest, next: Option<String>) -> Self {
        Self {
            c: Chrome::new(app, request, None, Section::None),
            username: String::new(),
            next,
            problem: None,
            signup_open: app.config.signup == Signup::Open,
            passkeys_at: passkeys::place(app),
        }
    }
}

#[derive(Deserialize)]
pub struct LoginQuery {
    next: Option<String>,
    /// There was a sign-in that took too long.
    over: Option<String>,
}

/// `GET /login`. Whoever is signed in goes on to where they wanted to be.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<LoginQuery>,
    Visitor(caller): Visitor,
) -> Result<HttpResponse, Refusal> {
    let LoginQuery { next, over } = query.into_inner();
    let next = next_path(next);
    if caller.is_some() {
        return Ok(see_other(next.as_deref().unwrap_or(HOME)));
    }
    let blank = LoginPage::blank(&app, &request, next);
    let problem = over.map(|_| blank.c.t.factor.over.to_owned());
    Ok(page(StatusCode::OK, &LoginPage { problem, ..blank }))
}

/// `POST /login` from a browser.
pub async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(before): Visitor,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let username = fields.text("username").unwrap_or_default();
    let password = Password::new(fields.text("password").unwrap_or_default());
    let next = next_path(fields.text("next"));
    let origin = origin_of(&request);
    let onward = onward(&app, &request, next.clone());
    let step = signin::by_password(&app, &origin, (username.clone(), password), onward).await;
    match step.map_err(Refusal::from) {
        Ok(step) => go_on(&app, &request, before, step, next.as_deref()).await,
        Err(refusal) => {
            let Some(problem) = sentence(&refusal) else {
                return Err(refusal);
            };
            let blank = LoginPage::blank(&app, &request, next);
            let problem = Some(problem.said(blank.c.t).into_owned());
            let again = LoginPage { username, problem, ..blank };
            let mut answer = page(refusal.kind.status(), &again);
            refusal.apply_retry_after(answer.headers_mut());
            Ok(answer)
        }
    }
}

/// The page again, with what went wrong with a passkey.
pub fn again(
    app: &App,
    request: &HttpRequest,
    status: StatusCode,
    next: Option<String>,
    problem: &Sentence,
) -> HttpResponse {
    let blank = LoginPage::blank(app, request, next);
    let problem = Some(problem.said(blank.c.t).into_owned());
    page(status, &LoginPage { problem, ..blank })
}

/// `POST /logout` from a browser: also where the session has ended already, and of whatever tokens its cookies hold.
pub async fn sign_out(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(caller): Visitor,
    cookie: Option<Identity>,
) -> Result<HttpResponse, Refusal> {
    if let Some(caller) = caller {
        sessions::sign_out(&app, &caller).await?;
    }
    for token in token_cookies::all_in(&request) {
        tokens::sign_out_with(&app, &origin_of(&request), token).await?;
    }
    if let Some(cookie) = cookie {
        cookie.logout();
    }
    let mut answer = see_other(&Notice::SignedOut.on("/login"));
    for removal in token_cookies::removals(&app, &request) {
        answer.add_cookie(&removal).map_err(|error| Refusal::fault(&error))?;
    }
    Ok(answer)
}
