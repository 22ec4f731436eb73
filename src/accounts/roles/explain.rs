//! Why somebody may, or may not, do something: which roles give a permission, to them and altogether.

use std::collections::{BTreeMap, BTreeSet};

use super::super::user::{Standing, User};
use super::super::{Refusal, store as users};
use super::{ADMIN, Role, RoleGrant, held_store, permissions_of_admin, store};
use crate::access::{Caller, Permission, words};
use crate::app::App;
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{RoleId, UserId};
use crate::platform::page::{Cursor, Page};

/// A permission that somebody has, and the roles that give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    pub permission: String,
    pub by: Vec<RoleGrant>,
}

/// All that somebody may do, each permission with the roles that give it. Nothing for whoever is disabled.
///
/// # Errors
/// Without `users:read`; [`Refusal::NoSuchUser`]; a fault.
pub async fn permissions_of_user(app: &App, caller: &Caller, id: UserId) -> Result<(User, Vec<Allowed>), Refusal> {
    caller.must(words::USERS_READ)?;
    let found = app.db.read(move |conn| {
        let Some(user) = users::find(conn, &id)? else { return Ok::<_, Fault>(None) };
        let allowed = if user.standing == Standing::Active { allowed(conn, &user)? } else { Vec::new() };
        Ok(Some((user, allowed)))
    });
    found.await?.ok_or(Refusal::NoSuchUser)
}

fn allowed(conn: &mut Conn, user: &User) -> Result<Vec<Allowed>, Fault> {
    let mut by_word: BTreeMap<String, Vec<RoleGrant>> = BTreeMap::new();
    for (word, grant) in held_store::words_of(conn, &user.id)? {
        by_word.entry(word).or_default().push(grant);
    }
    if let Some(admin) = user.grants().into_iter().find(|grant| grant.role == ADMIN) {
        for word in permissions_of_admin(conn)?.iter() {
            let by = by_word.entry(word.as_str().to_owned()).or_default();
            by.retain(|grant| grant.role != ADMIN);
            by.insert(0, admin.clone());
        }
    }
    Ok(by_word.into_iter().map(|(permission, by)| Allowed { permission, by }).collect())
}

/// A role that gives a permission.
#[derive(Clone, Debug)]
pub struct Giver {
    pub id: RoleId,
    pub name: String,
    /// Whether the one who asks may give it.
    pub yours_to_give: bool,
}

/// The answer to 'why may this person do that', or why not.
#[derive(Clone, Debug)]
pub struct Why {
    pub user: User,
    /// The roles that give it to them, were they not disabled.
    pub by: Vec<RoleGrant>,
    /// Every role that would.
    pub givers: Vec<Giver>,
}

impl Why {
    pub fn may(&self) -> bool {
        self.user.standing == Standing::Active && !self.by.is_empty()
    }
}

/// Why somebody may or may not do what a word says.
///
/// # Errors
/// Without `users:read`; [`Refusal::NoSuchUser`]; a fault.
pub async fn why(app: &App, caller: &Caller, id: UserId, word: Permission) -> Result<Why, Refusal> {
    caller.must(words::USERS_READ)?;
    let (held, may_give) = (caller.permissions.clone(), caller.may(words::ROLES_WRITE));
    let found = app.db.read(move |conn| {
        let Some(user) = users::find(conn, &id)? else { return Ok::<_, Fault>(None) };
        let by = allowed(conn, &user)?.into_iter().find(|one| one.permission == word.as_str());
        let giver = |role: Role| Giver {
            yours_to_give: may_give && held.covers(&role.permissions),
            id: role.id,
            name: role.name,
        };
        let givers = store::naming(conn, &word)?.into_iter().map(giver).collect();
        Ok(Some(Why { user, by: by.map(|one| one.by).unwrap_or_default(), givers }))
    });
    found.await?.ok_or(Refusal::NoSuchUser)
}

/// A word of permission that is known: one of Vestibule's own, or named in a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub permission: String,
    pub is_own: bool,
    /// The roles that give it; `admin` gives each and is left out.
    pub roles: Vec<String>,
}

impl Word {
    const ORDER: &str = "permission";

    /// The word in a cursor of this list; `None` for that of another.
    pub fn place(cursor: &Cursor) -> Option<String> {
        (cursor.order == Self::ORDER).then(|| cursor.key.clone())
    }

    fn cursor(&self) -> Cursor {
        Cursor { order: Self::ORDER.to_owned(), key: self.permission.clone(), id: String::new() }
    }
}

/// One page of all words that are known, in order, each with the roles that give it.
///
/// # Errors
/// Without `users:read`; a fault.
pub async fn known_words(
    app: &App,
    caller: &Caller,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Word>, Refusal> {
    caller.must(words::USERS_READ)?;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let found = app.db.read(move |conn| {
        let after = after.as_deref().unwrap_or_default();
        let mut known: BTreeSet<String> = store::words_after(conn, after, one_more)?.into_iter().collect();
        known.extend(words::ALL.iter().filter(|word| **word > after).map(|word| (*word).to_owned()));
        let page: Vec<String> = known.into_iter().take(limit.saturating_add(1)).collect();
        let mut roles = store::roles_of_words(conn, &page)?;
        let word = |permission: String| Word {
            is_own: words::ALL.contains(&permission.as_str()),
            roles: roles.remove(&permission).unwrap_or_default(),
            permission,
        };
        Ok::<_, Fault>(page.into_iter().map(word).collect())
    });
    Ok(Page::cut(found.await?, limit, Word::cursor))
}
