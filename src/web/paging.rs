//! Which page of a list a URL asks for. Every list takes `limit` and `after`, and says the same of what means nothing.

use serde::Deserialize;
use utoipa::IntoParams;

use super::refuse::{FieldProblem, Refusal};
use crate::accounts::{RolePlace, Word};
use crate::platform::page::Cursor;
use crate::{audit, sessions};

const LARGEST_PAGE: usize = 200;

/// How many at the most; `usual` where nothing is said.
///
/// # Errors
/// What is wrong with it.
pub fn limit(text: &str, usual: usize) -> Result<usize, FieldProblem> {
    let limit = if text.is_empty() { Some(usual) } else { text.parse().ok() };
    let sound = limit.filter(|limit| (1..=LARGEST_PAGE).contains(limit));
    sound.ok_or_else(|| FieldProblem { field: "limit", detail: "This may be a whole number from 1 to 200.".to_owned() })
}

/// The place to go on from, if there is one; `read` knows the cursors of its own list.
///
/// # Errors
/// What is wrong with it.
pub fn after<T>(text: &str, read: impl FnOnce(Cursor) -> Option<T>) -> Result<Option<T>, FieldProblem> {
    if text.is_empty() {
        return Ok(None);
    }
    let detail = "This is no cursor that this list gave, in this order.";
    let place = Cursor::decode(text).and_then(read);
    place.map(Some).ok_or_else(|| FieldProblem { field: "after", detail: detail.to_owned() })
}

/// A page of a list that has no filters, as the URL says it.
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

    /// The part of a list of sessions that is meant.
    ///
    /// # Errors
    /// 422 that names each value that means nothing.
    pub fn of_sessions(&self) -> Result<sessions::Asked, Refusal> {
        let (limit, after) = self.part(|cursor| sessions::Place::at(&cursor))?;
        Ok(sessions::Asked { after, limit })
    }

    /// The same of a list of what happened.
    ///
    /// # Errors
    /// As [`Self::of_sessions`].
    pub fn of_events(&self) -> Result<audit::Asked, Refusal> {
        let (limit, after) = self.part(|cursor| audit::Place::at(&cursor))?;
        Ok(audit::Asked { after, limit })
    }

    /// The same of a list of roles.
    ///
    /// # Errors
    /// As [`Self::of_sessions`].
    pub fn of_roles(&self) -> Result<(usize, Option<RolePlace>), Refusal> {
        self.part(|cursor| RolePlace::at(&cursor))
    }

    /// The same of a list of permissions.
    ///
    /// # Errors
    /// As [`Self::of_sessions`].
    pub fn of_permissions(&self) -> Result<(usize, Option<String>), Refusal> {
        self.part(|cursor| Word::place(&cursor))
    }

    /// The same of any other list; `read` knows its cursors.
    ///
    /// # Errors
    /// As [`Self::of_sessions`].
    pub fn part<T>(&self, read: impl FnOnce(Cursor) -> Option<T>) -> Result<(usize, Option<T>), Refusal> {
        match (limit(&self.limit, Self::PAGE), after(&self.after, read)) {
            (Ok(limit), Ok(after)) => Ok((limit, after)),
            (limit, after) => Err(Refusal::invalid(limit.err().into_iter().chain(after.err()).collect())),
        }
    }

    /// The address of another page of the same list.
    pub fn url(&self, path: &str, after: Option<&Cursor>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.limit.is_empty() {
            query.append_pair("limit", &self.limit);
        }
        if let Some(after) = after {
            query.append_pair("after", &after.encode());
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}
