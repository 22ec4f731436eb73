//! Which roles somebody has, until when, and what follows: `/api/users/ID/roles` and `/api/users/ID/permissions`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::user::{Id, again, back, user_id};
use super::user_page::Typed;
use crate::access::words;
use crate::accounts::{self, Allowed, RoleGrant};
use crate::app::App;
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::web::api::user::UserJson;
use crate::web::body::Fields;
use crate::web::etag::{self, FIELD, IfMatch, expected_by};
use crate::web::form::Notice;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

/// What the reference shows.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct RolesBody {
    roles: Vec<GrantBody>,
}

/// A name alone gives the role for good.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub enum GrantBody {
    Name(String),
    Until {
        name: String,
        /// RFC 3339; the role is gone from then on.
        until: Option<String>,
    },
}

#[utoipa::path(put, path = "/api/users/{id}/roles", tag = "Users", summary = "Give exactly these roles",
    params(("id" = String, Path)), request_body = RolesBody, security(("password" = ["roles:write"])),
    responses((status = 200, body = UserJson, description = "The user as it is now. Their older tokens are stale."),
              (status = 401, description = "A proof older than 15 minutes."),
              (status = 403, description = "Without roles:write, or beyond what you hold."),
              (status = 409, description = "The last administrator for good."),
              (status = 412, description = "Not the state that If-Match names."),
              (status = 422, description = "No such role, or an end that lies in the past.")))]
pub async fn roles(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: Id,
    IfMatch(expected): IfMatch,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::ROLES_WRITE)?;
    let grants = read(&fields);
    fields.check(&["roles"])?;
    let user = accounts::set_roles(&app, &caller, user_id(id), grants, expected).await?;
    Ok(etag::json(StatusCode::OK, &user.version(), &UserJson::from(user)))
}

fn read(fields: &Fields) -> Vec<RoleGrant> {
    let Some(items) = fields.items("roles") else {
        fields.complain("roles", |t| t.refused.required);
        return Vec::new();
    };
    let grants: Option<Vec<RoleGrant>> = items.iter().map(grant).collect();
    grants.unwrap_or_else(|| {
        fields.complain("roles", |t| t.refused.grants);
        Vec::new()
    })
}

fn grant(item: &Value) -> Option<RoleGrant> {
    let (name, until) = match item {
        Value::String(name) => (name.as_str(), None),
        Value::Object(members) => {
            let until = match members.get("until") {
                None | Some(Value::Null) => None,
                // Whole seconds, as pages show it.
                Some(moment) => Some(UnixTime::from_seconds(UnixTime::parse(moment.as_str()?)?.seconds())),
            };
            (members.get("name")?.as_str()?, until)
        }
        _ => return None,
    };
    (!name.contains('\0')).then(|| RoleGrant { role: name.to_owned(), until })
}

/// `POST /admin/users/ID/roles`: the boxes that are ticked, each with its end.
pub async fn roles_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&["roles"])?;
    let (id, ticked) = (user_id(id), ticked(&fields));
    let done = match grants(&ticked) {
        Ok(grants) => {
            accounts::set_roles(&app, &caller, id.clone(), grants, expected_by(&fields)).await.map_err(Refusal::from)
        }
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(_) => Ok(back(Notice::RolesSaved, &id)),
        Err(refusal) => {
            let typed = Typed { roles: Some(ticked), version: fields.text(FIELD), ..Typed::default() };
            again(&app, &request, &caller, id, (refusal, typed)).await
        }
    }
}

/// The roles that are ticked, and what stands in the field for the end of each.
fn ticked(fields: &Fields) -> Vec<(String, String)> {
    let names = fields.list("roles").unwrap_or_default();
    let until = |name: &str| fields.of_row(&format!("until:{name}")).unwrap_or_default().trim().to_owned();
    names
        .into_iter()
        .map(|name| {
            let until = until(&name);
            (name, until)
        })
        .collect()
}

fn grants(ticked: &[(String, String)]) -> Result<Vec<RoleGrant>, Refusal> {
    let grant = |(name, until): &(String, String)| {
        let until = match until.as_str() {
            "" => None,
            text => Some(UnixTime::parse_local(text).ok_or_else(|| no_date(name))?),
        };
        Ok(RoleGrant { role: name.clone(), until })
    };
    ticked.iter().map(grant).collect()
}

fn no_date(name: &str) -> Refusal {
    let name = name.to_owned();
    Refusal::wrong("roles", move |t| t.no_date(&name))
}

/// All that somebody may do.
#[derive(Serialize, ToSchema)]
pub struct UserPermissions {
    #[schema(value_type = String)]
    id: UserId,
    username: String,
    /// Whoever is disabled may do nothing.
    disabled: bool,
    items: Vec<AllowedJson>,
    /// Always null: all of it is here.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct AllowedJson {
    #[schema(example = "invoices:approve")]
    permission: String,
    roles: Vec<GivenJson>,
}

/// A role that gives it, and until when; null for good.
#[derive(Serialize, ToSchema)]
pub struct GivenJson {
    name: String,
    #[schema(value_type = Option<String>, format = "date-time")]
    until: Option<UnixTime>,
}

impl From<RoleGrant> for GivenJson {
    fn from(grant: RoleGrant) -> Self {
        Self { name: grant.role, until: grant.until }
    }
}

#[utoipa::path(get, path = "/api/users/{id}/permissions", tag = "Users", summary = "What a user may do, and by which roles",
    params(("id" = String, Path)), security(("password" = ["users:read"])),
    responses((status = 200, body = UserPermissions, description = "Every permission with the roles that give it."),
              (status = 403, description = "Without users:read."), (status = 404, description = "There is no such user.")))]
pub async fn permissions(app: web::Data<App>, SignedIn(caller): SignedIn, id: Id) -> Result<HttpResponse, Refusal> {
    let (user, allowed) = accounts::permissions_of_user(&app, &caller, user_id(id)).await?;
    let item =
        |Allowed { permission, by }| AllowedJson { permission, roles: by.into_iter().map(GivenJson::from).collect() };
    Ok(HttpResponse::Ok().json(UserPermissions {
        disabled: user.standing == accounts::Standing::Disabled,
        id: user.id,
        username: user.username,
        items: allowed.into_iter().map(item).collect(),
        next: None,
    }))
}
