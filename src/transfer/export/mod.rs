//! All users as a file, some hundred at a time, in the order of their names: the same users give the same bytes, wherever
//! they are exported.

pub mod formula;
mod write;

pub use write::csv_line;

use std::collections::HashMap;

use super::Refusal;
use crate::access::{Caller, words};
use crate::accounts::{self, User};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials::{self, factors};
use crate::platform::db::{Conn, Fault};
use crate::platform::ids::UserId;

/// Users that are read at a time.
const PAGE: i64 = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Jsonl,
    Csv,
}

impl Form {
    pub const ALL: [Self; 2] = [Self::Jsonl, Self::Csv];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jsonl => "application/jsonl",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// Whether hashes of passwords and secrets of authenticator apps go along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    With,
    Without,
}

/// An export on its way.
pub struct Export {
    form: Form,
    secrets: Secrets,
    /// Who was written last.
    after: Option<String>,
    state: State,
    /// How many there were so far.
    pub users: u64,
}

#[derive(PartialEq, Eq)]
enum State {
    Begun,
    Under,
    Over,
}

/// A user with all that goes along.
struct Leaving {
    user: User,
    /// `None` where secrets stay.
    secrets: Option<Kept>,
}

struct Kept {
    password_hash: Option<String>,
    totp: Option<factors::TotpSecret>,
}

/// Begins an export, and writes down who did. Where secrets are not spoken of, they go along with a person who may take them.
///
/// # Errors
/// Without `users:read`; with secrets, without a fresh proof or for somebody who does not hold every permission; a fault.
pub async fn begin(app: &App, caller: &Caller, form: Form, asked: Option<Secrets>) -> Result<Export, Refusal> {
    caller.must(words::USERS_READ)?;
    let fresh = caller.must_be_fresh(app.now());
    // A key proves nothing anew: a program that fetches the list of users says so when it means their hashes as well.
    let has_proved = fresh.is_ok() && caller.by_key.is_none();
    if asked == Some(Secrets::With) {
        fresh?;
    }
    let held = caller.permissions.clone();
    let begun = app.write(caller, move |tx| {
        // With a hash or a secret one can become whom it belongs to.
        let holds_all = held.covers(&accounts::permissions_of_admin(tx)?);
        if asked == Some(Secrets::With) && !holds_all {
            return Err(Refusal::NotForYou);
        }
        let secrets = asked.unwrap_or(if holds_all && has_proved { Secrets::With } else { Secrets::Without });
        let event = Event::new(Fact::UsersExported).with("form", form.name()).with("secrets", secrets == Secrets::With);
        Ok(Outcome::told(secrets, [event]))
    });
    Ok(Export { form, secrets: begun.await?, after: None, state: State::Begun, users: 0 })
}

/// Whether the caller could take secrets along.
///
/// # Errors
/// A [`Fault`].
pub async fn may_take_secrets(app: &App, caller: &Caller) -> Result<bool, Fault> {
    let held = caller.permissions.clone();
    app.db.read(move |conn| Ok(held.covers(&accounts::permissions_of_admin(conn)?))).await
}

impl Export {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// A [`Fault`]: what was written is then not all.
    pub async fn next(&mut self, app: &App) -> Result<Option<String>, Fault> {
        if self.state == State::Over {
            return Ok(None);
        }
        let (shared, after, secrets) = (app.clone(), self.after.take(), self.secrets);
        let users = app.db.survey(move |conn| read(conn, &shared, after.as_deref(), secrets)).await?;
        let mut text = String::new();
        if self.state == State::Begun && self.form == Form::Csv {
            text.push_str(&write::headings(self.secrets));
        }
        users.iter().for_each(|leaving| write::user(&mut text, self.form, leaving));
        self.users += users.len() as u64;
        self.after = users.last().map(|last| last.user.username.clone());
        self.state = if users.len() as i64 == PAGE { State::Under } else { State::Over };
        Ok(Some(text))
    }
}

fn read(conn: &mut Conn, app: &App, after: Option<&str>, secrets: Secrets) -> Result<Vec<Leaving>, Fault> {
    let users = accounts::after(conn, after, PAGE)?;
    let ids: Vec<UserId> = users.iter().map(|user| user.id.clone()).collect();
    let (mut hashes, mut totp) = match secrets {
        Secrets::With => (credentials::hashes_of(conn, &ids)?, factors::secrets_of(conn, app, &ids)?),
        Secrets::Without => (HashMap::new(), HashMap::new()),
    };
    let leaving = |user: User| {
        let kept = Kept { password_hash: hashes.remove(&user.id), totp: totp.remove(&user.id) };
        Leaving { user, secrets: (secrets == Secrets::With).then_some(kept) }
    };
    Ok(users.into_iter().map(leaving).collect())
}
