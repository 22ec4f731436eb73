//! Where people are signed in, for administrators: everybody's sessions, and the end of one.

use super::roles::outranks;
use super::{Refusal, store};
use crate::access::{Caller, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::platform::ids::{SessionId, UserId};
use crate::platform::page::Page;
use crate::sessions::{self, EndReason, Newest, Session, Which};

/// A session, and whose it is.
pub struct Place {
    pub session: Session,
    pub username: String,
}

/// Living sessions of everybody or of one, the one that began last first.
///
/// # Errors
/// Without `users:read`; [`Refusal::NoSuchUser`]; a fault.
pub async fn every_session(app: &App, caller: &Caller, asked: Newest) -> Result<Page<Place>, Refusal> {
    caller.must(words::USERS_READ)?;
    let now = app.now();
    app.db
        .read(move |conn| {
            if let Some(user) = &asked.user {
                store::find(conn, user)?.ok_or(Refusal::NoSuchUser)?;
            }
            let page = sessions::newest(conn, &asked, now)?;
            let holders: Vec<UserId> = page.items.iter().map(|session| session.user.clone()).collect();
            let names = super::usernames(conn, &holders)?;
            Ok(page.map(|session| {
                let username = names.get(&session.user).cloned().unwrap_or_default();
                Place { session, username }
            }))
        })
        .await
}

/// Ends one session; whose it was. `None` where there is none that is alive.
///
/// # Errors
/// Without `sessions:write`; for somebody who holds what the caller does not; a fault.
pub async fn end_session(app: &App, caller: &Caller, id: SessionId) -> Result<Option<String>, Refusal> {
    caller.must(words::SESSIONS_WRITE)?;
    let (asker, now) = (caller.clone(), app.now());
    app.write(caller, move |tx| {
        let holder = sessions::holder_of(tx, &id)?;
        let Some(user) = holder.map(|holder| store::find(tx, &holder)).transpose()?.flatten() else {
            return Ok(Outcome::quiet(None));
        };
        asker.must_over(words::SESSIONS_WRITE, &user.id)?;
        outranks(tx, &asker.permissions, &user.id)?;
        let ended = sessions::end(tx, &Which::One(id.clone()), EndReason::EndedByAdmin, now)?;
        if ended.none() {
            return Ok(Outcome::quiet(None));
        }
        let event = Event::new(Fact::SessionsEnded).about(&user.id, &user.username).in_session(&id);
        Ok(Outcome::told(Some(user.username), [event]).ending(ended))
    })
    .await
}
