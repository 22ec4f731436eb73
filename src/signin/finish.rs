//! The end of every sign-in: from the proof to a session.

use super::step::{Owed, owed};
use super::{Proven, Refusal};
use crate::access::{Caller, Origin};
use crate::accounts::{self, ActiveUser};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials::device::{self, Device};
use crate::credentials::{self, tell_of_new_device};
use crate::platform::db::Tx;
use crate::platform::ids::SessionId;
use crate::sessions::{self, NewSession, Session};
use crate::tokens::FIRST_PARTY;

/// A session that has just begun, and whose it is.
pub struct Begun {
    pub user: ActiveUser,
    pub session: Session,
    /// Whether this is the first time that they sign in there.
    pub device: Device,
}

/// A browser's session that has just begun.
pub struct InBrowser {
    pub session: SessionId,
    pub device: Device,
}

/// Who holds a session.
pub enum HeldBy {
    /// A browser, by its cookie; no token is issued.
    Browser,
    /// A program, by tokens that this client was issued.
    Client(String),
}

/// Begins a browser's session. The one that it had before ends: its cookie is gone.
///
/// # Errors
/// [`Refusal::Incorrect`], or a fault.
pub async fn begin_in_browser(
    app: &App,
    origin: &Origin,
    before: Option<Caller>,
    proven: Proven,
) -> Result<InBrowser, Refusal> {
    let (shared, from) = (app.clone(), origin.clone());
    let begun = app.write(origin, move |tx| {
        let begun = begin(tx, &shared, &from, &proven, &HeldBy::Browser)?;
        let left =
            before.map_or_else(|| Ok(Outcome::quiet(())), |before| sessions::leave(tx, &before, shared.now()))?;
        Ok::<_, Refusal>(begun.after(left))
    });
    let Begun { session, device, .. } = begun.await?;
    Ok(InBrowser { session: session.id, device })
}

/// Begins the session that was proven. Whether the user may act is asked here once more, in the same transaction: they may
/// have been disabled while their password was hashed.
///
/// # Errors
/// [`Refusal::Incorrect`], or a fault.
pub fn begin(
    tx: &mut Tx,
    app: &App,
    origin: &Origin,
    proven: &Proven,
    holder: &HeldBy,
) -> Result<Outcome<Begun>, Refusal> {
    let now = app.now();
    let user = accounts::active_for_sign_in(tx, &proven.user)?.ok_or(Refusal::Incorrect)?;
    // Whatever way led here, nothing that is asked for was left out.
    if owed(tx, app, &user.id, &proven.amr)? != Owed::Nothing {
        return Err(Refusal::Incorrect);
    }
    if let Some(verified) = &proven.password
        && !credentials::is_still(tx, &user.id, verified)?
    {
        return Err(Refusal::Incorrect);
    }
    if let Some(hash) = &proven.upgrade {
        credentials::set(tx, &user.id, hash, now)?;
    }
    let (client_id, lifetimes) = match holder {
        HeldBy::Browser => (FIRST_PARTY, app.lifetimes().of_cookie()),
        HeldBy::Client(id) => (id.as_str(), app.lifetimes()),
    };
    let device = match holder {
        HeldBy::Browser => device::remember(tx, &user.id, origin.device.as_deref(), now)?,
        HeldBy::Client(_) => Device::None,
    };
    let session =
        sessions::start(tx, &user, &NewSession { client_id, origin, lifetimes, amr: proven.amr.clone() }, now)?;
    // The first device of all is where they have just signed up.
    let told = match device {
        Device::New(_) => tell_of_new_device(tx, app, &user, &session.id, origin)?,
        Device::First(_) | Device::Known | Device::None => None,
    };
    let event = Event::new(Fact::SignedIn)
        .about(&user.id, &user.username)
        .by_themselves()
        .in_session(&session.id)
        .with("client", client_id)
        .with("amr", proven.amr.to_text());
    Ok(Outcome::told(Begun { user, session, device }, [event]).posting(told))
}
