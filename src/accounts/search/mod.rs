//! Lists of users, page by page: by a part of what they are called, by role and standing, in an order that an index gives.

mod names;
mod narrow;
mod store;
mod walk;

pub use names::fold_names;

use super::user::{Standing, User};
use super::username::fold;
use super::{Refusal, roles};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;

/// What a list is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Username,
    UsernameDown,
    Email,
    EmailDown,
    Created,
    CreatedDown,
}

/// Every order there is, by its name in a URL.
pub const SORTS: [(&str, Sort); 6] = [
    ("username", Sort::Username),
    ("-username", Sort::UsernameDown),
    ("email", Sort::Email),
    ("-email", Sort::EmailDown),
    ("created_at", Sort::Created),
    ("-created_at", Sort::CreatedDown),
];

impl Sort {
    pub fn name(self) -> &'static str {
        SORTS.iter().find(|(_, sort)| *sort == self).map_or("", |(name, _)| name)
    }
}

/// Which users, in which order, from where.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A part of the username, the address or the name; empty for everybody.
    pub part: String,
    pub role: Option<String>,
    pub standing: Option<Standing>,
    /// Whether the address is known to be theirs.
    pub verified: Option<Verified>,
    /// Made at this moment or later.
    pub since: Option<UnixTime>,
    /// Made before this moment.
    pub before: Option<UnixTime>,
    pub sort: Sort,
    pub after: Option<Cursor>,
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    Yes,
    No,
}

/// How a part was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere in a username, an address or a name.
    Anywhere,
    /// At the beginning of a username, or of an address: for one or two letters, which would be everywhere.
    Beginning,
    /// The same for any number of letters: the database has no index for parts.
    BeginningOnly,
}

/// One page of users, and how it was looked for where something was.
pub struct Found {
    pub page: Page<User>,
    pub reach: Option<Reach>,
}

/// One page of users.
///
/// # Errors
/// Without `users:read`; [`Refusal::UnknownRole`]; a fault.
pub async fn search(app: &App, caller: &Caller, filter: Filter) -> Result<Found, Refusal> {
    caller.must(words::USERS_READ)?;
    let folded = Filter { part: fold(filter.part.trim()), ..filter };
    let (sort, limit, asked) = (folded.sort, folded.limit, folded.role.clone());
    let found = app.db.survey(move |conn| {
        let role = folded.role.as_ref().map(|name| roles::id_of(conn, name)).transpose()?;
        match role {
            Some(None) => Ok(None),
            known => store::search(conn, &folded, known.flatten()).map(Some),
        }
    });
    let unknown = || Refusal::UnknownRole(asked.unwrap_or_default());
    let (rows, reach) = found.await?.ok_or_else(unknown)?;
    Ok(Found { page: Page::cut(rows, limit, |user| cursor(user, sort)), reach })
}

fn cursor(user: &User, sort: Sort) -> Cursor {
    let key = match sort {
        Sort::Username | Sort::UsernameDown => fold(&user.username),
        Sort::Email | Sort::EmailDown => fold(&user.email),
        Sort::Created | Sort::CreatedDown => user.created_at.millis().to_string(),
    };
    Cursor { order: sort.name().to_owned(), key, id: user.id.as_str().to_owned() }
}
