//! `/admin/api-keys`: everybody's keys, and away with one. Its JSON is that of one's own keys, `/api/api-keys`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::access::words;
use crate::app::App;
use crate::platform::ids::ApiKeyId;
use crate::tokens::api_keys::{self, Asked, Whose};
use crate::web::chrome::{Chrome, Section, page as render};
use crate::web::curl;
use crate::web::form::{Notice, see_other};
use crate::web::key_row::KeyRow;
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

const HERE: &str = "/admin/api-keys";

#[derive(Template)]
#[template(path = "admin/api_keys.html")]
struct KeysPage {
    c: Chrome,
    keys: Vec<KeyRow>,
    may_end: bool,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/api_key_end.html")]
struct EndPage {
    c: Chrome,
    row: KeyRow,
    back: &'static str,
    curl: String,
}

/// `GET /admin/api-keys`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let (limit, after) = query.part(Asked::place)?;
    let is_first = after.is_none();
    let found = api_keys::list(&app, &caller, Whose::Everybody, Asked { after, limit }).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminApiKeys)
        .with_command(curl::LIST_API_KEYS.command_asking(&app, "?owner=all"));
    let shown = KeysPage {
        keys: found.items.into_iter().map(|key| KeyRow::new(&c, key)).collect(),
        may_end: caller.may(words::SESSIONS_WRITE),
        first: (!is_first).then(|| query.url(HERE, None)),
        next: found.next.map(|cursor| query.url(HERE, Some(&cursor))),
        c,
    };
    Ok(render(StatusCode::OK, &shown))
}

/// `GET /admin/api-keys/ID/end`: asks first.
pub async fn ask_to_end(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::SESSIONS_WRITE)?;
    let key = api_keys::find(&app, &caller, ApiKeyId::from_outside(id.into_inner())).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminApiKeys);
    let curl = curl::END_API_KEY.command(&app, key.id.as_str());
    Ok(render(StatusCode::OK, &EndPage { row: KeyRow::new(&c, key), back: HERE, curl, c }))
}

/// `POST /admin/api-keys/ID/end`.
pub async fn end(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::SESSIONS_WRITE)?;
    api_keys::end(&app, &caller, ApiKeyId::from_outside(id.into_inner())).await?;
    Ok(see_other(&Notice::ApiKeyEnded.on(HERE)))
}
