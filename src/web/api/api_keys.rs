//! Keys of programs: `/api/api-keys`. One's own for everybody, others' for administrators.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::platform::ids::{ApiKeyId, SessionId, UserId};
use crate::platform::page::Page;
use crate::platform::time::UnixTime;
use crate::tokens::api_keys::{self, ApiKey, Asked, Draft, Whose};
use crate::web::body::Fields;
use crate::web::headers::no_store;
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::SignedIn;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct KeysQuery {
    /// A user's id, or `all`, both with users:read; one's own when left out.
    #[serde(default)]
    owner: String,
}

impl KeysQuery {
    fn whose(&self) -> Whose {
        match self.owner.as_str() {
            "" => Whose::Own,
            "all" => Whose::Everybody,
            id => Whose::Of(UserId::from_outside(id)),
        }
    }
}

/// A key as programs see it: all but the key itself.
#[derive(Serialize, ToSchema)]
pub struct ApiKeyJson {
    #[schema(value_type = String)]
    id: ApiKeyId,
    #[schema(example = "nightly export")]
    name: String,
    /// How the key begins.
    #[schema(example = "vst_4hR2kP9sLq_…")]
    prefix: String,
    #[schema(value_type = String)]
    owner: UserId,
    username: String,
    /// What it was made for; of this it can do what its owner holds now.
    scope: Vec<String>,
    /// `active`, `expired` or `ended`.
    state: &'static str,
    /// The session that it stands for; ending that ends the key.
    #[schema(value_type = String)]
    sid: SessionId,
    #[schema(value_type = String, format = "date-time")]
    created_at: UnixTime,
    /// Null where it counts until somebody ends it.
    #[schema(value_type = Option<String>, format = "date-time")]
    expires_at: Option<UnixTime>,
    /// To the minute; null while nobody has used it.
    #[schema(value_type = Option<String>, format = "date-time")]
    last_used_at: Option<UnixTime>,
}

impl From<ApiKey> for ApiKeyJson {
    fn from(key: ApiKey) -> Self {
        Self {
            prefix: key.beginning(),
            id: key.id,
            name: key.name,
            owner: key.owner,
            username: key.username,
            scope: key.scope.iter().map(|word| word.as_str().to_owned()).collect(),
            state: key.state.word(),
            sid: key.session,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ApiKeyList {
    items: Vec<ApiKeyJson>,
    next: Option<String>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub struct NewApiKeyJson {
    #[serde(flatten)]
    about: ApiKeyJson,
    /// The key itself: this is the only time that it is told.
    key: String,
}

#[utoipa::path(get, path = "/api/api-keys", tag = "API keys", summary = "API keys, the newest first", params(KeysQuery, PageQuery),
    security(("password" = [])),
    responses((status = 200, body = ApiKeyList, description = "A page of keys, also those that were over lately."),
              (status = 403, description = "Others' keys without users:read, or one's own by a key."),
              (status = 422, description = "A parameter means nothing.")))]
pub async fn api_keys_list(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<KeysQuery>,
    part: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    let (limit, after) = part.part(Asked::place)?;
    let Page { items, next } = api_keys::list(&app, &caller, query.whose(), Asked { after, limit }).await?;
    let items = items.into_iter().map(ApiKeyJson::from).collect();
    Ok(HttpResponse::Ok().json(ApiKeyList { items, next: next.map(|cursor| cursor.encode()) }))
}

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct NewApiKeyBody {
    #[schema(example = "nightly export")]
    name: String,
    /// Permissions, none that you do not hold. Without any it says who you are, and no more.
    #[schema(example = json!(["users:read"]))]
    scope: Vec<String>,
    /// Days (`30d`), its last day in UTC (`2027-01-31`), or `never`.
    #[schema(example = "90d")]
    expires: String,
}

#[utoipa::path(post, path = "/api/api-keys", tag = "API keys", summary = "Make an API key", request_body = NewApiKeyBody,
    security(("password" = [])),
    responses((status = 201, body = NewApiKeyJson, description = "The key, told this once."),
              (status = 401, description = "A proof older than 15 minutes."),
              (status = 403, description = "By a key, or permissions that you do not hold."),
              (status = 409, description = "There are 50 already."),
              (status = 422, description = "Values that can't be taken.")))]
pub async fn make_api_key(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must_be_there()?;
    let draft = Draft {
        name: fields.required("name"),
        scope: fields.required_list("scope"),
        expires: fields.required("expires"),
    };
    fields.check(&["scope"])?;
    let made = api_keys::make(&app, &caller, draft).await?;
    let key = made.reveal().to_owned();
    let mut answer = HttpResponse::Created().json(NewApiKeyJson { about: made.key.into(), key });
    no_store(answer.headers_mut());
    Ok(answer)
}

#[utoipa::path(delete, path = "/api/api-keys/{id}", tag = "API keys", summary = "End an API key",
    params(("id" = String, Path)), security(("password" = [])),
    responses((status = 204, description = "It counts no more, anywhere."),
              (status = 403, description = "Somebody else's without sessions:write, or of somebody who holds what you do not."),
              (status = 404, description = "There is none that you may see.")))]
pub async fn end_api_key(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    api_keys::end(&app, &caller, ApiKeyId::from_outside(id.into_inner())).await?;
    Ok(HttpResponse::NoContent().finish())
}
