//! The table `statistics`, and in `counters` the number of the entry that was counted last.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::query_dsl::methods;
use diesel::upsert::excluded;

use super::{Grain, Measure};
use crate::platform::db::{Conn, Fault, Tx, on};
use crate::platform::time::UnixTime;
use crate::schema::{counters, statistics};

const POSITION: &str = "statistics";

/// Which row.
pub(super) type Key = (Grain, Measure, i64);

pub(super) fn position(conn: &mut Conn) -> Result<i64, Fault> {
    Ok(on!(conn, c => counters::table.find(POSITION).select(counters::value).get_result(c))?)
}

/// Whether nobody else was faster: from here on these entries count as counted.
pub(super) fn move_on(tx: &mut Tx, (from, to): (i64, i64)) -> Result<bool, Fault> {
    let still_there = counters::table.find(POSITION).filter(counters::value.eq(from));
    Ok(on!(tx, c => diesel::update(still_there).set(counters::value.eq(to)).execute(c))? > 0)
}

/// Adds to what was counted before.
pub(super) fn add(tx: &mut Tx, counted: &BTreeMap<Key, i64>) -> Result<(), Fault> {
    for (key, count) in counted {
        on!(tx, c => {
            diesel::insert_into(statistics::table)
                .values(row(key, *count))
                .on_conflict((statistics::span, statistics::name, statistics::starts_at))
                .do_update()
                .set(statistics::value.eq(statistics::value + excluded(statistics::value)))
                .execute(c)
        })?;
    }
    Ok(())
}

/// Raises what was seen at the most.
pub(super) fn raise(tx: &mut Tx, key: &Key, value: i64) -> Result<(), Fault> {
    let lower = statistics::value.lt(excluded(statistics::value));
    on!(tx, c => {
        let upsert = diesel::insert_into(statistics::table)
            .values(row(key, value))
            .on_conflict((statistics::span, statistics::name, statistics::starts_at))
            .do_update()
            .set(statistics::value.eq(excluded(statistics::value)));
        methods::FilterDsl::filter(upsert, lower).execute(c)
    })?;
    Ok(())
}

/// What is so now takes the place of what was before.
pub(super) fn replace(tx: &mut Tx, measure: Measure, (at, value): (UnixTime, i64)) -> Result<(), Fault> {
    let before = statistics::table
        .filter(statistics::span.eq(Grain::Now.word()))
        .filter(statistics::name.eq(measure.word()))
        .filter(statistics::starts_at.lt(at.millis()));
    on!(tx, c => diesel::delete(before).execute(c))?;
    raise(tx, &(Grain::Now, measure, at.millis()), value)
}

type Row = (
    diesel::dsl::Eq<statistics::span, &'static str>,
    diesel::dsl::Eq<statistics::name, &'static str>,
    diesel::dsl::Eq<statistics::starts_at, i64>,
    diesel::dsl::Eq<statistics::value, i64>,
);

fn row((grain, measure, starts_at): &Key, value: i64) -> Row {
    (
        statistics::span.eq(grain.word()),
        statistics::name.eq(measure.word()),
        statistics::starts_at.eq(*starts_at),
        statistics::value.eq(value),
    )
}

/// What was counted from a moment on, and when each hour or day began.
pub(super) fn since(conn: &mut Conn, grain: Grain, from: i64) -> Result<Vec<(Measure, i64, i64)>, Fault> {
    let rows: Vec<(String, i64, i64)> = on!(conn, c => {
        statistics::table
            .filter(statistics::span.eq(grain.word()))
            .filter(statistics::name.eq_any(Measure::ALL.map(Measure::word)))
            .filter(statistics::starts_at.ge(from))
            .select((statistics::name, statistics::starts_at, statistics::value))
            .load(c)
    })?;
    Ok(rows.into_iter().filter_map(|(name, at, value)| Some((Measure::parse(&name)?, at, value))).collect())
}

pub(super) fn forget_hours(tx: &mut Tx, before: UnixTime) -> Result<(), Fault> {
    let old = statistics::table
        .filter(statistics::span.eq(Grain::Hour.word()))
        .filter(statistics::name.eq_any(Measure::ALL.map(Measure::word)))
        .filter(statistics::starts_at.lt(before.millis()));
    on!(tx, c => diesel::delete(old).execute(c))?;
    Ok(())
}
