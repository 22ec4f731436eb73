//! Users as a list for programs, `GET /api/users`, and what its URL and that of the page say.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Caller, words};
use crate::accounts::{self, Filter, Found, Reach, SORTS, Standing, Verified};
use crate::app::App;
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::web::api::user::UserJson;
use crate::web::paging;
use crate::web::refuse::{FieldProblem, Refusal};
use crate::web::who::SignedIn;

/// The page of the list.
pub const HERE: &str = "/admin/users";
const PAGE: usize = 40;

/// Which users, as the URL says it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// A part of the username, the address or the name, in any case. One or two letters are looked for at the beginning of
    /// the username; with an `@` in it, or in a list ordered by address, of the address.
    #[serde(default)]
    pub q: String,
    /// Only those who have this role.
    #[serde(default)]
    pub role: String,
    /// `active` or `disabled`; everybody when left out.
    #[serde(default)]
    pub status: String,
    /// Whether the address is known to be theirs: `yes` or `no`.
    #[serde(default)]
    pub verified: String,
    /// Made at this moment or later, in RFC 3339; a day alone begins at midnight in UTC.
    #[serde(default)]
    pub created_since: String,
    /// Made before this moment.
    #[serde(default)]
    pub created_before: String,
    /// `username`, `email` or `created_at`; with a `-` before it the other way round.
    #[serde(default)]
    pub sort: String,
    /// How many at the most, up to 200.
    #[serde(default)]
    limit: String,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: String,
}

impl ListQuery {
    /// The filter that is meant.
    ///
    /// # Errors
    /// 422 that names each value that means nothing.
    pub fn filter(&self) -> Result<Filter, Refusal> {
        let sort = if self.sort.is_empty() { SORTS[0].0 } else { &self.sort };
        let sort = known(sort, &SORTS).ok_or_else(|| FieldProblem::new("sort", |t| t.refused.sorts));
        let order = sort.as_ref().ok().copied().flatten().unwrap_or_default();
        let of_this_order = |cursor: Cursor| (cursor.order == order.name()).then_some(cursor);
        let standings = [("active", Standing::Active), ("disabled", Standing::Disabled)];
        let standing = one_of("status", &self.status, standings);
        let answers = [("yes", Verified::Yes), ("no", Verified::No)];
        let verified = one_of("verified", &self.verified, answers);
        let since = day("created_since", &self.created_since);
        let before = day("created_before", &self.created_before);
        let limit = paging::limit(&self.limit, PAGE);
        let after = paging::after(&self.after, of_this_order);
        match (sort, standing, verified, since, before, limit, after) {
            (Ok(_), Ok(standing), Ok(verified), Ok(since), Ok(before), Ok(limit), Ok(after)) => Ok(Filter {
                part: self.q.clone(),
                role: Some(self.role.clone()).filter(|role| !role.is_empty()),
                standing,
                verified,
                since,
                before,
                sort: order,
                after,
                limit,
            }),
            (sort, standing, verified, since, before, limit, after) => {
                let wrong =
                    [standing.err(), sort.err(), verified.err(), since.err(), before.err(), limit.err(), after.err()];
                Err(Refusal::invalid(wrong.into_iter().flatten().collect()))
            }
        }
    }

    /// The same list's address, at another place or in another order.
    pub fn url(&self, changed: &[(&str, &str)]) -> String {
        let all =
            self.filters().into_iter().chain([("sort", self.sort.as_str()), ("limit", &self.limit), ("after", "")]);
        let value_of = |name: &str| changed.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
        paging::url(HERE, all.map(|(name, value)| (name, value_of(name).unwrap_or(value))))
    }

    /// Whether it is a part of all users.
    pub fn narrows(&self) -> bool {
        self.filters().iter().any(|(_, value)| !value.is_empty())
    }

    fn filters(&self) -> [(&'static str, &str); 6] {
        [
            ("q", &self.q),
            ("role", &self.role),
            ("status", &self.status),
            ("verified", &self.verified),
            ("created_since", &self.created_since),
            ("created_before", &self.created_before),
        ]
    }
}

/// What a word stands for; nothing where it is left out.
fn one_of<T: Copy>(field: &'static str, word: &str, words: [(&'static str, T); 2]) -> Result<Option<T>, FieldProblem> {
    let names = words.map(|(name, _)| name);
    known(word, &words).ok_or_else(|| FieldProblem::new(field, move |t| t.may_be(&names)))
}

fn known<T: Copy>(word: &str, words: &[(&str, T)]) -> Option<Option<T>> {
    let found = words.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    if word.is_empty() { Some(None) } else { found.map(Some) }
}

fn day(field: &'static str, text: &str) -> Result<Option<UnixTime>, FieldProblem> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = UnixTime::parse_day(text).or_else(|| UnixTime::parse(text));
    read.map(Some).ok_or_else(|| FieldProblem::new(field, |t| t.refused.day))
}

/// # Errors
/// Those of the list, a role that there is not among them: 422.
pub async fn search(app: &App, caller: &Caller, query: &ListQuery) -> Result<Found, Refusal> {
    let found = accounts::search(app, caller, query.filter()?).await;
    found.map_err(|refusal| match refusal {
        accounts::Refusal::UnknownRole(_) => Refusal::wrong("role", |t| t.refused.no_role_of_name),
        refusal => refusal.into(),
    })
}

/// One page of users.
#[derive(Serialize, ToSchema)]
pub struct UserList {
    items: Vec<UserJson>,
    /// Asks for the next page; `null` on the last.
    next: Option<String>,
    /// Where `q` was looked for: `anywhere` in a name, or at its `beginning`; `null` without one.
    search: Option<&'static str>,
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
    let Page { items, next } = found.page.map(UserJson::from);
    let search = found.reach.map(|reach| match reach {
        Reach::Anywhere => "anywhere",
        Reach::Beginning | Reach::BeginningOnly => "beginning",
    });
    Ok(HttpResponse::Ok().json(UserList { items, next: next.map(|cursor| cursor.encode()), search }))
}
