//! `grant_type=refresh_token` (RFC 6749 section 6), with rotation.

use super::super::Refusal;
use crate::access::{Origin, PermissionSet};
use crate::app::App;
use crate::platform::secret::OpaqueToken;
use crate::tokens::refusals::Reason;
use crate::tokens::{self, Authorization, BadToken, Rotation};

pub const NAME: &str = "refresh_token";

pub async fn prove(
    app: &App,
    origin: &Origin,
    token: OpaqueToken,
    client_id: Option<String>,
    scope: Option<PermissionSet>,
) -> Result<Authorization, Refusal> {
    let digest = token.digest();
    match tokens::rotate(app, origin, token, client_id.as_deref(), scope).await? {
        Rotation::Next(authorization) => Ok(*authorization),
        Rotation::Dead => Err(Refusal::DeadRefreshToken(BadToken::refresh(digest, Reason::RefreshDead))),
        Rotation::Reused => Err(Refusal::DeadRefreshToken(BadToken::refresh(digest, Reason::RefreshReused))),
    }
}
