//! Who is calling. A bearer token is checked before the routes run, without a database, or a program's key, with
//! one; a handler's argument says who may call it.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use actix_identity::Identity as Cookie;
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::origin::WithoutCookie;
use super::refuse::{Kind, Refusal};
use super::token_cookies;
use super::trace::app_of;
use super::whence::origin_of;
use crate::access::{Caller, Identity};
use crate::app::App;
use crate::platform::secret::OpaqueToken;
use crate::signin::recognise;
use crate::tokens::api_keys::{self, Proven, Unproven};
use crate::tokens::{self, BadToken, Verified, double_submit};

/// A token was sent, and is no good.
struct BadBearer(Refusal);

/// What was sent in the Authorization header, or as a token in a cookie, and is good.
#[derive(Clone)]
pub enum Bearer {
    Token(Arc<Verified>),
    Key(Arc<Proven>),
}

impl Bearer {
    fn identity(&self) -> Arc<Identity> {
        match self {
            Self::Token(verified) => Arc::clone(&verified.identity),
            Self::Key(proven) => proven.identity(),
        }
    }

    /// Whether it still lets its bearer do what it was let in for. A fault leaves that as it was.
    pub async fn still_counts(&self, app: &App, word: &'static str) -> bool {
        match self {
            Self::Token(verified) => tokens::still_counts(app, verified),
            Self::Key(proven) => api_keys::still_counts(app, &proven.identity(), word).await.unwrap_or(true),
        }
    }
}

/// Keeps with the request who sent it, or what is wrong with the token that it carries: whether that matters, the route says.
///
/// # Errors
/// More than one header, of which nobody knows which counts.
pub async fn recognise_bearer(app: &App, request: &HttpRequest) -> Result<(), Refusal> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let header = headers.next();
    if headers.next().is_some() {
        return Err(Refusal::new(Kind::BadRequest, |t| t.refused.two_authorizations));
    }
    let found = match (header, header.and_then(token_in)) {
        // In a box of its own, so that it takes no room in the future of every other request.
        (_, Some(key)) if recognise::is_key(key) => Some(Box::pin(recognise_key(app, request, key)).await),
        (_, Some(token)) => Some(recognise_token(app, token).map(Bearer::Token)),
        (Some(_), None) => None,
        (None, None) => token_cookies::access_in(request).map(|sent| recognise_cookie(app, &sent).map(Bearer::Token)),
    };
    match found {
        None => {}
        Some(Ok(bearer)) => drop(request.extensions_mut().insert(bearer)),
        Some(Err(refusal)) => drop(request.extensions_mut().insert(BadBearer(refusal))),
    }
    Ok(())
}

/// Who was recognised on the way, by what was sent or by cookie.
pub fn identity_of(request: &HttpRequest) -> Option<Arc<Identity>> {
    let extensions = request.extensions();
    extensions.get::<Arc<Identity>>().cloned().or_else(|| extensions.get::<Bearer>().map(Bearer::identity))
}

fn recognise_token(app: &App, token: &str) -> Result<Arc<Verified>, Refusal> {
    recognise::token(app, token).map_err(Refusal::bad_token)
}

/// The token in a cookie: with it comes the proof that no other site sent it.
fn recognise_cookie(app: &App, sent: &token_cookies::Sent) -> Result<Arc<Verified>, Refusal> {
    let verified = recognise_token(app, &sent.token)?;
    let why = |reason| BadToken::without_proof(&verified, &sent.token, reason);
    sent.check_csrf(&double_submit::of_access(app, &verified), why)?;
    Ok(verified)
}

/// A program's key; only in the header, never in a cookie. That the database is away is not that the key is bad.
async fn recognise_key(app: &App, request: &HttpRequest, sent: &str) -> Result<Bearer, Refusal> {
    match recognise::key(app, sent, &origin_of(request)).await {
        Ok(proven) => Ok(Bearer::Key(Arc::new(proven))),
        Err(Unproven::Bad(why)) => Err(Refusal::bad_token(why)),
        Err(Unproven::Fault(fault)) => Err(fault.into()),
    }
}

/// The token of an `Authorization: Bearer` header (RFC 6750 section 2.1).
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    token_in(headers.get(AUTHORIZATION)?)
}

