//! What comes next in a sign-in: the only decision. Page, JSON and grant match on it, and every way in goes through it.

use super::Refusal;
use super::attempt::{self, Onward, Ticket};
use crate::access::{Amr, Method};
use crate::accounts;
use crate::app::App;
use crate::credentials::factors::{self, Factor};
use crate::credentials::{Hashed, Verified};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::UserId;

/// Where a sign-in stands.
pub enum Step {
    /// Everything asked for was proven: a session may begin.
    Done(Proven),
    /// A second factor is asked for.
    Factor(Pending),
    /// A second factor has to be set up first: `SECOND_FACTOR` asks for one, and there is none.
    Enrol(Pending),
}

/// A sign-in that waits for a second factor.
pub struct Pending {
    /// For whoever has come so far; with it they go on.
    pub ticket: Ticket,
    pub factors: Vec<Factor>,
}

/// Nothing of the ticket.
impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending").field("factors", &self.factors).finish_non_exhaustive()
    }
}

/// Somebody has just proved who they are. Only the ways in (this module's files) can make one.
pub struct Proven {
    pub(super) user: UserId,
    pub(super) amr: Amr,
    /// The hash that their password fitted; none where the account was made a moment ago.
    pub(super) password: Option<Verified>,
    /// A better hash of that password, to store along with the session.
    pub(super) upgrade: Option<Hashed>,
}

impl Proven {
    /// Whoever has just chosen the password of a new account has proved that they know it.
    pub(super) fn newcomer(user: UserId) -> Self {
        Self { user, amr: Amr::of([Method::Password]), password: None, upgrade: None }
    }
}

/// Decides what is asked for after this was proven. A sign-in that has to wait is written down, so that it can go on at
/// any node, after a reload, in another tab.
///
/// # Errors
/// A fault.
pub async fn next_step(app: &App, proven: Proven, onward: Onward) -> Result<Step, Refusal> {
    let (shared, user, amr) = (app.clone(), proven.user.clone(), proven.amr.clone());
    match app.db.read(move |conn| owed(conn, &shared, &user, &amr)).await? {
        Owed::Nothing => Ok(Step::Done(proven)),
        Owed::Factor(factors) => {
            Ok(Step::Factor(Pending { ticket: attempt::begin(app, proven, onward).await?, factors }))
        }
        Owed::Enrolment => {
            let ticket = attempt::begin(app, proven, onward).await?;
            Ok(Step::Enrol(Pending { ticket, factors: Vec::new() }))
        }
    }
}

/// What is asked for beside what was proven.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Owed {
    Nothing,
    Factor(Vec<Factor>),
    Enrolment,
}

/// The rule. It is asked again in the transaction that begins a session, so that no way in gets around it.
pub(super) fn owed(conn: &mut Conn, app: &App, user: &UserId, amr: &Amr) -> Result<Owed, Fault> {
    if amr.suffices() {
        return Ok(Owed::Nothing);
    }
    let held = factors::held(conn, user)?;
    if held.any() {
        return Ok(Owed::Factor(held.factors()));
    }
    let roles = accounts::find(conn, user)?.map(|user| user.roles).unwrap_or_default();
    Ok(if factors::is_required(app, &roles) { Owed::Enrolment } else { Owed::Nothing })
}
