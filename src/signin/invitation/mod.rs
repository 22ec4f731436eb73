//! Invitations: an administrator lets somebody make an account, with roles, for a while; by mail to one address, or by a link to
//! pass on. Owns `invitations`. The link's 256 bits are stored hashed, looking at it uses nothing up, and it counts no longer than
//! whoever made it could make it again.

mod accept;
mod store;

use std::time::Duration;

pub use accept::{Invited, look};
pub(super) use accept::{Open, open, take};

use super::register::must_be_able_to_give;
use super::{Refusal, Wrong};
use crate::access::{Caller, PermissionSet, words};
use crate::accounts::{self, Email};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::config::Signup;
use crate::outbox::{self, Kind, Letter, Secret};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::InvitationId;
use crate::platform::page::{Cursor, Page};
use crate::platform::secret::OpaqueToken;
use crate::platform::time::UnixTime;
use crate::throttle::{self, Budget};

/// Days that an invitation counts, where nobody says otherwise.
pub const DAYS: i64 = 7;
const MOST_DAYS: i64 = 90;
/// Accounts that one link can make.
const MOST_USES: i64 = 1_000;
/// How long one that is over is still listed.
const KEPT: Duration = Duration::from_secs(30 * 86_400);
const ORDER: &str = "-invitations";

/// What an administrator asks for; nothing of it is checked yet.
pub struct Wanted {
    /// Empty for a link to pass on.
    pub email: String,
    pub roles: Vec<String>,
    pub days: i64,
    /// How many accounts a link makes; one, where it goes to an address.
    pub uses: i64,
}

/// An invitation as administrators see it.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub email: Option<String>,
    pub roles: Vec<String>,
    /// Username of whoever made it.
    pub invited_by: String,
    pub created_at: UnixTime,
    pub expires_at: UnixTime,
    pub uses_left: i64,
    pub used: i64,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Used,
    Expired,
    Withdrawn,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One that was just made.
pub struct Made {
    pub invitation: Invitation,
    /// To pass on, shown this once. `None` where it went out by mail: only whoever reads that mail shows that the address is theirs.
    pub link: Option<String>,
}

/// Invites somebody. One to the same address takes the place of those before.
///
/// # Errors
/// Without `users:write`, or `roles:write` and a fresh proof where roles are given beyond `user`; where the caller lacks what would be
/// granted; where `SIGNUP` is closed; where the address has an account, or got many mails lately; values that can't be taken; a
/// fault.
pub async fn invite(app: &App, caller: &Caller, wanted: Wanted) -> Result<Made, Refusal> {
    caller.must(words::USERS_WRITE).map_err(accounts::Refusal::from)?;
    if app.config.signup == Signup::Closed {
        return Err(Refusal::SignupForbidden(Signup::Closed));
    }
    must_be_able_to_give(app, caller, &wanted.roles)?;
    let (email, new) = check(app, caller, wanted)?;
    if let Some(to) = &email {
        throttle::permit(app, &caller.origin, Budget::MailByAdmin { to: to.as_str() }).await?;
    }
    let (shared, asker, token) = (app.clone(), caller.clone(), OpaqueToken::fresh());
    app.write(caller, move |tx| make(tx, &shared, &asker, (new, email), token)).await
}

fn check(app: &App, caller: &Caller, wanted: Wanted) -> Result<(Option<Email>, Invitation), Refusal> {
    let mut wrong = Vec::new();
    let typed = wanted.email.trim();
    let email = match typed.is_empty() {
        true => None,
        false => Email::parse(typed).map_err(|why| wrong.push(("email", Wrong::Account(why)))).ok(),
    };
    if !(1..=MOST_DAYS).contains(&wanted.days) {
        wrong.push(("days", Wrong::Days(MOST_DAYS)));
    }
    if !(1..=MOST_USES).contains(&wanted.uses) {
        wrong.push(("uses", Wrong::Uses(MOST_USES)));
    } else if wanted.uses > 1 && !typed.is_empty() {
        wrong.push(("uses", Wrong::OneUse));
    }
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(wrong));
    }
    let (now, mut roles) = (app.now(), wanted.roles);
    roles.sort();
    roles.dedup();
    let new = Invitation {
        id: InvitationId::fresh(now),
        email: email.as_ref().map(|email| email.as_str().to_owned()),
        roles,
        invited_by: caller.username.clone(),
        created_at: now,
        expires_at: now.plus(Duration::from_secs(86_400 * wanted.days.unsigned_abs())),
        uses_left: wanted.uses,
        used: 0,
        state: State::Open,
    };
    Ok((email, new))
}

