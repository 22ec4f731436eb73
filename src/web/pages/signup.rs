//! Making one's own account at a browser, with or without an invitation; whoever did is signed in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::next_path;
use super::onward::{go_on, onward};
use crate::app::App;
use crate::config::Signup;
use crate::platform::secret::{OpaqueToken, Password};
use crate::signin::invitation::{self, Invited};
use crate::signin::{self, Registration};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::FieldErrors;
use crate::web::refuse::{Kind, Refusal};
use crate::web::whence::origin_of;
use crate::web::who::Visitor;

#[derive(Template)]
#[template(path = "pages/signup.html")]
struct SignupPage {
    c: Chrome,
    username: String,
    email: String,
    next: Option<String>,
    /// By which invitation.
    code: Option<String>,
    invited: Option<Invited>,
    errors: FieldErrors,
}

impl SignupPage {
    /// The address that the account will have, where an invitation went there.
    fn address_invited(&self) -> Option<&str> {
        self.invited.as_ref()?.email.as_deref()
    }
}

#[derive(Template)]
#[template(path = "pages/signup_closed.html")]
struct SignupClosedPage {
    c: Chrome,
}

#[derive(Template)]
#[template(path = "pages/invitation_over.html")]
struct InvitationOverPage {
    c: Chrome,
}

#[derive(Deserialize)]
pub struct SignupQuery {
    next: Option<String>,
    code: Option<String>,
}

/// `GET /signup`: uses no invitation up.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<SignupQuery>,
) -> Result<HttpResponse, Refusal> {
    let SignupQuery { next, code } = query.into_inner();
    let c = Chrome::new(&app, &request, None, Section::None);
    let invited = match opened(&app, code.as_deref()).await? {
        Door::Closed => return Ok(page(StatusCode::FORBIDDEN, &SignupClosedPage { c })),
        Door::InvitationOver => return Ok(page(StatusCode::NOT_FOUND, &InvitationOverPage { c })),
        Door::Open(invited) => invited,
    };
    let blank = SignupPage {
        c,
        username: String::new(),
        email: String::new(),
        next: next_path(next),
        code,
        invited,
        errors: FieldErrors::default(),
    };
    Ok(page(StatusCode::OK, &blank))
}

/// Whether somebody may make an account here.
enum Door {
    Open(Option<Invited>),
    InvitationOver,
    Closed,
}

async fn opened(app: &App, code: Option<&str>) -> Result<Door, Refusal> {
    match (app.config.signup, code) {
        (Signup::Open, None) => Ok(Door::Open(None)),
        (Signup::Open | Signup::Invite, Some(code)) => {
            let invited = invitation::look(app, OpaqueToken::sent(code)).await?;
            Ok(invited.map_or(Door::InvitationOver, |invited| Door::Open(Some(invited))))
        }
        _ => Ok(Door::Closed),
    }
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
    let (next, code) = (next_path(fields.text("next")), fields.text("code"));
    let registration = Registration {
        username: username.clone(),
        email: email.clone(),
        name: String::new(),
        password: Some(Password::new(password)),
    };
    let link = code.as_deref().map(OpaqueToken::sent);
    match signin::sign_up(&app, &origin_of(&request), registration, link).await.map_err(Refusal::from) {
        Ok(registered) => {
            let onward = onward(&app, &request, next.clone());
            let step = signin::next_step(&app, registered.proven, onward).await?;
            go_on(&app, &request, before, step, next.as_deref()).await
        }
        Err(refusal) => {
            let c = Chrome::new(&app, &request, None, Section::None);
            if refusal.kind == Kind::BadCode {
                return Ok(page(StatusCode::NOT_FOUND, &InvitationOverPage { c }));
            }
            let invited = match &code {
                Some(code) => invitation::look(&app, OpaqueToken::sent(code.as_str())).await?,
                None => None,
            };
            let (status, later) = (refusal.kind.status(), refusal.clone());
            let errors = FieldErrors::from_refusal(refusal)?;
            let mut answer = page(status, &SignupPage { c, username, email, next, code, invited, errors });
            later.apply_retry_after(answer.headers_mut());
            Ok(answer)
        }
    }
}
