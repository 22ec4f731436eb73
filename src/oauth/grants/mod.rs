//! One file per grant. A grant proves; the shared phases around it, and the mint, are here.

mod password;
mod refresh_token;

use super::Refusal;
use crate::access::{Origin, PermissionSet};
use crate::app::App;
use crate::platform::secret::{OpaqueToken, Password};
use crate::tokens::{Delivery, TokenSet};

/// The grants that are spoken here (RFC 6749 section 4.3 and 6), for the metadata.
pub const SUPPORTED: [&str; 2] = [password::NAME, refresh_token::NAME];

/// A token request, read once; each grant with what it needs.
pub enum TokenRequest {
    Password { username: String, password: Password, client_id: Option<String>, scope: Option<PermissionSet> },
    RefreshToken { token: OpaqueToken, client_id: Option<String>, scope: Option<PermissionSet> },
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
        TokenRequest::Password { username, password, client_id, scope } => {
            password::prove(app, origin, (username, password), client_id, scope).await?
        }
        TokenRequest::RefreshToken { token, client_id, scope } => {
            refresh_token::prove(app, origin, token, client_id, scope).await?
        }
    };
    Ok(authorization.mint(app, delivery)?)
}
