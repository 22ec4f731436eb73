//! Who is asking, and what they may do. Owns the words of permission and the only check of them; knows no user table, no
//! token format and no request.

mod amr;
mod caller;
mod permission;

pub use amr::{Amr, Method};
pub use caller::{ByKey, Caller, Identity, Origin};
pub use permission::{ADMIN, Permission, PermissionSet, words};

/// Why a caller is turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The caller does not hold this permission.
    Missing(&'static str),
    /// The last proof of identity is older than the action allows (RFC 9470).
    NotFresh,
    /// A program asks with a key for what only the key's owner may do themselves.
    ByKey,
}
