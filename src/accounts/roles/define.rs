//! Making, changing and deleting roles. Whoever does it holds all that the role allows, before and after; a word that nobody
//! has used yet is made up by an administrator, who holds those too.

use super::super::version::Expected;
use super::super::{Refusal, Version};
use super::{Role, RoleEdit, RoleName, held_store, lasting, store};
use crate::access::{Caller, PermissionSet, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::RoleId;
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::sessions::{self, Ended};

/// A role in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub role: Role,
    /// How many people have it; [`Listed::MANY`] stands for that many or more, since nobody counts a million.
    pub holders: usize,
}

impl Listed {
    pub const MANY: usize = 1000;

    fn new(conn: &mut Conn, role: Role) -> Result<Self, Fault> {
        Ok(Self { holders: held_store::holders(conn, &role.id, Self::MANY)?, role })
    }
}

/// A place in the list of roles, in order of their names.
#[derive(Clone, Debug)]
pub struct RolePlace(pub(super) String);

impl RolePlace {
    const ORDER: &str = "role";

    /// `None` for the cursor of another list.
    pub fn at(cursor: &Cursor) -> Option<Self> {
        (cursor.order == Self::ORDER).then(|| Self(cursor.key.clone()))
    }

    fn of(listed: &Listed) -> Cursor {
        let (key, id) = (listed.role.name.clone(), listed.role.id.as_str().to_owned());
        Cursor { order: Self::ORDER.to_owned(), key, id }
    }
}

/// One page of roles, in order of their names.
///
/// # Errors
/// Without `users:read`; a fault.
pub async fn roles_page(
    app: &App,
    caller: &Caller,
    after: Option<RolePlace>,
    limit: usize,
) -> Result<Page<Listed>, Refusal> {
    caller.must(words::USERS_READ)?;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let listed = app.db.read(move |conn| {
        let roles = store::page(conn, after.as_ref().map(|place| place.0.as_str()), one_more)?;
        roles.into_iter().map(|role| Listed::new(conn, role)).collect::<Result<Vec<_>, Fault>>()
    });
    Ok(Page::cut(listed.await?, limit, RolePlace::of))
}

/// One role.
///
/// # Errors
/// Without `users:read`; [`Refusal::NoSuchRole`]; a fault.
pub async fn look_up_role(app: &App, caller: &Caller, id: RoleId) -> Result<Listed, Refusal> {
    caller.must(words::USERS_READ)?;
    let found = app.db.read(move |conn| {
        let role = store::find(conn, &id)?;
        role.map(|role| Listed::new(conn, role)).transpose()
    });
    found.await?.ok_or(Refusal::NoSuchRole)
}

/// Makes a role. The unique index decides who was first.
///
/// # Errors
/// Without `roles:write` or a fresh proof; for more than the caller holds; for values that can't be taken; a fault.
pub async fn create_role(app: &App, caller: &Caller, edit: RoleEdit) -> Result<Listed, Refusal> {
    may_define(app, caller)?;
    let held = caller.permissions.clone();
    let role = edit.applied_to(&blank(app.now()))?;
    app.write(caller, move |tx| {
        within(&held, &role)?;
        let event = make(tx, &role)?;
        Ok(Outcome::told(Listed { role, holders: 0 }, [event]))
    })
    .await
}