fn token_in(header: &HeaderValue) -> Option<&str> {
    let (scheme, token) = std::str::from_utf8(header.as_bytes()).ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

fn by_bearer(request: &HttpRequest) -> Option<Caller> {
    let sent = request.extensions().get::<Bearer>().cloned();
    sent.map(|sent| match sent {
        Bearer::Token(verified) => recognise::by_token(&verified, origin_of(request)),
        Bearer::Key(proven) => recognise::by_key(&proven, origin_of(request)),
    })
}

/// A program, or a person's program, with an access token or a key.
pub struct SignedIn(pub Caller);

impl FromRequest for SignedIn {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let refused = || match request.extensions().get::<BadBearer>() {
            Some(BadBearer(refusal)) => refusal.clone(),
            None if request.headers().contains_key(AUTHORIZATION) => {
                Refusal::not_signed_in().because(Some(Arc::from(BadToken::not_bearer())))
            }
            None => Refusal::not_signed_in(),
        };
        ready(by_bearer(request).map(Self).ok_or_else(refused))
    }
}

/// A program with an access token, or without one; a token that is no good is refused all the same.
pub struct PerhapsSignedIn(pub Option<Caller>);

impl FromRequest for PerhapsSignedIn {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let bad = request.extensions().get::<BadBearer>().map(|BadBearer(refusal)| refusal.clone());
        ready(bad.map_or_else(|| Ok(Self(by_bearer(request))), Err))
    }
}

/// What was sent, for what outlasts the request.
pub struct Sent(pub Bearer);

impl FromRequest for Sent {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let sent = request.extensions().get::<Bearer>().cloned();
        ready(sent.map(Self).ok_or_else(Refusal::not_signed_in))
    }
}

type Found<T> = Pin<Box<dyn Future<Output = Result<T, Refusal>>>>;

/// Somebody at a browser, signed in or not.
pub struct Visitor(pub Option<Caller>);

impl FromRequest for Visitor {
    type Error = Refusal;
    type Future = Found<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { by_cookie(&request).await.map(Self) })
    }
}

/// Somebody signed in at a browser; anybody else is sent to the sign-in page and back.
pub struct Resident(pub Caller);

impl FromRequest for Resident {
    type Error = Refusal;
    type Future = Found<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { by_cookie(&request).await?.map(Self).ok_or_else(Refusal::to_sign_in) })
    }
}

/// Somebody recognised either way: by token, or by cookie where no token was sent.
pub struct Recognised(pub Caller);

impl FromRequest for Recognised {
    type Error = Refusal;
    type Future = Found<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bearer = SignedIn::from_request(request, payload).into_inner();
        let (request, sent) = (request.clone(), request.headers().contains_key(AUTHORIZATION));
        Box::pin(async move {
            match bearer {
                Ok(SignedIn(caller)) => Ok(Self(caller)),
                Err(refusal) if sent => Err(refusal),
                Err(refusal) => by_cookie(&request).await?.map(Self).ok_or(refusal),
            }
        })
    }
}

/// The same where it is about one's own account: a program that holds a key of theirs is not the person.
pub struct InPerson<T>(pub T);

impl<T> FromRequest for InPerson<T>
where
    T: FromRequest<Error = Refusal> + AsRef<Caller> + 'static,
{
    type Error = Refusal;
    type Future = Found<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let recognised = T::from_request(request, payload);
        Box::pin(async move {
            let recognised = recognised.await?;
            recognised.as_ref().must_be_there()?;
            Ok(Self(recognised))
        })
    }
}

impl AsRef<Caller> for SignedIn {
    fn as_ref(&self) -> &Caller {
        &self.0
    }
}

impl AsRef<Caller> for Recognised {
    fn as_ref(&self) -> &Caller {
        &self.0
    }
}

/// What the session middleware found is only the cookie's key; whose session it opens, the database says.
async fn by_cookie(request: &HttpRequest) -> Result<Option<Caller>, Refusal> {
    if request.extensions().contains::<WithoutCookie>() {
        return Ok(None);
    }
    let Ok(cookie) = Cookie::from_request(request, &mut Payload::None).into_inner() else {
        return Ok(None);
    };
    let Ok(key) = cookie.id() else { return Ok(None) };
    let found = recognise::by_cookie(app_of(request), OpaqueToken::sent(key), origin_of(request)).await?;
    if let Some(caller) = &found {
        request.extensions_mut().insert(caller.identity());
    }
    Ok(found)
}
