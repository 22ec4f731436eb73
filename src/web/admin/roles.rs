//! Roles as a list: `/api/roles` and `/admin/roles`, with the matrix of who may do what.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::permissions::{Group, grouped};
use crate::access::words;
use crate::accounts::{self, Listed, RoleEdit, RolePlace};
use crate::app::App;
use crate::platform::ids::RoleId;
use crate::platform::page::Page;
use crate::platform::time::UnixTime;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page as render};
use crate::web::curl;
use crate::web::etag;
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

const HERE: &str = "/admin/roles";
/// Words that a row of the list shows before it says how many more there are.
const SHOWN: usize = 2;

/// A role as programs see it.
#[derive(Serialize, ToSchema)]
pub struct RoleJson {
    #[schema(value_type = String)]
    id: RoleId,
    #[schema(example = "clerk")]
    name: String,
    description: String,
    #[schema(example = json!(["invoices:approve", "invoices:read"]))]
    permissions: Vec<String>,
    /// `admin` and `user` come with the house and can't be deleted.
    built_in: bool,
    /// How many people have it; 1000 stands for that many or more.
    holders: usize,
    #[schema(value_type = String, format = "date-time")]
    created_at: UnixTime,
}

impl From<Listed> for RoleJson {
    fn from(Listed { role, holders }: Listed) -> Self {
        Self {
            built_in: role.is_built_in(),
            permissions: role.permissions.iter().map(|word| word.as_str().to_owned()).collect(),
            id: role.id,
            name: role.name,
            description: role.description,
            holders,
            created_at: role.created_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct RoleList {
    items: Vec<RoleJson>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/roles", tag = "Roles", summary = "List roles", params(PageQuery),
    security(("password" = ["users:read"])),
    responses((status = 200, body = RoleList, description = "A page of roles, in order of their names."),
              (status = 403, description = "Without users:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn list_roles(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let (limit, after) = query.part(|cursor| RolePlace::at(&cursor))?;
    let Page { items, next } = accounts::roles_page(&app, &caller, after, limit).await?.map(RoleJson::from);
    Ok(HttpResponse::Ok().json(RoleList { items, next: next.map(|cursor| cursor.encode()) }))
}

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct NewRoleBody {
    /// 1 to 64 lower-case letters, digits, `.`, `_`, `-`.
    #[schema(example = "clerk")]
    name: String,
    description: Option<String>,
    /// Words such as `invoices:approve`, any that your apps ask for.
    permissions: Vec<String>,
}

#[utoipa::path(post, path = "/api/roles", tag = "Roles", summary = "Create a role", request_body = NewRoleBody,
    security(("password" = ["roles:write"])),
    responses((status = 201, body = RoleJson, description = "The new role; nobody has it yet."),
              (status = 400, description = "There is a role of this name."),
              (status = 401, description = "A proof older than 15 minutes."),
              (status = 403, description = "Without roles:write, or beyond what you hold."),
              (status = 422, description = "Values that can't be taken.")))]
pub async fn create_role(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::ROLES_WRITE)?;
    let edit = RoleEdit {
        name: Some(fields.required("name")),
        description: fields.text("description"),
        permissions: Some(fields.required_list("permissions")),
    };
    fields.check(&["permissions"])?;
    let made = accounts::create_role(&app, &caller, edit).await?;
    let (version, place) = (made.version(), format!("/api/roles/{}", made.role.id));
    Ok(etag::created(&place, &version, &RoleJson::from(made)))
}

#[derive(Template)]
#[template(path = "admin/roles.html")]
struct RolesPage {
    c: Chrome,
    rows: Vec<RoleRow>,
    /// Words by their first part; in each row a mark for every role of this page.
    groups: Vec<Group>,
    first: Option<String>,
    next: Option<String>,
    may_write: bool,
}

/// A role as a row shows it.
pub struct RoleRow {
    pub id: String,
    pub name: String,
    pub description: String,
    pub all: bool,
    pub words: Vec<String>,
    pub shown: Vec<String>,
    pub holders: String,
}

impl RoleRow {
    fn new(c: &Chrome, Listed { role, holders }: Listed) -> Self {
        let words: Vec<String> = role.permissions.iter().map(|word| word.as_str().to_owned()).collect();
        Self {
            all: role.is_admin(),
            description: described(c, &role),
            id: role.id.as_str().to_owned(),
            name: role.name,
            shown: words.iter().take(SHOWN).cloned().collect(),
            words,
            holders: c.t.holders(holders),
        }
    }

    pub fn more(&self) -> usize {
        self.words.len() - self.shown.len()
    }

    pub fn gives(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word)
    }
}

/// What a role is for: the two that come with the house say it in the language of the page, until somebody says it better.
pub fn described(c: &Chrome, role: &accounts::Role) -> String {
    match (role.description.as_str(), role.is_admin(), role.is_built_in()) {
        (_, true, _) => c.t.roles.about_admin.to_owned(),
        ("", _, true) => c.t.roles.about_user.to_owned(),
        (own, ..) => own.to_owned(),
    }
}

/// `GET /admin/roles`.
pub async fn list_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let (limit, after) = query.part(|cursor| RolePlace::at(&cursor))?;
    let found = accounts::roles_page(&app, &caller, after, limit).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminRoles)
        .with_command(curl::LIST_ROLES.command(&app, ""));
    let rows: Vec<RoleRow> = found.items.into_iter().map(|listed| RoleRow::new(&c, listed)).collect();
    let shown = RolesPage {
        groups: grouped(rows.iter().flat_map(|row| row.words.iter().cloned()), &c),
        rows,
        first: (!query.after.is_empty()).then(|| query.url(HERE, None)),
        next: found.next.map(|cursor| query.url(HERE, Some(&cursor))),
        may_write: caller.may(words::ROLES_WRITE),
        c,
    };
    Ok(render(StatusCode::OK, &shown))
}
