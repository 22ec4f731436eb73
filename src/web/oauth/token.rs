//! `POST /token` (RFC 6749 section 3.2), and the tutorials' `/login` and `/refresh`, which are the same grants by other names.

use actix_web::http::header::{HeaderValue, PRAGMA};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::PermissionSet;
use crate::app::App;
use crate::oauth::Refusal as OAuthRefusal;
use crate::oauth::grants::{TokenRequest, redeem};
use crate::platform::secret::{OpaqueToken, Password};
use crate::tokens::{BadToken, Delivery, double_submit};
use crate::web::body::Fields;
use crate::web::headers::{no_store, vary_by_accept};
use crate::web::refuse::{Kind, Refusal};
use crate::web::token_cookies;
use crate::web::whence::origin_of;
use crate::web::who::bearer_token;

/// The form of `/token`.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct TokenForm {
    /// `password` when left out, or `refresh_token`.
    #[schema(example = "password")]
    grant_type: Option<String>,
    /// Username or email address; for `password`.
    #[schema(example = "alice")]
    username: Option<String>,
    #[schema(example = "correct horse battery", format = "password")]
    password: Option<String>,
    /// For `refresh_token`.
    refresh_token: Option<String>,
    /// Permissions that the token shall have; all that are allowed when left out.
    scope: Option<String>,
    client_id: Option<String>,
    /// The code of a second factor, where there is one: of the authenticator app, or a recovery code.
    otp: Option<String>,
    /// From an answer with `mfa_required`: stands for username and password.
    mfa_token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct LoginBody {
    #[schema(example = "alice")]
    username: String,
    #[schema(example = "correct horse battery", format = "password")]
    password: String,
    scope: Option<String>,
    client_id: Option<String>,
    /// The code of a second factor, where there is one.
    otp: Option<String>,
    /// From an answer with `mfa_required`: stands for username and password.
    mfa_token: Option<String>,
    /// Set the tokens as cookies too, under fastapi-jwt-auth's names.
    cookies: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct RefreshBody {
    /// Also taken as bearer token, or from `refresh_token_cookie` with a matching `X-CSRF-Token`.
    refresh_token: Option<String>,
    /// Set the tokens as cookies too.
    cookies: Option<bool>,
}

/// What a grant gives (RFC 6749 section 5.1).
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct TokenAnswer {
    access_token: String,
    refresh_token: String,
    #[schema(example = "bearer")]
    token_type: String,
    /// Seconds.
    #[schema(example = 1800)]
    expires_in: u64,
    scope: String,
}

#[utoipa::path(post, path = "/token", tag = "Tokens", summary = "Get tokens",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "Tokens.", body = TokenAnswer),
              (status = 400, description = "Something is missing, or the refresh token is dead."),
              (status = 401, description = "Username and password do not go together."),
              (status = 429, description = "Too many tries; see Retry-After."),
              (status = 503, description = "Too busy to check passwords; see Retry-After.")))]
pub async fn token(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    let grant = fields.text("grant_type").filter(|grant| !grant.is_empty());
    let asked = match grant.as_deref() {
        None | Some("password") => password(&fields)?,
        Some("refresh_token") => refresh_token(&fields, parameter(&fields, "refresh_token")?)?,
        Some(other) => return Err(OAuthRefusal::UnsupportedGrant(other.chars().take(80).collect()).into()),
    };
    answer(&app, &request, asked, Delivery::Body).await
}

#[utoipa::path(post, path = "/login", tag = "Tokens", summary = "Sign in",
    request_body(content((LoginBody = "application/json"), (LoginBody = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "Tokens, as from /token. A browser gets a session cookie instead.", body = TokenAnswer),
              (status = 401, description = "Username and password do not go together."),
              (status = 429, description = "Too many tries; see Retry-After.")))]
pub async fn login(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    let asked = password(&fields)?;
    let mut answer = answer(&app, &request, asked, delivery(&fields)?).await?;
    vary_by_accept(answer.headers_mut());
    Ok(answer)
}

#[utoipa::path(post, path = "/refresh", tag = "Tokens", summary = "Renew tokens",
    request_body(content((RefreshBody = "application/json"), (RefreshBody = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "New tokens; the refresh token that was sent is used up.", body = TokenAnswer),
              (status = 401, description = "The refresh token is dead: sign in again.")))]
