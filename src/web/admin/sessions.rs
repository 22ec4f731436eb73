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
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::sessions::Newest;
use crate::texts::EN;
use crate::texts::device::Device;
use crate::web::chrome::{Chrome, Section, SessionRow, page as render};
use crate::web::form::{Notice, see_other};
use crate::web::paging;
use crate::web::refuse::{FieldProblem, Refusal};
use crate::web::who::{Resident, SignedIn};

const HERE: &str = "/admin/sessions";
const PAGE: usize = 50;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SessionsQuery {
    /// Only those of the user with this id.
    #[serde(default)]
    user: String,
    /// How many at the most, up to 200.
    #[serde(default)]
    limit: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

impl SessionsQuery {
    fn user(&self) -> Option<UserId> {
        (!self.user.is_empty()).then(|| UserId::from_outside(self.user.as_str()))
    }

    fn asked(&self) -> Result<Newest, Refusal> {
        let after = paging::after(&self.after, |cursor| Newest::place(&cursor));
        match (paging::limit(&self.limit, PAGE), after) {
            (Ok(limit), Ok(after)) => Ok(Newest::asked(self.user(), after, limit)),
            (limit, after) => Err(Refusal::invalid(limit.err().into_iter().chain(after.err()).collect())),
        }
    }

    /// The address of another page of the same list.
    fn url(&self, after: Option<&Cursor>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let after = after.map(Cursor::encode).unwrap_or_default();
        for (name, value) in [("user", &self.user), ("limit", &self.limit), ("after", &after)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { HERE.to_owned() } else { format!("{HERE}?{query}") }
    }
}

async fn read(app: &App, caller: &Caller, query: &SessionsQuery) -> Result<Page<Place>, Refusal> {
    accounts::every_session(app, caller, query.asked()?).await.map_err(|refusal| match refusal {
        accounts::Refusal::NoSuchUser => {
            Refusal::invalid(vec![FieldProblem { field: "user", detail: "There is no user with this id.".into() }])
        }
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

#[utoipa::path(get, path = "/api/sessions", tag = "Users", summary = "Where everybody is signed in", params(SessionsQuery),
    security(("password" = ["users:read"])),
    responses((status = 200, description = "A page of living sessions, the one that began last first.", body = PlaceList),
              (status = 403, description = "Without users:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn list_sessions(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<SessionsQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let json = |Place { session, username }: Place| PlaceJson {
        current: session.id == caller.session,
        id: session.id,
        user: HolderJson { id: session.user, username },
        created_at: session.created_at,
        last_used_at: session.last_used_at,
        client: Device::read(&session.user_agent).in_words(&EN),
        address: session.address,
    };
    let Page { items, next } = read(&app, &caller, &query).await?.map(json);
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
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let Page { items, next } = read(&app, &caller, &query).await?;
    let of_one = match query.user() {
        Some(user) => Some(accounts::look_up(&app, &caller, user).await?),
        None => None,
    };
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminSessions);
    let row = |Place { session, username }: Place| Row {
        user: session.user.as_str().to_owned(),
        session: c.session(session, &caller),
        username,
    };
    let shown = SessionsPage {
        rows: items.into_iter().map(row).collect(),
        of_one: of_one.map(|user| (user.id.as_str().to_owned(), user.username)),
        first: (!query.after.is_empty()).then(|| query.url(None)),
        next: next.map(|cursor| query.url(Some(&cursor))),
        may_end: caller.may(words::SESSIONS_WRITE),
        c,
    };
    Ok(render(StatusCode::OK, &shown))
}

/// `POST /admin/sessions/ID/end`. One that is over already is what was wanted.
pub async fn end_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    accounts::end_session(&app, &caller, SessionId::from_outside(id.into_inner())).await?;
    Ok(see_other(&Notice::SomebodysSessionEnded.on(HERE)))
}
