//! `GET /admin/users/ID/why`: why somebody may, or may not, do something.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::user::{Id, user_id};
use crate::access::{Permission, words};
use crate::accounts::{self, Allowed, RoleGrant, Standing, Why};
use crate::app::App;
use crate::web::chrome::{Chrome, Section, When, page as render};
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

/// Words that are offered while somebody types.
const OFFERED: usize = 200;

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
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminUsers);
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
