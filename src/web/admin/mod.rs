//! Administration: one file per resource, its JSON and its pages together, both calling the same use case.

pub mod bypass;
pub mod outbox;
pub mod overview;
pub mod permissions;
pub mod refusals;
mod refusals_page;
pub mod role;
mod role_page;
pub mod roles;
pub mod user;
pub mod user_new;
mod user_page;
pub mod user_roles;
pub mod user_why;
pub mod users;
