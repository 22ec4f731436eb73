//! The table `audit_log`, read for lists.

use diesel::prelude::*;

use super::super::event::Fact;
use super::super::store::Row;
use super::{Filter, Place, Who};
use crate::platform::db::{Conn, Fault, on};
use crate::platform::ids::UserId;
use crate::schema::audit_log;

diesel::define_sql_function! {
    /// Names are ASCII, so both databases mean the same by it.
    fn lower(text: diesel::sql_types::Nullable<diesel::sql_types::Text>) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

/// Where it is asked for, one column is this.
macro_rules! only {
    ($query:ident, $column:expr, $value:expr) => {
        if let Some(value) = $value {
            $query = $query.filter($column.eq(value));
        }
    };
}

pub(super) fn newest(
    conn: &mut Conn,
    filter: &Filter,
    facts: &[Fact],
    (after, limit): (Option<Place>, usize),
) -> Result<Vec<Row>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ((actor, actor_name), (subject, subject_name)) = (split(&filter.actor), split(&filter.subject));
    Ok(on!(conn, c => {
        let order = (audit_log::at.desc(), audit_log::seq.desc());
        let mut query = audit_log::table.select(Row::as_select()).order(order).limit(limit).into_boxed();
        only!(query, audit_log::actor_id, actor);
        only!(query, lower(audit_log::actor_name), actor_name);
        only!(query, audit_log::subject_id, subject);
        only!(query, lower(audit_log::subject_name), subject_name);
        only!(query, audit_log::address, &filter.address);
        only!(query, audit_log::session_id, &filter.session);
        only!(query, audit_log::request_id, &filter.request);
        match facts {
            [] => {}
            [one] => query = query.filter(audit_log::kind.eq(one.word())),
            some => query = query.filter(audit_log::kind.eq_any(some.iter().map(|fact| fact.word()))),
        }
        if let Some(from) = filter.from {
            query = query.filter(audit_log::at.ge(from));
        }
        if let Some(until) = filter.until {
            query = query.filter(audit_log::at.lt(until));
        }
        if let Some(Place { at, seq }) = after {
            // One range and what it holds too much of: 'before, or at once and' would be two, which no index puts in order.
            query = query.filter(audit_log::at.le(at)).filter(audit_log::at.lt(at).or(audit_log::seq.lt(seq)));
        }
        query.load(c)
    })?)
}

fn split(who: &Option<Who>) -> (Option<&UserId>, Option<&str>) {
    match who {
        Some(Who::Id(id)) => (Some(id), None),
        Some(Who::Name(name)) => (None, Some(name)),
        None => (None, None),
    }
}
