//! `POST /signup` for a program.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::user::UserJson;
use crate::app::App;
use crate::platform::secret::{OpaqueToken, Password};
use crate::signin::{self, Registration};
use crate::web::body::Fields;
use crate::web::headers::{no_store, vary_by_accept};
use crate::web::refuse::Refusal;
use crate::web::whence::origin_of;

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct SignUpBody {
    #[schema(example = "alice", min_length = 2, max_length = 64)]
    username: String,
    /// May be left out with an invitation that went to an address: that is the account's.
    #[schema(example = "alice@example.com")]
    email: Option<String>,
    #[schema(example = "correct horse battery", min_length = 8, format = "password")]
    password: String,
    name: Option<String>,
    /// The code of an invitation's link, with the roles that it gives.
    code: Option<String>,
}

#[utoipa::path(post, path = "/signup", tag = "Account", summary = "Make an account",
    request_body(content((SignUpBody = "application/json"), (SignUpBody = "application/x-www-form-urlencoded"))),
    responses((status = 201, description = "The new account.", body = UserJson),
              (status = 400, description = "The username or the email address is taken, or the invitation counts no more."),
              (status = 403, description = "SIGNUP does not allow it."),
              (status = 422, description = "Values that can't be taken, each with a reason."),
              (status = 429, description = "Too many sign-ups from one address; see Retry-After.")))]
pub async fn sign_up(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    let link = fields.text("code").map(OpaqueToken::sent);
    let registration = read(&fields, link.is_some())?;
    let registered = signin::sign_up(&app, &origin_of(&request), registration, link).await?;
    let mut answer = HttpResponse::Created().json(UserJson::from(registered.user));
    no_store(answer.headers_mut());
    vary_by_accept(answer.headers_mut());
    Ok(answer)
}

/// The fields of a registration, all required but the name, and the address of who is invited.
fn read(fields: &Fields, invited: bool) -> Result<Registration, Refusal> {
    let registration = Registration {
        username: fields.required("username"),
        email: if invited { fields.text("email").unwrap_or_default() } else { fields.required("email") },
        name: fields.text("name").unwrap_or_default(),
        password: Some(Password::new(fields.required("password"))),
    };
    fields.check(&[])?;
    Ok(registration)
}
