//! Sessions: the parent of everything issued. A browser's cookie, a refresh family and an access token all name one
//! session, so there is one thing to end. Owns `sessions` and `revocations`; knows no user beyond an id, and no token format.

mod end;
mod revocations;
mod session;
mod store;

pub use end::{EndReason, Ended, Which, end, end_others, end_own, make_stale, sign_out};
pub use revocations::{Revocations, follow};
pub use session::{Holder, Lifetimes, NewSession, Session, bind_cookie, by_cookie, live_of, own, purge, resume, start};
