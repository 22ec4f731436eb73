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

/// The statement of a list, for the database that it is run on.
macro_rules! list {
    ($filter:expr, $facts:expr, $after:expr, $limit:expr) => {{
        let (filter, facts): (&Filter, &[Fact]) = ($filter, $facts);
        let ((actor, actor_name), (subject, subject_name)) = (split(&filter.actor), split(&filter.subject));
        let order = (audit_log::at.desc(), audit_log::seq.desc());
        let mut query = audit_log::table.select(Row::as_select()).order(order).limit($limit).into_boxed();
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
        if let Some(Place { at, seq }) = $after {
            // One range and what it holds too much of: 'before, or at once and' would be two, which no index puts in order.
            query = query.filter(audit_log::at.le(at)).filter(audit_log::at.lt(at).or(audit_log::seq.lt(seq)));
        }
        query
    }};
}

pub(super) fn newest(
    conn: &mut Conn,
    filter: &Filter,
    facts: &[Fact],
    (after, limit): (Option<Place>, usize),
) -> Result<Vec<Row>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(on!(conn, c => list!(filter, facts, after, limit).load(c))?)
}

fn split(who: &Option<Who>) -> (Option<&UserId>, Option<&str>) {
    match who {
        Some(Who::Id(id)) => (Some(id), None),
        Some(Who::Name(name)) => (None, Some(name)),
        None => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use diesel::debug_query;
    use diesel::sqlite::Sqlite;

    use super::*;
    use crate::platform::db::{Sql, plan};
    use crate::platform::ids::{RequestId, SessionId};
    use crate::platform::time::UnixTime;

    /// What SQLite does for the statement of a list.
    fn planned(conn: &mut Conn, filter: &Filter, facts: &[Fact], after: Option<Place>) -> String {
        let text = debug_query::<Sqlite, _>(&list!(filter, facts, after, 51)).to_string();
        plan::plan(conn, &Sql::new(text.split(" -- binds").next().unwrap_or_default()))
    }

    /// What narrows a list, and the index that it has to stand on.
    fn filters() -> Vec<(Filter, Vec<Fact>, &'static str)> {
        let (id, name) = (|| Some(Who::Id(UserId::from_outside("u"))), || Some(Who::Name("u".to_owned())));
        let moment = Some(UnixTime::from_millis(5));
        let none = Filter::default;
        vec![
            (none(), vec![], "audit_log_at"),
            (Filter { from: moment, until: moment, ..none() }, vec![], "audit_log_at"),
            (none(), vec![Fact::SignInFailed], "audit_log_kind"),
            (Filter { from: moment, ..none() }, vec![Fact::SignInFailed], "audit_log_kind"),
            (Filter { subject: id(), ..none() }, vec![], "audit_log_subject"),
            (Filter { subject: id(), ..none() }, vec![Fact::SignedIn, Fact::SignedOut], "audit_log_subject"),
            (Filter { subject: name(), ..none() }, vec![], "audit_log_subject_name"),
            (Filter { actor: id(), ..none() }, vec![], "audit_log_actor"),
            (Filter { actor: name(), ..none() }, vec![], "audit_log_actor_name"),
            (Filter { address: Some("::1".to_owned()), ..none() }, vec![], "audit_log_address"),
            (Filter { session: Some(SessionId::from_outside("s")), ..none() }, vec![], "audit_log_session"),
            (Filter { request: Some(RequestId::from_outside("r")), ..none() }, vec![], "audit_log_request"),
        ]
    }

    #[test]
    fn every_list_stands_on_an_index_in_its_order() {
        plan::on_a_new_database("audit-plans", |conn| {
            let place = Place { at: UnixTime::from_millis(9), seq: 9 };
            for (filter, facts, index) in filters() {
                for after in [None, Some(place)] {
                    let plan = planned(conn, &filter, &facts, after);
                    assert!(plan.split_whitespace().any(|word| word == index), "{filter:?}: {plan}");
                    assert!(!plan.contains("TEMP B-TREE"), "{filter:?}: {plan}");
                }
            }
        });
    }
}
