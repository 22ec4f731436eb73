//! Letting somebody in once without their second factor: `/api/users/ID/bypass` and the button on their page.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts;
use crate::app::App;
use crate::credentials::factors;
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::web::chrome::{Chrome, Section, When, page as render};
use crate::web::headers::no_store;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

/// A code to pass on, shown this once.
#[derive(Serialize, ToSchema)]
pub struct BypassJson {
    code: String,
    #[schema(value_type = String)]
    expires_at: UnixTime,
}

#[utoipa::path(post, path = "/api/users/{id}/bypass", tag = "Users", summary = "Let a user in once without their second factor",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 200, body = BypassJson, description = "A code that stands for the second factor once, for 24 hours."),
              (status = 401, description = "A proof older than 15 minutes."),
              (status = 403, description = "Without users:write, or somebody who holds what you do not."),
              (status = 409, description = "They have no second factor.")))]
pub async fn give(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let given = factors::give_bypass(&app, &caller, UserId::from_outside(id.into_inner())).await?;
    let mut answer = HttpResponse::Ok().json(BypassJson { code: given.code, expires_at: given.expires_at });
    no_store(answer.headers_mut());
    Ok(answer)
}

#[derive(Template)]
#[template(path = "admin/bypass.html")]
struct BypassPage {
    c: Chrome,
    id: String,
    username: String,
    code: String,
    until: When,
}

/// `POST /admin/users/ID/bypass`.
pub async fn give_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let id = UserId::from_outside(id.into_inner());
    let user = accounts::look_up(&app, &caller, id.clone()).await?;
    let given = factors::give_bypass(&app, &caller, id).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminUsers);
    let shown = BypassPage {
        until: c.when(given.expires_at),
        c,
        id: user.id.as_str().to_owned(),
        username: user.username,
        code: given.code,
    };
    Ok(render(StatusCode::OK, &shown))
}
