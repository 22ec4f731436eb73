//! The end of every sign-in: from the proof to a session.

use super::{Proven, Refusal};
use crate::access::Origin;
use crate::accounts::{self, ActiveUser};
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials;
use crate::platform::db::Tx;
use crate::sessions::{self, NewSession, Session};

/// A session that has just begun, and whose it is.
pub struct Begun {
    pub user: ActiveUser,
    pub session: Session,
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
    client_id: &str,
) -> Result<Outcome<Begun>, Refusal> {
    let now = app.now();
    let user = accounts::active_for_sign_in(tx, &proven.user)?.ok_or(Refusal::Incorrect)?;
    if let Some(verified) = &proven.password
        && !credentials::is_still(tx, &user.id, verified)?
    {
        return Err(Refusal::Incorrect);
    }
    if let Some(hash) = &proven.upgrade {
        credentials::set(tx, &user.id, hash, now)?;
    }
    let new = NewSession { client_id, origin, lifetimes: app.lifetimes() };
    let session = sessions::start(tx, &user, &new, now)?;
    let event = Event::new(Fact::SignedIn)
        .about(&user.id, &user.username)
        .by_themselves()
        .in_session(&session.id)
        .with("client", client_id);
    Ok(Outcome::told(Begun { user, session }, [event]))
}
