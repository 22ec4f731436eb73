//! The first administrator, made in the browser by whoever can read the server's first lines.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Refusal;
use super::register::{Prepared, Registration, Role, prepare};
use super::step::Proven;
use crate::access::Origin;
use crate::accounts;
use crate::app::{App, Outcome};
use crate::audit::{Event, Fact};
use crate::credentials;
use crate::platform::db::{Fault, Tx};
use crate::platform::secret::{Purpose, same};

/// The link that makes the first administrator; `None` once there is one. It is the same on every node and after a restart,
/// and it is used up by there being an administrator.
///
/// # Errors
/// A [`Fault`].
pub async fn link(app: &App) -> Result<Option<String>, Fault> {
    let exists = app.db.read(accounts::exists_admin).await?;
    Ok((!exists).then(|| app.config.public_url.join(&format!("/setup?code={}", code(app)))))
}

/// Whether this code would make an administrator now.
///
/// # Errors
/// A [`Fault`].
pub async fn is_open(app: &App, sent: &str) -> Result<bool, Fault> {
    Ok(same(sent.as_bytes(), code(app).as_bytes()) && !app.db.read(accounts::exists_admin).await?)
}

/// Makes the first administrator and signs them in.
///
/// # Errors
/// [`Refusal::SetupOver`], or as for signing up.
pub async fn run(app: &App, origin: &Origin, sent: &str, typed: Registration) -> Result<Proven, Refusal> {
    if !is_open(app, sent).await? {
        return Err(Refusal::SetupOver);
    }
    let prepared = prepare(app, typed, Role::Admin).await?;
    let shared = app.clone();
    let from = origin.clone();
    app.write(origin, move |tx| make_admin(tx, &shared, &prepared, &from)).await
}

fn make_admin(tx: &mut Tx, app: &App, prepared: &Prepared, origin: &Origin) -> Result<Outcome<Proven>, Refusal> {
    // Of two who follow the link at once, the second finds an administrator.
    if accounts::exists_admin_alone(tx)? {
        return Err(Refusal::SetupOver);
    }
    let user = prepared.store(tx, app.now())?;
    let posted = credentials::ask_to_verify(tx, app, &user, origin)?;
    let event = Event::new(Fact::SetUp).about(&user.id, &user.username).by_themselves();
    Ok(Outcome::told(Proven::newcomer(user.id), [event]).posting(posted))
}

fn code(app: &App) -> String {
    URL_SAFE_NO_PAD.encode(app.derived_key::<32>(Purpose::SetupLink))
}
