//! One user: `/api/users/ID` and `/admin/users/ID`. Each action is a use case with two faces.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::user_page::{Typed, UserPage};
use crate::access::{Caller, words};
use crate::accounts::{self, AdminEdit};
use crate::app::App;
use crate::credentials;
use crate::platform::ids::UserId;
use crate::sessions::{Asked, Place};
use crate::web::api::sessions::SessionList;
use crate::web::api::user::UserJson;
use crate::web::body::Fields;
use crate::web::chrome::page as render;
use crate::web::etag::{self, FIELD, IfMatch, expected_by};
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::paging::PageQuery;
use crate::web::refuse::{Kind, Refusal};
use crate::web::who::{Resident, SignedIn};

pub type Id = web::Path<String>;

pub fn user_id(path: Id) -> UserId {
    UserId::from_outside(path.into_inner())
}

#[utoipa::path(get, path = "/api/users/{id}", tag = "Users", summary = "One user", params(("id" = String, Path)),
    security(("password" = ["users:read"])),
    responses((status = 200, body = UserJson, description = "The user."), (status = 404, description = "There is none.")))]
pub async fn get(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    let user = accounts::look_up(&app, &caller, user_id(id)).await?;
    Ok(etag::json(StatusCode::OK, &user.version(), &UserJson::from(user)))
}

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct EditBody {
    username: Option<String>,
    email: Option<String>,
    /// An empty name takes it away.
    name: Option<String>,
}

#[utoipa::path(patch, path = "/api/users/{id}", tag = "Users", summary = "Change a user", params(("id" = String, Path)),
    request_body = EditBody, security(("password" = ["users:write"])),
    responses((status = 200, body = UserJson, description = "The user as it is now."),
              (status = 400, description = "The username or the email address is taken."),
              (status = 403, description = "Without users:write, or somebody who holds what you do not."),
              (status = 412, description = "Not the state that If-Match names."),
              (status = 422, description = "Values that can't be taken.")))]
pub async fn edit(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: Id,
    IfMatch(expected): IfMatch,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let edit = read_edit(&fields);
    fields.check(&[])?;
    let user = credentials::edit(&app, &caller, user_id(id), edit, expected).await?;
    Ok(etag::json(StatusCode::OK, &user.version(), &UserJson::from(user)))
}

fn read_edit(fields: &Fields) -> AdminEdit {
    AdminEdit { username: fields.text("username"), email: fields.text("email"), name: fields.text("name") }
}

/// `POST /admin/users/ID`.
pub async fn edit_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let (id, edit) = (user_id(id), read_edit(&fields));
    let done = credentials::edit(&app, &caller, id.clone(), edit.clone(), expected_by(&fields)).await;
    match done.map_err(Refusal::from) {
        Ok(_) => Ok(back(Notice::Saved, &id)),
        Err(refusal) => {
            let typed = Typed { edit, version: fields.text(FIELD), ..Typed::default() };
            again(&app, &request, &caller, id, (refusal, typed)).await
        }
    }
}

#[utoipa::path(post, path = "/api/users/{id}/reset-password", tag = "Users", summary = "Mail a user a link to set a new password",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 202, description = "The mail is on its way; the password they have works until they set another."),
              (status = 403, description = "Without users:write, or somebody who holds what you do not."),
              (status = 409, description = "They are disabled.")))]
pub async fn reset_password(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    credentials::send_reset(&app, &caller, user_id(id)).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// `POST /admin/users/ID/reset-password`.
pub async fn reset_password_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: Id,
) -> Result<HttpResponse, Refusal> {
    let user = credentials::send_reset(&app, &caller, user_id(id)).await?;
    Ok(back(Notice::ResetSent, &user.id))
}

#[utoipa::path(post, path = "/api/users/{id}/disable", tag = "Users", summary = "Disable a user",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 200, body = UserJson, description = "Disabled; every session and token has ended."),
              (status = 403, description = "Without users:write, or somebody who holds what you do not."),
              (status = 409, description = "The last administrator.")))]
pub async fn disable(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    let user = accounts::disable(&app, &caller, user_id(id)).await?;
    Ok(HttpResponse::Ok().json(UserJson::from(user)))
}

/// `POST /admin/users/ID/disable`.
pub async fn disable_page(app: web::Data<App>, Resident(caller): Resident, id: Id) -> Result<HttpResponse, Refusal> {
    let user = accounts::disable(&app, &caller, user_id(id)).await?;
    Ok(back(Notice::UserDisabled, &user.id))
}

#[utoipa::path(post, path = "/api/users/{id}/enable", tag = "Users", summary = "Enable a user",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 200, body = UserJson, description = "Enabled; they sign in anew."),
              (status = 403, description = "Without users:write, or somebody who holds what you do not.")))]
pub async fn enable(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    let user = accounts::enable(&app, &caller, user_id(id)).await?;
    Ok(HttpResponse::Ok().json(UserJson::from(user)))
}

/// `POST /admin/users/ID/enable`.
pub async fn enable_page(app: web::Data<App>, Resident(caller): Resident, id: Id) -> Result<HttpResponse, Refusal> {
    let user = accounts::enable(&app, &caller, user_id(id)).await?;
    Ok(back(Notice::UserEnabled, &user.id))
}

#[utoipa::path(get, path = "/api/users/{id}/sessions", tag = "Users", summary = "Where a user is signed in",
    params(("id" = String, Path), PageQuery), security(("password" = ["users:read"])),
    responses((status = 200, body = SessionList, description = "A page of living sessions, the one used last first."),
              (status = 403, description = "Without users:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn sessions(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: Id,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let (limit, after) = query.part(|cursor| Place::at(&cursor))?;
    let user = accounts::look_up(&app, &caller, user_id(id)).await?;
    let found = accounts::sessions_of(&app, &caller, &user, Asked { after, limit }).await?;
    Ok(HttpResponse::Ok().json(SessionList::new(found, &caller.session)))
}

#[utoipa::path(delete, path = "/api/users/{id}/sessions", tag = "Users", summary = "Sign a user out everywhere",
    params(("id" = String, Path)), security(("password" = ["sessions:write"])),
    responses((status = 204, description = "Every session and token has ended."),
              (status = 403, description = "Without sessions:write, or somebody who holds what you do not.")))]
pub async fn end_sessions(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    accounts::end_sessions(&app, &caller, user_id(id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /admin/users/ID/sessions/end`.
pub async fn end_sessions_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: Id,
) -> Result<HttpResponse, Refusal> {
    let user = accounts::end_sessions(&app, &caller, user_id(id)).await?;
    Ok(back(Notice::UserSessionsEnded, &user.id))
}

/// `GET /admin/users/ID`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
) -> Result<HttpResponse, Refusal> {
    UserPage::read(&app, &request, &caller, user_id(id), Typed::default())
        .await
        .map(|shown| render(StatusCode::OK, &shown))
}

/// The page once more, with what was typed and what is wrong with it. Where somebody else was faster, with how it stands now:
/// whoever saves again has seen it.
pub async fn again(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    id: UserId,
    (refusal, typed): (Refusal, Typed),
) -> Result<HttpResponse, Refusal> {
    let status = refusal.kind.status();
    let typed = match refusal.kind {
        Kind::Changed => Typed { version: None, overtaken: true, ..typed },
        _ => Typed { errors: FieldErrors::from_refusal(refusal)?, ..typed },
    };
    UserPage::read(app, request, caller, id, typed).await.map(|shown| render(status, &shown))
}

pub fn back(notice: Notice, id: &UserId) -> HttpResponse {
    see_other(&notice.on(&format!("/admin/users/{id}")))
}
