//! Access and refresh tokens. Owns `refresh_tokens` and `signing_keys`; the only mint and the only check of what it made.
//! Knows nothing of how somebody proved who they are.

mod claims;
mod issue;
pub mod keys;
mod refresh;
mod store;
mod verify;

pub use claims::Claims;
pub use issue::{Authorization, FIRST_PARTY, TokenSet, authorize};
pub use refresh::{Rotation, Sender, purge, rotate};
pub use verify::{BadToken, Verified, VerifiedTokens, verify};
