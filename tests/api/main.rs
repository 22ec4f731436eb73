//! What the contract promises to browsers, programs and operators, held against the real server, on SQLite or, with
//! `TEST_DATABASE_URL`, on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod accept;
mod admins;
mod algorithms;
mod bad_bodies;
mod bad_requests;
mod bad_values;
mod browser;
mod claims;
mod console;
mod cross_origin;
mod ended;
mod enumeration;
mod errors;
mod factor_pages;
mod feed;
mod feed_stream;
mod forgery;
mod fuzz;
mod introspection;
mod key_ends;
mod keys;
mod mutations;
mod my_account;
mod my_data;
mod my_password;
mod my_sessions;
mod nodes;
mod old_hashes;
mod openapi;
mod outage;
mod passkey_sign_in;
mod passkeys;
mod password_reset;
mod process;
mod refresh;
mod refresh_race;
mod refusals;
mod refusals_client;
mod refusals_kept;
mod refusals_other;
mod revoke;
mod routes;
mod second_factor;
mod sessions_page;
mod settings;
mod setup;
mod throttle;
mod throttle_devices;
mod tidy;
mod token_cookies;
mod tutorial;
mod user_list;
