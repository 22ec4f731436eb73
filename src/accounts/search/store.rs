//! The table `users`, read for lists. However many there are, a page reads a bounded number of rows, unless many are meant and
//! all of them stand far off: then it reads those.

use std::collections::HashMap;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};

use super::narrow::{self, Narrow};
use super::walk::Walk;
use super::{Filter, Reach, Sort};
use crate::accounts::roles::{self, RoleGrant};
use crate::accounts::store::Row;
use crate::accounts::user::User;
use crate::platform::db::{Conn, Fault, Sql, Trigrams};
use crate::platform::ids::{RoleId, UserId};
use crate::platform::page::Cursor;

/// Bytes of the longest name that there is.
const LONGEST: usize = 800;
/// So many rows are walked in the list's order before anything is asked, for what nearly everybody has.
const STEP: i64 = 100;
/// So few are gathered and sorted; where they are more, so many rows are walked.
const FEW: i64 = 5_000;
/// So few are gathered without walking any further before; of more, one in ten fills the page in so many rows.
const FEWER: i64 = 500;
/// So many rows are walked at last in the hope that they fill the page.
const WALK: i64 = 25_000;
/// So many where the index of the order alone tells who is not meant, because of so many at the most it is known who is.
const LONG_WALK: i64 = 50_000;
const MOST_KNOWN: i64 = 100_000;

pub(super) const COLUMNS: &str =
    "SELECT u.id, u.username, u.email, u.email_verified_at, u.name, u.disabled_at, u.created_at FROM ";

/// One more user than asked for, and how the part was looked for.
pub(super) fn search(
    conn: &mut Conn,
    filter: &Filter,
    role: Option<RoleId>,
) -> Result<(Vec<User>, Option<Reach>), Fault> {
    // Nothing that people are called is longer, or has a line break or a NUL in it.
    if filter.part.chars().any(char::is_control) || filter.part.len() > LONGEST {
        return Ok((Vec::new(), Some(Reach::Anywhere)));
    }
    let trigrams = if filter.part.is_empty() { Trigrams::Missing } else { Trigrams::of(conn, "users")? };
    let role = role.map(|id| Narrow::Role(id, conn.now()));
    let (narrows, reach) = narrow::all(filter, role, trigrams);
    let limit = i64::try_from(filter.limit).unwrap_or(i64::MAX).saturating_add(1);
    let list = List { narrows, sort: filter.sort, after: filter.after.as_ref(), limit };
    let rows = list.read(conn)?;
    let ids: Vec<UserId> = rows.iter().map(|row| row.id.clone()).collect();
    let mut held: HashMap<UserId, Vec<RoleGrant>> = HashMap::new();
    for (user, grant) in roles::of_users(conn, &ids)? {
        held.entry(user).or_default().push(grant);
    }
    let with_roles = |row: Row| {
        let roles = held.remove(&row.id).unwrap_or_default();
        row.with_roles(roles)
    };
    Ok((rows.into_iter().map(with_roles).collect(), reach))
}

/// The column that an order goes by.
pub(super) fn key(sort: Sort) -> &'static str {
    match sort {
        Sort::Username | Sort::UsernameDown => "u.username_folded",
        Sort::Email | Sort::EmailDown => "u.email_folded",
        Sort::Created | Sort::CreatedDown => "u.created_at",
    }
}

pub(super) struct List<'a> {
    pub narrows: Vec<Narrow>,
    pub sort: Sort,
    pub after: Option<&'a Cursor>,
    pub limit: i64,
}

impl List<'_> {
    /// There are two ways: along the index of the order, looking at each row, which is short where many are meant; or from
    /// an index that knows who is meant, sorting them, which is short where few are. Which it is, neither database knows
    /// reliably, so it is found out by bounded questions.
    fn read(&self, conn: &mut Conn) -> Result<Vec<Row>, Fault> {
        let walk = Walk::along(self);
        let Some(first) = walk.looks.first().copied() else { return walk.sql(None, None).load(conn) };
        if let Some(page) = walk.as_far(conn, STEP, None)? {
            return Ok(page);
        }
        if let Some((narrow, count)) = sharpest(conn, &walk.looks, FEW)? {
            let page = if count > FEWER { walk.as_far(conn, FEWER, None)? } else { None };
            return page.map_or_else(|| self.gather(narrow).load(conn), Ok);
        }
        if let Some(page) = walk.as_far(conn, FEW, None)? {
            return Ok(page);
        }
        let known = if conn.has_rowids() { sharpest(conn, &walk.looks, MOST_KNOWN)? } else { None };
        let known = known.map(|(narrow, _)| narrow);
        let rows = if known.is_some() { LONG_WALK } else { WALK };
        match walk.as_far(conn, rows, known)? {
            Some(page) => Ok(page),
            None => self.gather(known.unwrap_or(first)).load(conn),
        }
    }

    /// From the index that this one has, the rest looked at.
    fn gather(&self, start: &Narrow) -> Sql {
        let mut sql = Sql::new(COLUMNS);
        start.write_start(&mut sql);
        for narrow in self.narrows.iter().filter(|narrow| !std::ptr::eq(*narrow, start)) {
            narrow.write_look(sql.push(" AND "));
        }
        if let Some(Cursor { key, id, .. }) = self.after {
            sql.push(" AND ");
            self.write_beyond(&mut sql, Way::HIDDEN, (key, id));
        }
        self.write_order(&mut sql, Way::HIDDEN);
        sql.push(" LIMIT ").number(self.limit);
        sql
    }

    fn is_down(&self) -> bool {
        matches!(self.sort, Sort::UsernameDown | Sort::EmailDown | Sort::CreatedDown)
    }

    /// On that side of a place in this order.
    pub fn write_beyond(&self, sql: &mut Sql, way: Way, (at, id): (&str, &str)) {
        let sign = if self.is_down() { way.down } else { way.up };
        match self.sort {
            Sort::Created | Sort::CreatedDown => {
                // A cursor of another list begins this one anew.
                let moment = at.parse().unwrap_or(0);
                sql.push("(u.created_at").push(way.number).push(", u.id").push(way.text).push(")").push(sign).push("(");
                sql.number(moment).push(", ").text(id).push(")")
            }
            _ => sql.push(key(self.sort)).push(way.text).push(sign).text(at),
        };
    }

    pub fn write_order(&self, sql: &mut Sql, way: Way) {
        let direction = if self.is_down() { " DESC" } else { "" };
        sql.push(" ORDER BY ").push(key(self.sort));
        match self.sort {
            Sort::Created | Sort::CreatedDown => {
                sql.push(way.number).push(direction).push(", u.id").push(way.text).push(direction)
            }
            _ => sql.push(way.text).push(direction),
        };
    }
}

