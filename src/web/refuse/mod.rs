//! The shape of an error. Handlers return a [`Refusal`]; what the client sees of it (problem+json, OAuth's words, a page)
//! is decided here, once, and nothing internal gets through.

mod from;
mod keys;
mod kind;
mod moving;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
pub use kind::Kind;
use serde_json::{Map, Value, json};

use crate::platform::ids::RequestId;
use crate::texts::{EN, Sentence, Texts};
use crate::tokens::BadToken;

/// Every `SLUG` that a page at `/errors/SLUG` explains.
pub fn slugs() -> impl Iterator<Item = &'static str> {
    Kind::ALL.iter().map(|kind| kind.slug())
}

/// What is too busy or away now may do again after so long.
pub const COME_AGAIN_SECONDS: &str = "2";

/// A value that can't be taken: where it stands (a JSON pointer, RFC 6901) and why.
#[derive(Clone, Debug)]
pub struct FieldProblem {
    pub field: &'static str,
    pub detail: Sentence,
}

impl FieldProblem {
    pub fn new<S: Into<Cow<'static, str>>>(
        field: &'static str,
        say: impl Fn(&'static Texts) -> S + Send + Sync + 'static,
    ) -> Self {
        Self { field, detail: Sentence::new(say) }
    }
}

/// Why a request was refused, in the outside's terms.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub kind: Kind,
    pub detail: Sentence,
    pub errors: Vec<FieldProblem>,
    /// OAuth's word for it (RFC 6749 section 5.2), on the endpoints that speak OAuth.
    pub oauth: Option<&'static str>,
    /// A person should be sent to the sign-in page instead.
    pub sign_in: bool,
    /// Why a token was refused, which administrators may know and the client may not: no face shows it.
    pub why: Option<Arc<BadToken>>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What else a program is told.
    members: Option<Box<Map<String, Value>>>,
}

impl Refusal {
    /// In a sentence of ours, which a page says in the language of whoever looks at it.
    pub fn new<S: Into<Cow<'static, str>>>(
        kind: Kind,
        say: impl Fn(&'static Texts) -> S + Send + Sync + 'static,
    ) -> Self {
        Self::saying(kind, Sentence::new(say))
    }

    /// The same where the sentence is there already.
    pub fn saying(kind: Kind, detail: Sentence) -> Self {
        let mut refusal = Self {
            kind,
            detail,
            errors: Vec::new(),
            oauth: None,
            sign_in: false,
            why: None,
            headers: Vec::new(),
            members: None,
        };
        match kind {
            Kind::NotAuthenticated | Kind::BadCredentials | Kind::FactorRequired => {
                refusal.head(WWW_AUTHENTICATE, "Bearer")
            }
            Kind::NotFresh => {
                refusal.head(WWW_AUTHENTICATE, "Bearer error=\"insufficient_user_authentication\", max_age=900");
            }
            Kind::BadToken => refusal.head(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""),
            Kind::Busy | Kind::Unavailable => refusal.head(RETRY_AFTER, COME_AGAIN_SECONDS),
            _ => {}
        }
        refusal
    }

    fn head(&mut self, name: HeaderName, value: &'static str) {
        self.headers.push((name, HeaderValue::from_static(value)));
    }

    /// Too many tries; how long to wait, in seconds.
    pub fn too_many_tries(seconds: u64) -> Self {
        let mut refusal = Self::new(Kind::TooManyTries, move |t| t.too_many_tries(seconds));
        refusal.headers.push((RETRY_AFTER, HeaderValue::from(seconds)));
        refusal
    }

    /// When to come again, for a page that shows this refusal itself.
    pub fn retry_after(&self) -> Option<HeaderValue> {
        self.headers.iter().find(|(name, _)| *name == RETRY_AFTER).map(|(_, value)| value.clone())
    }

