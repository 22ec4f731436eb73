//! Administration: one file per resource, its JSON and its pages together, both calling the same use case.

pub mod api_keys;
pub mod audit;
pub mod audit_page;
pub mod bypass;
mod chart;
pub mod health;
pub mod invitations;
pub mod invite;
pub mod keys;
pub mod outbox;
pub mod overview;
pub mod permissions;
pub mod refusals;
mod refusals_page;
pub mod role;
mod role_page;
pub mod roles;
pub mod settings;
pub mod statistics;
pub mod user;
pub mod user_new;
mod user_page;
pub mod user_roles;
pub mod user_why;
pub mod users;