fn make(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    (new, email): (Invitation, Option<Email>),
    token: OpaqueToken,
) -> Result<Outcome<Made>, Refusal> {
    accounts::may_grant_for_good(tx, &caller.user, &caller.permissions, &new.roles)?;
    let mut events = Vec::new();
    if let Some(email) = &email {
        if accounts::by_login(tx, email.as_str())?.is_some() {
            return Err(accounts::Refusal::EmailTaken.into());
        }
        for before in store::open_to(tx, email.as_str(), app.now())? {
            events.extend(put_away(tx, &caller.permissions, &before, app.now())?);
        }
    }
    store::insert(tx, &new, caller, token.digest())?;
    let mut event = Event::new(Fact::Invited).with("invitation", new.id.as_str()).with("roles", new.roles.clone());
    let (link, posted) = match &email {
        Some(email) => {
            event = event.with("email", email.as_str());
            (None, Some(post(tx, app, caller, (email, &new), token)?))
        }
        None => {
            event = event.with("uses", new.uses_left);
            (Some(app.config.public_url.join(&format!("/signup?code={}", token.reveal()))), None)
        }
    };
    events.push(event);
    Ok(Outcome::told(Made { invitation: new, link }, events).posting(posted))
}

fn post(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    (email, new): (&Email, &Invitation),
    token: OpaqueToken,
) -> Result<outbox::Posted, Fault> {
    // Nobody knows the reader's languages; whoever invites them writes to them in their own. From where is nobody's business.
    let mut letter = Letter::notice(Kind::Invitation, email.as_str(), email.as_str(), &caller.origin);
    (letter.about.user_agent, letter.about.source) = (None, None);
    let lives = Duration::from_millis((new.expires_at.millis() - new.created_at.millis()).unsigned_abs());
    outbox::post(tx, app, &letter.about_other(&caller.username).with_secret(Secret { token, code: None }, lives))
}

/// Every invitation that is open, or was until lately, the newest first.
///
/// # Errors
/// Without `users:write`; a fault.
pub async fn list(
    app: &App,
    caller: &Caller,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Invitation>, Refusal> {
    caller.must(words::USERS_WRITE).map_err(accounts::Refusal::from)?;
    let (now, one_more) = (app.now(), i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1));
    let after = after.map(|cursor| InvitationId::from_outside(cursor.id));
    let rows = app.db.read(move |conn| store::list(conn, after.as_ref(), one_more, now)).await?;
    let cursor = |invitation: &Invitation| Cursor {
        order: ORDER.to_owned(),
        key: String::new(),
        id: invitation.id.as_str().to_owned(),
    };
    Ok(Page::cut(rows, limit, cursor))
}

/// Whether a cursor is one of this list.
pub fn is_ours(cursor: &Cursor) -> bool {
    cursor.order == ORDER
}

/// Withdraws one: its link opens nothing any more. Whoever came by it stays.
///
/// # Errors
/// Without `users:write`; where it gives what the caller does not hold; where there is none that is open; a fault.
pub async fn withdraw(app: &App, caller: &Caller, id: InvitationId) -> Result<(), Refusal> {
    caller.must(words::USERS_WRITE).map_err(accounts::Refusal::from)?;
    let (held, now) = (caller.permissions.clone(), app.now());
    app.write(caller, move |tx| {
        let open = store::find(tx, &id, now)?.filter(|invitation| invitation.state == State::Open);
        let open = open.ok_or(Refusal::NoSuchInvitation)?;
        let event = put_away(tx, &held, &open, now)?.ok_or(Refusal::NoSuchInvitation)?;
        Ok(Outcome::told((), [event]))
    })
    .await
}

/// Nobody puts away what they could not have given. `None` where somebody was faster.
fn put_away(tx: &mut Tx, held: &PermissionSet, open: &Invitation, now: UnixTime) -> Result<Option<Event>, Refusal> {
    match accounts::may_grant(tx, held, &open.roles) {
        // A role that is gone by now gives nothing.
        Ok(()) | Err(accounts::Refusal::UnknownRole(_)) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    if !store::withdraw(tx, &open.id, now)? {
        return Ok(None);
    }
    let event = Event::new(Fact::InvitationWithdrawn).with("invitation", open.id.as_str());
    Ok(Some(match &open.email {
        Some(email) => event.with("email", email.as_str()),
        None => event,
    }))
}

/// Deletes those that have been over for long.
///
/// # Errors
/// A [`Fault`].
pub(super) fn purge(tx: &mut Tx, now: UnixTime) -> Result<(), Fault> {
    store::delete_expired(tx, now.minus(KEPT))
}
