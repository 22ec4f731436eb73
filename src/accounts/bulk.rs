//! The same for many accounts: each in a transaction of its own, by its own rules, as if they were asked for one by one.

use super::roles::{self, RoleGrant, grant, may_grant_for_good, outranks};
use super::version::Expected;
use super::{Refusal, lifecycle, store};
use crate::access::{Caller, words};
use crate::app::App;
use crate::platform::ids::UserId;

/// What is to be done with each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Disable,
    Enable,
    Delete,
    EndSessions,
    AddRole(String),
    RemoveRole(String),
}

impl Action {
    /// The permission that it needs.
    pub fn permission(&self) -> &'static str {
        match self {
            Self::Disable | Self::Enable | Self::Delete => words::USERS_WRITE,
            Self::EndSessions => words::SESSIONS_WRITE,
            Self::AddRole(_) | Self::RemoveRole(_) => words::ROLES_WRITE,
        }
    }

    fn is_dangerous(&self) -> bool {
        matches!(self, Self::Delete | Self::AddRole(_) | Self::RemoveRole(_))
    }
}

/// Accounts that something is done with in one request; each once.
#[derive(Clone, Debug)]
pub struct AtOnce(Vec<UserId>);

impl AtOnce {
    pub const MOST: usize = 200;

    /// `None` for none, and for too many.
    pub fn of(ids: impl IntoIterator<Item = UserId>) -> Option<Self> {
        let mut once: Vec<UserId> = Vec::new();
        for id in ids {
            if !once.contains(&id) {
                once.push(id);
            }
        }
        (1..=Self::MOST).contains(&once.len()).then_some(Self(once))
    }
}

/// For whoever may do nothing of it with anybody, whatever they ask for.
///
/// # Errors
/// Without any of the permissions that an action needs.
pub fn may_do_any(caller: &Caller) -> Result<(), Refusal> {
    let any = [words::ROLES_WRITE, words::SESSIONS_WRITE].iter().any(|word| caller.may(word));
    if any { Ok(()) } else { Ok(caller.must(words::USERS_WRITE)?) }
}

/// Whether somebody may begin it: what would be refused for each is refused at once.
///
/// # Errors
/// Without the permission that it needs, or, for what is dangerous, without a fresh proof.
fn may_begin(app: &App, caller: &Caller, action: &Action) -> Result<(), Refusal> {
    caller.must(action.permission())?;
    if action.is_dangerous() {
        caller.must_be_fresh(app.now())?;
    }
    Ok(())
}

/// Does it with each, in this order; what came of each.
///
/// # Errors
/// Without the permission that it needs; without a fresh proof for what is dangerous; [`Refusal::UnknownRole`]; a fault before
/// anything was done.
pub async fn each(
    app: &App,
    caller: &Caller,
    action: &Action,
    users: AtOnce,
) -> Result<Vec<(UserId, Result<(), Refusal>)>, Refusal> {
    may_begin(app, caller, action)?;
    if let Action::AddRole(role) | Action::RemoveRole(role) = action {
        let name = role.clone();
        let known = app.db.read(move |conn| roles::id_of(conn, &name)).await?;
        known.ok_or_else(|| Refusal::UnknownRole(role.clone()))?;
    }
    let mut done = Vec::with_capacity(users.0.len());
    for id in users.0 {
        let one = one(app, caller, action, id.clone()).await;
        done.push((id, one));
    }
    Ok(done)
}

async fn one(app: &App, caller: &Caller, action: &Action, id: UserId) -> Result<(), Refusal> {
    match action {
        Action::Disable => lifecycle::disable(app, caller, id).await.map(drop),
        Action::Enable => lifecycle::enable(app, caller, id).await.map(drop),
        Action::Delete => lifecycle::delete(app, caller, id, Expected::Anything).await.map(drop),
        Action::EndSessions => lifecycle::end_sessions(app, caller, id).await.map(drop),
        Action::AddRole(role) => change_role(app, caller, id, Change::Add(role.clone())).await,
        Action::RemoveRole(role) => change_role(app, caller, id, Change::Remove(role.clone())).await,
    }
}

enum Change {
    Add(String),
    Remove(String),
}

/// One role more or less. The account is locked before its roles are read.
async fn change_role(app: &App, caller: &Caller, id: UserId, change: Change) -> Result<(), Refusal> {
    caller.must_over(words::ROLES_WRITE, &id)?;
    let (shared, giver, held) = (app.clone(), caller.user.clone(), caller.permissions.clone());
    app.write(caller, move |tx| {
        outranks(tx, &held, &id)?;
        let mut grants = store::find(tx, &id)?.ok_or(Refusal::NoSuchUser)?.grants();
        let (Change::Add(role) | Change::Remove(role)) = &change;
        let had = grants.iter().find(|grant| grant.role == *role).cloned();
        grants.retain(|other| other.role != *role);
        if let Change::Add(role) = change {
            // Given for good, also to whoever had it until a date.
            if !had.is_some_and(|grant| grant.lasts(None)) {
                may_grant_for_good(tx, &giver, &held, std::slice::from_ref(&role))?;
            }
            grants.push(RoleGrant { role, until: None });
        }
        Ok(grant(tx, &shared, &id, &grants)?.map(drop))
    })
    .await
}

/// What those are called with whom something is to be done, whoever is gone left out; for somebody who may begin it.
///
/// # Errors
/// Without `users:read`; as [`each`].
pub async fn named(
    app: &App,
    caller: &Caller,
    action: &Action,
    users: &AtOnce,
) -> Result<Vec<(UserId, String)>, Refusal> {
    caller.must(words::USERS_READ)?;
    may_begin(app, caller, action)?;
    let ids = users.0.clone();
    let names = app.db.read(move |conn| super::usernames(conn, &ids)).await?;
    let named = |id: &UserId| names.get(id).map(|name| (id.clone(), name.clone()));
    Ok(users.0.iter().filter_map(named).collect())
}
