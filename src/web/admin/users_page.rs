//! Users as a page: `GET /admin/users`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::users::{HERE, ListQuery, search};
use crate::access::{Caller, words};
use crate::accounts::{self, Reach, Standing, User};
use crate::app::App;
use crate::web::chrome::{Chrome, Section, When, page};
use crate::web::curl;
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

#[derive(Template)]
#[template(path = "admin/users.html")]
struct UsersPage {
    c: Chrome,
    query: ListQuery,
    sort: String,
    roles: Vec<String>,
    rows: Vec<UserRow>,
    /// The same list without its order, which the heads of the table add.
    link: String,
    first: Option<String>,
    next: Option<String>,
    /// This page itself, to come back to.
    here: String,
    /// Where one or two letters, or any, are looked for.
    beginning: Option<Beginning>,
    filtered: bool,
    more_filters: bool,
    may: May,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Beginning {
    OfFewLetters,
    Always,
}

/// What the viewer may do to those who are chosen.
struct May {
    write: bool,
    roles: bool,
    end: bool,
}

impl May {
    fn of(caller: &Caller) -> Self {
        Self {
            write: caller.may(words::USERS_WRITE),
            roles: caller.may(words::ROLES_WRITE),
            end: caller.may(words::SESSIONS_WRITE),
        }
    }

    fn anything(&self) -> bool {
        self.write || self.roles || self.end
    }
}

struct UserRow {
    id: String,
    username: String,
    name: Option<String>,
    email: String,
    email_verified: bool,
    roles: Vec<String>,
    disabled: bool,
    created: When,
}

impl UserRow {
    fn new(c: &Chrome, user: User) -> Self {
        Self {
            id: user.id.as_str().to_owned(),
            username: user.username,
            name: user.name,
            email: user.email,
            email_verified: user.email_verified,
            roles: user.roles,
            disabled: user.standing == Standing::Disabled,
            created: c.when(user.created_at),
        }
    }
}

/// `GET /admin/users`.
pub async fn list_page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let query = query.into_inner();
    let found = search(&app, &caller, &query).await?;
    let roles = accounts::every_role(&app, &caller).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminUsers)
        .with_command(curl::LIST_USERS.command_asking(&app, query.url(&[]).trim_start_matches(HERE)));
    let sort = if query.sort.is_empty() { "username".to_owned() } else { query.sort.clone() };
    let next = found.page.next.map(|cursor| query.url(&[("after", &cursor.encode())]));
    let listed = UsersPage {
        rows: found.page.items.into_iter().map(|user| UserRow::new(&c, user)).collect(),
        link: open_end(query.url(&[("sort", "")])),
        first: (!query.after.is_empty()).then(|| query.url(&[])),
        next,
        here: query.url(&[("after", &query.after)]),
        beginning: found.reach.and_then(|reach| match reach {
            Reach::Anywhere => None,
            Reach::Beginning => Some(Beginning::OfFewLetters),
            Reach::BeginningOnly => Some(Beginning::Always),
        }),
        filtered: query.narrows(),
        more_filters: [&query.verified, &query.created_since, &query.created_before]
            .iter()
            .any(|value| !value.is_empty()),
        may: May::of(&caller),
        sort,
        roles,
        query,
        c,
    };
    Ok(page(StatusCode::OK, &listed))
}

/// An address that takes one parameter more.
fn open_end(url: String) -> String {
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}")
}
