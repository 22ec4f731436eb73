//! The words by page. A field that only this module and its methods see holds a pattern with a `{}` in it.

mod account;
mod admin;
mod api_keys;
mod door;
mod frame;
mod installation;
mod letters;
mod mail;
mod passkeys;

pub use account::*;
pub use admin::*;
pub use api_keys::*;
pub use door::*;
pub use frame::*;
pub use installation::*;
pub use letters::*;
pub use mail::*;
pub use passkeys::*;
