//! Ground floor: what every capability stands on. Owns the database connections, time, randomness, hashing, the
//! sending of mail and the raw JWT format. Must not know any rule of the product, nor any capability.

pub mod db;
pub mod disk;
pub mod hasher;
pub mod ids;
pub mod jwt;
pub mod listener;
pub mod mail;
pub mod network;
pub mod open_files;
pub mod page;
pub mod secret;
pub mod telemetry;
pub mod time;
