//! The browser's session cookie: actix-session carries the key, actix-identity reads it, and the session's own row is the
//! only truth. The cookie holds nothing but a random key; its digest stands in that row.

use std::collections::HashMap;

use actix_session::SessionMiddleware;
use actix_session::config::{PersistentSession, TtlExtensionPolicy};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};

use crate::app::App;
use crate::platform::ids::SessionId;
use crate::platform::secret::{OpaqueToken, Purpose};
use crate::signin::recognise;

/// Where actix-identity keeps its id in the state.
const IDENTITY: &str = "actix_identity.user_id";

pub fn middleware(app: &App) -> SessionMiddleware<SessionRows> {
    let https = app.config.public_url.is_https();
    // Browsers refuse the prefix without https.
    let name = if https { "__Host-vestibule_session" } else { "vestibule_session" };
    let days = i64::from(app.config.session_max_days);
    SessionMiddleware::builder(SessionRows(app.clone()), Key::from(&app.derived_key::<64>(Purpose::Cookie)))
        .cookie_name(name.to_owned())
        .cookie_secure(https)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        // The row knows when a session ends; the cookie only has to last as long as the longest.
        .session_lifecycle(
            PersistentSession::default()
                .session_ttl(Duration::days(days))
                .session_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges),
        )
        .build()
}

/// The store that actix-session asks. Signing in names the session; from then on the key is all that is kept, and
/// [`recognise::by_cookie`] finds the row behind it, so that a database that is down is told from nobody being there.
pub struct SessionRows(App);

impl SessionStore for SessionRows {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let quoted = serde_json::to_string(key.as_ref()).map_err(|e| LoadError::Other(e.into()))?;
        Ok(Some(HashMap::from([(IDENTITY.to_owned(), quoted)])))
    }

    async fn save(&self, state: HashMap<String, String>, _: &Duration) -> Result<SessionKey, SaveError> {
        let session = state.get(IDENTITY).and_then(|quoted| serde_json::from_str::<String>(quoted).ok());
        let session = session.ok_or_else(|| SaveError::Other(anyhow::anyhow!("only a sign-in makes a session")))?;
        let key = OpaqueToken::fresh();
        let sent = SessionKey::try_from(key.reveal().to_owned()).map_err(|e| SaveError::Other(e.into()))?;
        let bound = recognise::remember_browser(&self.0, SessionId::from_outside(session), key).await;
        bound.map(|()| sent).map_err(|fault| SaveError::Other(fault.into()))
    }

    /// Nothing in the state ever changes.
    async fn update(
        &self,
        key: SessionKey,
        _: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    /// The cookie is taken from the browser; that its session ended is `sessions::end`'s doing.
    async fn delete(&self, _: &SessionKey) -> Result<(), anyhow::Error> {
        Ok(())
    }
}
