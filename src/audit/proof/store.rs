//! The chain as it is walked along: `audit_log` in its order, `audit_cuts`, and `audit_checks`.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::super::chain::Hash;
use super::super::checkpoint::Checkpoint;
use super::super::store::Row;
use super::Check;
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::time::UnixTime;
use crate::schema::{audit_checks, audit_cuts, audit_log};

const LAST: &str = "last";

/// As much of an entry as removing it takes.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub(in crate::audit) struct Link {
    pub seq: i64,
    pub at: UnixTime,
    pub hash: Option<Vec<u8>>,
}

/// Entries with numbers above `after`, in the order of the chain.
pub(in crate::audit) fn entries(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Row>, Fault> {
    let following = audit_log::table.filter(audit_log::seq.gt(after)).order(audit_log::seq).limit(limit);
    Ok(on!(conn, c => following.select(Row::as_select()).load(c))?)
}

pub(in crate::audit) fn oldest(conn: &mut Conn, limit: i64) -> Result<Vec<Link>, Fault> {
    Ok(on!(conn, c => audit_log::table.order(audit_log::seq).limit(limit).select(Link::as_select()).load(c))?)
}

/// The highest number that an entry has; nothing where there is none.
pub(super) fn last_entry(conn: &mut Conn) -> Result<Option<i64>, Fault> {
    Ok(on!(conn, c => audit_log::table.select(max(audit_log::seq)).get_result(c))?)
}

type Cut = (i64, Option<Vec<u8>>, UnixTime, Vec<u8>);

/// The newest cut, as far as it can be one: a hash or a signature of another length is none that we made.
pub(super) fn newest_cut(conn: &mut Conn) -> Result<Option<(i64, Option<Checkpoint>)>, Fault> {
    let newest = audit_cuts::table.order(audit_cuts::seq.desc()).limit(1);
    let row: Option<Cut> = on!(conn, c => newest.get_result(c).optional())?;
    Ok(row.map(|(seq, hash, at, signature)| (seq, cut(seq, hash, at, signature))))
}

fn cut(seq: i64, hash: Option<Vec<u8>>, at: UnixTime, signature: Vec<u8>) -> Option<Checkpoint> {
    let hash: Hash = super::super::chain::of_column(hash.as_deref())?;
    Some(Checkpoint { seq, hash, at, signature: signature.try_into().ok()? })
}

pub(in crate::audit) fn keep_cut(tx: &mut Tx, cut: &Checkpoint) -> Result<(), Fault> {
    let row = (
        audit_cuts::seq.eq(cut.seq),
        audit_cuts::hash.eq(Some(cut.hash.to_vec())),
        audit_cuts::cut_at.eq(cut.at),
        audit_cuts::signature.eq(cut.signature.to_vec()),
    );
    on!(tx, c => diesel::insert_into(audit_cuts::table).values(row).execute(c))?;
    Ok(())
}

pub(in crate::audit) fn remove_up_to(tx: &mut Tx, seq: i64) -> Result<(), Fault> {
    on!(tx, c => diesel::delete(audit_log::table.filter(audit_log::seq.le(seq))).execute(c))?;
    Ok(())
}

pub(super) fn keep_check(tx: &mut Tx, check: &Check) -> Result<(), Fault> {
    let row = (
        audit_checks::id.eq(LAST),
        audit_checks::checked_at.eq(check.at),
        audit_checks::from_seq.eq(check.from),
        audit_checks::to_seq.eq(check.to),
        audit_checks::checkpoints.eq(i64::try_from(check.checkpoints).unwrap_or(i64::MAX)),
        audit_checks::finding.eq(check.finding.as_ref().map(ToString::to_string)),
    );
    on!(tx, c => {
        diesel::insert_into(audit_checks::table)
            .values(row)
            .on_conflict(audit_checks::id)
            .do_update()
            .set((
                audit_checks::checked_at.eq(excluded(audit_checks::checked_at)),
                audit_checks::from_seq.eq(excluded(audit_checks::from_seq)),
                audit_checks::to_seq.eq(excluded(audit_checks::to_seq)),
                audit_checks::checkpoints.eq(excluded(audit_checks::checkpoints)),
                audit_checks::finding.eq(excluded(audit_checks::finding)),
            ))
            .execute(c)
    })?;
    Ok(())
}

pub(super) fn last_check(conn: &mut Conn) -> Result<Option<Check>, Fault> {
    type Found = (String, UnixTime, i64, i64, i64, Option<String>);
    let row: Option<Found> = on!(conn, c => audit_checks::table.find(LAST).get_result(c).optional())?;
    Ok(row.map(|(_, at, from, to, checkpoints, finding)| Check {
        at,
        from,
        to,
        checkpoints: usize::try_from(checkpoints).unwrap_or_default(),
        finding: finding.as_deref().map(super::Finding::read),
    }))
}
