//! What somebody is called, changed by themselves or by an admin.

use serde_json::json;

use super::roles::{lasting, outranks};
use super::user::User;
use super::version::Expected;
use super::{Email, Refusal, Username, Wrong, store};
use crate::access::{Caller, Origin};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::config::TokenProfile;
use crate::outbox::{self, Kind, Letter};
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;

/// Characters of the longest name.
pub const LONGEST_NAME: usize = 200;

/// What an admin may change of somebody; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct AdminEdit {
    pub username: Option<String>,
    pub email: Option<String>,
    /// An empty name takes it away.
    pub name: Option<String>,
}

/// What an administrator's change of somebody's names did.
pub struct Edited {
    pub before: User,
    pub outcome: Outcome<User>,
}

/// Changes somebody else's names, for whoever was found to have `users:write` over them.
///
/// # Errors
/// For somebody who holds what the caller does not; for another address without a fresh proof, or where the caller holds it for a time only; for
/// values that can't be taken; [`Refusal::Changed`]; a fault.
pub fn edit(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    id: &UserId,
    (edit, expected): (&AdminEdit, Expected),
) -> Result<Edited, Refusal> {
    outranks(tx, &caller.permissions, id)?;
    let before = store::find(tx, id)?.ok_or(Refusal::NoSuchUser)?;
    expected.to_be(&before.version())?;
    let done = apply(tx, before.clone(), edit, app.config.token_profile, app.now())?;
    let posted = match before.has_address(&done.value().email) {
        true => None,
        false => {
            // Whoever reads the mail of an address can take the account over, and keep it.
            caller.must_be_fresh(app.now())?;
            let lasting = lasting(tx, &caller.user, &caller.permissions, None)?;
            outranks(tx, &lasting, id)?;
            Some(outbox::post(tx, app, &moved(&before, &done.value().email, &caller.origin))?)
        }
    };
    Ok(Edited { before, outcome: done.posting(posted) })
}

/// What tells the address before that another has taken its place.
pub fn moved(before: &User, address: &str, origin: &Origin) -> Letter {
    Letter::notice(Kind::AddressChanged, &before.email, &before.username, origin).about_other(address)
}

/// What somebody may change of themselves; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct OwnEdit {
    /// An empty name takes it away.
    pub name: Option<String>,
    pub email: Option<String>,
}

/// Changes what one is called. Another address than the one that is comes back as a wish: it counts once it is verified, which
/// is not asked here.
///
/// # Errors
/// [`Refusal::Invalid`], or a fault.
pub fn edit_own(tx: &mut Tx, app: &App, id: &UserId, own: &OwnEdit) -> Result<(Outcome<User>, Option<Email>), Refusal> {
    store::lock_user(tx, id)?;
    let before = store::find(tx, id)?.ok_or(Refusal::NoSuchUser)?;
    let edit = AdminEdit { name: own.name.clone(), ..AdminEdit::default() };
    let wish = match own.email.as_deref().map(Email::parse).transpose() {
        Ok(wish) => wish.filter(|email| !before.has_address(email.as_str())),
        Err(why) => {
            // What else is wrong is told with it.
            let mut all = vec![("email", why)];
            if let Err(Refusal::Invalid(others)) = changed(&before, &edit) {
                all.extend(others);
            }
            return Err(Refusal::Invalid(all));
        }
    };
    Ok((apply(tx, before, &edit, app.config.token_profile, app.now())?, wish))
}

/// From now on the user's address is known to be theirs; `false` where it is not this one any more.
///
/// # Errors
/// A [`Fault`].
pub fn verify_address(tx: &mut Tx, user: &User, address: &str, now: UnixTime) -> Result<bool, Fault> {
    if !user.has_address(address) {
        return Ok(false);
    }
    store::set_address(tx, &user.id, &user.email, now)?;
    Ok(true)
}

/// Gives a user an address that was shown to be theirs, in place of the one before.
///
/// # Errors
/// [`Refusal::EmailTaken`] where somebody else was faster; a fault.
pub fn adopt_address(tx: &mut Tx, id: &UserId, address: &str, now: UnixTime) -> Result<(), Refusal> {
    Ok(store::set_address(tx, id, address, now)?)
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
    let mut event = Event::new(Fact::UserChanged).about(&after.id, &after.username).with("fields", fields);
    // What somebody signs in with, and where their mail goes, is how an account is taken over.
    for (field, from, to) in [("username", &before.username, &after.username), ("email", &before.email, &after.email)] {
        if from != to {
            event = event.with(field, json!({"from": from, "to": to}));
        }
    }
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
/// What is wrong with it.
pub fn display_name(text: &str) -> Result<Option<String>, Wrong> {
    let text = text.trim();
    if text.chars().count() > LONGEST_NAME {
        return Err(Wrong::NameLong(LONGEST_NAME));
    }
    if text.chars().any(char::is_control) {
        return Err(Wrong::NameOdd);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