/// Makes a role that allows nothing yet, for whoever was found to be allowed, and says so; `None` where somebody else made
/// one of this name first.
///
/// # Errors
/// A [`Fault`].
pub fn make_role(tx: &mut Tx, name: &RoleName, now: UnixTime) -> Result<Option<Event>, Fault> {
    let role = Role { name: name.as_str().to_owned(), ..blank(now) };
    match tx.alone(|tx| make(tx, &role)) {
        Ok(event) => Ok(Some(event)),
        Err(Fault::Taken(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn blank(now: UnixTime) -> Role {
    Role {
        id: RoleId::fresh(now),
        name: String::new(),
        description: String::new(),
        permissions: PermissionSet::default(),
        created_at: now,
    }
}

fn make(tx: &mut Tx, role: &Role) -> Result<Event, Fault> {
    store::insert(tx, role)?;
    // A role of this name may have been there before: what marked its tokens must not concern those of this one.
    let last = sessions::last_end(tx)?;
    store::set_changed(tx, &role.id, last)?;
    Ok(about(Fact::RoleCreated, role).with("permissions", role.permissions.to_scope()))
}

/// Changes a role. Whoever holds it has what it allows from now on: older tokens that carry it are stale at once.
///
/// # Errors
/// As [`create_role`]; for a role that allows more than the caller holds; [`Refusal::BuiltIn`]; [`Refusal::Changed`].
pub async fn change_role(
    app: &App,
    caller: &Caller,
    id: RoleId,
    edit: RoleEdit,
    expected: Expected,
) -> Result<Listed, Refusal> {
    may_define(app, caller)?;
    let (shared, giver, held) = (app.clone(), caller.user.clone(), caller.permissions.clone());
    app.write(caller, move |tx| {
        let before = held_still(tx, &id, &held, &expected)?;
        let after = edit.applied_to(&before)?;
        within(&held, &after)?;
        // Others may have the role for good.
        let added = after.permissions.without(&before.permissions);
        if !lasting(tx, &giver, &held, None)?.covers(&added) {
            return Err(Refusal::RoleAboveYou);
        }
        if before.is_admin() || before.is_built_in() && after.name != before.name {
            return Err(Refusal::BuiltIn);
        }
        if after.version() == before.version() {
            return Ok(Outcome::quiet(Listed::new(tx, after)?));
        }
        store::update(tx, &after)?;
        let touches_tokens = after.name != before.name || after.permissions != before.permissions;
        let stale = if touches_tokens { renew(tx, &before, shared.now())? } else { Vec::new() };
        let event = changed(&before, &after);
        Ok(Outcome::told(Listed::new(tx, after)?, [event]).ending(stale))
    })
    .await
}

/// Deletes a role, however many people have it: from now on nobody does, and tokens that carry it are stale at once.
///
/// # Errors
/// As [`change_role`].
pub async fn delete_role(app: &App, caller: &Caller, id: RoleId, expected: Expected) -> Result<(), Refusal> {
    may_define(app, caller)?;
    let (shared, held) = (app.clone(), caller.permissions.clone());
    app.write(caller, move |tx| {
        let role = held_still(tx, &id, &held, &expected)?;
        if role.is_built_in() {
            return Err(Refusal::BuiltIn);
        }
        // First the row, for which whoever is giving it at this moment is waited for; they wait for the number of an end in turn.
        store::delete(tx, &role.id)?;
        let stale = sessions::make_role_stale(tx, &role.name, shared.now())?;
        let event = about(Fact::RoleDeleted, &role).with("permissions", role.permissions.to_scope());
        Ok(Outcome::told((), [event]).ending(stale))
    })
    .await
}

fn may_define(app: &App, caller: &Caller) -> Result<(), Refusal> {
    caller.must(words::ROLES_WRITE)?;
    Ok(caller.must_be_fresh(app.now())?)
}

/// The role, held until this transaction ends, if the caller may change it and it is as they expect.
fn held_still(tx: &mut Tx, id: &RoleId, held: &PermissionSet, expected: &Expected) -> Result<Role, Refusal> {
    tx.lock_row("roles", id.as_str())?;
    let role = store::find(tx, id)?.ok_or(Refusal::NoSuchRole)?;
    within(held, &role)?;
    expected.to_be(&role.version())?;
    Ok(role)
}

fn within(held: &PermissionSet, role: &Role) -> Result<(), Refusal> {
    if held.covers(&role.permissions) { Ok(()) } else { Err(Refusal::RoleAboveYou) }
}

/// Marks the tokens that carry the role as it was, and has those that are made from now on say that they know of it.
fn renew(tx: &mut Tx, before: &Role, now: UnixTime) -> Result<Vec<Ended>, Fault> {
    let marks = sessions::make_role_stale(tx, &before.name, now)?;
    if let Some(mark) = marks.last() {
        store::set_changed(tx, &before.id, mark.cursor())?;
    }
    Ok(marks)
}

fn about(fact: Fact, role: &Role) -> Event {
    Event::new(fact).with("role", role.name.clone()).with("role_id", role.id.as_str())
}

fn changed(before: &Role, after: &Role) -> Event {
    let only_in = |one: &Role, other: &Role| -> Vec<String> {
        let gone = one.permissions.iter().filter(|word| !other.permissions.holds(word.as_str()));
        gone.map(|word| word.as_str().to_owned()).collect()
    };
    let mut event = about(Fact::RoleChanged, after);
    for (name, words) in [("added", only_in(after, before)), ("removed", only_in(before, after))] {
        if !words.is_empty() {
            event = event.with(name, words);
        }
    }
    if after.name != before.name { event.with("name_before", before.name.clone()) } else { event }
}

impl Listed {
    pub fn version(&self) -> Version {
        self.role.version()
    }
}
