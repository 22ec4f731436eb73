//! The tables `imports` and `import_lines`.

use diesel::prelude::*;

use super::lines::Asked;
use super::progress::Progress;
use super::{Import, State};
use crate::access::{ByKey, Caller, Origin, PermissionSet};
use crate::audit::Trail;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::ids::{ApiKeyId, ImportId, RequestId, SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::schema::{import_lines, imports};
use crate::transfer::arrive::NewRoles;
use crate::transfer::authority::{Absent, Authority};
use crate::transfer::format::Format;
use crate::transfer::verdict::{Kind, Tally, Verdict};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = imports)]
struct Row {
    id: ImportId,
    created_at: UnixTime,
    actor_id: UserId,
    actor_name: String,
    permissions: String,
    address: String,
    request_id: RequestId,
    file_name: String,
    bytes: i64,
    format: String,
    new_roles: String,
    state: String,
    bytes_done: i64,
    rows_done: i64,
    imported: i64,
    converted: i64,
    kept: i64,
    refused: i64,
    finished_at: Option<UnixTime>,
    failure: Option<String>,
    session_id: Option<SessionId>,
    key_id: Option<ApiKeyId>,
    key_name: Option<String>,
}

const CREATE: &str = "create";
const REFUSE: &str = "refuse";

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

pub(super) fn insert(tx: &mut Tx, import: &Import, by: &Caller) -> Result<(), Fault> {
    let row = Row {
        id: import.id.clone(),
        created_at: import.created_at,
        actor_id: by.user.clone(),
        actor_name: by.username.clone(),
        permissions: by.permissions.to_scope(),
        address: by.origin.address.clone(),
        request_id: by.origin.request_id.clone(),
        file_name: import.file_name.clone(),
        bytes: count(import.bytes),
        format: import.format.name().to_owned(),
        new_roles: if import.new_roles == NewRoles::Create { CREATE } else { REFUSE }.to_owned(),
        state: import.state.word().to_owned(),
        bytes_done: 0,
        rows_done: 0,
        imported: 0,
        converted: 0,
        kept: 0,
        refused: 0,
        finished_at: None,
        failure: None,
        session_id: Some(by.session.clone()),
        key_id: by.by_key.as_ref().map(|key| key.id.clone()),
        key_name: by.by_key.as_ref().map(|key| key.name.clone()),
    };
    on!(tx, c => diesel::insert_into(imports::table).values(row).execute(c))?;
    Ok(())
}

pub(super) fn find(conn: &mut Conn, id: &ImportId) -> Result<Option<Import>, Fault> {
    let row: Option<Row> = on!(conn, c => imports::table.find(id).select(Row::as_select()).get_result(c).optional())?;
    row.map(import).transpose()
}

/// The same, with in whose name it was begun.
pub(super) fn find_begun(conn: &mut Conn, id: &ImportId) -> Result<Option<(Import, Authority)>, Fault> {
    let row: Option<Row> = on!(conn, c => imports::table.find(id).select(Row::as_select()).get_result(c).optional())?;
    row.map(begun).transpose()
}

/// How many of somebody's lie here that are not over.
pub(super) fn unfinished(conn: &mut Conn, by: &UserId) -> Result<i64, Fault> {
    let words = [State::Checking.word(), State::Checked.word(), State::Running.word()];
    let theirs = imports::table.filter(imports::actor_id.eq(by)).filter(imports::state.eq_any(words));
    Ok(on!(conn, c => theirs.count().get_result(c))?)
}

pub(super) fn recent(conn: &mut Conn, limit: i64) -> Result<Vec<Import>, Fault> {
    let newest = imports::table.order((imports::created_at.desc(), imports::id.desc())).limit(limit);
    let rows: Vec<Row> = on!(conn, c => newest.select(Row::as_select()).load(c))?;
    rows.into_iter().map(import).collect()
}

/// What is to be gone through, oldest first, and in whose name.
pub(super) fn moving(conn: &mut Conn) -> Result<Vec<(Import, Authority)>, Fault> {
    let words = [State::Checking.word(), State::Running.word()];
    let waiting = imports::table.filter(imports::state.eq_any(words)).order((imports::created_at, imports::id));
    let rows: Vec<Row> = on!(conn, c => waiting.select(Row::as_select()).load(c))?;
    rows.into_iter().map(begun).collect()
}

fn begun(row: Row) -> Result<(Import, Authority), Fault> {
    let authority = authority(&row);
    Ok((import(row)?, authority))
}

fn import(row: Row) -> Result<Import, Fault> {
    let unknown = |what: &str| Fault::Broken(format!("an import has an unknown {what}"));
    Ok(Import {
        id: row.id,
        created_at: row.created_at,
        by: row.actor_name,
        file_name: row.file_name,
        bytes: number(row.bytes),
        format: Format::named(&row.format).ok_or_else(|| unknown("format"))?,
        new_roles: if row.new_roles == CREATE { NewRoles::Create } else { NewRoles::Refuse },
        state: State::parse(&row.state).ok_or_else(|| unknown("state"))?,
        bytes_done: number(row.bytes_done),
        tally: Tally {
            imported: number(row.imported),
            converted: number(row.converted),
            kept: number(row.kept),
            refused: number(row.refused),
        },
        finished_at: row.finished_at,
        failure: row.failure,
    })
}

fn authority(row: &Row) -> Authority {
    let origin = Origin {
        request_id: row.request_id.clone(),
        address: row.address.clone(),
        user_agent: String::new(),
        device: None,
        languages: String::new(),
    };
    let by_key = row.key_id.clone().zip(row.key_name.clone()).map(|(id, name)| ByKey { id, name });
    Authority {
        absent: Some(Absent { user: row.actor_id.clone(), session: row.session_id.clone() }),
        granted: PermissionSet::from_scope(&row.permissions),
        trail: Trail { origin, actor: Some((row.actor_id.clone(), row.actor_name.clone())), by_key },
    }
}

