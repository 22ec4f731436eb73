//! A sign-in that has begun and is not done: the password was right, a second factor is asked for. It stands in the
//! database, so it goes on at any node; it lasts five minutes and five tries.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::step::Proven;
use super::{Refusal, store};
use crate::access::Amr;
use crate::accounts;
use crate::app::App;
use crate::credentials::{self, Verified};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::{AttemptId, UserId};
use crate::platform::secret::OpaqueToken;
use crate::platform::time::UnixTime;

const LIFE: Duration = Duration::from_secs(5 * 60);
const TRIES: i64 = 5;

/// What a sign-in leads to once it is done.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// A page of this server.
    Browser { next: Option<String> },
    /// Tokens for a program.
    Program { client_id: Option<String>, scope: Option<String> },
}

/// How a sign-in goes on.
pub struct Onward {
    pub goal: Goal,
    /// The secret that a browser keeps already, so that its other tabs go on as well.
    pub holder: Option<OpaqueToken>,
}

impl Onward {
    pub fn to_tokens(client_id: Option<String>, scope: Option<String>) -> Self {
        Self { goal: Goal::Program { client_id, scope }, holder: None }
    }
}

/// Names an attempt, and proves who began it: `mfa_token`, or an address and a browser's cookie.
pub struct Ticket {
    pub id: AttemptId,
    pub holder: OpaqueToken,
}

impl Ticket {
    /// Both in one text, for a program.
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.id, self.holder.reveal())
    }

    /// Reads that; whether it is known, the database says.
    pub fn from_text(text: &str) -> Self {
        let (id, holder) = text.split_once('.').unwrap_or_default();
        Self { id: AttemptId::from_outside(id), holder: OpaqueToken::sent(holder) }
    }
}

/// What is known of an attempt.
pub struct Waiting {
    pub(super) user: UserId,
    pub(super) amr: Amr,
    pub(super) password: Option<Verified>,
    pub goal: Goal,
}

impl Waiting {
    /// What was proven, once the rest was.
    pub(super) fn proven(self, amr: Amr) -> (Proven, Goal) {
        (Proven { user: self.user, amr, password: self.password, upgrade: None }, self.goal)
    }
}

/// Writes an attempt down, with the better hash of the password, which needs no second factor.
pub(super) async fn begin(app: &App, proven: Proven, onward: Onward) -> Result<Ticket, Fault> {
    let now = app.now();
    let ticket = Ticket { id: AttemptId::fresh(now), holder: onward.holder.unwrap_or_else(OpaqueToken::fresh) };
    let (id, digest, goal, until) = (ticket.id.clone(), ticket.holder.digest(), onward.goal, now.plus(LIFE));
    app.db
        .write(move |tx| {
            // Nobody sets another password between the look at the hash and its replacement.
            accounts::lock(tx, &proven.user)?;
            let password = match (proven.password, &proven.upgrade) {
                (Some(verified), Some(better)) if credentials::is_still(tx, &proven.user, &verified)? => {
                    credentials::set(tx, &proven.user, better, now)?;
                    Some(Verified::of(better))
                }
                (verified, _) => verified,
            };
            let waiting = Waiting { user: proven.user, amr: proven.amr, password, goal };
            store::insert(tx, (&id, &digest), &waiting, (TRIES, until))
        })
        .await?;
    Ok(ticket)
}

/// Looks at an attempt, for its page; uses nothing up. `None` where it is over.
///
/// # Errors
/// A [`Fault`].
pub async fn look(app: &App, ticket: &Ticket) -> Result<Option<Waiting>, Fault> {
    let (id, digest, now) = (ticket.id.clone(), ticket.holder.digest(), app.now());
    app.db.read(move |conn| store::find(conn, (&id, &digest), now)).await
}

/// Counts a try before it is looked at, so that many at once are no more than many.
pub(super) fn take_try(tx: &mut Tx, app: &App, ticket: &Ticket) -> Result<Waiting, Refusal> {
    let digest = ticket.holder.digest();
    store::take_try(tx, (&ticket.id, &digest), app.now())?.ok_or(Refusal::AttemptOver)
}

/// What was counted as a try was none.
pub(super) fn give_back_try(tx: &mut Tx, ticket: &Ticket) -> Result<(), Fault> {
    store::give_back_try(tx, &ticket.id)
}

/// An attempt that led to its goal is used up.
pub(super) fn close(tx: &mut Tx, ticket: &Ticket) -> Result<(), Fault> {
    store::delete(tx, &ticket.id)
}

/// Deletes attempts that nobody went on with.
pub(super) fn purge(tx: &mut Tx, now: UnixTime) -> Result<(), Fault> {
    store::delete_expired(tx, now)
}
