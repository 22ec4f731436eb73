//! Lists of users, page by page, in an order that an index gives.

use super::user::User;
use super::username::fold;
use super::{Refusal, roles, store};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Username,
    UsernameDown,
    Created,
    CreatedDown,
}

/// Every order there is, by its name in a URL.
pub const SORTS: [(&str, Sort); 4] = [
    ("username", Sort::Username),
    ("-username", Sort::UsernameDown),
    ("created_at", Sort::Created),
    ("-created_at", Sort::CreatedDown),
];

impl Sort {
    pub fn name(self) -> &'static str {
        SORTS.iter().find(|(_, sort)| *sort == self).map_or("", |(name, _)| name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingFilter {
    Any,
    Active,
    Disabled,
}

/// Which users, in which order, from where.
#[derive(Clone, Debug)]
pub struct Filter {
    /// A part of the username or the address; empty for everybody.
    pub part: String,
    pub role: Option<String>,
    pub standing: StandingFilter,
    pub sort: Sort,
    pub after: Option<Cursor>,
    pub limit: usize,
}

/// One page of users.
///
/// # Errors
/// Without `users:read`; a fault.
pub async fn search(app: &App, caller: &Caller, filter: Filter) -> Result<Page<User>, Refusal> {
    caller.must(words::USERS_READ)?;
    let folded = Filter { part: fold(filter.part.trim()), ..filter };
    let (sort, limit) = (folded.sort, folded.limit);
    let found = app.db.read(move |conn| {
        if let Some(role) = &folded.role
            && !roles::exists(conn, role)?
        {
            return Err(Refusal::UnknownRole(role.clone()));
        }
        Ok(store::search(conn, &folded)?)
    });
    let rows = found.await?;
    Ok(Page::cut(rows, limit, |user| cursor(user, sort)))
}

fn cursor(user: &User, sort: Sort) -> Cursor {
    let key = match sort {
        Sort::Username | Sort::UsernameDown => fold(&user.username),
        Sort::Created | Sort::CreatedDown => user.created_at.millis().to_string(),
    };
    Cursor { order: sort.name().to_owned(), key, id: user.id.as_str().to_owned() }
}

/// The moment in a cursor of a list ordered by time; a cursor of another list begins it anew.
pub(super) fn moment(cursor: &Cursor) -> UnixTime {
    UnixTime::from_millis(cursor.key.parse().unwrap_or(0))
}
