//! A statement that is put together from pieces: what Diesel's own language has no words for, such as which index is to be
//! left alone. The pieces are ours; what comes from outside is bound.

use std::fmt::Write;

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use super::conn::Conn;
use super::{Fault, on};

/// The text so far, and what is bound in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sql {
    text: String,
    bound: Vec<Bound>,
}

#[derive(Clone, Debug)]
enum Bound {
    Text(String),
    Number(i64),
}

impl Sql {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), bound: Vec::new() }
    }

    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub fn text(&mut self, value: impl Into<String>) -> &mut Self {
        self.bind(Bound::Text(value.into()))
    }

    pub fn number(&mut self, value: i64) -> &mut Self {
        self.bind(Bound::Number(value))
    }

    /// Both databases take `$1`: one by its number, the other as a name that it has not seen before.
    fn bind(&mut self, value: Bound) -> &mut Self {
        self.bound.push(value);
        let _ = write!(self.text, "${}", self.bound.len());
        self
    }

    /// The question how SQLite would go about it.
    #[cfg(test)]
    pub fn explained(&self) -> Self {
        Self { text: format!("EXPLAIN QUERY PLAN {}", self.text), bound: self.bound.clone() }
    }

    /// # Errors
    /// A [`Fault`].
    pub fn load<R>(&self, conn: &mut Conn) -> Result<Vec<R>, Fault>
    where
        R: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    {
        Ok(on!(conn, c => {
            let mut query = sql_query(&self.text).into_boxed();
            for bound in &self.bound {
                query = match bound {
                    Bound::Text(text) => query.bind::<Text, _>(text.clone()),
                    Bound::Number(number) => query.bind::<BigInt, _>(*number),
                };
            }
            query.load(c)
        })?)
    }
}
