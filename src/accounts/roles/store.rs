//! The tables `roles` and `role_permissions`: what each role is.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;

use super::{ADMIN, Role};
use crate::access::{Permission, PermissionSet, words};
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::RoleId;
use crate::platform::time::UnixTime;
use crate::schema::{role_permissions, roles};

/// Roles that are read at once where all are wanted.
const ALL: i64 = 1000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = roles)]
struct Row {
    id: RoleId,
    name: String,
    description: String,
    created_at: UnixTime,
}

pub(super) fn insert(tx: &mut Tx, role: &Role) -> Result<(), Fault> {
    let row = (
        roles::id.eq(&role.id),
        roles::name.eq(&role.name),
        roles::description.eq(&role.description),
        roles::created_at.eq(role.created_at),
    );
    on!(tx, c => diesel::insert_into(roles::table).values(row).execute(c))?;
    set_words(tx, role)
}

pub(super) fn update(tx: &mut Tx, role: &Role) -> Result<(), Fault> {
    let row = (roles::name.eq(&role.name), roles::description.eq(&role.description));
    on!(tx, c => diesel::update(roles::table.find(&role.id)).set(row).execute(c))?;
    on!(tx, c => diesel::delete(role_permissions::table.filter(role_permissions::role_id.eq(&role.id))).execute(c))?;
    set_words(tx, role)
}

fn set_words(tx: &mut Tx, role: &Role) -> Result<(), Fault> {
    let row = |word: &Permission| {
        (role_permissions::role_id.eq(role.id.clone()), role_permissions::permission.eq(word.as_str().to_owned()))
    };
    let rows: Vec<_> = role.permissions.iter().map(row).collect();
    if !rows.is_empty() {
        on!(tx, c => diesel::insert_into(role_permissions::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// Notes the number of the last change that tokens can know of.
pub(super) fn set_changed(tx: &mut Tx, id: &RoleId, number: i64) -> Result<(), Fault> {
    on!(tx, c => diesel::update(roles::table.find(id)).set(roles::changed_in.eq(number)).execute(c))?;
    Ok(())
}

/// Its words go with it; who had it is swept out later, and has it no more at once.
pub(super) fn delete(tx: &mut Tx, id: &RoleId) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(roles::table.find(id)).execute(c))?;
    Ok(())
}

pub(super) fn find(conn: &mut Conn, id: &RoleId) -> Result<Option<Role>, Fault> {
    let row: Option<Row> = on!(conn, c => roles::table.find(id).select(Row::as_select()).get_result(c).optional())?;
    Ok(with_words(conn, row.into_iter().collect())?.pop())
}

pub(super) fn id_of(conn: &mut Conn, name: &str) -> Result<Option<RoleId>, Fault> {
    if name.contains('\0') {
        return Ok(None);
    }
    Ok(on!(conn, c => roles::table.filter(roles::name.eq(name)).select(roles::id).get_result(c).optional())?)
}

/// Those of these names that roles go by.
pub(super) fn among(conn: &mut Conn, names: &[String]) -> Result<HashSet<String>, Fault> {
    // No text of a database holds a NUL.
    let sound: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.contains('\0')).collect();
    let found: Vec<String> =
        on!(conn, c => roles::table.filter(roles::name.eq_any(sound)).select(roles::name).load(c))?;
    Ok(found.into_iter().collect())
}

pub(super) fn names(conn: &mut Conn) -> Result<Vec<String>, Fault> {
    Ok(on!(conn, c => roles::table.order(roles::name).select(roles::name).load(c))?)
}

pub(super) fn every(conn: &mut Conn) -> Result<Vec<Role>, Fault> {
    page(conn, None, ALL)
}

pub(super) fn page(conn: &mut Conn, after: Option<&str>, limit: i64) -> Result<Vec<Role>, Fault> {
    let rows: Vec<Row> = on!(conn, c => {
        let query = roles::table.filter(roles::name.gt(after.unwrap_or_default())).order(roles::name).limit(limit);
        query.select(Row::as_select()).load(c)
    })?;
    with_words(conn, rows)
}

/// The roles that give a permission; `admin` gives each.
pub(super) fn naming(conn: &mut Conn, word: &Permission) -> Result<Vec<Role>, Fault> {
    let with_it = role_permissions::table
        .filter(role_permissions::permission.eq(word.as_str()))
        .select(role_permissions::role_id);
    let rows: Vec<Row> = on!(conn, c => {
        roles::table
            .filter(roles::id.eq_any(with_it).or(roles::id.eq(ADMIN)))
            .order(roles::name)
            .limit(ALL)
            .select(Row::as_select())
            .load(c)
    })?;
    with_words(conn, rows)
}

fn with_words(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Role>, Fault> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let named: Vec<(RoleId, String)> = on!(conn, c => {
        role_permissions::table
            .filter(role_permissions::role_id.eq_any(&ids))
            .select((role_permissions::role_id, role_permissions::permission))
            .load(c)
    })?;
    let mut words: HashMap<RoleId, Vec<Permission>> = HashMap::new();
    for (role, word) in named {
        words.entry(role).or_default().extend(Permission::parse(&word));
    }
    let role = |row: Row| {
        let permissions = match row.id.as_str() == ADMIN {
            true => allowed_together(conn, &[ADMIN.to_owned()])?,
            false => words.remove(&row.id).unwrap_or_default().into_iter().collect(),
        };
        Ok(Role { id: row.id, name: row.name, description: row.description, permissions, created_at: row.created_at })
    };
    rows.into_iter().map(role).collect()
}

/// What roles allow together. `admin` has the built-in words and all that any role names.
pub(super) fn allowed_together(conn: &mut Conn, names: &[String]) -> Result<PermissionSet, Fault> {
    let all = names.iter().any(|name| name == ADMIN);
    let mut held: Vec<String> = on!(conn, c => {
        let mut query =
            role_permissions::table.inner_join(roles::table).select(role_permissions::permission).distinct().into_boxed();
        if !all {
            query = query.filter(roles::name.eq_any(names));
        }
        query.load(c)
    })?;
    if all {
        held.extend(words::ALL.map(str::to_owned));
    }
    let set: PermissionSet = held.iter().filter_map(|word| Permission::parse(word)).collect();
    Ok(set.held_with(names))
}

/// Words that roles name, in order, those after one.
pub(super) fn words_after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<String>, Fault> {
    Ok(on!(conn, c => {
        role_permissions::table
            .filter(role_permissions::permission.gt(after))
            .select(role_permissions::permission)
            .distinct()
            .order(role_permissions::permission)
            .limit(limit)
            .load(c)
    })?)
}

/// For each of these words, the names of the roles that give it, in order.
pub(super) fn roles_of_words(conn: &mut Conn, words: &[String]) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let named: Vec<(String, String)> = on!(conn, c => {
        role_permissions::table
            .inner_join(roles::table)
            .filter(role_permissions::permission.eq_any(words))
            .order((role_permissions::permission, roles::name))
            .select((role_permissions::permission, roles::name))
            .load(c)
    })?;
    let mut by_word: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (word, role) in named.into_iter().filter(|(_, role)| role != ADMIN) {
        by_word.entry(word).or_default().push(role);
    }
    Ok(by_word)
}
