//! A new key, for whoever has just proved who they are. It can do no more than they can.

use std::time::Duration;

use super::draft::NewKey;
use super::store::{self, Row};
use super::{ApiKey, CLIENT, Draft, KeyText, Refusal, State};
use crate::access::{Amr, Caller, Origin};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials::factors;
use crate::platform::db::Tx;
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;
use crate::sessions::{self, Lifetimes, NewSession, Session};

/// Living keys that somebody may have.
pub const MOST: usize = 50;

/// A key that was just made: the only time that its text is known.
pub struct Made {
    pub key: ApiKey,
    text: KeyText,
}

impl Made {
    pub fn reveal(&self) -> &str {
        self.text.reveal()
    }
}

/// Makes a key of the caller's own.
///
/// # Errors
/// By a key, or without a fresh proof; values that can't be taken; [`Refusal::Beyond`]; [`Refusal::TooMany`]; a fault.
pub async fn make(app: &App, caller: &Caller, draft: Draft) -> Result<Made, Refusal> {
    let now = app.now();
    caller.must_be_there()?;
    caller.must_be_fresh(now)?;
    let (new, caller) = (draft.check(now)?, caller.clone());
    app.write(&caller.clone(), move |tx| begin(tx, &caller, new, now)).await
}

fn begin(tx: &mut Tx, caller: &Caller, new: NewKey, now: UnixTime) -> Result<Outcome<Made>, Refusal> {
    let gone = || Refusal::Account(accounts::Refusal::NoSuchUser);
    let user = accounts::active_for_sign_in(tx, &caller.user)?.ok_or_else(gone)?;
    // A key is one more way into the account: whoever came in with the password alone, before there was a factor, makes none.
    factors::must_have_proved::<Refusal>(tx, &caller.identity(), now)?;
    // What they hold now, and of that no more than the token that asks.
    let beyond = new.scope.without(&user.permissions().intersection(&caller.permissions));
    if !beyond.is_empty() {
        return Err(Refusal::Beyond(beyond));
    }
    if living(tx, &caller.user, now)? >= MOST {
        return Err(Refusal::TooMany);
    }
    let session = sessions::start(tx, &user, &stands_for(&new, &origin(caller, &new), now), now)?;
    let text = KeyText::fresh();
    let row = Row {
        id: text.id.clone(),
        session_id: session.id.clone(),
        user_id: user.id.clone(),
        name: new.name,
        scope: new.scope.to_scope(),
        hash: text.digest(),
        created_at: now,
        refused_at: UnixTime::from_millis(0),
    };
    store::insert(tx, &row)?;
    let key = row.seen(user.username.clone(), &session, State::Active);
    let event = Event::new(Fact::ApiKeyCreated).about(&key.owner, &key.username).in_session(&key.session);
    let event =
        event.with("api_key", key.id.as_str()).with("name", key.name.as_str()).with("scope", row.scope.as_str());
    let event = event.with("expires_at", key.expires_at.map(UnixTime::rfc3339));
    Ok(Outcome::told(Made { key, text }, [event]))
}

/// How many of somebody's keys count; their account is locked, so none comes in between.
fn living(tx: &mut Tx, user: &UserId, now: UnixTime) -> Result<usize, Refusal> {
    let theirs = store::sessions_of(tx, user)?;
    let sessions = sessions::several(tx, &theirs)?;
    Ok(sessions.iter().filter(|session| session.is_alive(now)).count())
}

/// In a list of sessions a key goes by its name, whatever program it was made at.
fn origin(caller: &Caller, new: &NewKey) -> Origin {
    Origin { user_agent: new.name.clone(), ..caller.origin.clone() }
}

/// A session that nothing but its end ends. No token of it is about.
fn stands_for<'a>(new: &NewKey, origin: &'a Origin, now: UnixTime) -> NewSession<'a> {
    let span = new.expires_at.since(now);
    let lifetimes = Lifetimes { access: Duration::ZERO, idle: span, absolute: span };
    NewSession { client_id: CLIENT, origin, lifetimes, amr: Amr::default() }
}

/// The life of a key that goes on being used: until its end, however seldom.
pub(super) fn used_again(session: &Session, now: UnixTime) -> Lifetimes {
    let span = session.ends_at().since(now);
    Lifetimes { access: Duration::ZERO, idle: span, absolute: span }
}
