//! One's own passkeys: `/users/me/passkeys`. The account page's script calls these with the browser's cookie, programs with
//! a token.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::credentials::passkeys::{self, NewCredential, Passkey, PasskeyName};
use crate::platform::ids::PasskeyId;
use crate::platform::time::UnixTime;
use crate::web::body::Fields;
use crate::web::refuse::Refusal;
use crate::web::who::{InPerson, Recognised};

/// A passkey as its owner sees it.
#[derive(Serialize, ToSchema)]
pub struct PasskeyJson {
    #[schema(value_type = String)]
    id: PasskeyId,
    #[schema(example = "My phone")]
    name: String,
    #[schema(value_type = String, format = "date-time")]
    created_at: UnixTime,
    /// `null` where it was never used.
    #[schema(value_type = Option<String>, format = "date-time")]
    last_used_at: Option<UnixTime>,
    /// Whether a copy is kept elsewhere, by a password manager for one.
    backed_up: bool,
}

impl From<Passkey> for PasskeyJson {
    fn from(passkey: Passkey) -> Self {
        Self {
            backed_up: passkey.is_backed_up(),
            name: passkey.name.as_str().to_owned(),
            id: passkey.id,
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
        }
    }
}

/// All of one's passkeys: there are 20 at the most.
#[derive(Serialize, ToSchema)]
pub struct PasskeyList {
    items: Vec<PasskeyJson>,
    /// Always null: nobody has more than 20.
    next: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct NewPasskeyBody {
    /// One to 60 characters, to know it by.
    name: String,
    /// What `navigator.credentials.create()` gave: its `toJSON()` (RegistrationResponseJSON).
    credential: Value,
}

#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct PasskeyNameBody {
    name: String,
}

#[utoipa::path(get, path = "/users/me/passkeys", tag = "Account", summary = "My passkeys", security(("password" = [])),
    responses((status = 200, description = "All of them, the oldest first.", body = PasskeyList),
              (status = 401, description = "No token, or a bad one.")))]
pub async fn my_passkeys(
    app: web::Data<App>,
    InPerson(Recognised(caller)): InPerson<Recognised>,
) -> Result<HttpResponse, Refusal> {
    let items = passkeys::list(&app, &caller).await?.into_iter().map(PasskeyJson::from).collect();
    Ok(HttpResponse::Ok().json(PasskeyList { items, next: None }))
}

#[utoipa::path(post, path = "/users/me/passkeys/options", tag = "Account", summary = "Begin to add a passkey",
    security(("password" = [])),
    responses((status = 200, description = "What to give to `navigator.credentials.create()` (PublicKeyCredentialCreationOptionsJSON); it counts for five minutes.", body = Value),
              (status = 401, description = "No token, a bad one, or a proof older than 15 minutes."),
              (status = 409, description = "There are 20 already, or this installation has no domain.")))]
pub async fn passkey_options(
    app: web::Data<App>,
    InPerson(Recognised(caller)): InPerson<Recognised>,
) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Ok().json(passkeys::creation_options(&app, &caller).await?))
}

#[utoipa::path(post, path = "/users/me/passkeys", tag = "Account", summary = "Add a passkey",
    request_body = NewPasskeyBody, security(("password" = [])),
    responses((status = 201, description = "It opens the account from now on.", body = PasskeyJson),
              (status = 400, description = "The challenge is over, or the credential does not hold."),
              (status = 401, description = "No token, a bad one, or a proof older than 15 minutes."),
              (status = 409, description = "It is registered already, or there are 20."),
              (status = 422, description = "The name or the credential does not have the form that it must have.")))]
pub async fn add_passkey(
    app: web::Data<App>,
    InPerson(Recognised(caller)): InPerson<Recognised>,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let name = fields.required("name");
    let credential = fields.parsed("credential", NewCredential::parse)?;
    fields.check(&[])?;
    let passkey = passkeys::add(&app, &caller, PasskeyName::parse(&name)?, credential).await?;
    Ok(HttpResponse::Created().json(PasskeyJson::from(passkey)))
}

#[utoipa::path(patch, path = "/users/me/passkeys/{id}", tag = "Account", summary = "Rename a passkey",
    params(("id" = String, Path)), request_body = PasskeyNameBody, security(("password" = [])),
    responses((status = 200, description = "The passkey as it is now.", body = PasskeyJson),
              (status = 401, description = "No token, or a bad one."),
              (status = 404, description = "The caller has no such passkey."),
              (status = 422, description = "A name that can't be taken.")))]
pub async fn rename_passkey(
    app: web::Data<App>,
    InPerson(Recognised(caller)): InPerson<Recognised>,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    let name = fields.required("name");
    fields.check(&[])?;
    let id = PasskeyId::from_outside(id.into_inner());
    let passkey = passkeys::rename(&app, &caller, id, PasskeyName::parse(&name)?).await?;
    Ok(HttpResponse::Ok().json(PasskeyJson::from(passkey)))
}

#[utoipa::path(delete, path = "/users/me/passkeys/{id}", tag = "Account", summary = "Remove a passkey",
    params(("id" = String, Path)), security(("password" = [])),
    responses((status = 204, description = "It opens nothing any more; sessions that it began go on."),
              (status = 401, description = "No token, a bad one, or a proof older than 15 minutes."),
              (status = 404, description = "The caller has no such passkey.")))]
pub async fn remove_passkey(
    app: web::Data<App>,
    InPerson(Recognised(caller)): InPerson<Recognised>,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    passkeys::remove(&app, &caller, PasskeyId::from_outside(id.into_inner())).await?;
    Ok(HttpResponse::NoContent().finish())
}
