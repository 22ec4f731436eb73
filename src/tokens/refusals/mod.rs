//! Why a token was refused, for administrators: the client learns only that it was. The reason goes with the refusal to the
//! edge of the server, from there into a queue that forgets rather than waits, and from there into a table that is kept
//! small. No request waits for any of it, and the token itself is never kept.

mod bad_token;
mod explain;
mod keep;
mod queue;
mod reason;
mod store;

pub use bad_token::{BadToken, Known};
pub use explain::{Cause, Explanation, KeyStanding, NEWEST, explain, latest};
pub use keep::{keep, purge};
pub use queue::{Refusals, Refused};
pub use reason::Reason;
pub use store::{Kept, Kind};
