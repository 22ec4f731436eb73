//! Users as a list: `GET /api/users` and `/admin/users`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Caller, words};
use crate::accounts::{self, Filter, SORTS, Standing, StandingFilter, User};
use crate::app::App;
use crate::platform::page::{Cursor, Page};
use crate::web::api::user::UserJson;
use crate::web::chrome::{Chrome, Section, When, page};
use crate::web::paging;
use crate::web::refuse::{FieldProblem, Refusal};
use crate::web::who::{Resident, SignedIn};

const PAGE: usize = 40;

/// Which users, as the URL says it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// A part of the username or the address.
    #[serde(default)]
    q: String,
    /// Only those who have this role.
    #[serde(default)]
    role: String,
    /// `active` or `disabled`; everybody when left out.
    #[serde(default)]
    status: String,
    /// `username`, `-username`, `created_at` or `-created_at`.
    #[serde(default)]
    sort: String,
    /// How many at the most, up to 200.
    #[serde(default)]
    limit: String,
    /// The `next` of the page before.
    #[serde(default)]
    after: String,
}

impl ListQuery {
    /// The filter that is meant.
    ///
    /// # Errors
    /// 422 that names each value that means nothing.
    fn filter(&self) -> Result<Filter, Refusal> {
        let mut wrong = Vec::new();
        let mut keep = |field, detail: &str| wrong.push(FieldProblem { field, detail: detail.to_owned() });
        let standing = match self.status.as_str() {
            "" => StandingFilter::Any,
            "active" => StandingFilter::Active,
            "disabled" => StandingFilter::Disabled,
            _ => {
                keep("status", "This may be active or disabled.");
                StandingFilter::Any
            }
        };
        let sort = SORTS.iter().find(|(name, _)| *name == self.sort).map(|(_, sort)| *sort);
        if sort.is_none() && !self.sort.is_empty() {
            keep("sort", "This may be username, -username, created_at or -created_at.");
        }
        let sort = sort.unwrap_or_default();
        let limit = paging::limit(&self.limit, PAGE).map_err(|problem| wrong.push(problem));
        let of_this_order = |cursor: Cursor| (cursor.order == sort.name()).then_some(cursor);
        let after = paging::after(&self.after, of_this_order).map_err(|problem| wrong.push(problem));
        if !wrong.is_empty() {
            return Err(Refusal::invalid(wrong));
        }
        Ok(Filter {
            part: self.q.clone(),
            role: Some(self.role.clone()).filter(|role| !role.is_empty()),
            standing,
            sort,
            after: after.unwrap_or_default(),
            limit: limit.unwrap_or(PAGE),
        })
    }

    /// The address of another page of the same list.
    fn url(&self, after: Option<&Cursor>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("q", &self.q), ("role", &self.role), ("status", &self.status), ("sort", &self.sort)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(after) = after {
            query.append_pair("after", &after.encode());
        }
        let query = query.finish();
        if query.is_empty() { "/admin/users".to_owned() } else { format!("/admin/users?{query}") }
    }
}

async fn search(app: &App, caller: &Caller, query: &ListQuery) -> Result<Page<User>, Refusal> {
    let found = accounts::search(app, caller, query.filter()?).await;
    found.map_err(|refusal| match refusal {
        accounts::Refusal::UnknownRole(_) => {
            Refusal::invalid(vec![FieldProblem { field: "role", detail: "There is no role of that name.".into() }])
        }
        refusal => refusal.into(),
    })
}

/// One page of users.
#[derive(Serialize, ToSchema)]
pub struct UserList {
    items: Vec<UserJson>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
}

#[utoipa::path(get, path = "/api/users", tag = "Users", summary = "List users", params(ListQuery),
    security(("password" = ["users:read"])),
    responses((status = 200, description = "A page of users.", body = UserList),
              (status = 403, description = "Without users:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn list(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let found = search(&app, &caller, &query).await?;
    let Page { items, next } = found.map(UserJson::from);
    Ok(HttpResponse::Ok().json(UserList { items, next: next.map(|cursor| cursor.encode()) }))
}

#[derive(Template)]
#[template(path = "admin/users.html")]
struct UsersPage {
    c: Chrome,
    q: String,
    role: String,
    status: String,
    sort: String,
    roles: Vec<String>,
    rows: Vec<UserRow>,
    first: Option<String>,
    next: Option<String>,
    filtered: bool,
    may_create: bool,
}

pub struct UserRow {
    pub id: String,
    pub username: String,
    pub name: Option<String>,
    pub email: String,
    pub email_verified: bool,
    pub roles: Vec<String>,
    pub disabled: bool,
    pub created: When,
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
    let found = search(&app, &caller, &query).await?;
    let roles = accounts::every_role(&app, &caller).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminUsers);
    let listed = UsersPage {
        rows: found.items.into_iter().map(|user| UserRow::new(&c, user)).collect(),
        first: (!query.after.is_empty()).then(|| query.url(None)),
        next: found.next.map(|cursor| query.url(Some(&cursor))),
        filtered: [&query.q, &query.role, &query.status].iter().any(|value| !value.is_empty()),
        may_create: caller.may(words::USERS_WRITE),
        q: query.q.clone(),
        role: query.role.clone(),
        status: query.status.clone(),
        sort: if query.sort.is_empty() { "username".to_owned() } else { query.sort.clone() },
        roles,
        c,
    };
    Ok(page(StatusCode::OK, &listed))
}
