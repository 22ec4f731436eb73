//! Invitations as a list, and withdrawing one: `/api/invitations` and `/admin/invitations`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::words;
use crate::app::App;
use crate::config::Signup;
use crate::platform::ids::InvitationId;
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::signin::invitation::{self, Invitation, State};
use crate::web::chrome::{Chrome, Section, When, page};
use crate::web::curl;
use crate::web::form::{Notice, see_other};
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

pub const HERE: &str = "/admin/invitations";

fn asked(query: &PageQuery) -> Result<(usize, Option<Cursor>), Refusal> {
    query.part(|cursor| invitation::is_ours(&cursor).then_some(cursor))
}

/// An invitation as programs see it.
#[derive(Serialize, ToSchema)]
pub struct InvitationJson {
    #[schema(value_type = String)]
    id: InvitationId,
    /// Null where whoever has the link may follow it.
    email: Option<String>,
    roles: Vec<String>,
    invited_by: String,
    #[schema(value_type = String, format = "date-time")]
    created_at: UnixTime,
    #[schema(value_type = String, format = "date-time")]
    expires_at: UnixTime,
    /// Accounts that can be made with it still.
    uses_left: i64,
    /// Accounts that were made with it.
    used: i64,
    /// `open`, `used`, `expired` or `withdrawn`.
    #[schema(example = "open")]
    state: &'static str,
    /// To pass on; only in the answer that makes it, and only where no mail takes it to an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl InvitationJson {
    pub fn new(invitation: Invitation, link: Option<String>) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            roles: invitation.roles,
            invited_by: invitation.invited_by,
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            uses_left: invitation.uses_left,
            used: invitation.used,
            state: invitation.state.word(),
            link,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct InvitationList {
    items: Vec<InvitationJson>,
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/invitations", tag = "Users", summary = "Invitations, the newest first", params(PageQuery),
    security(("password" = ["users:write"])),
    responses((status = 200, body = InvitationList, description = "A page of invitations, and what became of each."),
              (status = 403, description = "Without users:write."), (status = 422, description = "A parameter means nothing.")))]
pub async fn invitations(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let (limit, after) = asked(&query)?;
    let Page { items, next } = invitation::list(&app, &caller, after, limit).await?;
    let list = InvitationList {
        items: items.into_iter().map(|invitation| InvitationJson::new(invitation, None)).collect(),
        next: next.map(|cursor| cursor.encode()),
    };
    Ok(HttpResponse::Ok().json(list))
}

#[utoipa::path(delete, path = "/api/invitations/{id}", tag = "Users", summary = "Withdraw an invitation",
    params(("id" = String, Path)), security(("password" = ["users:write"])),
    responses((status = 204, description = "Its link opens nothing any more."),
              (status = 403, description = "Without users:write, or it gives what you do not hold."),
              (status = 404, description = "There is none that is open.")))]
pub async fn withdraw(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    invitation::withdraw(&app, &caller, InvitationId::from_outside(id.into_inner())).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /admin/invitations/ID/withdraw`.
pub async fn withdraw_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    invitation::withdraw(&app, &caller, InvitationId::from_outside(id.into_inner())).await?;
    Ok(see_other(&Notice::InvitationWithdrawn.on(HERE)))
}

#[derive(Template)]
#[template(path = "admin/invitations.html")]
struct InvitationsPage {
    c: Chrome,
    /// `SIGNUP` lets nobody in by one.
    closed: bool,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

struct Row {
    id: String,
    email: Option<String>,
    roles: Vec<String>,
    by: String,
    expires: When,
    state: State,
    uses: String,
}

/// `GET /admin/invitations`.
pub async fn list_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let (limit, after) = asked(&query)?;
    let is_first = after.is_none();
    let Page { items, next } = invitation::list(&app, &caller, after, limit).await?;
    let open = items.iter().find(|invitation| invitation.state == State::Open);
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminInvitations)
        .with_command(curl::LIST_INVITATIONS.command(&app, ""))
        .with_command(open.map(|invitation| curl::WITHDRAW.command(&app, invitation.id.as_str())));
    let row = |invitation: Invitation| Row {
        uses: format!("{} / {}", invitation.used, invitation.used + invitation.uses_left),
        expires: c.when(invitation.expires_at),
        id: invitation.id.as_str().to_owned(),
        email: invitation.email,
        roles: invitation.roles,
        by: invitation.invited_by,
        state: invitation.state,
    };
    let shown = InvitationsPage {
        closed: app.config.signup == Signup::Closed,
        rows: items.into_iter().map(row).collect(),
        first: (!is_first).then(|| query.url(HERE, None)),
        next: next.map(|cursor| query.url(HERE, Some(&cursor))),
        c,
    };
    Ok(page(StatusCode::OK, &shown))
}
