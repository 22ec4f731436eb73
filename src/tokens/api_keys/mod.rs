//! Keys by which programs ask in somebody's name. Each stands for a session of its owner: whatever ends the session ends
//! the key, at once and on every node, since the database is asked each time. What a key may do is what it was made for,
//! and of that only what its owner holds now. Owns `api_keys`.

mod check;
mod draft;
mod keep;
mod make;
mod store;
mod text;

pub use check::{Described, Proven, Unproven, check, describe, is_meant, still_counts};
pub use draft::{Draft, LONGEST_NAME};
pub use keep::{Asked, Whose, end, find, list};
pub use make::{MOST, Made, make};
use text::KeyText;
pub use text::PREFIX;

use crate::access::{self, PermissionSet};
use crate::accounts;
use crate::platform::db::Fault;
use crate::platform::ids::{ApiKeyId, SessionId, UserId};
use crate::platform::time::UnixTime;

/// The client that stands for a program with a key.
pub const CLIENT: &str = "api-key";

/// A key as people may see it: all but the secret.
#[derive(Clone, Debug)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    pub owner: UserId,
    pub username: String,
    /// What it was made for; its owner may hold less by now.
    pub scope: PermissionSet,
    pub session: SessionId,
    pub created_at: UnixTime,
    /// `None` where it counts until somebody ends it.
    pub expires_at: Option<UnixTime>,
    /// To the minute; `None` while nobody has used it.
    pub last_used_at: Option<UnixTime>,
    /// From where it was made.
    pub address: String,
    pub state: State,
}

impl ApiKey {
    /// How it begins, by which people know it again.
    pub fn beginning(&self) -> String {
        text::beginning(&self.id)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Expired,
    Ended,
}

impl State {
    /// As it stands in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Ended => "ended",
        }
    }
}

/// Why something about keys was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    /// Values that can't be taken.
    Invalid(Vec<Wrong>),
    /// The key could do what its maker can't: these words.
    Beyond(PermissionSet),
    /// There are [`MOST`] of them.
    TooMany,
    NoSuchKey,
    Account(accounts::Refusal),
    Fault(Fault),
}

/// What can be wrong with what a key is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    NoName,
    /// More than [`LONGEST_NAME`] characters.
    LongName,
    /// Control characters.
    OddName,
    /// No word of permission.
    OddWord(String),
    NoExpiry,
    /// Neither days, nor a date, nor `never`.
    OddExpiry,
    /// Before tomorrow, or beyond ten years.
    ExpiryOutOfReach,
}

impl Wrong {
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoName | Self::LongName | Self::OddName => "name",
            Self::OddWord(_) => "scope",
            Self::NoExpiry | Self::OddExpiry | Self::ExpiryOutOfReach => "expires",
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<access::Refusal> for Refusal {
    fn from(denied: access::Refusal) -> Self {
        Self::Denied(denied)
    }
}

impl From<accounts::Refusal> for Refusal {
    fn from(refusal: accounts::Refusal) -> Self {
        Self::Account(refusal)
    }
}
