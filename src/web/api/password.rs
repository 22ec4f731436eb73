//! `POST /users/me/password`.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::credentials;
use crate::platform::secret::Password;
use crate::web::body::Fields;
use crate::web::refuse::Refusal;
use crate::web::who::{InPerson, SignedIn};

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct PasswordBody {
    #[schema(format = "password")]
    current_password: String,
    #[schema(format = "password")]
    new_password: String,
}

#[utoipa::path(post, path = "/users/me/password", tag = "Account", summary = "Change my password",
    request_body(content((PasswordBody = "application/json"), (PasswordBody = "application/x-www-form-urlencoded"))),
    security(("password" = [])),
    responses((status = 204, description = "Changed; every other session has ended."),
              (status = 400, description = "The current password is wrong."),
              (status = 401, description = "No token, a bad one, or a proof older than 15 minutes."),
              (status = 422, description = "The new password does not keep the rules."),
              (status = 429, description = "Too many wrong passwords; see Retry-After.")))]
pub async fn change_my_password(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let (current, new) = (fields.required("current_password"), fields.required("new_password"));
    fields.check(&[])?;
    credentials::change_own(&app, &caller, Password::new(current), Password::new(new)).await?;
    Ok(HttpResponse::NoContent().finish())
}
