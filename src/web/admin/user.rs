//! One user: `/api/users/ID` and `/admin/users/ID`. Each action is a use case with two faces.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::user_page::UserPage;
use crate::access::{Caller, words};
use crate::accounts::{self, AdminEdit};
use crate::app::App;
use crate::credentials;
use crate::platform::ids::UserId;
use crate::web::api::sessions::SessionList;
use crate::web::api::user::UserJson;
use crate::web::body::Fields;
use crate::web::chrome::page as render;
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

type Id = web::Path<String>;

fn user_id(path: Id) -> UserId {
    UserId::from_outside(path.into_inner())
}

#[utoipa::path(get, path = "/api/users/{id}", tag = "Users", summary = "One user", params(("id" = String, Path)),
    security(("password" = ["users:read"])),
    responses((status = 200, body = UserJson, description = "The user."), (status = 404, description = "There is none.")))]
pub async fn get(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    let user = accounts::look_up(&app, &caller, user_id(id)).await?;
    Ok(HttpResponse::Ok().json(UserJson::from(user)))
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
              (status = 422, description = "Values that can't be taken.")))]
pub async fn edit(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: Id,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let edit = read_edit(&fields);
    fields.check(&[])?;
    let user = accounts::edit(&app, &caller, user_id(id), edit).await?;
    Ok(HttpResponse::Ok().json(UserJson::from(user)))
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
    let done = accounts::edit(&app, &caller, id.clone(), edit.clone()).await;
    match done.map_err(Refusal::from) {
        Ok(_) => Ok(back(Notice::Saved, &id)),
        Err(refusal) => again(&app, &request, &caller, id, (refusal, edit)).await,
    }
}

/// What the reference shows.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct RolesBody {
    roles: Vec<String>,
}

#[utoipa::path(put, path = "/api/users/{id}/roles", tag = "Users", summary = "Give exactly these roles",
    params(("id" = String, Path)), request_body = RolesBody, security(("password" = ["roles:write"])),
    responses((status = 200, body = UserJson, description = "The user as it is now. Their older tokens are stale."),
              (status = 403, description = "Without roles:write, or beyond what you hold."),
              (status = 409, description = "The last administrator."), (status = 422, description = "No such role.")))]
pub async fn roles(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: Id,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::ROLES_WRITE)?;
    let names = fields.required_list("roles");
    fields.check(&["roles"])?;
    let user = accounts::set_roles(&app, &caller, user_id(id), names).await?;
    Ok(HttpResponse::Ok().json(UserJson::from(user)))
}

/// `POST /admin/users/ID/roles`: the boxes that are ticked.
pub async fn roles_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&["roles"])?;
    let (id, names) = (user_id(id), fields.list("roles").unwrap_or_default());
    match accounts::set_roles(&app, &caller, id.clone(), names).await.map_err(Refusal::from) {
        Ok(_) => Ok(back(Notice::RolesSaved, &id)),
        Err(refusal) => again(&app, &request, &caller, id, (refusal, AdminEdit::default())).await,
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
    let found = accounts::sessions_of(&app, &caller, user_id(id), query.of_sessions()?).await?;
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
    let blank = (AdminEdit::default(), FieldErrors::default());
    UserPage::read(&app, &request, &caller, user_id(id), blank).await.map(|shown| render(StatusCode::OK, &shown))
}

/// The page once more, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    id: UserId,
    (refusal, typed): (Refusal, AdminEdit),
) -> Result<HttpResponse, Refusal> {
    let status = refusal.kind.status();
    let errors = FieldErrors::from_refusal(refusal)?;
    UserPage::read(app, request, caller, id, (typed, errors)).await.map(|shown| render(status, &shown))
}

fn back(notice: Notice, id: &UserId) -> HttpResponse {
    see_other(&notice.on(&format!("/admin/users/{id}")))
}
