//! Parts of words, found by every three letters of them. On SQLite they stand in a table of their own, which triggers keep; on
//! PostgreSQL in an index of `pg_trgm`, which not every role may have.

use diesel::sql_types::Bool;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use super::Fault;
use super::conn::{Conn, ConnKind};

/// How this database finds a part of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigrams {
    /// By a full-text table, asked with [`Trigrams::all_of`]; what it gives is to be looked at once more.
    Table,
    /// By itself, where `LIKE` is asked.
    Index,
    Missing,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

impl Trigrams {
    /// The fewest letters that can be found.
    pub const LETTERS: usize = 3;

    /// What there is for this table: the index is called after it, `TABLE_words`.
    ///
    /// # Errors
    /// A [`Fault`].
    pub fn of(conn: &mut Conn, table: &str) -> Result<Self, Fault> {
        let ConnKind::Postgres(c) = conn.kind() else { return Ok(Self::Table) };
        let query = format!("SELECT to_regclass('{table}_words') IS NOT NULL AS found");
        let Found { found } = sql_query(query).get_result(c)?;
        Ok(if found { Self::Index } else { Self::Missing })
    }

    /// What to ask the full-text table for: rows with all of these, wherever they stand. Each third letter begins one, for
    /// those between add little.
    pub fn all_of(part: &str) -> String {
        let letters: Vec<char> = part.chars().collect();
        let last = letters.len().saturating_sub(Self::LETTERS);
        let mut starts: Vec<usize> = (0..=last).step_by(Self::LETTERS).chain([last]).collect();
        starts.dedup();
        let one = |start: usize| {
            let letters: String = letters.iter().skip(start).take(Self::LETTERS).collect();
            format!("\"{}\"", letters.replace('"', "\"\""))
        };
        starts.into_iter().map(one).collect::<Vec<_>>().join(" AND ")
    }
}

#[cfg(test)]
mod tests {
    use super::Trigrams;

    #[test]
    fn a_part_is_asked_for_by_threes_up_to_its_end() {
        assert_eq!(Trigrams::all_of("abc"), r#""abc""#);
        assert_eq!(Trigrams::all_of("abcde"), r#""abc" AND "cde""#);
        assert_eq!(Trigrams::all_of("abcdef"), r#""abc" AND "def""#);
        assert_eq!(Trigrams::all_of("jörgä\"x"), "\"jör\" AND \"gä\"\"\" AND \"ä\"\"x\"");
    }
}
