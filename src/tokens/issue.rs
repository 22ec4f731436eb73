//! The only mint. A grant proves something and gets an [`Authorization`]; only here it becomes tokens.

use serde::Serialize;

use super::claims::{ACCESS, Claims};
use super::double_submit::{self, Delivery};
use super::{claims, store};
use crate::access::PermissionSet;
use crate::accounts::{self, ActiveUser};
use crate::app::App;
use crate::config::TokenProfile;
use crate::platform::db::{Fault, Tx};
use crate::platform::ids::{TokenId, UserId};
use crate::platform::secret::OpaqueToken;
use crate::platform::time::UnixTime;
use crate::sessions::Session;

/// The client that stands for no registered application.
pub const FIRST_PARTY: &str = "vestibule";

/// What was proven, and what may be issued for it: a living session of somebody who may act, with a refresh token in its
/// family, committed.
pub struct Authorization {
    pub(super) user: ActiveUser,
    pub(super) session: Session,
    pub(super) scope: PermissionSet,
    pub(super) refresh: OpaqueToken,
    pub(super) proof: Proof,
    pub(super) at: UnixTime,
}

/// Whether the person has just proved who they are, or a refresh token stood for them: the claim `fresh`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    JustGiven,
    Refreshed,
}

/// What a client gets (RFC 6749 section 5.1).
#[derive(Serialize)]
pub struct TokenSet {
    pub access_token: String,
    pub refresh_token: String,
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: u64,
    pub scope: String,
    /// The double-submit token of the access token, where it travels in a cookie.
    #[serde(skip)]
    pub csrf: Option<String>,
}

/// Begins a refresh family for a session that was just started. Of the scope that was asked for stays what the user
/// holds; where none was asked for, all that they hold.
///
/// # Errors
/// A [`Fault`].
pub fn authorize(
    tx: &mut Tx,
    app: &App,
    user: ActiveUser,
    session: Session,
    asked: Option<&PermissionSet>,
) -> Result<Authorization, Fault> {
    let at = app.now();
    let scope = asked.map_or_else(|| user.permissions().clone(), |asked| asked.intersection(user.permissions()));
    let refresh = OpaqueToken::fresh();
    let asked = asked.map_or_else(|| store::EVERYTHING.to_owned(), PermissionSet::to_scope);
    let span = (at, at.plus(app.lifetimes().idle));
    store::insert(tx, &refresh.digest(), &session.id, &asked, &session.client_id, span)?;
    Ok(Authorization { user, session, scope, refresh, proof: Proof::JustGiven, at })
}

impl Authorization {
    /// Signs. Called after the commit, so that no database thread waits for a signature.
    ///
    /// # Errors
    /// Where the signing key can't sign, which is a defect.
    pub fn mint(self, app: &App, delivery: Delivery) -> Result<TokenSet, Fault> {
        let mut claims = self.claims(app);
        claims.csrf = (delivery == Delivery::Cookies).then(|| double_submit::of(app, &claims.jti));
        let access_token = app
            .keys
            .in_force()
            .sign(&claims, self.at)
            .ok_or_else(|| Fault::Broken("the signing key does not sign".into()))?;
        Ok(TokenSet {
            access_token,
            refresh_token: self.refresh.reveal().to_owned(),
            token_type: "bearer",
            expires_in: u64::try_from(claims.exp - claims.iat).unwrap_or(0),
            scope: claims.scope,
            csrf: claims.csrf,
        })
    }

    /// Nothing outlives its session, nor a role that it names.
    fn expires(&self, app: &App) -> UnixTime {
        let end = self.at.plus(app.lifetimes().access).min(self.session.ends_at());
        self.user.roles_until().map_or(end, |until| end.min(until))
    }

    fn claims(&self, app: &App) -> Claims {
        let (config, issued) = (&app.config, self.at.seconds());
        let by_name = config.token_profile == TokenProfile::Fastapi;
        let id = self.user.id.as_str().to_owned();
        Claims {
            iss: config.public_url.issuer().to_owned(),
            sub: if by_name { self.user.username.clone() } else { id.clone() },
            aud: (!by_name).then(|| claims::Audience::One(config.audience.clone())),
            exp: self.expires(app).seconds(),
            iat: issued,
            nbf: issued,
            jti: TokenId::fresh(self.at).as_str().to_owned(),
            client_id: self.session.client_id.clone(),
            scope: self.scope.to_scope(),
            sid: self.session.id.as_str().to_owned(),
            uid: by_name.then_some(id),
            username: self.user.username.clone(),
            roles: self.user.roles.clone(),
            roles_version: self.user.roles_version(),
            auth_time: self.session.authenticated_at.seconds(),
            amr: self.session.amr.words().into_iter().map(str::to_owned).collect(),
            acr: self.session.amr.acr().to_owned(),
            kind: ACCESS.to_owned(),
            fresh: self.proof == Proof::JustGiven,
            csrf: None,
        }
    }
}

/// What stands for a user in the `sub` of their tokens; `None` where the username that stood there is gone with them.
///
/// # Errors
/// A [`Fault`].
pub async fn subject(app: &App, user: &UserId) -> Result<Option<String>, Fault> {
    if app.config.token_profile == TokenProfile::Rfc9068 {
        return Ok(Some(user.as_str().to_owned()));
    }
    let user = user.clone();
    Ok(app.db.read(move |conn| accounts::find(conn, &user)).await?.map(|user| user.username))
}
