//! What narrows a list of users, in two forms: one that an index answers, to start from, and one that only looks at a row.
//! The second hides its columns (`+ 0`, `|| ''`) from a database that would start from them all the same.

use super::{Filter, Reach, Sort, Verified};
use crate::accounts::user::Standing;
use crate::platform::db::{Sql, Trigrams};
use crate::platform::ids::RoleId;
use crate::platform::time::UnixTime;

/// As the index of PostgreSQL has it, to the letter (`migrations/optional`).
const WORDS: &str = "(u.username_folded || '\n' || u.email_folded || '\n' || coalesce(u.name_folded, ''))";
/// It sorts after whatever goes on: the last character there is (Unicode 16.0, section 3.4, D9).
const LAST: char = char::MAX;

/// One condition on a user.
#[derive(Clone, Debug)]
pub(super) enum Narrow {
    Part(String, Trigrams),
    /// A column that begins so.
    Beginning(&'static str, String),
    /// A role that somebody has at this moment.
    Role(RoleId, UnixTime),
    Standing(Standing),
    Verified(Verified),
    Created(UnixTime, UnixTime),
}

/// All that narrows this list, the sharpest first as a guess; and how its part is looked for.
pub(super) fn all(filter: &Filter, role: Option<Narrow>, trigrams: Trigrams) -> (Vec<Narrow>, Option<Reach>) {
    let (part, reach) = part(filter, trigrams).unzip();
    let created = (filter.since.is_some() || filter.before.is_some()).then(|| {
        let since = filter.since.unwrap_or(UnixTime::from_millis(i64::MIN));
        Narrow::Created(since, filter.before.unwrap_or(UnixTime::NEVER))
    });
    let all = [part, role, filter.standing.map(Narrow::Standing), filter.verified.map(Narrow::Verified), created];
    (all.into_iter().flatten().collect(), reach)
}

fn part(filter: &Filter, trigrams: Trigrams) -> Option<(Narrow, Reach)> {
    let part = &filter.part;
    if part.is_empty() {
        return None;
    }
    let enough = part.chars().count() >= Trigrams::LETTERS;
    if enough && trigrams != Trigrams::Missing {
        return Some((Narrow::Part(part.clone(), trigrams), Reach::Anywhere));
    }
    let by_address = part.contains('@') || matches!(filter.sort, Sort::Email | Sort::EmailDown);
    let column = if by_address { "u.email_folded" } else { "u.username_folded" };
    let reach = if enough { Reach::BeginningOnly } else { Reach::Beginning };
    Some((Narrow::Beginning(column, part.clone()), reach))
}

impl Narrow {
    /// Whether those that are meant stand together in this order.
    pub fn runs_along(&self, sort: Sort) -> bool {
        match self {
            Self::Beginning(column, _) => *column == super::store::key(sort),
            Self::Created(..) => matches!(sort, Sort::Created | Sort::CreatedDown),
            _ => false,
        }
    }

    /// Where its index finds them, with no user read where that can be.
    pub fn write_found(&self, sql: &mut Sql) {
        match self {
            Self::Part(part, Trigrams::Table) => {
                sql.push("users_search s WHERE s.users_search MATCH ").text(Trigrams::all_of(part));
            }
            Self::Role(id, _) => {
                sql.push("user_roles r WHERE r.role_id = ").text(id.as_str());
            }
            _ => self.write_start(sql),
        }
    }

    /// The users that its index finds.
    pub fn write_start(&self, sql: &mut Sql) {
        match self {
            Self::Part(part, Trigrams::Table) => {
                sql.push("users_search s CROSS JOIN users u WHERE u.rowid = s.rowid AND s.users_search MATCH ");
                sql.text(Trigrams::all_of(part)).push(" AND ");
                write_part(sql, part);
            }
            Self::Role(id, now) => {
                sql.push("user_roles r CROSS JOIN users u WHERE u.id = r.user_id AND r.role_id = ").text(id.as_str());
                write_in_force(sql.push(" AND "), *now);
            }
            _ => {
                sql.push("users u WHERE ");
                self.write_bound(sql);
            }
        }
    }

    /// Whether a user who was come upon otherwise is among those that its index finds. SQLite collects these once, and then
    /// tells by an entry of another index alone who is not: each leads to the row's number.
    pub fn write_known(&self, sql: &mut Sql) {
        sql.push("+u.rowid IN (SELECT ");
        match self {
            Self::Part(_, Trigrams::Table) => self.write_found(sql.push("s.rowid FROM ")),
            _ => self.write_start(sql.push("u.rowid FROM ")),
        }
        sql.push(")");
    }

    /// The same as a condition that an index may serve.
    pub fn write_bound(&self, sql: &mut Sql) {
        match self {
            Self::Beginning(column, part) => write_beginning(sql, column, part),
            Self::Standing(Standing::Active) => drop(sql.push("u.disabled_at IS NULL")),
            // A range, since SQLite takes no index for `IS NOT NULL`.
            Self::Standing(Standing::Disabled) => drop(sql.push("u.disabled_at >= 0")),
            Self::Verified(Verified::Yes) => drop(sql.push("u.email_verified_at >= 0")),
            Self::Verified(Verified::No) => drop(sql.push("u.email_verified_at IS NULL")),
            Self::Created(since, before) => write_created(sql, "u.created_at", (*since, *before)),
            Self::Part(..) | Self::Role(..) => self.write_look(sql),
        }
    }

    /// Whether a user who was come upon otherwise is meant.
    pub fn write_look(&self, sql: &mut Sql) {
        match self {
            Self::Part(part, _) => write_part(sql, part),
            Self::Beginning(column, part) => write_beginning(sql, &format!("{column} || ''"), part),
            Self::Role(id, now) => {
                sql.push("EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id AND r.role_id || '' = ")
                    .text(id.as_str());
                write_in_force(sql.push(" AND "), *now);
                sql.push(")");
            }
            Self::Standing(Standing::Active) => drop(sql.push("u.disabled_at + 0 IS NULL")),
            Self::Standing(Standing::Disabled) => drop(sql.push("u.disabled_at + 0 IS NOT NULL")),
            Self::Verified(Verified::Yes) => drop(sql.push("u.email_verified_at + 0 IS NOT NULL")),
            Self::Verified(Verified::No) => drop(sql.push("u.email_verified_at + 0 IS NULL")),
            Self::Created(since, before) => write_created(sql, "u.created_at + 0", (*since, *before)),
        }
    }
}

fn write_part(sql: &mut Sql, part: &str) {
    // `LIKE`, for it is what the index of PostgreSQL knows; what it would take for a pattern is escaped.
    let literal = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    sql.push(WORDS).push(" LIKE ").text(format!("%{literal}%")).push(" ESCAPE '!'");
}

/// As `accounts::roles` has it.
fn write_in_force(sql: &mut Sql, now: UnixTime) {
    sql.push("(r.until IS NULL OR r.until > ").number(now.millis()).push(")");
}

fn write_beginning(sql: &mut Sql, column: &str, part: &str) {
    sql.push(column).push(" >= ").text(part).push(" AND ");
    sql.push(column).push(" < ").text(format!("{part}{LAST}"));
}

fn write_created(sql: &mut Sql, column: &str, (since, before): (UnixTime, UnixTime)) {
    sql.push(column).push(" >= ").number(since.millis()).push(" AND ");
    sql.push(column).push(" < ").number(before.millis());
}
