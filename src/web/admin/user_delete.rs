//! Deleting somebody for good: `DELETE /api/users/ID` and `/admin/users/ID/delete`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::access::{Caller, words};
use crate::accounts::{self, Expected};
use crate::app::App;
use crate::platform::ids::UserId;
use crate::texts::Sentence;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::curl;
use crate::web::etag::IfMatch;
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

#[utoipa::path(delete, path = "/api/users/{id}", tag = "Users", summary = "Delete a user for good", params(("id" = String, Path)),
    security(("password" = ["users:write"])),
    responses((status = 204, description = "The account is gone, and every session and token with it."),
              (status = 401, description = "A proof older than 15 minutes."),
              (status = 403, description = "Without users:write, or somebody who holds what you do not."),
              (status = 404, description = "There is none."), (status = 409, description = "The last administrator."),
              (status = 412, description = "Not the state that If-Match names.")))]
pub async fn delete_user(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
    IfMatch(expected): IfMatch,
) -> Result<HttpResponse, Refusal> {
    accounts::delete(&app, &caller, UserId::from_outside(id.into_inner()), expected).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Template)]
#[template(path = "admin/user_delete.html")]
struct DeletePage {
    c: Chrome,
    id: String,
    username: String,
    errors: FieldErrors,
}

impl DeletePage {
    async fn of(app: &App, request: &HttpRequest, caller: &Caller, id: &UserId) -> Result<Self, Refusal> {
        let user = accounts::look_up(app, caller, id.clone()).await?;
        let c = Chrome::new(app, request, Some(caller), Section::AdminUsers)
            .with_command(curl::DELETE_USER.command(app, user.id.as_str()));
        Ok(Self { c, id: user.id.as_str().to_owned(), username: user.username, errors: FieldErrors::default() })
    }
}

/// `GET /admin/users/ID/delete`: what will follow.
pub async fn ask(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    caller.must_be_fresh(app.now())?;
    let asked = DeletePage::of(&app, &request, &caller, &UserId::from_outside(id.into_inner())).await?;
    Ok(page(StatusCode::OK, &asked))
}

/// `POST /admin/users/ID/delete`, with the username typed out: nobody does this by a slip of the hand.
pub async fn delete_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    fields.refuse_repeats(&[])?;
    let id = UserId::from_outside(id.into_inner());
    let asked = DeletePage::of(&app, &request, &caller, &id).await?;
    if fields.text("username").unwrap_or_default().trim() != asked.username {
        let errors = FieldErrors::at("username", Sentence::new(|t| t.delete.not_the_name));
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &DeletePage { errors, ..asked }));
    }
    accounts::delete(&app, &caller, id, Expected::Anything).await?;
    Ok(see_other(&Notice::UserDeleted.on("/admin/users")))
}
