//! Browsers in which somebody has signed in before. Such a browser holds a random token for long; here is its digest, tied to
//! the user. Whoever is at a known device is not slowed down by what others try elsewhere, and is told nothing about it.

mod store;

use super::Refusal;
use crate::access::Origin;
use crate::accounts;
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::secret::OpaqueToken;
use crate::platform::time::UnixTime;
use crate::throttle::Client;

/// How long a device is remembered after its last sign-in: as long as browsers keep a cookie at the most.
pub const REMEMBERED_DAYS: u32 = 400;

/// Where somebody has just signed in.
pub enum Device {
    /// No browser: a program, which is never a known device.
    None,
    Known,
    /// This user signs in at a browser for the first time: they have just come, or all devices were forgotten.
    First(OpaqueToken),
    /// A browser that is new to this user, who has others. The token is for the browser to keep.
    New(OpaqueToken),
}

/// At what somebody tries to sign in under this name. The account behind the name is not looked for: only whether one of the
/// device's own users goes by it, so that the time tells nothing of others.
///
/// # Errors
/// A fault.
pub async fn client(app: &App, origin: &Origin, name: &str) -> Result<Client, Refusal> {
    let Some(hash) = origin.device.clone() else { return Ok(Client::Stranger) };
    let (name, sent) = (name.to_owned(), hash.clone());
    let known = app.db.read(move |conn| is_of(conn, &sent, &name)).await?;
    Ok(if known { Client::KnownDevice(hash) } else { Client::Stranger })
}

fn is_of(conn: &mut Conn, hash: &[u8], name: &str) -> Result<bool, Fault> {
    for user in store::users_of(conn, hash)? {
        if accounts::goes_by(conn, &user, name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Somebody signed in here: from now on the device is known. One that is new to them gets a new token, so that nobody can
/// plant one of theirs; who was known there before stays known.
///
/// # Errors
/// A [`Fault`].
pub fn remember(tx: &mut Tx, user: &UserId, sent: Option<&[u8]>, now: UnixTime) -> Result<Device, Fault> {
    if let Some(hash) = sent
        && store::touch(tx, hash, user, now)?
    {
        return Ok(Device::Known);
    }
    let (token, others) = (OpaqueToken::fresh(), store::has_any(tx, user)?);
    if let Some(hash) = sent {
        store::rename(tx, hash, &token.digest())?;
    }
    store::insert(tx, &token.digest(), user, now)?;
    Ok(if others { Device::New(token) } else { Device::First(token) })
}

/// From now on no device of this user is known: somebody else may have been at one.
///
/// # Errors
/// A [`Fault`].
pub fn forget_all(tx: &mut Tx, user: &UserId) -> Result<(), Fault> {
    store::delete_of(tx, user)
}

/// Deletes devices that were not used for too long.
///
/// # Errors
/// A [`Fault`].
pub async fn purge(app: &App) -> Result<(), Fault> {
    let before = app.now().minus(std::time::Duration::from_secs(u64::from(REMEMBERED_DAYS) * 86_400));
    app.db.write(move |tx| store::delete_unseen_since(tx, before)).await
}
