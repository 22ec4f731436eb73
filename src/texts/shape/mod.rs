//! The words by page. A field that only this module and its methods see holds a pattern with a `{}` in it.

mod account;
mod admin;
mod api_keys;
mod audit;
mod dashboard;
mod door;
mod frame;
mod installation;
mod invitations;
mod letters;
mod lists;
mod mail;
mod passkeys;
mod problems;
mod refused;
mod roles;
mod transfer;

pub use account::*;
pub use admin::*;
pub use api_keys::*;
pub use audit::*;
pub use dashboard::*;
pub use door::*;
pub use frame::*;
pub use installation::*;
pub use invitations::*;
pub use letters::*;
pub use lists::*;
pub use mail::*;
pub use passkeys::*;
pub use problems::*;
pub use refused::*;
pub use roles::*;
pub use transfer::*;
