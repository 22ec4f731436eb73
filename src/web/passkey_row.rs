//! A passkey as its owner's page and the administrators' show it.

use super::chrome::{Chrome, When};
use crate::credentials::passkeys::Passkey;

pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub backed_up: bool,
    pub created: When,
    pub last_used: Option<When>,
}

impl PasskeyRow {
    pub fn new(c: &Chrome, passkey: &Passkey) -> Self {
        Self {
            id: passkey.id.as_str().to_owned(),
            name: passkey.name.as_str().to_owned(),
            backed_up: passkey.is_backed_up(),
            created: c.when(passkey.created_at),
            last_used: passkey.last_used_at.map(|at| c.when(at)),
        }
    }
}
