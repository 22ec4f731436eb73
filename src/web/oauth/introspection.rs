//! `POST /introspect` (RFC 7662) and `POST /revoke` (RFC 7009).

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::token::parameter;
use crate::app::App;
use crate::tokens;
use crate::web::body::Fields;
use crate::web::headers::no_store;
use crate::web::refuse::Refusal;
use crate::web::who::SignedIn;

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct TokenParameter {
    /// An access or a refresh token.
    token: String,
    /// Not needed: what kind it is, it tells itself.
    token_type_hint: Option<String>,
}

#[utoipa::path(post, path = "/introspect", tag = "Tokens", summary = "Does a token count",
    request_body(content = TokenParameter, content_type = "application/x-www-form-urlencoded"),
    security(("password" = [])),
    responses((status = 200, description = "active, and where it is, its claims (RFC 7662). Others' tokens are not active to \
        whoever lacks tokens:introspect.", body = serde_json::Value),
              (status = 401, description = "No token of the caller's own, or a bad one.")))]
pub async fn introspect(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let said = tokens::introspect(&app, &caller, parameter(&fields, "token")?).await?;
    let mut answer = HttpResponse::Ok().json(said);
    no_store(answer.headers_mut());
    Ok(answer)
}

#[utoipa::path(post, path = "/revoke", tag = "Tokens", summary = "Give a token back",
    request_body(content = TokenParameter, content_type = "application/x-www-form-urlencoded"),
    security(("password" = [])),
    responses((status = 200, description = "The session of the token has ended, if it was the caller's to end (RFC 7009)."),
              (status = 401, description = "No token of the caller's own, or a bad one.")))]
pub async fn revoke(app: web::Data<App>, SignedIn(caller): SignedIn, fields: Fields) -> Result<HttpResponse, Refusal> {
    tokens::revoke(&app, &caller, parameter(&fields, "token")?).await?;
    let mut answer = HttpResponse::Ok().finish();
    no_store(answer.headers_mut());
    Ok(answer)
}
