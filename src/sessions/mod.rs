//! Sessions: the parent of everything issued. A browser's cookie, a refresh family and an access token all name one
//! session, so there is one thing to end. Owns `sessions` and `revocations`; knows no user beyond an id, and no token format.

mod end;
mod follow;
mod list;
mod past;
mod revocations;
mod session;
mod shard;
mod store;

pub use end::{
    EndReason, Ended, Endings, Which, end, end_others, end_own, last_end, leave, make_role_stale, make_stale, sign_out,
};
pub use follow::{ended_after, ended_since, follow};
pub use list::{
    Asked, Lately, Newest, Over, Place, Summary, Why, count_living, here_and_elsewhere, lately, living, newest, own,
    several, summary,
};
pub use past::{End, Past, past};
pub use revocations::{Descent, Revocations};
pub use session::{
    Holder, Lifetimes, NewSession, Session, began_at, bind_cookie, by_cookie, find_alive, holder_of, prove_again,
    prove_more, purge, resume, start,
};

use crate::access;
use crate::platform::db::Fault;

/// Why something about sessions was refused.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    Fault(Fault),
}

impl From<access::Refusal> for Refusal {
    fn from(denied: access::Refusal) -> Self {
        Self::Denied(denied)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