/// How a place in the order is compared with: by its index, or hidden from it.
#[derive(Clone, Copy)]
pub(super) struct Way {
    up: &'static str,
    down: &'static str,
    text: &'static str,
    number: &'static str,
}

impl Way {
    pub const ON: Self = Self { up: " > ", down: " < ", text: "", number: "" };
    /// Up to a place and not beyond.
    pub const BACK: Self = Self { up: " <= ", down: " >= ", ..Self::ON };
    const HIDDEN: Self = Self { text: " || ''", number: " + 0", ..Self::ON };
}

/// A place in an order.
#[derive(QueryableByName)]
pub(super) struct Place {
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub id: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Whose index finds the fewest, and how many; `None` where each finds more than `most`. Each is asked so that it stops there.
fn sharpest<'a>(conn: &mut Conn, looks: &[&'a Narrow], most: i64) -> Result<Option<(&'a Narrow, i64)>, Fault> {
    let mut sharpest: Option<(&Narrow, i64)> = None;
    for narrow in looks {
        let bound = sharpest.map_or(most, |(_, count)| count);
        let mut sql = Sql::new("SELECT count(*) AS count FROM (SELECT 1 FROM ");
        narrow.write_found(&mut sql);
        sql.push(" LIMIT ").number(bound + 1).push(") AS found");
        let counts: Vec<Count> = sql.load(conn)?;
        let fewer = counts.first().map(|Count { count }| *count).filter(|count| *count <= bound);
        sharpest = fewer.map(|count| (*narrow, count)).or(sharpest);
    }
    Ok(sharpest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::search::{SORTS, Verified};
    use crate::accounts::user::Standing;
    use crate::platform::db::plan::{on_a_new_database, plan};
    use crate::platform::time::UnixTime;

    fn each_narrow() -> Vec<Narrow> {
        vec![
            Narrow::Part("anna".to_owned(), Trigrams::Table),
            Narrow::Beginning("u.username_folded", "an".to_owned()),
            Narrow::Beginning("u.email_folded", "an".to_owned()),
            Narrow::Role(RoleId::from_outside("user"), UnixTime::from_millis(3)),
            Narrow::Standing(Standing::Active),
            Narrow::Standing(Standing::Disabled),
            Narrow::Verified(Verified::Yes),
            Narrow::Verified(Verified::No),
            Narrow::Created(UnixTime::from_millis(1), UnixTime::from_millis(2)),
        ]
    }

    fn check(conn: &mut Conn, list: &List) {
        let walk = Walk::along(list);
        let end = Place { key: "5".to_owned(), id: "5".to_owned() };
        let known = walk.looks.first().map(|known| walk.sql(Some(&end), Some(known)));
        for sql in [walk.sql(None, None), walk.sql(Some(&end), None), walk.end_of_stretch(5)].into_iter().chain(known) {
            let plan = plan(conn, &sql);
            let first = plan.lines().next().unwrap_or_default();
            assert!(first.contains(" u USING ") && !plan.contains("TEMP B-TREE"), "{sql:?}:\n{plan}");
        }
        for start in &list.narrows {
            let plan = plan(conn, &list.gather(start));
            assert!(plan.lines().any(|step| step.starts_with("SEARCH u USING ")), "{start:?}:\n{plan}");
            assert!(!plan.contains("SCAN u"), "{start:?}:\n{plan}");
        }
    }

    #[test]
    fn no_list_reads_the_table_from_end_to_end() {
        on_a_new_database("user-plans", |conn| {
            for (name, sort) in SORTS {
                let after = Cursor { order: name.to_owned(), key: "3".to_owned(), id: "3".to_owned() };
                for after in [None, Some(&after)] {
                    check(conn, &List { narrows: Vec::new(), sort, after, limit: 41 });
                    for one in each_narrow() {
                        for other in each_narrow() {
                            check(conn, &List { narrows: vec![one.clone(), other], sort, after, limit: 41 });
                        }
                    }
                }
            }
        });
    }
}
