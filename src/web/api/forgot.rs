//! `POST /forgot` and `POST /reset` for programs.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::accounts::Email;
use crate::app::App;
use crate::credentials::{self, Permit};
use crate::platform::secret::{OpaqueToken, Password, ShortCode};
use crate::signin;
use crate::web::body::Fields;
use crate::web::headers::{no_store, vary_by_accept};
use crate::web::refuse::Refusal;
use crate::web::whence::origin_of;

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct ForgotBody {
    #[schema(example = "alice@example.com")]
    email: String,
}

#[utoipa::path(post, path = "/forgot", tag = "Account", summary = "Ask for a mail to set a new password",
    request_body(content((ForgotBody = "application/json"), (ForgotBody = "application/x-www-form-urlencoded"))),
    responses((status = 202, description = "The same for every address: where somebody has it, a mail goes there."),
              (status = 422, description = "This can be no address.")))]
pub async fn forgot(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    let typed = fields.required("email");
    fields.check(&[])?;
    let wrong = |why| Refusal::wrong("email", move |t| t.wrong_account(&why));
    let address = Email::parse(&typed).map_err(wrong)?;
    credentials::ask_reset(&app, &origin_of(&request), address).await?;
    Ok(bare(HttpResponse::Accepted().finish()))
}

/// Either `token`, or `email` and `code`.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct ResetBody {
    /// What stands in the mail's link after `code=`.
    token: Option<String>,
    email: Option<String>,
    #[schema(example = "7K3M-Q9XD")]
    code: Option<String>,
    #[schema(format = "password")]
    password: String,
}

#[utoipa::path(post, path = "/reset", tag = "Account", summary = "Set a new password with what the mail brought",
    request_body(content((ResetBody = "application/json"), (ResetBody = "application/x-www-form-urlencoded"))),
    responses((status = 204, description = "Changed; every session has ended. Sign in with the new password."),
              (status = 400, description = "The link or code is wrong, was used, or is too old."),
              (status = 422, description = "The new password does not keep the rules, or something is missing.")))]
pub async fn reset(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    let permit = match fields.text("token") {
        Some(token) => Some(Permit::Link(OpaqueToken::sent(token))),
        None => {
            let (email, code) = (fields.required("email"), fields.required("code"));
            ShortCode::typed(&code).map(|code| Permit::Code(email, code))
        }
    };
    let password = Password::new(fields.required("password"));
    fields.check(&[])?;
    let permit = permit.ok_or(credentials::Refusal::BadCode)?;
    let done = credentials::reset_by_mail(&app, &origin_of(&request), permit, password).await;
    done.map_err(signin::Refusal::from)?;
    Ok(bare(HttpResponse::NoContent().finish()))
}

fn bare(mut answer: HttpResponse) -> HttpResponse {
    no_store(answer.headers_mut());
    vary_by_accept(answer.headers_mut());
    answer
}
