//! The second factor of a sign-in at a browser, or setting one up where the installation asks for it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::codes::codes_page;
use super::onward::{HOME, open_session, ticket};
use super::sentence;
use crate::access::Caller;
use crate::app::App;
use crate::credentials::factors::{Factor, Offer};
use crate::credentials::passkeys;
use crate::signin::{self, Goal};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page, page_again};
use crate::web::form::{FieldErrors, see_other};
use crate::web::qr::QrCode;
use crate::web::refuse::{Kind, Refusal};
use crate::web::whence::origin_of;
use crate::web::who::Visitor;

/// Where a sign-in begins anew that took too long; whoever is signed in has nothing to begin.
pub(super) fn start_again(visitor: Option<&Caller>) -> HttpResponse {
    see_other(if visitor.is_some() { HOME } else { "/login?over=1" })
}

#[derive(Template)]
#[template(path = "pages/factor.html")]
struct FactorPage {
    c: Chrome,
    attempt: String,
    /// Where passkeys work, for whoever has one.
    passkeys_at: Option<String>,
    errors: FieldErrors,
}

impl FactorPage {
    fn new(app: &App, c: Chrome, attempt: String, asked: &[Factor]) -> Self {
        let passkeys_at = passkeys::place(app).filter(|_| asked.contains(&Factor::Passkey));
        Self { c, attempt, passkeys_at, errors: FieldErrors::default() }
    }
}

#[derive(Template)]
#[template(path = "pages/enrol.html")]
struct EnrolPage {
    c: Chrome,
    attempt: String,
    /// What the app takes over; none after a wrong code, when the app has it already.
    offer: Option<(QrCode, Offer)>,
    errors: FieldErrors,
}

#[derive(Deserialize)]
pub struct AttemptQuery {
    #[serde(default)]
    attempt: String,
}

/// `GET /login/factor`: uses nothing up, so it can be reloaded and gone back to.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<AttemptQuery>,
    Visitor(before): Visitor,
) -> Result<HttpResponse, Refusal> {
    let attempt = query.into_inner().attempt;
    let Some(asked) = signin::asked_for(&app, &ticket(&app, &request, &attempt)).await? else {
        return Ok(start_again(before.as_ref()));
    };
    let c = Chrome::new(&app, &request, None, Section::None);
    Ok(page(StatusCode::OK, &FactorPage::new(&app, c, attempt, &asked)))
}

/// `POST /login/factor`.
pub async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(before): Visitor,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let (attempt, code) = (fields.text("attempt").unwrap_or_default(), fields.text("otp").unwrap_or_default());
    let proven = signin::by_code(&app, &origin_of(&request), ticket(&app, &request, &attempt), code).await;
    match proven {
        Ok((proven, goal)) => {
            open_session(&app, &request, before, proven).await?;
            Ok(see_other(&place(&goal)))
        }
        Err(signin::Refusal::AttemptOver) => Ok(start_again(before.as_ref())),
        Err(refusal) => again(&app, &request, attempt, refusal.into()).await,
    }
}

/// The page again, with what was wrong.
pub(super) async fn again(
    app: &App,
    request: &HttpRequest,
    attempt: String,
    refusal: Refusal,
) -> Result<HttpResponse, Refusal> {
    let (status, wait) = (refusal.kind.status(), refusal.retry_after());
    let asked = signin::asked_for(app, &ticket(app, request, &attempt)).await?.unwrap_or_default();
    let c = Chrome::new(app, request, None, Section::None);
    let blank = FactorPage::new(app, c, attempt, &asked);
    Ok(page_again(status, &FactorPage { errors: wrong(refusal)?, ..blank }, wait))
}

/// What was wrong with a proof: at its field, or with what a device signed.
pub(super) fn wrong(refusal: Refusal) -> Result<FieldErrors, Refusal> {
    match sentence(&refusal).filter(|_| refusal.errors.is_empty()) {
        Some(message) => Ok(FieldErrors::at("", message)),
        None => FieldErrors::from_refusal(refusal),
    }
}

/// `GET /login/enrol`: what comes, and a button; a secret is made only when it is pressed.
pub async fn enrol_form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<AttemptQuery>,
    Visitor(before): Visitor,
) -> Result<HttpResponse, Refusal> {
    let attempt = query.into_inner().attempt;
    if signin::look(&app, &ticket(&app, &request, &attempt)).await?.is_none() {
        return Ok(start_again(before.as_ref()));
    }
    let c = Chrome::new(&app, &request, None, Section::None);
    Ok(page(StatusCode::OK, &EnrolPage { c, attempt, offer: None, errors: FieldErrors::default() }))
}

/// `POST /login/enrol`: without a code the secret to scan, with one the end of the sign-in.
pub async fn enrol(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(before): Visitor,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let attempt = fields.text("attempt").unwrap_or_default();
    let (origin, ticket) = (origin_of(&request), ticket(&app, &request, &attempt));
    let c = Chrome::new(&app, &request, None, Section::None);
    let Some(code) = fields.text("code").filter(|code| !code.is_empty()) else {
        return match signin::offer(&app, &origin, ticket).await {
            Ok(offer) => {
                let offer = Some((QrCode::of(&offer.uri)?, offer));
                Ok(page(StatusCode::OK, &EnrolPage { c, attempt, offer, errors: FieldErrors::default() }))
            }
            Err(signin::Refusal::AttemptOver) => Ok(start_again(before.as_ref())),
            Err(refusal) => Err(refusal.into()),
        };
    };
    match signin::enrol(&app, &origin, ticket, code).await {
        Ok((proven, goal, codes)) => {
            open_session(&app, &request, before, proven).await?;
            Ok(codes_page(c, codes, place(&goal)))
        }
        Err(signin::Refusal::AttemptOver) => Ok(start_again(before.as_ref())),
        Err(refusal) => {
            let refusal = Refusal::from(refusal).moved_to("code");
            let status =
                if refusal.kind == Kind::BadCredentials { StatusCode::BAD_REQUEST } else { refusal.kind.status() };
            Ok(page(status, &EnrolPage { c, attempt, offer: None, errors: FieldErrors::from_refusal(refusal)? }))
        }
    }
}

pub(super) fn place(goal: &Goal) -> String {
    match goal {
        Goal::Browser { next: Some(next) } => next.clone(),
        Goal::Browser { next: None } | Goal::Program { .. } => HOME.to_owned(),
    }
}
