//! Codes of an authenticator app (RFC 6238): six digits, thirty seconds, one step of drift, none taken twice.

use totp_rs::{Builder, Totp};

use super::super::Refusal;
use super::store;
use crate::app::App;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::ids::UserId;
use crate::platform::secret::{Purpose, Seal, random};

/// Bytes of a secret: as many as SHA-1 gives (RFC 4226 section 4).
const SECRET_BYTES: usize = 20;
/// Clocks of phones drift: the code before and the one after count as well (RFC 6238 section 5.2).
const DRIFT_STEPS: u16 = 1;

/// What an authenticator app takes over, by its camera or typed. Shown once.
pub struct Offer {
    /// Base32.
    pub secret: String,
    /// `otpauth://totp/…`, as apps read it from a QR code.
    pub uri: String,
}

/// Makes a secret that counts once a code of it was shown. Always a new one: whoever saw an earlier page knows what stood
/// there.
///
/// # Errors
/// [`Refusal::FactorThere`] where the app is set up already; a fault.
pub fn offer(tx: &mut Tx, app: &App, user: &UserId, username: &str) -> Result<Offer, Refusal> {
    let secret = random::<SECRET_BYTES>();
    let sealed = seal(app).close(&secret, user.as_str().as_bytes());
    if !store::put_unconfirmed(tx, user, &sealed, app.now())? {
        return Err(Refusal::FactorThere);
    }
    let totp = authenticator(&secret, app, username)?;
    let uri = totp.to_url().map_err(|error| Fault::Broken(format!("an otpauth address: {error}")))?;
    Ok(Offer { secret: totp.secret().to_base32(), uri })
}

/// Takes the first code of an app that is being set up. `false` where it is wrong, or nothing is being set up.
///
/// # Errors
/// A [`Fault`].
pub(super) fn confirm(tx: &mut Tx, app: &App, user: &UserId, code: &str) -> Result<bool, Fault> {
    let Some(step) = step_of(tx, app, user, code, store::unconfirmed)? else { return Ok(false) };
    store::confirm(tx, user, step, app.now())
}

/// Whether this is a code of the user's app that was not taken before. It is taken now.
///
/// # Errors
/// A [`Fault`].
pub(super) fn prove(tx: &mut Tx, app: &App, user: &UserId, code: &str) -> Result<bool, Fault> {
    let Some(step) = step_of(tx, app, user, code, store::confirmed)? else { return Ok(false) };
    // Of two who send the same code at once, one finds it taken.
    store::take_step(tx, user, step)
}

type Find = fn(&mut Conn, &UserId) -> Result<Option<Vec<u8>>, Fault>;

/// The time step that a code belongs to.
fn step_of(conn: &mut Conn, app: &App, user: &UserId, code: &str, find: Find) -> Result<Option<i64>, Fault> {
    let Some(sealed) = find(conn, user)? else { return Ok(None) };
    let secret = seal(app).open(&sealed, user.as_str().as_bytes());
    let secret = secret.ok_or_else(|| Fault::Broken("a secret of an authenticator app can't be opened".into()))?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(app.now().seconds()).unwrap_or(0);
    let step = authenticator(&secret, app, "")?.check(&digits, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn authenticator(secret: &[u8], app: &App, username: &str) -> Result<Totp, Fault> {
    // What stands above the code in the app; a colon would end it.
    let issuer = app.config.public_url.host().replace(':', " ");
    let builder = Builder::new().with_secret(secret).with_skew(DRIFT_STEPS).with_issuer(Some(issuer));
    builder.with_account_name(username).build().map_err(|error| Fault::Broken(format!("an authenticator: {error}")))
}

pub(super) fn seal(app: &App) -> Seal {
    app.root().seal(Purpose::TotpSecrets)
}
