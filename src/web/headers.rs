//! Headers that every answer carries (OWASP ASVS 5.0 section 3.4).

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use crate::app::App;

/// Nothing but our own files; no inline script or style, no framing, no form that leaves.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                   form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const TWO_YEARS: &str = "max-age=63072000; includeSubDomains";

pub fn apply(app: &App, headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Not `no-referrer`: with that, browsers send `Origin: null` with our own forms, and `origin` could not tell them apart.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if app.config.public_url.is_https() {
        headers.insert(OPENER, HeaderValue::from_static("same-origin"));
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TWO_YEARS));
    }
}

/// A 401 names what it wants (RFC 9110 section 15.5.2), also where a page asks for it in a form; a 403 which permission, if it is
/// one (RFC 6750 section 3.1); nothing else does.
pub fn challenge(response: &mut HttpResponse<BoxBody>) {
    if response.status() == StatusCode::FORBIDDEN {
        return;
    }
    if response.status() != StatusCode::UNAUTHORIZED {
        response.headers_mut().remove(WWW_AUTHENTICATE);
    } else if !response.headers().contains_key(WWW_AUTHENTICATE) {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
}

pub fn no_store(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// The answer depends on who asks for what: caches must not mix them up.
pub fn vary_by_accept(headers: &mut HeaderMap) {
    headers.append(VARY, HeaderValue::from_static("Accept"));
}
