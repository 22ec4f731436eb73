//! Which keys there are, and away with one. One's own are everybody's to see and to end, others' an administrator's.

use super::store::{self, Row};
use super::{ApiKey, Refusal, State};
use crate::access::{Caller, words};
use crate::accounts::{self, outranks};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::{ApiKeyId, SessionId, UserId};
use crate::platform::page::{Cursor, Page};
use crate::platform::time::UnixTime;
use crate::sessions::{self, EndReason, Session, Which};

/// The one order there is, as a cursor names it.
const NEWEST: &str = "-api_key";

/// Whose keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Own,
    Of(UserId),
    Everybody,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub after: Option<SessionId>,
    pub limit: usize,
}

impl Asked {
    /// The place that a cursor names; `None` for the cursor of another list.
    pub fn place(cursor: Cursor) -> Option<SessionId> {
        (cursor.order == NEWEST).then(|| SessionId::from_outside(cursor.id))
    }
}

/// Keys, the newest first, also those that were over less than a month ago.
///
/// # Errors
/// One's own, by a key; others', without `users:read`; a fault.
pub async fn list(app: &App, caller: &Caller, whose: Whose, asked: Asked) -> Result<Page<ApiKey>, Refusal> {
    let owner = match whose {
        Whose::Own => {
            caller.must_be_there()?;
            Some(caller.user.clone())
        }
        Whose::Of(user) => {
            caller.must(words::USERS_READ)?;
            Some(user)
        }
        Whose::Everybody => {
            caller.must(words::USERS_READ)?;
            None
        }
    };
    let (now, limit) = (app.now(), asked.limit);
    let read = move |conn: &mut Conn| {
        let rows = store::newest(conn, owner.as_ref(), asked.after.as_ref(), limit.saturating_add(1))?;
        seen(conn, rows, now)
    };
    let keys: Vec<ApiKey> = app.db.read(read).await?;
    let cursor =
        |key: &ApiKey| Cursor { order: NEWEST.to_owned(), key: String::new(), id: key.session.as_str().to_owned() };
    Ok(Page::cut(keys, limit, cursor))
}

/// One key that the caller may see.
///
/// # Errors
/// [`Refusal::NoSuchKey`]; somebody else's, without `users:read`; a fault.
pub async fn find(app: &App, caller: &Caller, id: ApiKeyId) -> Result<ApiKey, Refusal> {
    let now = app.now();
    let found = app.db.read(move |conn| one(conn, &id, now)).await?.ok_or(Refusal::NoSuchKey)?;
    if found.owner == caller.user {
        caller.must_be_there()?;
    } else if !caller.may(words::USERS_READ) {
        return Err(Refusal::NoSuchKey);
    }
    Ok(found)
}

/// Ends a key. One that is over stays so.
///
/// # Errors
/// [`Refusal::NoSuchKey`]; one's own, by a key; somebody else's, without `sessions:write`, or where they hold what the
/// caller does not; a fault.
pub async fn end(app: &App, caller: &Caller, id: ApiKeyId) -> Result<ApiKey, Refusal> {
    let (now, asker) = (app.now(), caller.identity());
    let found = find(app, caller, id.clone()).await?;
    let own = found.owner == caller.user;
    if !own {
        caller.must(words::SESSIONS_WRITE)?;
    }
    app.write(caller, move |tx| {
        if !own {
            outranks(tx, &asker.permissions, &found.owner)?;
        }
        let why = if own { EndReason::EndedByUser } else { EndReason::EndedByAdmin };
        let ended = sessions::end(tx, &Which::One(found.session.clone()), why, now)?;
        let event = Event::new(Fact::ApiKeyEnded).about(&found.owner, &found.username).in_session(&found.session);
        let event = event.with("api_key", id.as_str()).with("name", found.name.as_str());
        let events = (!ended.none()).then_some(event);
        let now_is = one(tx, &id, now)?.ok_or(Refusal::NoSuchKey)?;
        Ok::<_, Refusal>(Outcome::told(now_is, events).ending(ended))
    })
    .await
}

fn one(conn: &mut Conn, id: &ApiKeyId, now: UnixTime) -> Result<Option<ApiKey>, Fault> {
    let Some(row) = store::find(conn, id)? else { return Ok(None) };
    Ok(seen(conn, vec![row], now)?.pop())
}

/// Each with its session and its owner's name; what lost either meanwhile is left out.
fn seen(conn: &mut Conn, rows: Vec<Row>, now: UnixTime) -> Result<Vec<ApiKey>, Fault> {
    let ids: Vec<SessionId> = rows.iter().map(|row| row.session_id.clone()).collect();
    let owners: Vec<UserId> = rows.iter().map(|row| row.user_id.clone()).collect();
    let (sessions, names) = (sessions::several(conn, &ids)?, accounts::usernames(conn, &owners)?);
    let with_all = |row: Row| {
        let session = sessions.iter().find(|session| session.id == row.session_id)?;
        Some(row.seen(names.get(&row.user_id)?.clone(), session, state(session, now)))
    };
    Ok(rows.into_iter().filter_map(with_all).collect())
}

fn state(session: &Session, now: UnixTime) -> State {
    match (session.was_ended(), session.is_alive(now)) {
        (true, _) => State::Ended,
        (false, true) => State::Active,
        (false, false) => State::Expired,
    }
}
