//! Second factors: what somebody holds beside their password, and how they set it up, use it and put it away.

mod bypass;
mod manage;
mod move_in;
mod recovery;
mod store;
mod totp;

pub use bypass::{Bypass, give_bypass};
pub(super) use manage::let_go;
pub use manage::{
    confirm_totp, keep_recovery_codes, must_have_proved, remove_totp, renew_recovery_codes, set_up, start_totp,
};
pub use move_in::{TotpSecret, move_in, secrets_of};
pub use totp::{Offer, offer};

use super::Refusal;
use super::passkeys::{self, Passkey};
use crate::access::{Caller, Method, Origin, words};
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::config::SecondFactor;
use crate::outbox::{self, Kind, Letter, Posted};
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::time::UnixTime;

/// What somebody can be asked for beside their password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    Passkey,
    Totp,
    RecoveryCode,
}

impl Factor {
    /// As programs are told.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// What somebody has set up.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Since when an authenticator app is set up.
    pub totp: Option<UnixTime>,
    /// How many passkeys there are.
    pub passkeys: usize,
    pub recovery: RecoveryCodes,
}

/// How it stands with somebody's recovery codes.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecoveryCodes {
    /// How many can still be used.
    pub left: usize,
    /// When they said that they have kept them.
    pub kept_at: Option<UnixTime>,
}

impl Held {
    /// Whether anything beside the password is asked for.
    pub fn any(&self) -> bool {
        self.totp.is_some() || self.passkeys > 0
    }

    /// What can be sent.
    pub fn factors(&self) -> Vec<Factor> {
        let passkey = (self.passkeys > 0).then_some(Factor::Passkey);
        let totp = self.totp.map(|_| Factor::Totp);
        let recovery = (self.any() && self.recovery.left > 0).then_some(Factor::RecoveryCode);
        passkey.into_iter().chain(totp).chain(recovery).collect()
    }
}

/// Whether somebody with these roles must have a second factor here.
pub fn is_required(app: &App, roles: &[String]) -> bool {
    match app.config.second_factor {
        SecondFactor::Optional => false,
        SecondFactor::Admins => roles.iter().any(|role| role == accounts::ADMIN),
        SecondFactor::Required => true,
    }
}

/// What the caller has set up.
///
/// # Errors
/// A [`Fault`].
pub async fn own(app: &App, caller: &Caller) -> Result<Held, Fault> {
    let user = caller.user.clone();
    app.db.read(move |conn| held(conn, &user)).await
}

/// What somebody else has set up, and their passkeys, the oldest first.
///
/// # Errors
/// Without `users:read`; a fault.
pub async fn of_user(app: &App, caller: &Caller, id: UserId) -> Result<(Held, Vec<Passkey>), Refusal> {
    caller.must(words::USERS_READ)?;
    let read = app.db.read(move |conn| {
        let theirs = passkeys::of_user(conn, &id)?;
        Ok::<_, Fault>((held_beside(conn, &id, theirs.len())?, theirs))
    });
    Ok(read.await?)
}

/// # Errors
/// A [`Fault`].
pub fn held(conn: &mut Conn, user: &UserId) -> Result<Held, Fault> {
    let passkeys = passkeys::count(conn, user)?;
    held_beside(conn, user, passkeys)
}

fn held_beside(conn: &mut Conn, user: &UserId, passkeys: usize) -> Result<Held, Fault> {
    Ok(Held { totp: store::confirmed_at(conn, user)?, passkeys, recovery: store::standing(conn, user)? })
}

/// Takes away what was set up since a moment.
///
/// # Errors
/// A [`Fault`].
pub(super) fn forget_since(tx: &mut Tx, user: &UserId, since: UnixTime) -> Result<(), Fault> {
    store::forget_since(tx, user, since)?;
    passkeys::forget_since(tx, user, since)
}

/// The letter that tells somebody of a change of their second factor.
///
/// # Errors
/// A [`Fault`].
pub(super) fn tell(
    tx: &mut Tx,
    app: &App,
    (kind, factor): (Kind, Factor),
    user: &UserId,
    origin: &Origin,
) -> Result<Option<Posted>, Fault> {
    let Some(user) = accounts::find(tx, user)? else { return Ok(None) };
    let letter = Letter::notice(kind, &user.email, &user.username, origin).about_factor(factor.word());
    outbox::post(tx, app, &letter).map(Some)
}

/// What a code proves that somebody has sent, whichever kind it is; it is used up. `None` where it is none of theirs.
///
/// # Errors
/// A [`Fault`].
pub fn prove(
    tx: &mut Tx,
    app: &App,
    (user, username): (&UserId, &str),
    sent: &str,
    origin: &Origin,
) -> Result<Outcome<Option<Method>>, Fault> {
    if totp::prove(tx, app, user, sent)? {
        return Ok(Outcome::quiet(Some(Method::OneTimeCode)));
    }
    let Some(kind) = recovery::prove(tx, app, user, sent)? else {
        let event = Event::new(Fact::FactorFailed).about(user, username);
        return Ok(Outcome::told(None, [event]));
    };
    let (event, told) = match kind {
        recovery::Kind::Recovery => {
            let left = store::standing(tx, user)?.left;
            let told = tell(tx, app, (Kind::RecoveryCodeUsed, Factor::RecoveryCode), user, origin)?;
            (Event::new(Fact::RecoveryCodeUsed).with("left", left), told)
        }
        recovery::Kind::Bypass => (Event::new(Fact::BypassUsed), None),
    };
    Ok(Outcome::told(Some(kind.method()), [event.about(user, username).by_themselves()]).posting(told))
}
