//! How something stands, so that two who change it at the same time do not overwrite each other (RFC 9110 section 13.1.1).

use serde_json::Value;

use super::Refusal;
use crate::platform::hex::hex;
use crate::platform::secret::sha256;

/// A digest of all that can be changed about a thing: whoever has read it can say which state they want to change. Made from
/// what is there and kept nowhere, so that it is true also of what changes by itself, as a role that ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    pub(super) fn of(state: &Value) -> Self {
        Self(hex(&sha256(state.to_string().as_bytes())[..16]))
    }

    /// One that came from outside: it names a state only if the state says so.
    pub fn from_outside(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In which state somebody wants to change a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// However it stands.
    Anything,
    OneOf(Vec<Version>),
}

impl Expected {
    /// Asked inside the change, with the row held: nobody comes in between.
    ///
    /// # Errors
    /// [`Refusal::Changed`].
    pub(super) fn to_be(&self, now: &Version) -> Result<(), Refusal> {
        match self {
            Self::OneOf(versions) if !versions.contains(now) => Err(Refusal::Changed),
            Self::OneOf(_) | Self::Anything => Ok(()),
        }
    }
}
