//! The outbox as administrators see it: what waits, what went out, what did not, and why. Never a link or a code.

use std::time::Duration;

use super::Refusal;
use super::letter::{Kind, State};
use super::store;
use crate::access::{Caller, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::LetterId;
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::throttle::{self, Budget};

const LATELY: Duration = Duration::from_secs(7 * 86_400);
/// So many tries in vain are no accident.
const OFTEN: i64 = 3;

/// A letter as it stands.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: LetterId,
    pub kind: Kind,
    pub to: String,
    pub state: State,
    pub tries: i64,
    pub posted_at: UnixTime,
    /// When it is tried next, where it waits.
    pub due_at: UnixTime,
    pub settled_at: Option<UnixTime>,
    pub last_error: Option<String>,
    /// Whether it can be sent (again): not where its link is gone.
    pub can_be_sent: bool,
}

/// One page of letters, the newest first.
///
/// # Errors
/// Without `users:write`; a fault.
pub async fn list(app: &App, caller: &Caller, after: Option<Cursor>, limit: usize) -> Result<Page<Entry>, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let after = after.map(|cursor| LetterId::from_outside(cursor.id));
    let found = app.db.read(move |conn| store::list(conn, after.as_ref(), limit)).await?;
    let cursor =
        |entry: &Entry| Cursor { order: "outbox".into(), key: String::new(), id: entry.id.as_str().to_owned() };
    Ok(Page::cut(found, limit, cursor))
}

/// How many letters of the last week were given up, or have been tried three times and more in vain.
///
/// # Errors
/// A [`Fault`].
pub fn count_unsent(conn: &mut Conn, now: UnixTime) -> Result<i64, Fault> {
    store::count_unsent(conn, now.minus(LATELY), OFTEN)
}

/// How many letters wait, as far as a thousand: more need not be told apart.
///
/// # Errors
/// A [`Fault`].
pub fn count_waiting(conn: &mut Conn) -> Result<usize, Fault> {
    store::count_waiting(conn, 1000)
}

/// Sends a letter now: one that waits, that was given up, or once more.
///
/// # Errors
/// Without `users:write`; [`Refusal::NoSuchLetter`]; [`Refusal::Spent`]; [`Refusal::Stopped`]; a fault.
pub async fn resend(app: &App, caller: &Caller, id: LetterId) -> Result<(), Refusal> {
    caller.must(words::USERS_WRITE)?;
    let (now, wanted) = (app.now(), id.clone());
    let letter = app.db.read(move |conn| store::find(conn, &wanted)).await?.ok_or(Refusal::NoSuchLetter)?;
    if !letter.can_be_sent {
        return Err(Refusal::Spent);
    }
    throttle::permit(app, &caller.origin, Budget::MailByAdmin { to: &letter.to }).await?;
    let done = app.write(caller, move |tx| {
        let entry = store::find(tx, &id)?.ok_or(Refusal::NoSuchLetter)?;
        if !entry.can_be_sent || !store::send_now(tx, &id, now)? {
            return Err(Refusal::Spent);
        }
        let event = Event::new(Fact::MailResent).with("kind", entry.kind.word()).with("letter", id.as_str());
        Ok(Outcome::told((), [event]))
    });
    done.await?;
    app.wake_mail();
    Ok(())
}

impl Entry {
    pub(super) fn broken() -> Fault {
        Fault::Broken("the outbox holds a letter with an unknown kind or state".into())
    }
}
