//! `grant_type=password` (RFC 6749 section 4.3): what the tutorials teach. RFC 9700 section 2.4 advises against it for
//! third parties; `PASSWORD_GRANT=off` ends it.

use super::super::Refusal;
use crate::access::{Origin, PermissionSet};
use crate::app::App;
use crate::config::Switch;
use crate::platform::secret::Password;
use crate::signin::{self, HeldBy, Step};
use crate::tokens::{self, Authorization, FIRST_PARTY};

pub const NAME: &str = "password";

pub async fn prove(
    app: &App,
    origin: &Origin,
    (username, password): (String, Password),
    client_id: Option<String>,
    scope: Option<PermissionSet>,
) -> Result<Authorization, Refusal> {
    if app.config.password_grant == Switch::Off {
        return Err(Refusal::PasswordGrantOff);
    }
    let Step::Done(proven) = signin::by_password(app, origin, username, password).await?;
    let (shared, from) = (app.clone(), origin.clone());
    let holder = HeldBy::Client(client_id.unwrap_or_else(|| FIRST_PARTY.to_owned()));
    let begun = app.write(origin, move |tx| {
        let begun = signin::begin(tx, &shared, &from, &proven, &holder)?;
        begun.try_map(|begun| {
            tokens::authorize(tx, &shared, begun.user, begun.session, scope.as_ref()).map_err(signin::Refusal::from)
        })
    });
    Ok(begun.await?)
}
