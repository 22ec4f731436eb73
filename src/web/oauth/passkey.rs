//! Signing in with a passkey: what to ask the device for, and tokens for what it signed.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::token::{TokenAnswer, answer, delivery, shared};
use crate::app::App;
use crate::credentials::passkeys::Assertion;
use crate::oauth::grants::TokenRequest;
use crate::platform::secret::OpaqueToken;
use crate::signin::{self, Ticket};
use crate::web::body::Fields;
use crate::web::headers::{no_store, vary_by_accept};
use crate::web::refuse::Refusal;
use crate::web::whence::origin_of;

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct PasskeyOptionsBody {
    /// From an answer with `mfa_required`: then only passkeys of that person are asked for.
    mfa_token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct PasskeyLoginBody {
    /// What `navigator.credentials.get()` gave: its `toJSON()` (AuthenticationResponseJSON).
    credential: Value,
    /// From an answer with `mfa_required`, as for the options.
    mfa_token: Option<String>,
    scope: Option<String>,
    client_id: Option<String>,
    /// Set the tokens as cookies too, under fastapi-jwt-auth's names.
    cookies: Option<bool>,
}

#[utoipa::path(post, path = "/login/passkey/options", tag = "Tokens", summary = "Begin to sign in with a passkey",
    request_body = PasskeyOptionsBody,
    responses((status = 200, description = "What to give to `navigator.credentials.get()` (PublicKeyCredentialRequestOptionsJSON); it counts for five minutes.", body = Value),
              (status = 401, description = "The sign-in of `mfa_token` is over."),
              (status = 409, description = "This installation has no domain, so there are no passkeys.")))]
pub async fn passkey_login_options(
    app: web::Data<App>,
    request: HttpRequest,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let begun = fields.text("mfa_token").map(|text| Ticket::from_text(&text));
    fields.check(&[])?;
    let mut answer =
        HttpResponse::Ok().json(signin::passkey_options(&app, &origin_of(&request), begun.as_ref()).await?);
    no_store(answer.headers_mut());
    Ok(answer)
}

#[utoipa::path(post, path = "/login/passkey", tag = "Tokens", summary = "Sign in with a passkey",
    request_body = PasskeyLoginBody,
    responses((status = 200, description = "Tokens, as from /token. A browser gets a session cookie instead.", body = TokenAnswer),
              (status = 401, description = "The passkey is not known, its answer does not hold, or it came too late or twice."),
              (status = 422, description = "The credential does not have the form that it must have.")))]
pub async fn passkey_login(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    let signed = fields.parsed("credential", Assertion::parse)?;
    let mfa_token = fields.text("mfa_token").map(OpaqueToken::sent);
    let (client_id, scope) = shared(&fields)?;
    let asked = TokenRequest::Passkey { signed: Box::new(signed), mfa_token, client_id, scope };
    let mut answer = answer(&app, &request, asked, delivery(&fields)?).await?;
    vary_by_accept(answer.headers_mut());
    Ok(answer)
}
