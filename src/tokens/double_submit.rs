//! The double-submit token of a token that travels in a cookie: a page that may read our cookies sends it back in a header
//! (OWASP, "Cross-Site Request Forgery Prevention"). It is made from the token's id with a key of ours, so that nobody can
//! plant a pair of their own, and stands in the claim `csrf`, where fastapi-jwt-auth and flask-jwt-extended look for it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Verified;
use crate::app::App;
use crate::platform::secret::{Purpose, keyed_digest};

/// How tokens are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    Body,
    /// As cookies too, for a browser app.
    Cookies,
}

/// What belongs to an access token.
pub fn of_access(app: &App, token: &Verified) -> String {
    of(app, token.id.as_str())
}

/// What belongs to a refresh token, which has no other id than itself.
pub fn of_refresh(app: &App, token: &str) -> String {
    of(app, token)
}

pub(super) fn of(app: &App, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(keyed_digest(&app.derived_key(Purpose::CsrfTokens), id.as_bytes()))
}
