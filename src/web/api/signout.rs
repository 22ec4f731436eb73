//! `POST /logout` for a program.

use actix_identity::Identity;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::sessions;
use crate::web::headers::vary_by_accept;
use crate::web::refuse::Refusal;
use crate::web::token_cookies;
use crate::web::who::{InPerson, Recognised};

#[utoipa::path(post, path = "/logout", tag = "Tokens", summary = "Sign out", security(("password" = [])),
    responses((status = 204, description = "Access and refresh tokens of the session are dead, everywhere."),
              (status = 401, description = "No token, or a bad one.")))]
pub async fn sign_out(
    app: web::Data<App>,
    request: HttpRequest,
    InPerson(Recognised(caller)): InPerson<Recognised>,
    cookie: Option<Identity>,
) -> Result<HttpResponse, Refusal> {
    sessions::sign_out(&app, &caller).await?;
    // The browser's cookie goes only where it was what signed out.
    if let Some(cookie) = cookie.filter(|_| !request.headers().contains_key(AUTHORIZATION)) {
        cookie.logout();
    }
    let mut answer = HttpResponse::NoContent();
    token_cookies::removals(&app, &request).into_iter().for_each(|cookie| {
        answer.cookie(cookie);
    });
    let mut answer = answer.finish();
    vary_by_accept(answer.headers_mut());
    Ok(answer)
}
