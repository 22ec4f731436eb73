//! Who may send a file in and decide about it, and how many may wait: each may be a gigabyte, and stays for days.

use super::{Import, store};
use crate::access::{Caller, words};
use crate::accounts;
use crate::app::App;
use crate::platform::db::{Conn, Tx};
use crate::platform::ids::{ImportId, UserId};
use crate::transfer::{Refusal, Turn};

/// Files of one person that are not done with.
const MOST: i64 = 5;

/// Whether the caller may import at all.
///
/// # Errors
/// Without `users:write` and a fresh proof.
pub fn may_import(app: &App, caller: &Caller) -> Result<(), Refusal> {
    caller.must(words::USERS_WRITE)?;
    Ok(caller.must_be_fresh(app.now())?)
}

/// Leave to send a file, to be had before it is taken and kept until it has begun.
///
/// # Errors
/// As [`may_import`]; [`Refusal::TooManyWaiting`]; a fault.
pub async fn may_send(app: &App, caller: &Caller) -> Result<Turn, Refusal> {
    may_import(app, caller)?;
    let turn = app.uploads.take(&caller.user)?;
    let user = caller.user.clone();
    app.db.read(move |conn| has_room(conn, &user)).await?;
    Ok(turn)
}

/// The same, for good: their account is held, so that of several at once none slips in.
pub(super) fn leave_room(tx: &mut Tx, caller: &Caller) -> Result<(), Refusal> {
    accounts::lock(tx, &caller.user)?;
    has_room(tx, &caller.user)
}

fn has_room(conn: &mut Conn, user: &UserId) -> Result<(), Refusal> {
    if store::unfinished(conn, user)? < MOST { Ok(()) } else { Err(Refusal::TooManyWaiting) }
}

/// An import that the caller may decide about: their own, or of somebody who may do no more than they.
pub(super) fn theirs(tx: &mut Tx, caller: &Caller, id: &ImportId) -> Result<Import, Refusal> {
    let (import, authority) = store::find_begun(tx, id)?.ok_or(Refusal::NoSuchImport)?;
    if authority.is_within(caller) { Ok(import) } else { Err(Refusal::NotYours) }
}
