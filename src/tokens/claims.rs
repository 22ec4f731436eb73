//! The claims of an access token (RFC 9068 section 2.2), and what the tutorials' libraries look for beside them.

use serde::{Deserialize, Serialize};

use super::refusals::Reason;
use crate::config::{Config, TokenProfile};

/// `typ` of the header (RFC 9068 section 2.1).
pub const TYP: &str = "at+jwt";
/// The claim `type` by which fastapi-jwt-auth and flask-jwt-extended know an access token.
pub const ACCESS: &str = "access";

/// What an access token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    /// The user's id; in the `fastapi` profile their username.
    pub sub: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub aud: Option<Audience>,
    pub exp: i64,
    pub iat: i64,
    pub nbf: i64,
    pub jti: String,
    pub client_id: String,
    pub scope: String,
    /// The session.
    pub sid: String,
    /// The user's id where `sub` is the username.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub uid: Option<String>,
    pub username: String,
    pub roles: Vec<String>,
    /// The number of the last change among what these roles allow, that this token knows of.
    #[serde(rename = "rv", skip_serializing_if = "is_zero", default)]
    pub roles_version: i64,
    pub auth_time: i64,
    /// How they proved who they are (RFC 8176), and how sure that makes (RFC 9068 section 2.2.1).
    #[serde(default)]
    pub amr: Vec<String>,
    #[serde(default)]
    pub acr: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub fresh: bool,
    /// The double-submit token, where it travels in a cookie.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub csrf: Option<String>,
}

/// One audience or several (RFC 7519 section 4.1.3).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Several(Vec<String>),
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Claims {
    /// The user's id, wherever this profile keeps it.
    pub(super) fn user_id(&self) -> &str {
        self.uid.as_deref().unwrap_or(&self.sub)
    }

    /// What about it is not made for this installation, in its profile: the reason, and what stood there.
    pub(super) fn flaw(&self, config: &Config) -> Option<(Reason, &str)> {
        if self.iss != config.public_url.issuer() {
            return Some((Reason::WrongIssuer, &self.iss));
        }
        if !self.is_aimed_at(config) {
            return Some((Reason::WrongAudience, self.first_audience()));
        }
        if self.kind != ACCESS {
            return Some((Reason::WrongKind, &self.kind));
        }
        let named = [("sub", &self.sub), ("sid", &self.sid), ("jti", &self.jti), ("client_id", &self.client_id)];
        let nameless = named.into_iter().find(|(_, text)| text.is_empty());
        nameless.map(|(name, _)| (Reason::UnreadableClaims, name))
    }

    fn is_aimed_at(&self, config: &Config) -> bool {
        match (&self.aud, config.token_profile) {
            (Some(Audience::One(aud)), _) => *aud == config.audience,
            (Some(Audience::Several(auds)), _) => auds.contains(&config.audience),
            // The profile has no audience; the issuer is all there is.
            (None, TokenProfile::Fastapi) => true,
            (None, TokenProfile::Rfc9068) => false,
        }
    }

    fn first_audience(&self) -> &str {
        match &self.aud {
            Some(Audience::One(aud)) => aud,
            Some(Audience::Several(auds)) => auds.first().map_or("", String::as_str),
            None => "",
        }
    }
}
