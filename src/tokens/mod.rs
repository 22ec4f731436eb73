//! Access and refresh tokens. Owns `refresh_tokens`, `signing_keys`, `api_keys` and `refused_tokens`; the only mint and the only check
//! of what it made. Knows nothing of how somebody proved who they are.

pub mod api_keys;
mod claims;
pub mod double_submit;
mod introspect;
mod issue;
pub mod keys;
mod refresh;
pub mod refusals;
mod store;
mod verify;

pub use claims::Claims;
pub use double_submit::Delivery;
pub use introspect::{Introspection, introspect, revoke, sign_out_with};
pub use issue::{Authorization, FIRST_PARTY, TokenSet, authorize, subject};
pub use refresh::{Rotation, purge, rotate};
pub use refusals::BadToken;
pub use verify::{Verified, still_counts, verify};

use crate::access;
use crate::platform::db::Fault;

/// Why something about tokens or their keys was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    /// HS256 signs with `SECRET_KEY`, which is never rotated.
    SharedSecret,
    /// No refusal is kept under that request id.
    NothingKnown,
    Fault(Fault),
}

impl From<access::Refusal> for Refusal {
    fn from(denied: access::Refusal) -> Self {
        Self::Denied(denied)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