pub async fn refresh(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    let (sent, delivery) = sent_refresh_token(&app, &request, &fields)?;
    let asked = refresh_token(&fields, sent)?;
    match answer(&app, &request, asked, delivery).await {
        // The same in the tutorials' words.
        Err(refusal) if refusal.kind == Kind::BadGrant => {
            Err(Refusal::saying(Kind::BadToken, refusal.detail).with_oauth("invalid_grant").because(refusal.why))
        }
        answered => answered,
    }
}

/// The refresh token, in the body, as bearer, or in a cookie; and how its successor is wanted.
fn sent_refresh_token(app: &App, request: &HttpRequest, fields: &Fields) -> Result<(String, Delivery), Refusal> {
    let in_body = fields.text("refresh_token");
    let wanted = delivery(fields)?;
    let in_header = || bearer_token(request.headers()).map(str::to_owned);
    if let Some(sent) = in_body.or_else(in_header).filter(|sent| !sent.is_empty()) {
        return Ok((sent, wanted));
    }
    let sent = token_cookies::refresh_in(request).ok_or_else(Refusal::not_signed_in)?;
    let why = |reason| BadToken::refresh(OpaqueToken::sent(sent.token.as_str()).digest(), reason);
    sent.check_csrf(&double_submit::of_refresh(app, &sent.token), why)?;
    Ok((sent.token, Delivery::Cookies))
}

pub(super) fn delivery(fields: &Fields) -> Result<Delivery, Refusal> {
    let wanted = fields.flag("cookies");
    check(fields)?;
    Ok(if wanted { Delivery::Cookies } else { Delivery::Body })
}

pub(super) async fn answer(
    app: &App,
    request: &HttpRequest,
    asked: TokenRequest,
    delivery: Delivery,
) -> Result<HttpResponse, Refusal> {
    let tokens = redeem(app, &origin_of(request), asked, delivery).await?;
    let mut answer = HttpResponse::Ok();
    if delivery == Delivery::Cookies {
        token_cookies::of(app, &tokens).into_iter().for_each(|cookie| {
            answer.cookie(cookie);
        });
    }
    let mut answer = answer.json(tokens);
    no_store(answer.headers_mut());
    answer.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    Ok(answer)
}

fn password(fields: &Fields) -> Result<TokenRequest, Refusal> {
    let sent = |name| fields.text(name).filter(|text| !text.is_empty());
    if let Some(mfa_token) = sent("mfa_token") {
        let otp = parameter(fields, "otp")?;
        return Ok(TokenRequest::SecondFactor { mfa_token: OpaqueToken::sent(mfa_token), otp });
    }
    let (username, password) = (parameter(fields, "username")?, parameter(fields, "password")?);
    let (client_id, scope) = shared(fields)?;
    Ok(TokenRequest::Password { username, password: Password::new(password), otp: sent("otp"), client_id, scope })
}

fn refresh_token(fields: &Fields, sent: String) -> Result<TokenRequest, Refusal> {
    let (client_id, scope) = shared(fields)?;
    Ok(TokenRequest::RefreshToken { token: OpaqueToken::sent(sent), client_id, scope })
}

/// What every grant may carry. An empty parameter counts as left out (RFC 6749 section 3.2).
pub(super) fn shared(fields: &Fields) -> Result<(Option<String>, Option<PermissionSet>), Refusal> {
    let client_id = fields.text("client_id").filter(|id| !id.is_empty());
    let scope = fields.text("scope").filter(|scope| !scope.trim().is_empty());
    check(fields)?;
    if client_id.as_ref().is_some_and(|id| id.len() > 200 || id.chars().any(char::is_control)) {
        return Err(OAuthRefusal::InvalidRequest("client_id can't be that.".into()).into());
    }
    Ok((client_id, scope.map(|scope| PermissionSet::from_scope(&scope))))
}

/// RFC 6749 section 3.2: parameters must not be there more than once.
fn check(fields: &Fields) -> Result<(), Refusal> {
    fields.check(&[]).map_err(|refusal| OAuthRefusal::InvalidRequest(refusal.detail.in_english()).into())
}

/// One that must be there.
pub(super) fn parameter(fields: &Fields, name: &'static str) -> Result<String, Refusal> {
    check(fields)?;
    let missing = || OAuthRefusal::InvalidRequest(format!("The parameter {name} is missing."));
    Ok(fields.text(name).filter(|text| !text.is_empty()).ok_or_else(missing)?)
}
