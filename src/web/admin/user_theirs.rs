//! What somebody has, for their page: what they prove who they are with, where they are signed in, the keys of their programs, and
//! what happened to them.

use futures_util::TryFutureExt;
use futures_util::future::{try_join, try_join4};

use crate::access::{Caller, words};
use crate::accounts::{self, User};
use crate::app::App;
use crate::audit::{self, Entry, Fact, Filter, Who};
use crate::credentials::factors::{self, Held};
use crate::credentials::passkeys::Passkey;
use crate::platform::ids::UserId;
use crate::platform::page::Page;
use crate::sessions::{self, Session};
use crate::tokens::api_keys::{self, ApiKey, Whose};
use crate::web::chrome::{Chrome, EventRow, SessionRow, When};
use crate::web::key_row::KeyRow;
use crate::web::passkey_row::PasskeyRow;
use crate::web::refuse::Refusal;

/// Rows of each that are shown; the lists have the rest.
const SHOWN: usize = 10;

pub struct Theirs {
    /// Since when an authenticator app is set up.
    pub totp: Option<When>,
    pub passkeys: Vec<PasskeyRow>,
    pub codes_left: usize,
    /// Whether they must have a second factor here.
    pub must_have_one: bool,
    pub sessions: Vec<SessionRow>,
    pub keys: Vec<KeyRow>,
    pub more_keys: bool,
    /// Nothing for whoever may not read the audit log.
    pub past: Option<Past>,
}

/// What happened to somebody, the newest first.
pub struct Past {
    pub last_sign_in: Option<When>,
    pub events: Vec<EventRow>,
}

impl Theirs {
    pub fn has_factor(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }
}

/// The same before it is known who looks at it.
pub struct Read {
    held: Held,
    must_have_one: bool,
    passkeys: Vec<Passkey>,
    sessions: Page<Session>,
    keys: Page<ApiKey>,
    past: Option<(Page<Entry>, Option<Entry>)>,
}

impl Read {
    /// # Errors
    /// Without `users:read`; a fault.
    pub async fn of(app: &App, caller: &Caller, user: &User) -> Result<Self, Refusal> {
        let id = || user.id.clone();
        let newest = sessions::Asked { after: None, limit: SHOWN };
        let first = api_keys::Asked { after: None, limit: SHOWN };
        // None of them needs another's answer.
        let ((held, passkeys), sessions, keys, past) = try_join4(
            factors::of_user(app, caller, id()).err_into::<Refusal>(),
            accounts::sessions_of(app, caller, user, newest).err_into(),
            api_keys::list(app, caller, Whose::Of(id()), first).err_into(),
            past(app, caller, id()),
        )
        .await?;
        Ok(Self { must_have_one: factors::is_required(app, &user.roles), held, passkeys, sessions, keys, past })
    }

    pub fn shown(self, c: &Chrome, caller: &Caller) -> Theirs {
        let past = |(latest, sign_in): (Page<Entry>, Option<Entry>)| Past {
            last_sign_in: sign_in.map(|entry| c.when(entry.at)),
            events: c.events(latest.items),
        };
        Theirs {
            totp: self.held.totp.map(|since| c.when(since)),
            passkeys: self.passkeys.iter().map(|passkey| PasskeyRow::new(c, passkey)).collect(),
            codes_left: self.held.recovery.left,
            must_have_one: self.must_have_one,
            sessions: c.sessions(self.sessions.items, caller),
            more_keys: self.keys.next.is_some(),
            keys: self.keys.items.into_iter().map(|key| KeyRow::new(c, key)).collect(),
            past: self.past.map(past),
        }
    }
}

/// The latest, and the last sign-in, which may lie far behind it.
async fn past(app: &App, caller: &Caller, id: UserId) -> Result<Option<(Page<Entry>, Option<Entry>)>, Refusal> {
    if !caller.may(words::AUDIT_READ) {
        return Ok(None);
    }
    let about = Filter { subject: Some(Who::Id(id)), ..Filter::default() };
    let sign_ins = Filter { facts: vec![Fact::SignedIn], ..about.clone() };
    let asked = |limit| audit::Asked { after: None, limit };
    let (latest, last) =
        try_join(audit::search(app, caller, about, asked(SHOWN)), audit::search(app, caller, sign_ins, asked(1)))
            .await?;
    Ok(Some((latest, last.items.into_iter().next())))
}
