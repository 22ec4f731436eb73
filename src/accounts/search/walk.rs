//! The way along the index of a list's order: each row as it comes, until the page is full or the way has been long enough.

use super::Sort;
use super::narrow::Narrow;
use super::store::{COLUMNS, List, Place, Way, key};
use crate::accounts::store::Row;
use crate::platform::db::{Conn, Fault, Sql};
use crate::platform::page::Cursor;

/// A list, read along its order: what bounds the way, and what each user is looked at for.
pub struct Walk<'a> {
    list: &'a List<'a>,
    bounds: Vec<&'a Narrow>,
    pub looks: Vec<&'a Narrow>,
}

impl<'a> Walk<'a> {
    pub fn along(list: &'a List<'a>) -> Self {
        let (bounds, looks) = list.narrows.iter().partition(|narrow| narrow.runs_along(list.sort));
        Self { list, bounds, looks }
    }

    /// The page, if so many rows fill it or there are no more.
    ///
    /// # Errors
    /// A [`Fault`].
    pub fn as_far(&self, conn: &mut Conn, rows: i64, known: Option<&Narrow>) -> Result<Option<Vec<Row>>, Fault> {
        let end: Option<Place> = self.end_of_stretch(rows).load(conn)?.pop();
        let page: Vec<Row> = self.sql(end.as_ref(), known).load(conn)?;
        let is_full = i64::try_from(page.len()).is_ok_and(|found| found >= self.list.limit);
        Ok((is_full || end.is_none()).then_some(page))
    }

    /// As far as `end`. With `known`, who is meant by that one is collected first, and nobody else is read.
    pub fn sql(&self, end: Option<&Place>, known: Option<&Narrow>) -> Sql {
        let mut sql = Sql::new(COLUMNS);
        sql.push("users u WHERE 1 = 1");
        self.write_bounds(&mut sql);
        if let Some(Place { key, id }) = end {
            sql.push(" AND ");
            self.list.write_beyond(&mut sql, Way::BACK, (key, id));
        }
        if let Some(narrow) = known {
            narrow.write_known(sql.push(" AND "));
        }
        for narrow in &self.looks {
            narrow.write_look(sql.push(" AND "));
        }
        self.list.write_order(&mut sql, Way::ON);
        sql.push(" LIMIT ").number(self.list.limit);
        sql
    }

    /// Where a stretch of so many rows ends; nothing where the list does before. What is left out is a part of an index of
    /// fixed length, and not the pages before.
    pub fn end_of_stretch(&self, rows: i64) -> Sql {
        let mut sql = Sql::new("SELECT ");
        match self.list.sort {
            Sort::Created | Sort::CreatedDown => sql.push("CAST(u.created_at AS TEXT) AS key, u.id AS id"),
            sort => sql.push(key(sort)).push(" AS key, '' AS id"),
        };
        sql.push(" FROM users u WHERE 1 = 1");
        self.write_bounds(&mut sql);
        self.list.write_order(&mut sql, Way::ON);
        sql.push(" LIMIT 1 OFFSET ").number(rows);
        sql
    }

    fn write_bounds(&self, sql: &mut Sql) {
        for narrow in &self.bounds {
            narrow.write_bound(sql.push(" AND "));
        }
        if let Some(Cursor { key, id, .. }) = self.list.after {
            sql.push(" AND ");
            self.list.write_beyond(sql, Way::ON, (key, id));
        }
    }
}
