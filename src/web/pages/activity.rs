//! What happened to one's account.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::audit::{self, Asked, Place};
use crate::web::chrome::{Chrome, EventRow, Section, page};
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

const HERE: &str = "/account/activity";

#[derive(Template)]
#[template(path = "pages/activity.html")]
struct ActivityPage {
    c: Chrome,
    events: Vec<EventRow>,
    first: Option<String>,
    next: Option<String>,
}

/// `GET /account/activity`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    let (limit, after) = query.part(|cursor| Place::at(&cursor))?;
    let entries = audit::own(&app, &caller, Asked { after, limit }).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    let listed = ActivityPage {
        next: entries.next.map(|cursor| query.url(HERE, Some(&cursor))),
        events: c.events(entries.items),
        first: (!query.after.is_empty()).then(|| query.url(HERE, None)),
        c,
    };
    Ok(page(StatusCode::OK, &listed))
}
