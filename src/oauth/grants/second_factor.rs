//! What goes on where `grant_type=password` was answered with `mfa_required`: the same sign-in, with its second factor.

use super::super::Refusal;
use super::{Wanted, begin};
use crate::access::{Origin, PermissionSet};
use crate::app::App;
use crate::config::Switch;
use crate::platform::secret::OpaqueToken;
use crate::signin::{self, Goal, Proven, Ticket};
use crate::tokens::Authorization;

pub async fn prove(app: &App, origin: &Origin, mfa_token: &OpaqueToken, otp: String) -> Result<Authorization, Refusal> {
    if app.config.password_grant == Switch::Off {
        return Err(Refusal::PasswordGrantOff);
    }
    go_on(app, origin, Ticket::from_text(mfa_token.reveal()), otp).await
}

/// Tokens for the client and of the scope that were asked for at first.
pub async fn go_on(app: &App, origin: &Origin, ticket: Ticket, otp: String) -> Result<Authorization, Refusal> {
    begin_as_asked(app, origin, signin::by_code(app, origin, ticket, otp).await?).await
}

/// The same once the second factor was proven, whichever it was.
pub async fn begin_as_asked(
    app: &App,
    origin: &Origin,
    (proven, goal): (Proven, Goal),
) -> Result<Authorization, Refusal> {
    let Goal::Program { client_id, scope } = goal else {
        // A browser's sign-in leads to a cookie and to nothing else.
        return Err(signin::Refusal::AttemptOver.into());
    };
    let scope = scope.map(|scope| PermissionSet::from_scope(&scope));
    begin(app, origin, proven, Wanted { client_id, scope }).await
}
