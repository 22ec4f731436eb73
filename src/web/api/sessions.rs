//! Where one is signed in: `GET` and `DELETE /users/me/sessions`.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::platform::ids::SessionId;
use crate::platform::page::Page;
use crate::platform::time::UnixTime;
use crate::sessions::{self, Asked, Place, Session};
use crate::texts::EN;
use crate::texts::device::Device;
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::{InPerson, SignedIn};

/// One session as programs see it; its id is the `sid` of the tokens.
#[derive(Serialize, ToSchema)]
pub struct SessionJson {
    #[schema(value_type = String)]
    id: SessionId,
    /// The one that asks.
    current: bool,
    #[schema(value_type = String, format = "date-time")]
    created_at: UnixTime,
    #[schema(value_type = String, format = "date-time")]
    last_used_at: UnixTime,
    /// The application, or the browser and its system.
    #[schema(example = "Firefox on Linux")]
    client: String,
    address: String,
}

/// One page of sessions.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    items: Vec<SessionJson>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
}

impl SessionList {
    pub fn new(sessions: Page<Session>, current: &SessionId) -> Self {
        let json = |session: Session| SessionJson {
            current: session.id == *current,
            id: session.id,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            client: Device::of(&session.client_id, &session.user_agent).in_words(&EN),
            address: session.address,
        };
        let Page { items, next } = sessions.map(json);
        Self { items, next: next.map(|cursor| cursor.encode()) }
    }
}

#[utoipa::path(get, path = "/users/me/sessions", tag = "Account", summary = "Where I am signed in",
    params(PageQuery), security(("password" = [])),
    responses((status = 200, description = "A page of living sessions, the one used last first.", body = SessionList),
              (status = 401, description = "No token, or a bad one."), (status = 422, description = "A parameter means nothing.")))]
pub async fn my_sessions(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    let (limit, after) = query.part(|cursor| Place::at(&cursor))?;
    let sessions = sessions::own(&app, &caller, Asked { after, limit }).await?;
    Ok(HttpResponse::Ok().json(SessionList::new(sessions, &caller.session)))
}

#[utoipa::path(delete, path = "/users/me/sessions", tag = "Account", summary = "Sign out everywhere else",
    security(("password" = [])),
    responses((status = 204, description = "Every other session has ended."),
              (status = 401, description = "No token, or a bad one.")))]
pub async fn end_my_other_sessions(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
) -> Result<HttpResponse, Refusal> {
    sessions::end_others(&app, &caller).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[utoipa::path(delete, path = "/users/me/sessions/{id}", tag = "Account", summary = "End one session",
    params(("id" = String, Path)), security(("password" = [])),
    responses((status = 204, description = "That session has ended."),
              (status = 401, description = "No token, or a bad one."),
              (status = 404, description = "The caller has no such session, or it is over.")))]
pub async fn end_my_session(
    app: web::Data<App>,
    InPerson(SignedIn(caller)): InPerson<SignedIn>,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    match sessions::end_own(&app, &caller, SessionId::from_outside(id.into_inner())).await? {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(Refusal::not_found()),
    }
}
