//! Everybody's sessions: `/api/sessions` and `/admin/sessions`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Caller, words};
use crate::accounts::{self, Place};
use crate::app::App;
use crate::platform::ids::{SessionId, UserId};
use crate::platform::page::Page;
use crate::platform::time::UnixTime;
use crate::sessions::Newest;
use crate::texts::EN;
use crate::texts::device::Device;
use crate::web::chrome::{Chrome, Section, SessionRow, page as render};
use crate::web::curl;
use crate::web::form::{Notice, see_other};
use crate::web::paging::{self, PageQuery};
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

const HERE: &str = "/admin/sessions";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SessionsQuery {
    /// Only those of the user with this id.
    #[serde(default)]
    user: String,
}

impl SessionsQuery {
    fn user(&self) -> Option<UserId> {
        (!self.user.is_empty()).then(|| UserId::from_outside(self.user.as_str()))
    }

    fn filters(&self) -> [(&'static str, &str); 1] {
        [("user", &self.user)]
    }
}

async fn read(app: &App, caller: &Caller, query: &SessionsQuery, part: &PageQuery) -> Result<Page<Place>, Refusal> {
    let (limit, after) = part.part(|cursor| Newest::place(&cursor))?;
    let asked = Newest::asked(query.user(), after, limit);
    accounts::every_session(app, caller, asked).await.map_err(|refusal| match refusal {
        accounts::Refusal::NoSuchUser => Refusal::wrong("user", |t| t.refused.no_user_of_id),
        refusal => refusal.into(),
    })
}

/// A session, and whose it is.
#[derive(Serialize, ToSchema)]
pub struct PlaceJson {
    #[schema(value_type = String)]
    id: SessionId,
    user: HolderJson,
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

#[derive(Serialize, ToSchema)]
pub struct HolderJson {
    #[schema(value_type = String)]
    id: UserId,
    username: String,
}

/// One page of sessions.
#[derive(Serialize, ToSchema)]
pub struct PlaceList {
    items: Vec<PlaceJson>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/sessions", tag = "Users", summary = "Where everybody is signed in", params(SessionsQuery, PageQuery),
    security(("password" = ["users:read"])),
    responses((status = 200, description = "A page of living sessions, the one that began last first.", body = PlaceList),
              (status = 403, description = "Without users:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn list_sessions(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<SessionsQuery>,
    part: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let json = |Place { session, username }: Place| PlaceJson {
        current: session.id == caller.session,
        id: session.id,
        user: HolderJson { id: session.user, username },
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        client: Device::of(&session.client_id, &session.user_agent).in_words(&EN),
        address: session.address,
    };
    let Page { items, next } = read(&app, &caller, &query, &part).await?.map(json);
    Ok(HttpResponse::Ok().json(PlaceList { items, next: next.map(|cursor| cursor.encode()) }))
}

#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "Users", summary = "End somebody's session",
    params(("id" = String, Path)), security(("password" = ["sessions:write"])),
    responses((status = 204, description = "That session has ended, and every token of it."),
              (status = 403, description = "Without sessions:write, or of somebody who holds what you do not."),
              (status = 404, description = "There is no such session, or it is over.")))]
pub async fn end_session(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    match accounts::end_session(&app, &caller, SessionId::from_outside(id.into_inner())).await? {
        Some(_) => Ok(HttpResponse::NoContent().finish()),
        None => Err(Refusal::not_found()),
    }
}

#[derive(Template)]
#[template(path = "admin/sessions.html")]
struct SessionsPage {
    c: Chrome,
    rows: Vec<Row>,
    /// The one whose sessions these are.
    of_one: Option<(String, String)>,
    first: Option<String>,
    next: Option<String>,
    /// Which part of the list this is, so that ending one leads back to it.
    here: String,
    may_end: bool,
}

struct Row {
    session: SessionRow,
    user: String,
    username: String,
}

/// `GET /admin/sessions`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<SessionsQuery>,
    part: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let Page { items, next } = read(&app, &caller, &query, &part).await?;
    let of_one = match query.user() {
        Some(user) => Some(accounts::look_up(&app, &caller, user).await?),
        None => None,
    };
    let may_end = caller.may(words::SESSIONS_WRITE);
    let other = items.iter().find(|place| may_end && place.session.id != caller.session);
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminSessions)
        .with_command(curl::LIST_SESSIONS.command_asking(&app, &paging::url("", query.filters())))
        .with_command(other.map(|place| curl::END_SESSION.command(&app, place.session.id.as_str())));
    let row = |Place { session, username }: Place| Row {
        user: session.user.as_str().to_owned(),
        session: c.session(session, &caller),
        username,
    };
    let shown = SessionsPage {
        rows: items.into_iter().map(row).collect(),
        of_one: of_one.map(|user| (user.id.as_str().to_owned(), user.username)),
        first: (!part.after.is_empty()).then(|| part.url_of(HERE, &query.filters(), None)),
        next: next.map(|cursor| part.url_of(HERE, &query.filters(), Some(&cursor))),
        here: part.here("", &query.filters()),
        may_end,
        c,
    };
    Ok(render(StatusCode::OK, &shown))
}

/// `POST /admin/sessions/ID/end`, with the part of the list that it was asked from. One that is over already is what was wanted.
pub async fn end_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
    query: web::Query<SessionsQuery>,
    part: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    accounts::end_session(&app, &caller, SessionId::from_outside(id.into_inner())).await?;
    Ok(see_other(&Notice::SomebodysSessionEnded.on(&part.here(HERE, &query.filters()))))
}
