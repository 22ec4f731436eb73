//! Credentials do not belong into a URL: logs, proxies and browser histories keep those. Refused before any route runs.

use actix_web::error::QueryPayloadError;
use actix_web::{Error, HttpRequest};

use super::refuse::{Kind, Refusal};
use crate::texts::Sentence;
use crate::tokens::api_keys::PREFIX;

const IN_THE_BODY: [&str; 9] = [
    "password",
    "current_password",
    "new_password",
    "client_secret",
    "otp",
    "totp",
    "recovery_code",
    "refresh_token",
    "mfa_token",
];
const TOKEN: &str = "token";
/// They take it in the body (RFC 7662 section 2.1, RFC 7009 section 2.1), all others in the header.
const ABOUT_TOKENS: [&str; 2] = ["/introspect", "/revoke"];
const IN_THE_HEADER: [&str; 3] = ["access_token", "api_key", "jwt"];

/// # Errors
/// A password or a token in the URL.
pub fn refuse_credentials(request: &HttpRequest) -> Result<(), Refusal> {
    credential_in(request.query_string(), ABOUT_TOKENS.contains(&request.path()))
        .map_or(Ok(()), |detail| Err(Refusal::saying(Kind::CredentialsInQuery, detail)))
}

/// What actix says of a query string that does not fit, in our words.
pub fn bad_query(_: QueryPayloadError, _: &HttpRequest) -> Error {
    Refusal::new(Kind::BadRequest, |t| t.refused.bad_query).into()
}

/// `about_token`: the call is about a token that it takes in its body.
fn credential_in(query: &str, about_token: bool) -> Option<Sentence> {
    if query.is_empty() {
        return None;
    }
    url::form_urlencoded::parse(query.as_bytes()).find_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        if value.starts_with(PREFIX) {
            return Some(Sentence::new(|t| t.refused.key_in_url));
        }
        if IN_THE_BODY.contains(&name.as_str()) || name == TOKEN && about_token {
            return Some(Sentence::new(move |t| t.into_body(&name)));
        }
        let is_token = name == TOKEN || IN_THE_HEADER.contains(&name.as_str()) || looks_like_jwt(&value);
        is_token.then(|| Sentence::new(move |t| t.into_header(&name)))
    })
}

/// Three parts, the first of them a JSON object in base64.
fn looks_like_jwt(value: &str) -> bool {
    value.starts_with("eyJ") && value.split('.').count() == 3
}

#[cfg(test)]
mod tests {
    use super::credential_in;

    #[test]
    fn credentials_are_found_however_they_are_written() {
        assert!(credential_in("username=a&password=b", false).is_some());
        assert!(credential_in("Pass%77ord=b", false).is_some());
        assert!(credential_in("access_token=x", false).is_some_and(|why| why.in_english().contains("Authorization")));
        assert!(credential_in("q=vst_abc", false).is_some_and(|why| why.in_english().contains("API key")));
        assert!(credential_in("token=x", true).is_some_and(|why| why.in_english().contains("body")));
        assert!(credential_in("anything=eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", false).is_some());
        assert!(credential_in("", false).is_none());
        assert!(credential_in("q=password&after=token", false).is_none());
    }
}
