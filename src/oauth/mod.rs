//! OAuth 2: what a client may ask for and how it is answered. Every check names its RFC section. Proves through
//! [`crate::signin`] and mints through [`crate::tokens`]; owns no table.

mod error;
pub mod grants;
mod metadata;

pub use error::Refusal;
pub use metadata::{Metadata, metadata};
