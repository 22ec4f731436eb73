//! Tokens in cookies, under the names of fastapi-jwt-auth: for browser apps of one's own origin that would rather not keep a
//! token where scripts can read it. A write then needs the double-submit token beside it, which only that origin can read.

use std::sync::Arc;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpMessage, HttpRequest};

use super::origin::WithoutCookie;
use super::refuse::{self, Refusal};
use crate::app::App;
use crate::platform::secret::same;
use crate::texts::Sentence;
use crate::tokens::refusals::Reason;
use crate::tokens::{BadToken, TokenSet, double_submit};

const ACCESS: Pair = Pair { token: "access_token_cookie", csrf: "csrf_access_token" };
const REFRESH: Pair = Pair { token: "refresh_token_cookie", csrf: "csrf_refresh_token" };
/// The header in which a script sends what it read from the `csrf_…` cookie.
const HEADER: &str = "x-csrf-token";

struct Pair {
    token: &'static str,
    csrf: &'static str,
}

/// A token that came in a cookie.
pub struct Sent {
    pub token: String,
    shown: Shown,
}

/// What a request shows for coming from a page that may read our cookies.
enum Shown {
    /// It only reads.
    NotNeeded,
    Nothing,
    This(String),
}

impl Sent {
    /// Whether the request comes from a page that may read our cookies, which this double-submit token proves.
    ///
    /// # Errors
    /// 401 in fastapi-jwt-auth's words.
    pub fn check_csrf(&self, expected: &str, why: impl FnOnce(Reason) -> Box<BadToken>) -> Result<(), Refusal> {
        let (words, reason) = match &self.shown {
            Shown::NotNeeded => return Ok(()),
            Shown::This(shown) if same(shown.as_bytes(), expected.as_bytes()) => return Ok(()),
            Shown::This(_) => ("CSRF double submit tokens do not match", Reason::CsrfMismatch),
            Shown::Nothing => ("Missing CSRF Token", Reason::CsrfMissing),
        };
        // fastapi-jwt-auth's words, for programs.
        let detail = Sentence::as_it_is(words);
        Err(Refusal::saying(refuse::Kind::BadToken, detail).because(Some(Arc::from(why(reason)))))
    }
}

/// The access token in the request's cookie, if it is one of this origin's requests.
pub fn access_in(request: &HttpRequest) -> Option<Sent> {
    ACCESS.read(request)
}

/// The refresh token in the request's cookie.
pub fn refresh_in(request: &HttpRequest) -> Option<Sent> {
    REFRESH.read(request)
}

/// The tokens in the request's cookies, for a sign-out: `web::origin` has made sure that a page of ours sends it.
pub fn all_in(request: &HttpRequest) -> Vec<String> {
    [ACCESS, REFRESH].iter().filter_map(|pair| pair.read(request)).map(|sent| sent.token).collect()
}

/// The four cookies of a token set.
pub fn of(app: &App, tokens: &TokenSet) -> Vec<Cookie<'static>> {
    let lifetimes = app.lifetimes();
    let of_refresh = double_submit::of_refresh(app, &tokens.refresh_token);
    let access =
        ACCESS.write(app, (&tokens.access_token, tokens.csrf.as_deref().unwrap_or_default()), lifetimes.access);
    let refresh = REFRESH.write(app, (&tokens.refresh_token, &of_refresh), lifetimes.idle);
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
    fn read(&self, request: &HttpRequest) -> Option<Sent> {
        if request.extensions().contains::<WithoutCookie>() {
            return None;
        }
        let token = request.cookie(self.token)?.value().to_owned();
        let header = || request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        let shown = match request.method().is_safe() {
            true => Shown::NotNeeded,
            false => header().map_or(Shown::Nothing, |shown| Shown::This(shown.to_owned())),
        };
        Some(Sent { token, shown })
    }

    fn write(&self, app: &App, (token, csrf): (&str, &str), life: std::time::Duration) -> [Cookie<'static>; 2] {
        let age = Duration::seconds(i64::try_from(life.as_secs()).unwrap_or(i64::MAX));
        let mut both = [
            cookie(app, self.token, token.to_owned(), Reader::Server),
            cookie(app, self.csrf, csrf.to_owned(), Reader::Scripts),
        ];
        both.iter_mut().for_each(|cookie| cookie.set_max_age(age));
        both
    }
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
