//! One file per grant. A grant proves; the shared phases around it, and the mint, are here.

mod passkey;
mod password;
mod refresh_token;
mod second_factor;

use super::Refusal;
use crate::access::{Origin, PermissionSet};
use crate::app::App;
use crate::credentials::passkeys::Assertion;
use crate::platform::secret::{OpaqueToken, Password};
use crate::signin::{self, HeldBy, Proven};
use crate::tokens::{self, Authorization, Delivery, FIRST_PARTY, TokenSet};

/// The grants that are spoken here (RFC 6749 section 4.3 and 6), for the metadata.
pub const SUPPORTED: [&str; 2] = [password::NAME, refresh_token::NAME];

/// A token request, read once; each grant with what it needs.
pub enum TokenRequest {
    Password {
        username: String,
        password: Password,
        /// The code of a second factor, where it is sent along.
        otp: Option<String>,
        client_id: Option<String>,
        scope: Option<PermissionSet>,
    },
    SecondFactor {
        mfa_token: OpaqueToken,
        otp: String,
    },
    /// What a device signed; after the password, or in place of it.
    Passkey {
        signed: Box<Assertion>,
        mfa_token: Option<OpaqueToken>,
        client_id: Option<String>,
        scope: Option<PermissionSet>,
    },
    RefreshToken {
        token: OpaqueToken,
        client_id: Option<String>,
        scope: Option<PermissionSet>,
    },
}

/// For whom tokens are wanted, and how far they shall reach.
struct Wanted {
    client_id: Option<String>,
    scope: Option<PermissionSet>,
}

/// Begins the session of somebody who has proved who they are, with its refresh family.
async fn begin(app: &App, origin: &Origin, proven: Proven, wanted: Wanted) -> Result<Authorization, Refusal> {
    let (shared, from) = (app.clone(), origin.clone());
    let holder = HeldBy::Client(wanted.client_id.unwrap_or_else(|| FIRST_PARTY.to_owned()));
    let begun = app.write(origin, move |tx| {
        let begun = signin::begin(tx, &shared, &from, &proven, &holder)?;
        begun.try_map(|begun| {
            tokens::authorize(tx, &shared, begun.user, begun.session, wanted.scope.as_ref())
                .map_err(signin::Refusal::from)
        })
    });
    Ok(begun.await?)
}

/// Redeems a grant for tokens.
///
/// # Errors
/// [`Refusal`].
pub async fn redeem(
    app: &App,
    origin: &Origin,
    request: TokenRequest,
    delivery: Delivery,
) -> Result<TokenSet, Refusal> {
    let authorization = match request {
        TokenRequest::Password { username, password, otp, client_id, scope } => {
            let goal = Wanted { client_id, scope };
            password::prove(app, origin, (username, password), otp, goal).await?
        }
        TokenRequest::SecondFactor { mfa_token, otp } => second_factor::prove(app, origin, &mfa_token, otp).await?,
        TokenRequest::Passkey { signed, mfa_token, client_id, scope } => {
            passkey::prove(app, origin, *signed, mfa_token, Wanted { client_id, scope }).await?
        }
        TokenRequest::RefreshToken { token, client_id, scope } => {
            refresh_token::prove(app, origin, token, client_id, scope).await?
        }
    };
    Ok(authorization.mint(app, delivery)?)
}
