//! The cookie by which a browser is known again, long after its session ended. It opens nothing: whoever holds it is only
//! slowed down less when they type a password, and is no surprise to the account's owner.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::COOKIE;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use super::origin::WithoutCookie;
use crate::app::App;
use crate::credentials::device::{Device, REMEMBERED_DAYS};
use crate::platform::secret::OpaqueToken;

/// The digest of what the browser holds.
pub fn sent(request: &HttpRequest, app: &App) -> Option<Vec<u8>> {
    text_in(request, app).map(|text| OpaqueToken::sent(text).digest())
}

/// What the browser shall keep, once the answer is written.
struct Kept(String);

/// After a sign-in: a new device gets its token, a known one keeps its own for another while.
pub fn keep(request: &HttpRequest, app: &App, device: &Device) {
    let text = match device {
        Device::None => None,
        Device::Known => text_in(request, app),
        Device::First(token) | Device::New(token) => Some(token.reveal().to_owned()),
    };
    if let Some(text) = text {
        request.extensions_mut().insert(Kept(text));
    }
}

/// Writes into the answer what is to be kept.
pub fn apply(app: &App, request: &HttpRequest, answer: &mut HttpResponse) {
    let Some(Kept(text)) = request.extensions_mut().remove::<Kept>() else { return };
    let cookie = Cookie::build(name(app), text)
        .path("/")
        .same_site(SameSite::Lax)
        .secure(app.config.public_url.is_https())
        .http_only(true)
        .max_age(Duration::days(i64::from(REMEMBERED_DAYS)))
        .finish();
    if let Err(error) = answer.add_cookie(&cookie) {
        tracing::warn!(%error, "a device could not be given its cookie");
    }
}

fn text_in(request: &HttpRequest, app: &App) -> Option<String> {
    // Programs have none, and theirs are the requests that count.
    if !request.headers().contains_key(COOKIE) || request.extensions().contains::<WithoutCookie>() {
        return None;
    }
    request.cookie(name(app)).map(|cookie| cookie.value().to_owned()).filter(|text| !text.is_empty())
}

/// Browsers refuse the prefix without https.
fn name(app: &App) -> &'static str {
    if app.config.public_url.is_https() { "__Host-vestibule_device" } else { "vestibule_device" }
}
