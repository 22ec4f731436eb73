//! Refused tokens and why they were: `GET /api/refusals/ID` and `/admin/refusals`, by the request id that the client got.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusals_page::{Explained, RefusalsPage, Row};
use crate::access::words;
use crate::app::App;
use crate::platform::ids::{RequestId, SessionId, TokenId, UserId};
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::texts::Language;
use crate::texts::refusals::sentence;
use crate::tokens;
use crate::tokens::refusals::{self, Cause, Explanation, Kept, KeyStanding};
use crate::web::chrome::{Chrome, Section, page as render};
use crate::web::curl;
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

const HERE: &str = "/admin/refusals";

/// The request that the page explains.
#[derive(Deserialize)]
pub struct ExplainQuery {
    #[serde(default)]
    id: String,
}

fn asked(query: &PageQuery) -> Result<(usize, Option<Cursor>), Refusal> {
    query.part(|cursor| (cursor.order == refusals::NEWEST).then_some(cursor))
}

/// A token that was refused.
#[derive(Serialize, ToSchema)]
pub struct RefusedToken {
    #[schema(value_type = String)]
    request_id: RequestId,
    #[schema(value_type = String, format = "date-time")]
    at: UnixTime,
    /// `access` or `refresh`.
    token: &'static str,
    #[schema(example = "session_ended")]
    reason: &'static str,
    #[schema(value_type = Option<String>)]
    user_id: Option<UserId>,
    username: Option<String>,
    #[schema(value_type = Option<String>)]
    session_id: Option<SessionId>,
    #[schema(value_type = Option<String>)]
    token_id: Option<TokenId>,
    #[schema(value_type = Option<String>, format = "date-time")]
    issued_at: Option<UnixTime>,
    #[schema(value_type = Option<String>, format = "date-time")]
    expires_at: Option<UnixTime>,
    address: String,
    #[schema(example = "GET /users/me")]
    route: String,
}

impl RefusedToken {
    fn new(refused: Kept, username: Option<String>) -> Self {
        Self {
            request_id: refused.request_id,
            at: refused.at,
            token: refused.kind.word(),
            reason: refused.reason.word(),
            user_id: refused.user,
            username,
            session_id: refused.session,
            token_id: refused.token,
            issued_at: refused.issued_at,
            expires_at: refused.expires_at,
            address: refused.address,
            route: refused.route,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct RefusedTokens {
    items: Vec<RefusedToken>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
}

/// Why it was refused.
#[derive(Serialize, ToSchema)]
pub struct RefusalExplained {
    #[serde(flatten)]
    refused: RefusedToken,
    /// One sentence.
    #[schema(example = "The token had expired 4 minutes before.")]
    explanation: String,
    /// What stood in the token where something else was expected.
    found: Option<String>,
    expected: Option<String>,
    /// What the token's header says; `proven` where its signature is one of ours, else anybody's claim.
    header: HeaderSaid,
    /// How the named key stands now: `signs`, `published`, `verifies` or `unknown`.
    key: Option<&'static str>,
    cause: Option<CauseSaid>,
}

#[derive(Serialize, ToSchema)]
pub struct HeaderSaid {
    proven: bool,
    kid: Option<String>,
    alg: Option<String>,
    typ: Option<String>,
}

/// What made the token worthless before its time.
#[derive(Serialize, ToSchema)]
pub struct CauseSaid {
    #[schema(example = "ended_by_admin")]
    what: &'static str,
    #[schema(value_type = String, format = "date-time")]
    at: UnixTime,
    /// Who did it.
    by: Option<String>,
}

impl From<Cause> for CauseSaid {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Ended { at, why, by } => Self { what: why.word(), at, by },
            Cause::TimedOut { at } => Self { what: "timed_out", at, by: None },
            Cause::RolesChanged { at, by } => Self { what: "roles_changed", at, by },
        }
    }
}

impl From<Explanation> for RefusalExplained {
    fn from(explained: Explanation) -> Self {
        let presented = explained.refused.presented.clone();
        Self {
            explanation: sentence(Language::En, &explained),
            found: explained.refused.found.clone(),
            header: HeaderSaid {
                proven: explained.is_proven(),
                kid: presented.kid,
                alg: presented.alg,
                typ: presented.typ,
            },
            key: explained.key.map(KeyStanding::word),
            expected: explained.expected,
            cause: explained.cause.map(CauseSaid::from),
            refused: RefusedToken::new(explained.refused, explained.username),
        }
    }
}

#[utoipa::path(get, path = "/api/refusals", tag = "Tokens", summary = "Tokens that were refused", params(PageQuery),
    security(("password" = ["audit:read"])),
    responses((status = 200, description = "The newest first; kept for 7 days.", body = RefusedTokens),
              (status = 403, description = "Without audit:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn latest(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let (limit, after) = asked(&query)?;
    let Page { items, next } = refusals::latest(&app, &caller, after, limit).await?;
    let items = items.into_iter().map(|(refused, username)| RefusedToken::new(refused, username)).collect();
    Ok(HttpResponse::Ok().json(RefusedTokens { items, next: next.map(|cursor| cursor.encode()) }))
}

#[utoipa::path(get, path = "/api/refusals/{id}", tag = "Tokens", summary = "Why a token was refused",
    params(("id" = String, Path, description = "The request id of the answer.")),
    security(("password" = ["audit:read"])),
    responses((status = 200, description = "The reason, which the client did not learn.", body = RefusalExplained),
              (status = 403, description = "Without audit:read."),
              (status = 404, description = "Nothing is known under this request id.")))]
pub async fn explain(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let explained = refusals::explain(&app, &caller, RequestId::from_outside(id.into_inner())).await?;
    Ok(HttpResponse::Ok().json(RefusalExplained::from(explained)))
}

/// `GET /admin/refusals`: the latest, and the one that was asked for.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
    explain: web::Query<ExplainQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::AUDIT_READ)?;
    let (limit, after) = asked(&query)?;
    let id = explain.id.trim();
    let explained = match id.is_empty() {
        true => None,
        false => match refusals::explain(&app, &caller, RequestId::from_outside(id)).await {
            Ok(explained) => Some(explained),
            Err(tokens::Refusal::NothingKnown) => None,
            Err(refusal) => return Err(refusal.into()),
        },
    };
    let latest = refusals::latest(&app, &caller, after, limit).await?;
    let told = explained.as_ref().map(|explained| explained.refused.request_id.clone());
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminRefusals)
        .with_command(curl::LIST_REFUSALS.command(&app, ""))
        .with_command(told.map(|id| curl::EXPLAIN_REFUSAL.command(&app, id.as_str())));
    let shown = RefusalsPage {
        id: id.to_owned(),
        explained: explained.map(|explained| Explained::new(&c, explained)),
        rows: latest.items.into_iter().map(|(refused, username)| Row::new(&c, &refused, username)).collect(),
        first: (!query.after.is_empty()).then(|| query.url(HERE, None)),
        next: latest.next.map(|cursor| query.url(HERE, Some(&cursor))),
        may_open: caller.may(words::USERS_READ),
        c,
    };
    Ok(render(StatusCode::OK, &shown))
}
