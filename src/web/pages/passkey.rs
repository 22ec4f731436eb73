//! Where a browser sends what a device signed: a form like any other, which the script fills in.

use actix_web::{HttpRequest, HttpResponse, web};

use super::factor::{place, start_again};
use super::onward::{HOME, go_on, onward, open_session, ticket};
use super::{login, next_path, sentence};
use crate::app::App;
use crate::credentials::passkeys::Assertion;
use crate::signin;
use crate::web::body::Fields;
use crate::web::form::see_other;
use crate::web::refuse::Refusal;
use crate::web::whence::origin_of;
use crate::web::who::{Resident, Visitor};

/// `POST /login/passkey` from a browser: a sign-in by the passkey alone, or the second factor of one that has begun.
pub async fn sign_in(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(before): Visitor,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let signed = signed(&fields)?;
    let origin = origin_of(&request);
    if let Some(attempt) = fields.text("attempt") {
        return match signin::by_passkey_too(&app, &origin, ticket(&app, &request, &attempt), signed).await {
            Ok((proven, goal)) => {
                open_session(&app, &request, before, proven).await?;
                Ok(see_other(&place(&goal)))
            }
            Err(signin::Refusal::AttemptOver) => Ok(start_again(before.as_ref())),
            Err(refusal) => super::factor::again(&app, &request, attempt, refusal.into()).await,
        };
    }
    let next = next_path(fields.text("next"));
    let onward = onward(&app, &request, next.clone());
    match signin::by_passkey(&app, &origin, signed, onward).await.map_err(Refusal::from) {
        Ok(step) => go_on(&app, &request, before, step, next.as_deref()).await,
        Err(refusal) => match sentence(&refusal) {
            Some(problem) => Ok(login::again(&app, &request, refusal.kind.status(), next, &problem)),
            None => Err(refusal),
        },
    }
}

/// `POST /login/factor/passkey`, for the page's script: what to ask the device for.
pub async fn factor_options(
    app: web::Data<App>,
    request: HttpRequest,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let attempt = fields.text("attempt").unwrap_or_default();
    let begun = ticket(&app, &request, &attempt);
    let options = signin::passkey_options(&app, &origin_of(&request), Some(&begun)).await?;
    Ok(HttpResponse::Ok().json(options))
}

/// `POST /confirm/passkey/options`, for the page's script.
pub async fn confirm_options(app: web::Data<App>, Resident(caller): Resident) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Ok().json(signin::confirm_options(&app, &caller).await?))
}

/// `POST /confirm/passkey`.
pub async fn confirm(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let signed = signed(&fields)?;
    let next = next_path(fields.text("next"));
    match signin::confirm_by_passkey(&app, &caller, signed).await.map_err(Refusal::from) {
        Ok(()) => Ok(see_other(next.as_deref().unwrap_or(HOME))),
        Err(refusal) => super::confirm::again(&app, &request, &caller, next, refusal).await,
    }
}

fn signed(fields: &Fields) -> Result<Assertion, Refusal> {
    fields.refuse_repeats(&[])?;
    fields.parsed("credential", Assertion::parse)
}
