//! One's own second factors, for programs.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Caller;
use crate::app::App;
use crate::credentials::factors::{self, Held};
use crate::platform::time::UnixTime;
use crate::web::body::Fields;
use crate::web::headers::no_store;
use crate::web::refuse::Refusal;
use crate::web::who::{InPerson, SignedIn};

/// What somebody has set up beside their password.
#[derive(Serialize, ToSchema)]
pub struct FactorsJson {
    /// Since when an authenticator app is set up.
    #[schema(value_type = Option<String>)]
    totp: Option<UnixTime>,
    /// How many passkeys there are; `/users/me/passkeys` lists them.
    passkeys: usize,
    /// How many recovery codes can still be used.
    recovery_codes_left: usize,
    /// Whether this installation asks this user for a second factor.
    required: bool,
}

#[utoipa::path(get, path = "/users/me/factors", tag = "Second factors", summary = "My second factors",
    security(("password" = [])),
    responses((status = 200, description = "What is set up.", body = FactorsJson),
              (status = 401, description = "No token, or a bad one.")))]
pub async fn my_factors(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
) -> Result<HttpResponse, Refusal> {
    let held = factors::own(&app, &caller).await?;
    Ok(HttpResponse::Ok().json(FactorsJson::new(&app, &caller, &held)))
}

impl FactorsJson {
    pub fn new(app: &App, caller: &Caller, held: &Held) -> Self {
        let required = factors::is_required(app, &caller.roles);
        Self { totp: held.totp, passkeys: held.passkeys, recovery_codes_left: held.recovery.left, required }
    }
}

/// What an authenticator app takes over.
#[derive(Serialize, ToSchema)]
pub struct OfferJson {
    /// Base32.
    secret: String,
    /// For a QR code.
    #[schema(example = "otpauth://totp/id.example.com:alice?secret=…&issuer=id.example.com")]
    otpauth_uri: String,
}

#[utoipa::path(post, path = "/users/me/totp", tag = "Second factors", summary = "Set up an authenticator app",
    security(("password" = [])),
    responses((status = 200, description = "A secret, which counts once a code of it was confirmed.", body = OfferJson),
              (status = 401, description = "No token, a bad one, or a proof older than 15 minutes."),
              (status = 409, description = "An app is set up already.")))]
pub async fn start_totp(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
) -> Result<HttpResponse, Refusal> {
    let offer = factors::start_totp(&app, &caller).await?;
    Ok(shown_once(OfferJson { secret: offer.secret, otpauth_uri: offer.uri }))
}

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct CodeBody {
    #[schema(example = "123456")]
    code: String,
}

/// Recovery codes, shown this once.
#[derive(Serialize, ToSchema)]
pub struct CodesJson {
    recovery_codes: Vec<String>,
}

#[utoipa::path(post, path = "/users/me/totp/confirm", tag = "Second factors", summary = "Confirm the authenticator app",
    request_body(content((CodeBody = "application/json"), (CodeBody = "application/x-www-form-urlencoded"))),
    security(("password" = [])),
    responses((status = 200, description = "From now on a code is asked for. The recovery codes are shown this once.", body = CodesJson),
              (status = 400, description = "The code is wrong."),
              (status = 401, description = "No token, a bad one, or a proof older than 15 minutes.")))]
pub async fn confirm_totp(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let code = fields.required("code");
    fields.check(&[])?;
    let recovery_codes = factors::confirm_totp(&app, &caller, code).await?;
    Ok(shown_once(CodesJson { recovery_codes }))
}

#[utoipa::path(delete, path = "/users/me/totp", tag = "Second factors", summary = "Remove the authenticator app",
    security(("password" = [])),
    responses((status = 204, description = "No code is asked for any more; the recovery codes are gone with it."),
              (status = 401, description = "No token, a bad one, or no fresh proof of both factors."),
              (status = 409, description = "There is none, or one is required here.")))]
pub async fn remove_totp(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
) -> Result<HttpResponse, Refusal> {
    factors::remove_totp(&app, &caller).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[utoipa::path(post, path = "/users/me/recovery-codes", tag = "Second factors", summary = "New recovery codes",
    security(("password" = [])),
    responses((status = 200, description = "Ten new ones, shown this once; the old ones are worth nothing any more.", body = CodesJson),
              (status = 401, description = "No token, a bad one, or a proof older than 15 minutes."),
              (status = 409, description = "There is no second factor to recover from.")))]
pub async fn renew_codes(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
) -> Result<HttpResponse, Refusal> {
    let recovery_codes = factors::renew_recovery_codes(&app, &caller).await?;
    Ok(shown_once(CodesJson { recovery_codes }))
}

fn shown_once(body: impl Serialize) -> HttpResponse {
    let mut answer = HttpResponse::Ok().json(body);
    no_store(answer.headers_mut());
    answer
}
