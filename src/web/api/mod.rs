//! JSON for applications.

pub mod api_keys;
pub mod data;
pub mod factors;
pub mod forgot;
pub mod health;
pub mod me;
pub mod metrics;
pub mod passkeys;
pub mod password;
pub mod revocations;
pub mod root;
pub mod sessions;
pub mod signout;
pub mod signup;
pub mod user;
