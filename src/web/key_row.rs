//! An API key as its owner's page and the administrators' list show it.

use super::chrome::{Chrome, When};
use crate::tokens::api_keys::{ApiKey, State};

pub struct KeyRow {
    pub id: String,
    pub name: String,
    pub beginning: String,
    pub owner: String,
    pub username: String,
    pub scope: Vec<String>,
    pub state: State,
    pub created: When,
    pub expires: Option<When>,
    pub last_used: Option<When>,
}

impl KeyRow {
    /// Whether there is anything to end.
    pub fn is_active(&self) -> bool {
        self.state == State::Active
    }

    pub fn new(c: &Chrome, key: ApiKey) -> Self {
        Self {
            beginning: key.beginning(),
            id: key.id.as_str().to_owned(),
            name: key.name,
            owner: key.owner.as_str().to_owned(),
            username: key.username,
            scope: key.scope.iter().map(|word| word.as_str().to_owned()).collect(),
            state: key.state,
            created: c.when(key.created_at),
            expires: key.expires_at.map(|at| c.when_to_come(at)),
            last_used: key.last_used_at.map(|at| c.when(at)),
        }
    }
}
