//! JSON for applications.

pub mod health;
pub mod me;
pub mod root;
pub mod signout;
pub mod signup;
pub mod user;
