//! In which state something is to be changed: `ETag` and `If-Match` (RFC 9110 sections 8.8.3 and 13.1.1), and the same in a
//! form's hidden field.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, HeaderMap, HeaderValue, IF_MATCH, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;

use super::body::Fields;
use super::refuse::{Kind, Refusal};
use crate::accounts::{Expected, Version};

/// The field of a form that says which state its page showed.
pub const FIELD: &str = "version";

/// What `If-Match` says; without it, anything is expected.
pub struct IfMatch(pub Expected);

impl FromRequest for IfMatch {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let unreadable = || Refusal::new(Kind::BadRequest, |t| t.refused.if_match);
        ready(expected(request.headers()).map(Self).ok_or_else(unreadable))
    }
}

fn expected(headers: &HeaderMap) -> Option<Expected> {
    if !headers.contains_key(IF_MATCH) {
        return Some(Expected::Anything);
    }
    let lines: Option<Vec<&str>> = headers.get_all(IF_MATCH).map(|value| value.to_str().ok()).collect();
    let listed = lines?.join(",");
    if listed.trim() == "*" {
        return Some(Expected::Anything);
    }
    let mut named = Vec::new();
    for tag in listed.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        let (is_weak, quoted) = tag.strip_prefix("W/").map_or((false, tag), |quoted| (true, quoted));
        let text = quoted.strip_prefix('"')?.strip_suffix('"')?;
        // A weak one never matches here (RFC 9110 section 8.8.3.2).
        if !is_weak {
            named.push(Version::from_outside(text));
        }
    }
    Some(Expected::OneOf(named))
}

/// What a form expects that carries the state which its page showed.
pub fn expected_by(fields: &Fields) -> Expected {
    match fields.text(FIELD).filter(|version| !version.is_empty()) {
        Some(version) => Expected::OneOf(vec![Version::from_outside(version)]),
        None => Expected::Anything,
    }
}

/// A thing as JSON, with the tag of its state.
pub fn json(status: StatusCode, version: &Version, body: &impl Serialize) -> HttpResponse {
    let mut answer = HttpResponse::build(status).json(body);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", version.as_str())) {
        answer.headers_mut().insert(ETAG, tag);
    }
    answer
}

/// The same of a thing that was just made, and where it is (RFC 9110 section 15.3.2).
pub fn created(place: &str, version: &Version, body: &impl Serialize) -> HttpResponse {
    let mut answer = json(StatusCode::CREATED, version, body);
    if let Ok(place) = HeaderValue::from_str(place) {
        answer.headers_mut().insert(LOCATION, place);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &'static str) -> Option<Expected> {
        let mut headers = HeaderMap::new();
        headers.insert(IF_MATCH, HeaderValue::from_static(value));
        expected(&headers)
    }

    #[test]
    fn strong_tags_are_compared_and_weak_ones_match_nothing() {
        let one = |text: &str| Version::from_outside(text);
        assert_eq!(read("\"a\", \"b\""), Some(Expected::OneOf(vec![one("a"), one("b")])));
        assert_eq!(read("W/\"a\""), Some(Expected::OneOf(vec![])));
        assert_eq!(read(" * "), Some(Expected::Anything));
        assert_eq!(expected(&HeaderMap::new()), Some(Expected::Anything));
        assert_eq!((read("a"), read("\"a"), read("W/a")), (None, None, None));
    }
}
