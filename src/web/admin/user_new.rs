//! Making a user: `POST /api/users` and `/admin/users`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::user_page::{RoleChoice, role_choices};
use crate::access::{Caller, words};
use crate::accounts;
use crate::app::App;
use crate::platform::secret::Password;
use crate::signin::{self, Registration, Role};
use crate::web::api::user::UserJson;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::curl;
use crate::web::etag;
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct NewUserBody {
    #[schema(example = "bob")]
    username: String,
    #[schema(example = "bob@example.com")]
    email: String,
    name: Option<String>,
    /// Without one nobody can sign in to the account until one is set.
    #[schema(format = "password")]
    password: Option<String>,
    /// Names of roles; `user` when left out.
    roles: Option<Vec<String>>,
}

#[utoipa::path(post, path = "/api/users", tag = "Users", summary = "Create a user", request_body = NewUserBody,
    security(("password" = ["users:write"])),
    responses((status = 201, description = "The new user; `Location` says where.", body = UserJson),
              (status = 400, description = "The username or the email address is taken."),
              (status = 403, description = "Without users:write, or roles:write where roles are given."),
              (status = 422, description = "Values that can't be taken.")))]
pub async fn create(app: web::Data<App>, SignedIn(caller): SignedIn, fields: Fields) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let typed = Registration {
        username: fields.required("username"),
        email: fields.required("email"),
        name: fields.text("name").unwrap_or_default(),
        password: fields.text("password").map(Password::new),
    };
    let role = fields.list("roles").map_or(Role::User, Role::Chosen);
    fields.check(&["roles"])?;
    let user = signin::create(&app, &caller, typed, role).await?;
    Ok(etag::created(&format!("/api/users/{}", user.id), &user.version(), &UserJson::from(user)))
}

#[derive(Template)]
#[template(path = "admin/user_new.html")]
struct NewUserPage {
    c: Chrome,
    username: String,
    email: String,
    name: String,
    roles: Vec<RoleChoice>,
    errors: FieldErrors,
}

fn chrome(app: &App, request: &HttpRequest, caller: &Caller) -> Chrome {
    let new = json!({"username": "bob", "email": "bob@example.com", "roles": [accounts::USER]});
    let command = curl::CREATE_USER.command_with(app, "", &new);
    Chrome::new(app, request, Some(caller), Section::AdminUsers).with_command(command)
}

/// `GET /admin/users/new`.
pub async fn new_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let blank = NewUserPage {
        roles: role_choices(&app, &caller, &[(accounts::USER.to_owned(), String::new())]).await?,
        c: chrome(&app, &request, &caller),
        username: String::new(),
        email: String::new(),
        name: String::new(),
        errors: FieldErrors::default(),
    };
    Ok(page(StatusCode::OK, &blank))
}

/// `POST /admin/users`.
pub async fn create_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&["roles"])?;
    let text = |name| fields.text(name).unwrap_or_default();
    let (username, email, name) = (text("username"), text("email"), text("name"));
    let typed = Registration {
        username: username.clone(),
        email: email.clone(),
        name: name.clone(),
        password: Some(Password::new(text("password"))),
    };
    let chosen = fields.list("roles").unwrap_or_default();
    match signin::create(&app, &caller, typed, Role::Chosen(chosen.clone())).await.map_err(Refusal::from) {
        Ok(user) => Ok(see_other(&Notice::UserCreated.on(&format!("/admin/users/{}", user.id)))),
        Err(refusal) => {
            let status = refusal.kind.status();
            let errors = FieldErrors::from_refusal(refusal)?;
            let ticked: Vec<_> = chosen.into_iter().map(|role| (role, String::new())).collect();
            let roles = role_choices(&app, &caller, &ticked).await?;
            let c = chrome(&app, &request, &caller);
            Ok(page(status, &NewUserPage { c, username, email, name, roles, errors }))
        }
    }
}
