//! What somebody is called, changed by themselves or by an admin.

use super::roles::outranks;
use super::user::User;
use super::username::fold;
use super::{Email, Refusal, Username, store};
use crate::access::{Caller, words};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::config::TokenProfile;
use crate::platform::db::Tx;
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;

const MAX_NAME_CHARS: usize = 200;

/// What an admin may change of somebody; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct AdminEdit {
    pub username: Option<String>,
    pub email: Option<String>,
    /// An empty name takes it away.
    pub name: Option<String>,
}

/// Changes somebody else's names.
///
/// # Errors
/// Without `users:write`; for somebody who holds what the caller does not; for values that can't be taken; a fault.
pub async fn edit(app: &App, caller: &Caller, id: UserId, edit: AdminEdit) -> Result<User, Refusal> {
    caller.must(words::USERS_WRITE)?;
    let (profile, held, now) = (app.config.token_profile, caller.permissions.clone(), app.now());
    app.write(caller, move |tx| {
        outranks(tx, &held, &id)?;
        let before = store::find(tx, &id)?.ok_or(Refusal::NoSuchUser)?;
        apply(tx, before, &edit, profile, now)
    })
    .await
}

/// What somebody may change of themselves; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct OwnEdit {
    /// An empty name takes it away.
    pub name: Option<String>,
    pub email: Option<String>,
}

/// Changes what one is called.
///
/// # Errors
/// [`Refusal::Invalid`], or a fault.
pub async fn edit_own(app: &App, caller: &Caller, own: OwnEdit) -> Result<User, Refusal> {
    let (profile, id, now) = (app.config.token_profile, caller.user.clone(), app.now());
    app.write(caller, move |tx| {
        store::lock_user(tx, &id)?;
        let before = store::find(tx, &id)?.ok_or(Refusal::NoSuchUser)?;
        let edit = AdminEdit { name: own.name, ..AdminEdit::default() };
        let wrong = own.email.and_then(|email| keeps_address(&before, &email).err());
        if let Some(why) = wrong {
            // What else is wrong is told with it.
            let mut all = vec![("email", why)];
            if let Err(Refusal::Invalid(others)) = changed(&before, &edit) {
                all.extend(others);
            }
            return Err(Refusal::Invalid(all));
        }
        apply(tx, before, &edit, profile, now)
    })
    .await
}

/// The one place that keeps somebody's own address as it is: a new one counts once it is verified (contract, section 4),
/// which takes a mail, and nothing here sends any yet.
fn keeps_address(before: &User, sent: &str) -> Result<(), String> {
    let email = Email::parse(sent)?;
    if fold(email.as_str()) == fold(&before.email) {
        return Ok(());
    }
    Err("An address can't be changed here yet, because it has to be verified. Ask an administrator to change it."
        .into())
}

fn apply(
    tx: &mut Tx,
    before: User,
    edit: &AdminEdit,
    profile: TokenProfile,
    now: UnixTime,
) -> Result<Outcome<User>, Refusal> {
    let after = changed(&before, edit)?;
    if after.username != before.username && profile == TokenProfile::Fastapi {
        return Err(Refusal::UsernameFixed);
    }
    let fields: Vec<&str> = [
        ("username", after.username != before.username),
        ("email", after.email != before.email),
        ("name", after.name != before.name),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect();
    if fields.is_empty() {
        return Ok(Outcome::quiet(before));
    }
    store::update(tx, &after, now)?;
    let event = Event::new(Fact::UserChanged).about(&after.id, &after.username).with("fields", fields);
    Ok(Outcome::told(after, [event]))
}

/// The user as it would be; every wrong value is named, not just the first.
fn changed(before: &User, edit: &AdminEdit) -> Result<User, Refusal> {
    let mut after = before.clone();
    let mut wrong = Vec::new();
    if let Some(text) = &edit.username {
        match Username::parse(text) {
            Ok(username) => after.username = username.as_str().to_owned(),
            Err(why) => wrong.push(("username", why)),
        }
    }
    if let Some(text) = &edit.email {
        match Email::parse(text) {
            Ok(email) => after.email = email.as_str().to_owned(),
            Err(why) => wrong.push(("email", why)),
        }
    }
    if let Some(text) = &edit.name {
        match display_name(text) {
            Ok(name) => after.name = name,
            Err(why) => wrong.push(("name", why)),
        }
    }
    after.email_verified = before.email_verified && after.email == before.email;
    if wrong.is_empty() { Ok(after) } else { Err(Refusal::Invalid(wrong)) }
}

/// A name as people write it; blank is none.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn display_name(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.chars().count() > MAX_NAME_CHARS {
        return Err(format!("A name has at most {MAX_NAME_CHARS} characters."));
    }
    if text.chars().any(char::is_control) {
        return Err("A name has no control characters.".into());
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
