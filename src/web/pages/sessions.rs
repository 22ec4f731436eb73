//! Where one is signed in, page by page, and what ended lately.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::platform::ids::SessionId;
use crate::sessions::{self, Asked, EndReason, Lately, Over, Place, Why};
use crate::texts::Texts;
use crate::texts::device::Device;
use crate::web::chrome::{Chrome, Section, SessionRow, When, page};
use crate::web::form::{Notice, see_other};
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

const HERE: &str = "/account/sessions";

#[derive(Template)]
#[template(path = "pages/sessions.html")]
struct SessionsPage {
    c: Chrome,
    here: Option<SessionRow>,
    elsewhere: Vec<SessionRow>,
    first: Option<String>,
    next: Option<String>,
    reused: Vec<OverRow>,
    over: Vec<OverRow>,
}

/// A session that is over, as the page shows it.
struct OverRow {
    client: String,
    address: String,
    ended: When,
    why: &'static str,
}

impl OverRow {
    fn new(c: &Chrome, over: Over) -> Self {
        Self {
            client: Device::of(&over.client_id, &over.user_agent).in_words(c.t),
            ended: c.when(over.at),
            why: in_words(over.why, c.t),
            address: over.address,
        }
    }
}

fn in_words(why: Why, t: &Texts) -> &'static str {
    let t = &t.sessions;
    match why {
        Why::Ended(EndReason::SignedOut) => t.signed_out,
        Why::Ended(EndReason::EndedByUser | EndReason::NotMe) => t.ended_by_you,
        Why::Ended(EndReason::EndedByAdmin) => t.ended_by_admin,
        Why::Ended(EndReason::UserDisabled) => t.account_disabled,
        Why::Ended(EndReason::PasswordSet) => t.password_set,
        Why::Ended(EndReason::RefreshReused) => t.token_reused,
        Why::Ended(EndReason::Revoked) => t.ended_by_app,
        Why::Idle => t.idle,
        Why::Aged => t.aged,
        Why::Ended(EndReason::UserDeleted) | Why::Unknown => t.ended_somehow,
    }
}

/// `GET /account/sessions`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    let (limit, after) = query.part(|cursor| Place::at(&cursor))?;
    let (here, elsewhere) = sessions::here_and_elsewhere(&app, &caller, Asked { after, limit }).await?;
    // What ended stands on the first page only; the others go on with what is alive.
    let is_first = query.after.is_empty();
    let lately = if is_first { sessions::lately(&app, &caller).await? } else { Lately::default() };
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    let over = |rows: Vec<Over>| rows.into_iter().map(|over| OverRow::new(&c, over)).collect();
    let listed = SessionsPage {
        here: here.filter(|_| is_first).map(|session| c.session(session, &caller)),
        elsewhere: c.sessions(elsewhere.items, &caller),
        first: (!is_first).then(|| query.url(HERE, None)),
        next: elsewhere.next.map(|cursor| query.url(HERE, Some(&cursor))),
        reused: over(lately.reused),
        over: over(lately.others),
        c,
    };
    Ok(page(StatusCode::OK, &listed))
}

/// `POST /account/sessions/ID/end`.
pub async fn end_one(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    sessions::end_own(&app, &caller, SessionId::from_outside(id.into_inner())).await?;
    Ok(see_other(&Notice::SessionEnded.on(HERE)))
}

/// `POST /account/sessions/end-others`.
pub async fn end_others(app: web::Data<App>, Resident(caller): Resident) -> Result<HttpResponse, Refusal> {
    sessions::end_others(&app, &caller).await?;
    Ok(see_other(&Notice::OthersEnded.on(HERE)))
}
