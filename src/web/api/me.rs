//! Who the caller is: `GET /users/me` and the tutorials' `GET /protected`.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::user::UserJson;
use crate::accounts::{self, OwnEdit};
use crate::app::App;
use crate::credentials::{self, Own};
use crate::tokens::BadToken;
use crate::web::body::Fields;
use crate::web::refuse::Refusal;
use crate::web::who::{InPerson, SignedIn};

#[utoipa::path(get, path = "/users/me", tag = "Account", summary = "Who am I", security(("password" = [])),
    responses((status = 200, description = "The caller's own account.", body = OwnJson),
              (status = 401, description = "No token, or a bad one.")))]
pub async fn me(app: web::Data<App>, SignedIn(caller): SignedIn) -> Result<HttpResponse, Refusal> {
    let own = credentials::own(&app, &caller).await?;
    // A token outlives its user by a moment at the most; then it is a bad one.
    let own = own.ok_or_else(|| Refusal::bad_token(BadToken::outlived(&caller.identity())))?;
    Ok(HttpResponse::Ok().json(OwnJson::from(own)))
}

/// One's own account.
#[derive(Serialize, ToSchema)]
pub struct OwnJson {
    #[serde(flatten)]
    user: UserJson,
    /// An address that takes the place of `email` once it is verified.
    email_pending: Option<String>,
}

impl From<Own> for OwnJson {
    fn from(own: Own) -> Self {
        Self { user: UserJson::from(own.user), email_pending: own.email_pending }
    }
}

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct OwnBody {
    /// An empty name, or `null`, takes it away.
    name: Option<String>,
    /// Another address: it counts once it is verified, by a link that is mailed there. The one that is drops the change.
    email: Option<String>,
}

#[utoipa::path(patch, path = "/users/me", tag = "Account", summary = "Change my profile",
    request_body(content((OwnBody = "application/json"), (OwnBody = "application/x-www-form-urlencoded"))),
    security(("password" = [])),
    responses((status = 200, description = "The account as it is now.", body = OwnJson),
              (status = 401, description = "No token, a bad one, or for another address a proof older than 15 minutes."),
              (status = 422, description = "Values that can't be taken.")))]
pub async fn change_me(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let edit = OwnEdit { name: fields.text_or_nothing("name"), email: fields.text("email") };
    fields.check(&[])?;
    match credentials::edit_own(&app, &caller, edit).await {
        Ok(own) => Ok(HttpResponse::Ok().json(OwnJson::from(own))),
        Err(credentials::Refusal::Account(accounts::Refusal::NoSuchUser)) => {
            Err(Refusal::bad_token(BadToken::outlived(&caller.identity())))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

#[utoipa::path(delete, path = "/users/me", tag = "Account", summary = "Delete my account", security(("password" = [])),
    responses((status = 204, description = "The account is gone, and every session and token with it."),
              (status = 401, description = "No token, a bad one, or a proof older than 15 minutes."),
              (status = 409, description = "The last administrator.")))]
pub async fn delete_me(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
) -> Result<HttpResponse, Refusal> {
    accounts::delete_own(&app, &caller).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Serialize, ToSchema)]
pub struct Welcome {
    #[schema(example = "Welcome, alice!")]
    message: String,
}

#[utoipa::path(get, path = "/protected", tag = "Account", summary = "A protected route to try", security(("password" = [])),
    responses((status = 200, description = "The token was good.", body = Welcome),
              (status = 401, description = "No token, or a bad one.")))]
pub async fn protected(SignedIn(caller): SignedIn) -> HttpResponse {
    HttpResponse::Ok().json(Welcome { message: format!("Welcome, {}!", caller.username) })
}
