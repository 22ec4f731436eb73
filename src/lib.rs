//! Vestibule: people sign in, programs get tokens, admins look after users.
//!
//! The house has three floors, and a request goes down once and comes back once:
//!
//! * **Roof**: [`web`], [`cli`], [`jobs`]. Each turns an outside request into one call and one answer into bytes. What they
//!   say to people stands in [`texts`], what they write to them in [`letters`].
//! * **Row of capabilities**, where a module may import only those to its left:
//!   [`access`] < [`audit`] < [`throttle`] < [`outbox`] < [`sessions`] < [`accounts`] < [`credentials`] < [`transfer`] <
//!   [`tokens`] < [`signin`] < [`oauth`] < [`statistics`] < [`health`]. Each holds its own rules and its own queries.
//! * **Ground**: [`platform`]. Database, time, randomness, hashing; knows no rule.
//!
//! [`app::App`] is all that a use case may reach for; [`config::Config`] is the only reader of the environment. [`upkeep`] looks
//! after the database as a whole, while no use case runs; [`measure`] looks at what the machine gives.
//! `tests/architecture.rs` holds all this to the letter.

pub mod access;
pub mod accounts;
pub mod app;
pub mod audit;
pub mod cli;
pub mod config;
pub mod credentials;
pub mod health;
pub mod jobs;
pub mod letters;
pub mod measure;
pub mod oauth;
pub mod outbox;
pub mod platform;
pub mod schema;
pub mod server;
pub mod sessions;
pub mod signin;
pub mod statistics;
pub mod texts;
pub mod throttle;
pub mod tokens;
pub mod transfer;
pub mod upkeep;
pub mod web;
