//! Which page of a list a URL asks for, and the URL of another. Every list takes `limit` and `after`, and says the same of what
//! means nothing.

use serde::Deserialize;
use utoipa::IntoParams;

use super::refuse::{FieldProblem, Refusal};
use crate::platform::page::Cursor;

const LARGEST_PAGE: usize = 200;

/// How many at the most; `usual` where nothing is said.
///
/// # Errors
/// What is wrong with it.
pub fn limit(text: &str, usual: usize) -> Result<usize, FieldProblem> {
    let limit = if text.is_empty() { Some(usual) } else { text.parse().ok() };
    let sound = limit.filter(|limit| (1..=LARGEST_PAGE).contains(limit));
    sound.ok_or_else(|| FieldProblem::new("limit", |t| t.refused.page_size))
}

/// The place to go on from, if there is one; `read` knows the cursors of its own list.
///
/// # Errors
/// What is wrong with it.
pub fn after<T>(text: &str, read: impl FnOnce(Cursor) -> Option<T>) -> Result<Option<T>, FieldProblem> {
    if text.is_empty() {
        return Ok(None);
    }
    let place = Cursor::decode(text).and_then(read);
    place.map(Some).ok_or_else(|| FieldProblem::new("after", |t| t.refused.no_cursor))
}

/// The address of a list, with those of the pairs that say something.
pub fn url<'n, 'v>(path: &str, pairs: impl IntoIterator<Item = (&'n str, &'v str)>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A page of a list, as the URL says it; what the list is narrowed by stands beside it.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many at the most, up to 200.
    #[serde(default)]
    limit: String,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: String,
}

impl PageQuery {
    /// Rows on a page where nothing is said.
    pub const PAGE: usize = 50;

    /// How many, and from where on; `read` knows the cursors of its own list.
    ///
    /// # Errors
    /// 422 that names each value that means nothing.
    pub fn part<T>(&self, read: impl FnOnce(Cursor) -> Option<T>) -> Result<(usize, Option<T>), Refusal> {
        match (limit(&self.limit, Self::PAGE), after(&self.after, read)) {
            (Ok(limit), Ok(after)) => Ok((limit, after)),
            (limit, after) => Err(Refusal::invalid(limit.err().into_iter().chain(after.err()).collect())),
        }
    }

    /// The address of another page of the same list.
    pub fn url(&self, path: &str, after: Option<&Cursor>) -> String {
        self.url_of(path, &[], after)
    }

    /// The same of a list that these filters narrow.
    pub fn url_of(&self, path: &str, filters: &[(&str, &str)], after: Option<&Cursor>) -> String {
        let after = after.map(Cursor::encode).unwrap_or_default();
        self.at(path, filters, &after)
    }

    /// What leads back to this very page.
    pub fn here(&self, path: &str, filters: &[(&str, &str)]) -> String {
        self.at(path, filters, &self.after)
    }

    fn at(&self, path: &str, filters: &[(&str, &str)], after: &str) -> String {
        let page = [("limit", self.limit.as_str()), ("after", after)];
        url(path, filters.iter().copied().chain(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_set_and_nothing_else() {
        assert_eq!(url("/admin/users", [("q", "")]), "/admin/users");
        assert_eq!(url("/admin/users", [("q", "a&b é"), ("sort", "")]), "/admin/users?q=a%26b+%C3%A9");
        let page = PageQuery { limit: "5".into(), after: "x".into() };
        assert_eq!(page.url_of("/list", &[("user", "u1")], None), "/list?user=u1&limit=5");
        assert_eq!(page.here("", &[]), "?limit=5&after=x");
    }
}
