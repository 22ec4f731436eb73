//! Ground floor: what every capability stands on. Owns the database connections, time, randomness, hashing, the
//! sending of mail, the raw JWT format and what is counted of all that. Must not know any rule of the product, nor any capability.

pub mod db;
pub mod disk;
pub mod hasher;
pub mod hex;
pub mod http;
pub mod ids;
pub mod jwt;
pub mod listener;
pub mod mail;
pub mod metrics;
pub mod network;
pub mod open_files;
pub mod page;
pub mod secret;
pub mod telemetry;
pub mod time;
pub mod traces;
