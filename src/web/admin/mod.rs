//! Administration: one file per resource, its JSON and its pages together, both calling the same use case.

pub mod api_keys;
pub mod bypass;
pub mod health;
pub mod keys;
pub mod outbox;
pub mod overview;
pub mod refusals;
mod refusals_page;
pub mod settings;
pub mod user;
pub mod user_new;
mod user_page;
pub mod users;
