//! Credentials do not belong into a URL: logs, proxies and browser histories keep those. Refused before any route runs.

use actix_web::error::QueryPayloadError;
use actix_web::{Error, HttpRequest};

use super::refuse::{Kind, Refusal};
use crate::texts::Sentence;
use crate::tokens::api_keys::PREFIX;

const IN_THE_BODY: [&str; 7] =
    ["password", "current_password", "new_password", "client_secret", "otp", "refresh_token", "mfa_token"];
const IN_THE_HEADER: [&str; 3] = ["access_token", "token", "api_key"];

/// # Errors
/// A password or a token in the URL.
pub fn refuse_credentials(request: &HttpRequest) -> Result<(), Refusal> {
    credential_in(request.query_string())
        .map_or(Ok(()), |detail| Err(Refusal::saying(Kind::CredentialsInQuery, detail)))
}

/// What actix says of a query string that does not fit, in our words.
pub fn bad_query(_: QueryPayloadError, _: &HttpRequest) -> Error {
    Refusal::new(Kind::BadRequest, |t| t.refused.bad_query).into()
}

fn credential_in(query: &str) -> Option<Sentence> {
    if query.is_empty() {
        return None;
    }
    url::form_urlencoded::parse(query.as_bytes()).find_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        if value.starts_with(PREFIX) {
            return Some(Sentence::new(|t| t.refused.key_in_url));
        }
        if IN_THE_BODY.contains(&name.as_str()) {
            return Some(Sentence::new(move |t| t.into_body(&name)));
        }
        let is_token = IN_THE_HEADER.contains(&name.as_str());
        is_token.then(|| Sentence::new(move |t| t.into_header(&name)))
    })
}

#[cfg(test)]
mod tests {
    use super::credential_in;

    #[test]
    fn credentials_are_found_however_they_are_written() {
        assert!(credential_in("username=a&password=b").is_some());
        assert!(credential_in("Pass%77ord=b").is_some());
        assert!(credential_in("access_token=x").is_some_and(|why| why.in_english().contains("Authorization")));
        assert!(credential_in("q=vst_abc").is_some_and(|why| why.in_english().contains("API key")));
        assert!(credential_in("").is_none());
        assert!(credential_in("q=password&after=token").is_none());
    }
}
