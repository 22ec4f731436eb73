//! Why somebody may, or may not, do something: `/api/users/ID/permissions/WORD` and `/admin/users/ID/why`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::user::{Id, user_id};
use super::user_roles::GivenJson;
use crate::access::{Permission, words};
use crate::accounts::{self, Allowed, RoleGrant, Standing, Why};
use crate::app::App;
use crate::platform::ids::{RoleId, UserId};
use crate::web::chrome::{Chrome, Section, When, page as render};
use crate::web::curl;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

/// Words that are offered while somebody types.
const OFFERED: usize = 200;

/// The answer for programs.
#[derive(Serialize, ToSchema)]
pub struct WhyJson {
    #[schema(value_type = String)]
    id: UserId,
    username: String,
    #[schema(example = "invoices:approve")]
    permission: String,
    /// Whether they may.
    allowed: bool,
    /// Whoever is disabled may do nothing.
    disabled: bool,
    /// Their roles that give it, or would, were they not disabled.
    roles: Vec<GivenJson>,
    /// Every role that gives it.
    given_by: Vec<GiverJson>,
}

/// A role that gives it.
#[derive(Serialize, ToSchema)]
pub struct GiverJson {
    #[schema(value_type = String)]
    id: RoleId,
    name: String,
    /// Whether you may give it.
    yours_to_give: bool,
}

impl WhyJson {
    fn new(permission: String, why: Why) -> Self {
        let giver =
            |giver: accounts::Giver| GiverJson { id: giver.id, name: giver.name, yours_to_give: giver.yours_to_give };
        Self {
            allowed: why.may(),
            disabled: why.user.standing == Standing::Disabled,
            roles: why.by.into_iter().map(GivenJson::from).collect(),
            given_by: why.givers.into_iter().map(giver).collect(),
            id: why.user.id,
            username: why.user.username,
            permission,
        }
    }
}

#[utoipa::path(get, path = "/api/users/{id}/permissions/{permission}", tag = "Users", summary = "Why a user may, or may not, do something",
    params(("id" = String, Path), ("permission" = String, Path)), security(("password" = ["users:read"])),
    responses((status = 200, body = WhyJson, description = "Whether they may, and which roles give it."),
              (status = 403, description = "Without users:read."), (status = 404, description = "There is no such user."),
              (status = 422, description = "This is no permission.")))]
pub async fn why(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    asked: web::Path<(String, String)>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let (id, permission) = asked.into_inner();
    let word = Permission::parse(&permission);
    let word = word.ok_or_else(|| Refusal::wrong("permission", |t| t.roles.why_no_word))?;
    let why = accounts::why(&app, &caller, UserId::from_outside(id), word).await?;
    Ok(HttpResponse::Ok().json(WhyJson::new(permission, why)))
}

#[derive(Deserialize)]
pub struct WhyQuery {
    #[serde(default)]
    permission: String,
}

#[derive(Template)]
#[template(path = "admin/why.html")]
struct WhyPage {
    c: Chrome,
    id: String,
    username: String,
    asked: String,
    answer: Answer,
    known: Vec<String>,
    /// All that they may do, where nothing in particular is asked.
    all: Vec<(String, Vec<Given>)>,
    disabled: bool,
}

/// What there is to say.
enum Answer {
    /// Nothing was asked yet.
    Nothing,
    NoWord,
    Yes(Vec<Given>),
    /// The roles that give it would, were the account not disabled.
    Disabled(Vec<Given>),
    No(Vec<accounts::Giver>),
}

/// A role that gives something, until a moment or for good.
struct Given {
    role: String,
    until: Option<When>,
}

/// The page.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: Id,
    query: web::Query<WhyQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let (id, asked) = (user_id(id), query.permission.trim().to_owned());
    let (user, allowed) = accounts::permissions_of_user(&app, &caller, id.clone()).await?;
    let known = accounts::known_words(&app, &caller, None, OFFERED).await?;
    let command = match asked.is_empty() {
        true => curl::LIST_PERMISSIONS_OF.command(&app, id.as_str()),
        false => curl::WHY.command_of(&app, id.as_str(), &asked),
    };
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminUsers).with_command(command);
    let answer = match (asked.as_str(), Permission::parse(&asked)) {
        ("", _) => Answer::Nothing,
        (_, None) => Answer::NoWord,
        (_, Some(word)) => Answer::of(&c, accounts::why(&app, &caller, id, word).await?),
    };
    let shown = WhyPage {
        id: user.id.as_str().to_owned(),
        all: allowed.into_iter().map(|Allowed { permission, by }| (permission, given(&c, by))).collect(),
        disabled: user.standing == Standing::Disabled,
        known: known.items.into_iter().map(|word| word.permission).collect(),
        username: user.username,
        asked,
        answer,
        c,
    };
    Ok(render(StatusCode::OK, &shown))
}

impl Answer {
    fn of(c: &Chrome, why: Why) -> Self {
        match (why.may(), why.by.is_empty()) {
            (true, _) => Self::Yes(given(c, why.by)),
            (false, false) => Self::Disabled(given(c, why.by)),
            (false, true) => Self::No(why.givers),
        }
    }
}

fn given(c: &Chrome, by: Vec<RoleGrant>) -> Vec<Given> {
    by.into_iter().map(|grant| Given { role: grant.role, until: grant.until.map(|until| c.when(until)) }).collect()
}
