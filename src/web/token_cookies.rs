//! Tokens in cookies, under the names of fastapi-jwt-auth: for browser apps of one's own origin that would rather not keep a
//! token where scripts can read it. A write then needs the double-submit token beside it, which only that origin can read.

use std::sync::Arc;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::HeaderMap;
use actix_web::{HttpMessage, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::origin::WithoutCookie;
use super::refuse::{self, Refusal};
use crate::app::App;
use crate::platform::secret::{OpaqueToken, Purpose, keyed_digest, same};
use crate::tokens::refusals::{Kind, Reason};
use crate::tokens::{BadToken, TokenSet};

const ACCESS: Pair = Pair { kind: Kind::Access, token: "access_token_cookie", csrf: "csrf_access_token" };
const REFRESH: Pair = Pair { kind: Kind::Refresh, token: "refresh_token_cookie", csrf: "csrf_refresh_token" };
/// The header in which a script sends what it read from the `csrf_…` cookie.
const HEADER: &str = "x-csrf-token";

struct Pair {
    kind: Kind,
    token: &'static str,
    csrf: &'static str,
}

/// A token that came in a cookie.
pub struct Sent {
    pub token: String,
    kind: Kind,
    csrf: Result<(), Reason>,
}

impl Sent {
    /// Whether the request shows that it comes from a page that may read our cookies; what only reads needs not.
    ///
    /// # Errors
    /// 401 in fastapi-jwt-auth's words.
    pub fn check_csrf(&self, app: &App) -> Result<(), Refusal> {
        self.csrf.map_err(|reason| {
            let detail = match reason {
                Reason::CsrfMissing => "Missing CSRF Token",
                _ => "CSRF double submit tokens do not match",
            };
            let why = match self.kind {
                Kind::Access => BadToken::without_proof(app, &self.token, reason),
                Kind::Refresh => BadToken::refresh(OpaqueToken::sent(self.token.as_str()).digest(), reason),
            };
            Refusal::new(refuse::Kind::NotAuthenticated, detail).because(Some(Arc::from(why)))
        })
    }
}

/// The access token in the request's cookie, if it is one of this origin's requests.
pub fn access_in(app: &App, request: &HttpRequest) -> Option<Sent> {
    ACCESS.read(app, request)
}

/// The refresh token in the request's cookie.
pub fn refresh_in(app: &App, request: &HttpRequest) -> Option<Sent> {
    REFRESH.read(app, request)
}

/// The tokens in the request's cookies, for a sign-out: `web::origin` has made sure that a page of ours sends it.
pub fn all_in(app: &App, request: &HttpRequest) -> Vec<String> {
    [ACCESS, REFRESH].iter().filter_map(|pair| pair.read(app, request)).map(|sent| sent.token).collect()
}

/// The four cookies of a token set.
pub fn of(app: &App, tokens: &TokenSet) -> Vec<Cookie<'static>> {
    let lifetimes = app.lifetimes();
    let access = ACCESS.write(app, &tokens.access_token, lifetimes.access);
    let refresh = REFRESH.write(app, &tokens.refresh_token, lifetimes.idle);
    access.into_iter().chain(refresh).collect()
}

/// What takes them away again, of those that were sent.
pub fn removals(app: &App, request: &HttpRequest) -> Vec<Cookie<'static>> {
    let names = [ACCESS.token, ACCESS.csrf, REFRESH.token, REFRESH.csrf];
    let sent = names.into_iter().filter(|name| request.cookie(name).is_some());
    sent.map(|name| {
        let mut cookie = cookie(app, name, String::new(), Reader::Server);
        cookie.make_removal();
        cookie
    })
    .collect()
}

impl Pair {
    fn read(&self, app: &App, request: &HttpRequest) -> Option<Sent> {
        if request.extensions().contains::<WithoutCookie>() {
            return None;
        }
        let token = request.cookie(self.token)?.value().to_owned();
        let csrf = match request.method().is_safe() {
            true => Ok(()),
            false => shown(request.headers(), &proof(app, &token)),
        };
        Some(Sent { token, kind: self.kind, csrf })
    }

    fn write(&self, app: &App, token: &str, life: std::time::Duration) -> [Cookie<'static>; 2] {
        let age = Duration::seconds(i64::try_from(life.as_secs()).unwrap_or(i64::MAX));
        let mut both = [
            cookie(app, self.token, token.to_owned(), Reader::Server),
            cookie(app, self.csrf, proof(app, token), Reader::Scripts),
        ];
        both.iter_mut().for_each(|cookie| cookie.set_max_age(age));
        both
    }
}

/// The double-submit token of a token: made from it with a key of ours, so that nobody can plant a pair of their own.
fn proof(app: &App, token: &str) -> String {
    URL_SAFE_NO_PAD.encode(keyed_digest(&app.derived_key(Purpose::CsrfTokens), token.as_bytes()))
}

fn shown(headers: &HeaderMap, expected: &str) -> Result<(), Reason> {
    let sent = headers.get(HEADER).and_then(|value| value.to_str().ok()).ok_or(Reason::CsrfMissing)?;
    if same(sent.as_bytes(), expected.as_bytes()) { Ok(()) } else { Err(Reason::CsrfMismatch) }
}

/// Who is meant to read a cookie.
#[derive(PartialEq, Eq)]
enum Reader {
    Server,
    Scripts,
}

fn cookie(app: &App, name: &'static str, value: String, reader: Reader) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .same_site(SameSite::Lax)
        .secure(app.config.public_url.is_https())
        .http_only(reader == Reader::Server)
        .finish()
}