    /// What a page that shows this refusal itself says to programs: when to come again.
    pub fn apply_retry_after(&self, headers: &mut HeaderMap) {
        for (name, value) in self.headers.iter().filter(|(name, _)| *name == RETRY_AFTER) {
            headers.insert(name.clone(), value.clone());
        }
    }

    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        let detail = errors.first().map_or_else(|| Sentence::as_it_is(""), |first| first.detail.clone());
        Self { errors, ..Self::saying(Kind::Invalid, detail) }
    }

    /// One value that can't be taken.
    pub fn wrong<S: Into<Cow<'static, str>>>(
        field: &'static str,
        say: impl Fn(&'static Texts) -> S + Send + Sync + 'static,
    ) -> Self {
        Self::invalid(vec![FieldProblem::new(field, say)])
    }

    /// The same, at one field of a form.
    fn at(mut self, field: &'static str) -> Self {
        self.errors.push(FieldProblem { field, detail: self.detail.clone() });
        self
    }

    /// The same, at the field that this form has for it.
    pub fn moved_to(mut self, field: &'static str) -> Self {
        self.errors.iter_mut().for_each(|error| error.field = field);
        self
    }

    /// The body did not come in time.
    pub fn too_slow() -> Self {
        Self::new(Kind::TooSlow, |t| t.refused.too_slow)
    }

    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, |t| t.refused.nothing_here)
    }

    pub fn method_not_allowed(allowed: &[&'static str]) -> Self {
        let mut names: Vec<&str> = allowed.to_vec();
        if names.contains(&"GET") {
            names.push("HEAD");
        }
        names.dedup();
        let names = names.join(", ");
        let allow = HeaderValue::from_str(&names).map(|value| (ALLOW, value));
        let mut refusal = Self::new(Kind::MethodNotAllowed, move |t| t.takes_only(&names));
        refusal.headers.extend(allow);
        refusal
    }

    pub fn not_signed_in() -> Self {
        Self::new(Kind::NotAuthenticated, |t| t.refused.not_authenticated)
    }

    /// The same, on a page: the person goes to the sign-in page and comes back.
    pub fn to_sign_in() -> Self {
        Self { sign_in: true, ..Self::not_signed_in() }
    }

    pub fn bad_token(why: Box<BadToken>) -> Self {
        Self::new(Kind::BadToken, |t| t.refused.bad_token).because(Some(Arc::from(why)))
    }

    /// For administrators alone.
    pub fn because(self, why: Option<Arc<BadToken>>) -> Self {
        Self { why, ..self }
    }

    fn with_member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.get_or_insert_default().insert(name.to_owned(), value.into());
        self
    }

    pub fn with_oauth(mut self, error: &'static str) -> Self {
        self.oauth = Some(error);
        self
    }

    /// The same, in the word that OAuth has for what it is.
    pub fn in_oauths_words(self) -> Self {
        let word = self.kind.oauth();
        self.with_oauth(word)
    }

    /// A fault of the server: logged with its cause, shown to nobody.
    pub fn fault(fault: &dyn fmt::Display) -> Self {
        tracing::error!(error = %fault, "a request failed");
        Self::internal()
    }

    /// The same where the cause was logged already.
    pub fn internal() -> Self {
        Self::new(Kind::Internal, |t| t.refused.internal)
    }

    /// What stands for a response that actix made by itself, by its status.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::REQUEST_TIMEOUT => Self::too_slow(),
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(Kind::TooLarge, |t| t.refused.body_too_large),
            status if status.is_client_error() => Self::new(Kind::BadRequest, |t| t.refused.unreadable),
            // Handlers refuse in their own words, so this is the session middleware that could not reach the database.
            _ => Self::new(Kind::Unavailable, |t| t.refused.unavailable),
        }
    }

    pub fn apply_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
    }

    /// The body for programs, and its media type: in English, with a `message` beside for the scripts of our own pages where
    /// those speak another language.
    pub fn to_json(&self, request_id: &RequestId, t: &'static Texts) -> (&'static str, String) {
        let detail = self.detail.in_english();
        let mut body = json!({
            "type": format!("/errors/{}", self.kind.slug()),
            "title": self.kind.words(&EN).title,
            "status": self.kind.status().as_u16(),
            "detail": detail,
            "request_id": request_id.as_str(),
        });
        let message = self.detail.said(t);
        if message != detail {
            body["message"] = message.into();
        }
        if !self.errors.is_empty() {
            let error = |error: &FieldProblem| json!({"pointer": format!("/{}", error.field), "detail": error.detail.in_english()});
            body["errors"] = self.errors.iter().map(error).collect();
        }
        for (name, value) in self.members.iter().flat_map(|members| members.iter()) {
            body[name] = value.clone();
        }
        let Some(error) = self.oauth else {
            return ("application/problem+json", body.to_string());
        };
        body["error"] = error.into();
        body["error_description"] = detail.into();
        ("application/json", body.to_string())
    }
}

/// Marks an answer that shows its error itself: a form that was sent back.
pub struct Faced;

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.slug(), self.detail.in_english())
    }
}

/// Only carries the refusal to `trace`, which knows the request and so the face.
impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::new(self.kind.status());
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl actix_web::Responder for Refusal {
    type Body = BoxBody;

    fn respond_to(self, _: &actix_web::HttpRequest) -> HttpResponse<BoxBody> {
        self.error_response()
    }
}

/// Puts a body in place of a response's own, and keeps its headers.
pub fn replace_body(response: HttpResponse<BoxBody>, media_type: &'static str, body: String) -> HttpResponse<BoxBody> {
    let mut response = response.set_body(BoxBody::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
