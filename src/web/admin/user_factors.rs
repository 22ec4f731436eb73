//! What somebody else proves who they are with, beside their password: `GET /api/users/ID/factors`.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::user::{Id, user_id};
use crate::accounts;
use crate::app::App;
use crate::credentials::factors;
use crate::platform::time::UnixTime;
use crate::web::api::passkeys::PasskeyJson;
use crate::web::refuse::Refusal;
use crate::web::who::SignedIn;

/// What a user has set up beside their password.
#[derive(Serialize, ToSchema)]
pub struct UserFactors {
    /// Since when an authenticator app is set up.
    #[schema(value_type = Option<String>, format = "date-time")]
    totp: Option<UnixTime>,
    /// The oldest first.
    passkeys: Vec<PasskeyJson>,
    /// How many recovery codes can still be used.
    recovery_codes_left: usize,
    /// Whether this installation asks this user for a second factor.
    required: bool,
}

#[utoipa::path(get, path = "/api/users/{id}/factors", tag = "Users", summary = "A user's second factors",
    params(("id" = String, Path)), security(("password" = ["users:read"])),
    responses((status = 200, body = UserFactors, description = "What is set up."),
              (status = 403, description = "Without users:read."), (status = 404, description = "There is no such user.")))]
pub async fn user_factors(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    let user = accounts::look_up(&app, &caller, user_id(id)).await?;
    let (held, passkeys) = factors::of_user(&app, &caller, user.id).await?;
    Ok(HttpResponse::Ok().json(UserFactors {
        totp: held.totp,
        passkeys: passkeys.into_iter().map(PasskeyJson::from).collect(),
        recovery_codes_left: held.recovery.left,
        required: factors::is_required(&app, &user.roles),
    }))
}