/// `false` where it does not wait for that.
pub(super) fn begin_run(tx: &mut Tx, id: &ImportId, by: &Caller) -> Result<bool, Fault> {
    let checked = imports::table.find(id).filter(imports::state.eq(State::Checked.word()));
    let change = (
        imports::state.eq(State::Running.word()),
        imports::actor_id.eq(&by.user),
        imports::actor_name.eq(&by.username),
        imports::permissions.eq(by.permissions.to_scope()),
        imports::address.eq(&by.origin.address),
        imports::request_id.eq(&by.origin.request_id),
        imports::session_id.eq(Some(&by.session)),
        imports::key_id.eq(by.by_key.as_ref().map(|key| &key.id)),
        imports::key_name.eq(by.by_key.as_ref().map(|key| &key.name)),
        imports::finished_at.eq(None::<UnixTime>),
    );
    if on!(tx, c => diesel::update(checked).set(change).execute(c))? == 0 {
        return Ok(false);
    }
    start_over(tx, id, State::Running)
}

/// From the first row on again; `false` where it does not stand there any more: somebody else has gone on with it.
pub(super) fn start_over(tx: &mut Tx, id: &ImportId, state: State) -> Result<bool, Fault> {
    let nothing = (
        imports::bytes_done.eq(0),
        imports::rows_done.eq(0),
        imports::imported.eq(0),
        imports::converted.eq(0),
        imports::kept.eq(0),
        imports::refused.eq(0),
    );
    let there = imports::table.find(id).filter(imports::state.eq(state.word()));
    if on!(tx, c => diesel::update(there).set(nothing).execute(c))? == 0 {
        return Ok(false);
    }
    on!(tx, c => diesel::delete(import_lines::table.filter(import_lines::import_id.eq(id))).execute(c))?;
    Ok(true)
}

/// `false` where it stands elsewhere by now: of two that go on with the same, one finds it done.
pub(super) fn advance(tx: &mut Tx, to: &Progress, rows_before: u64, bytes_done: u64) -> Result<bool, Fault> {
    let where_it_was = imports::table
        .find(&to.id)
        .filter(imports::state.eq(to.state.word()))
        .filter(imports::rows_done.eq(count(rows_before)));
    let change = (
        imports::bytes_done.eq(count(bytes_done)),
        imports::rows_done.eq(count(to.tally.rows())),
        imports::imported.eq(count(to.tally.imported)),
        imports::converted.eq(count(to.tally.converted)),
        imports::kept.eq(count(to.tally.kept)),
        imports::refused.eq(count(to.tally.refused)),
    );
    Ok(on!(tx, c => diesel::update(where_it_was).set(change).execute(c))? > 0)
}

/// `false` where it was finished or put away meanwhile.
pub(super) fn finish(
    tx: &mut Tx,
    from: &Progress,
    to: State,
    failure: Option<&str>,
    now: UnixTime,
) -> Result<bool, Fault> {
    let open = imports::table.find(&from.id).filter(imports::state.eq(from.state.word()));
    let change = (imports::state.eq(to.word()), imports::failure.eq(failure), imports::finished_at.eq(Some(now)));
    Ok(on!(tx, c => diesel::update(open).set(change).execute(c))? > 0)
}

pub(super) fn delete(tx: &mut Tx, id: &ImportId) -> Result<bool, Fault> {
    Ok(on!(tx, c => diesel::delete(imports::table.find(id)).execute(c))? > 0)
}

pub(super) fn delete_before(tx: &mut Tx, moment: UnixTime) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(imports::table.filter(imports::created_at.lt(moment))).execute(c))?;
    Ok(())
}

pub(super) fn add_lines(tx: &mut Tx, id: &ImportId, verdicts: &[&Verdict]) -> Result<(), Fault> {
    let row = |one: &&Verdict| {
        (
            import_lines::import_id.eq(id.clone()),
            import_lines::number.eq(count(one.row)),
            import_lines::verdict.eq(one.verdict.word()),
            import_lines::who.eq(one.who.clone()),
            import_lines::detail.eq(one.detail.clone()),
        )
    };
    let rows: Vec<_> = verdicts.iter().map(row).collect();
    if !rows.is_empty() {
        on!(tx, c => diesel::insert_into(import_lines::table).values(rows).execute(c))?;
    }
    Ok(())
}

pub(super) fn lines(conn: &mut Conn, id: &ImportId, asked: &Asked) -> Result<Vec<Verdict>, Fault> {
    let limit = i64::try_from(asked.limit).unwrap_or(i64::MAX);
    let rows: Vec<(i64, String, String, String)> = on!(conn, c => {
        let columns = (import_lines::number, import_lines::verdict, import_lines::who, import_lines::detail);
        let mut query = import_lines::table
            .filter(import_lines::import_id.eq(id))
            .filter(import_lines::number.gt(count(asked.after)))
            .order(import_lines::number)
            .select(columns)
            .limit(limit)
            .into_boxed();
        if let Some(kind) = asked.kind {
            query = query.filter(import_lines::verdict.eq(kind.word()));
        }
        query.load(c)
    })?;
    let verdict = |(row, word, who, detail): (i64, String, String, String)| {
        let kind = Kind::parse(&word).ok_or_else(|| Fault::Broken("an import has an unknown verdict".into()))?;
        Ok(Verdict { row: number(row), verdict: kind, who, detail })
    };
    rows.into_iter().map(verdict).collect()
}
