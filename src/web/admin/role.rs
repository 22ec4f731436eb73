//! One role: `/api/roles/ID` and `/admin/roles/ID`, also the one that is yet to be made.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::role_page::{DeletePage, RolePage, Typed};
use super::roles::RoleJson;
use crate::access::words;
use crate::accounts::{self, RoleEdit};
use crate::app::App;
use crate::platform::ids::RoleId;
use crate::web::body::Fields;
use crate::web::chrome::page as render;
use crate::web::etag::{self, FIELD, IfMatch, expected_by};
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::refuse::{Kind, Refusal};
use crate::web::who::{Resident, SignedIn};

type Id = web::Path<String>;

fn role_id(path: Id) -> RoleId {
    RoleId::from_outside(path.into_inner())
}

#[utoipa::path(get, path = "/api/roles/{id}", tag = "Roles", summary = "One role", params(("id" = String, Path)),
    security(("password" = ["users:read"])),
    responses((status = 200, body = RoleJson, description = "The role, with its ETag."), (status = 404, description = "There is none.")))]
pub async fn get_role(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    let listed = accounts::look_up_role(&app, &caller, role_id(id)).await?;
    Ok(etag::json(StatusCode::OK, &listed.version(), &RoleJson::from(listed)))
}

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct RoleBody {
    name: Option<String>,
    description: Option<String>,
    /// All of them; what is left out here is taken away.
    permissions: Option<Vec<String>>,
}

#[utoipa::path(patch, path = "/api/roles/{id}", tag = "Roles", summary = "Change a role", params(("id" = String, Path)),
    request_body = RoleBody, security(("password" = ["roles:write"])),
    responses((status = 200, body = RoleJson, description = "The role as it is now. Older tokens that carry it are stale."),
              (status = 400, description = "There is a role of this name."),
              (status = 401, description = "A proof older than 15 minutes."),
              (status = 403, description = "Without roles:write, or a role beyond what you hold."),
              (status = 409, description = "The role admin, or another name for the role user."),
              (status = 412, description = "Not the state that If-Match names."),
              (status = 422, description = "Values that can't be taken.")))]
pub async fn change_role(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: Id,
    IfMatch(expected): IfMatch,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::ROLES_WRITE)?;
    let edit = RoleEdit {
        name: fields.text("name"),
        description: fields.text_or_nothing("description"),
        permissions: fields.list("permissions"),
    };
    fields.check(&["permissions"])?;
    let listed = accounts::change_role(&app, &caller, role_id(id), edit, expected).await?;
    Ok(etag::json(StatusCode::OK, &listed.version(), &RoleJson::from(listed)))
}

#[utoipa::path(delete, path = "/api/roles/{id}", tag = "Roles", summary = "Delete a role", params(("id" = String, Path)),
    security(("password" = ["roles:write"])),
    responses((status = 204, description = "Nobody has it any more; older tokens that carry it are stale."),
              (status = 401, description = "A proof older than 15 minutes."),
              (status = 403, description = "Without roles:write, or a role beyond what you hold."),
              (status = 409, description = "The roles admin and user."),
              (status = 412, description = "Not the state that If-Match names.")))]
pub async fn delete_role(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: Id,
    IfMatch(expected): IfMatch,
) -> Result<HttpResponse, Refusal> {
    accounts::delete_role(&app, &caller, role_id(id), expected).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /admin/roles/new`.
pub async fn new_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::ROLES_WRITE)?;
    // Asked before somebody fills it in.
    caller.must_be_fresh(app.now())?;
    let blank = RolePage::of_new(&app, &request, &caller, Typed::default()).await?;
    Ok(render(StatusCode::OK, &blank))
}

/// `POST /admin/roles`.
pub async fn create_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&["permissions"])?;
    let typed = read(&fields);
    match accounts::create_role(&app, &caller, typed.edit()).await.map_err(Refusal::from) {
        Ok(made) => Ok(see_other(&Notice::RoleCreated.on(&format!("/admin/roles/{}", made.role.id)))),
        Err(refusal) => {
            let status = refusal.kind.status();
            let errors = FieldErrors::from_refusal(refusal)?;
            let again = RolePage::of_new(&app, &request, &caller, Typed { errors, ..typed }).await?;
            Ok(render(status, &again))
        }
    }
}

/// `GET /admin/roles/ID`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
) -> Result<HttpResponse, Refusal> {
    let shown = RolePage::of_one(&app, &request, &caller, role_id(id), Typed::default()).await?;
    Ok(render(StatusCode::OK, &shown))
}

/// `POST /admin/roles/ID`.
pub async fn edit_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&["permissions"])?;
    let (id, typed) = (role_id(id), read(&fields));
    let done = accounts::change_role(&app, &caller, id.clone(), typed.edit(), expected_by(&fields)).await;
    let refusal = match done.map_err(Refusal::from) {
        Ok(_) => return Ok(see_other(&Notice::RoleSaved.on(&format!("/admin/roles/{id}")))),
        Err(refusal) => refusal,
    };
    let status = refusal.kind.status();
    let typed = match refusal.kind {
        Kind::Changed => Typed { version: None, overtaken: true, ..typed },
        _ => Typed { errors: FieldErrors::from_refusal(refusal)?, ..typed },
    };
    let again = RolePage::of_one(&app, &request, &caller, id, typed).await?;
    Ok(render(status, &again))
}

fn read(fields: &Fields) -> Typed {
    let mut words = fields.list("permissions").unwrap_or_default();
    let more = fields.text("more").unwrap_or_default();
    words.extend(more.split([' ', ',', ';', '\t', '\n', '\r']).filter(|word| !word.is_empty()).map(str::to_owned));
    Typed {
        name: fields.text("name"),
        description: fields.text("description"),
        words: Some(words),
        version: fields.text(FIELD),
        errors: FieldErrors::default(),
        overtaken: false,
    }
}

/// `GET /admin/roles/ID/delete`: what will follow.
pub async fn delete_form(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::ROLES_WRITE)?;
    caller.must_be_fresh(app.now())?;
    let asked = DeletePage::read(&app, &request, &caller, role_id(id)).await?;
    Ok(render(StatusCode::OK, &asked))
}

/// `POST /admin/roles/ID/delete`. Where the role has changed since the page said what will follow, it says so anew.
pub async fn delete_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let id = role_id(id);
    match accounts::delete_role(&app, &caller, id.clone(), expected_by(&fields)).await {
        Ok(()) => Ok(see_other(&Notice::RoleDeleted.on("/admin/roles"))),
        Err(accounts::Refusal::Changed) => {
            let asked = DeletePage::read(&app, &request, &caller, id).await?;
            Ok(render(StatusCode::PRECONDITION_FAILED, &asked.overtaken()))
        }
        Err(refusal) => Err(refusal.into()),
    }
}
