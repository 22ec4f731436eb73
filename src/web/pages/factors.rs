//! One's own second factors.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::codes::codes_page;
use crate::app::App;
use crate::credentials::factors::{self, Offer};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, When, page};
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::qr::QrCode;
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

const HERE: &str = "/account/factors";

#[derive(Template)]
#[template(path = "pages/factors.html")]
struct FactorsPage {
    c: Chrome,
    /// Since when an authenticator app is set up.
    totp: Option<When>,
    passkeys: usize,
    /// Whether there is anything to recover from the loss of.
    any: bool,
    codes_left: usize,
    codes_kept: bool,
    required: bool,
}

#[derive(Template)]
#[template(path = "pages/totp.html")]
struct TotpPage {
    c: Chrome,
    /// What the app takes over; none after a wrong code, when the app has it already.
    offer: Option<(QrCode, Offer)>,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "pages/totp_remove.html")]
struct TotpRemovePage {
    c: Chrome,
}

/// `GET /account/factors`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let held = factors::own(&app, &caller).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    let shown = FactorsPage {
        totp: held.totp.map(|since| c.when(since)),
        passkeys: held.passkeys,
        any: held.any(),
        codes_left: held.recovery.left,
        codes_kept: held.recovery.kept_at.is_some(),
        required: factors::is_required(&app, &caller.roles),
        c,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// `POST /account/factors/totp`: a secret to scan.
pub async fn start_totp(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let offer = factors::start_totp(&app, &caller).await?;
    let offer = Some((QrCode::of(&offer.uri)?, offer));
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    Ok(page(StatusCode::OK, &TotpPage { c, offer, errors: FieldErrors::default() }))
}

/// `POST /account/factors/totp/confirm`: the first code, and then the recovery codes.
pub async fn confirm_totp(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let code = fields.text("code").unwrap_or_default();
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    match factors::confirm_totp(&app, &caller, code).await.map_err(Refusal::from) {
        Ok(codes) => Ok(codes_page(c, codes, Notice::FactorAdded.on(HERE))),
        Err(refusal) => {
            let status = refusal.kind.status();
            Ok(page(status, &TotpPage { c, offer: None, errors: FieldErrors::from_refusal(refusal)? }))
        }
    }
}

/// `GET /account/factors/totp/remove`: what will follow.
pub async fn remove_totp_form(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must_be_fresh(app.now())?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    Ok(page(StatusCode::OK, &TotpRemovePage { c }))
}

/// `POST /account/factors/totp/remove`.
pub async fn remove_totp(app: web::Data<App>, Resident(caller): Resident) -> Result<HttpResponse, Refusal> {
    factors::remove_totp(&app, &caller).await?;
    Ok(see_other(&Notice::FactorRemoved.on(HERE)))
}

/// `POST /account/factors/codes`: new recovery codes.
pub async fn renew_codes(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let codes = factors::renew_recovery_codes(&app, &caller).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    Ok(codes_page(c, codes, HERE.to_owned()))
}
