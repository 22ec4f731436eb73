//! What holds of every `Authorization` header: the fuzz target and `tests/api/fuzz.rs` both ask this file.

use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use vestibule::web::bearer_token;

/// Panics where it does not hold. Says whether there was a bearer token.
pub fn try_header(input: &[u8]) -> bool {
    // What can't be a header's value never comes this far.
    let Ok(value) = HeaderValue::from_bytes(input) else { return false };
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, value);
    let token = bearer_token(&headers);
    assert_eq!(token, expected(input), "{:?}", String::from_utf8_lossy(input));
    let Some(token) = token else { return false };
    assert!(!token.is_empty() && token == token.trim(), "{token:?}");
    true
}

/// RFC 6750 section 2.1, in other words than the program has for it.
fn expected(input: &[u8]) -> Option<&str> {
    const SCHEME: &str = "bearer ";
    let text = str::from_utf8(input).ok()?;
    let scheme = text.get(..SCHEME.len())?;
    let token = text[SCHEME.len()..].trim();
    (scheme.to_lowercase() == SCHEME && !token.is_empty()).then_some(token)
}
