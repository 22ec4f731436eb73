//! Every word of permission that is known, and which roles give it: `/api/permissions` and `/admin/permissions`.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::words;
use crate::accounts::{self, Word};
use crate::app::App;
use crate::platform::page::Page;
use crate::web::chrome::{Chrome, Section, page as render};
use crate::web::curl;
use crate::web::paging::PageQuery;
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

const HERE: &str = "/admin/permissions";

/// A permission as programs see it.
#[derive(Serialize, ToSchema)]
pub struct PermissionJson {
    #[schema(example = "invoices:approve")]
    permission: String,
    /// Whether Vestibule itself asks for it; the others are your apps' own.
    built_in: bool,
    /// The roles that give it. The role `admin` gives every one and is left out.
    roles: Vec<String>,
}

impl From<Word> for PermissionJson {
    fn from(word: Word) -> Self {
        Self { permission: word.permission, built_in: word.is_own, roles: word.roles }
    }
}

#[derive(Serialize, ToSchema)]
pub struct PermissionList {
    items: Vec<PermissionJson>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/permissions", tag = "Roles", summary = "Every permission that is known", params(PageQuery),
    security(("password" = ["users:read"])),
    responses((status = 200, body = PermissionList, description = "A page of permissions, each with the roles that give it."),
              (status = 403, description = "Without users:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn list_permissions(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let (limit, after) = query.part(|cursor| Word::place(&cursor))?;
    let found = accounts::known_words(&app, &caller, after, limit).await?;
    let Page { items, next } = found.map(PermissionJson::from);
    Ok(HttpResponse::Ok().json(PermissionList { items, next: next.map(|cursor| cursor.encode()) }))
}

#[derive(Template)]
#[template(path = "admin/permissions.html")]
struct PermissionsPage {
    c: Chrome,
    rows: Vec<WordRow>,
    first: Option<String>,
    next: Option<String>,
}

pub struct WordRow {
    pub word: String,
    /// What it means, where that is known here.
    pub meaning: Option<&'static str>,
    pub roles: Vec<String>,
}

/// `GET /admin/permissions`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let (limit, after) = query.part(|cursor| Word::place(&cursor))?;
    let found = accounts::known_words(&app, &caller, after, limit).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminRoles)
        .with_command(curl::LIST_PERMISSIONS.command(&app, ""));
    let row =
        |word: Word| WordRow { meaning: c.t.meaning_of(&word.permission), roles: word.roles, word: word.permission };
    let shown = PermissionsPage {
        rows: found.items.into_iter().map(row).collect(),
        first: (!query.after.is_empty()).then(|| query.url(HERE, None)),
        next: found.next.map(|cursor| query.url(HERE, Some(&cursor))),
        c,
    };
    Ok(render(StatusCode::OK, &shown))
}

/// Words that begin alike.
pub struct Group {
    pub name: String,
    pub words: Vec<GroupWord>,
}

pub struct GroupWord {
    pub word: String,
    /// What follows the first part.
    pub rest: String,
    pub meaning: Option<&'static str>,
}

/// Words in order and without repeats, by what stands before their first colon.
pub fn grouped(words: impl IntoIterator<Item = String>, c: &Chrome) -> Vec<Group> {
    let mut groups: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for word in words {
        if let Some((first, rest)) = word.split_once(':') {
            groups.entry(first.to_owned()).or_default().insert(rest.to_owned(), word);
        }
    }
    let word = |(rest, word): (String, String)| GroupWord { meaning: c.t.meaning_of(&word), rest, word };
    let group = |(name, words): (String, BTreeMap<String, String>)| Group {
        name,
        words: words.into_iter().map(word).collect(),
    };
    groups.into_iter().map(group).collect()
}
