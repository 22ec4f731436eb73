//! Credentials do not belong into a URL: logs, proxies and browser histories keep those. Refused before any route runs.

use actix_web::error::QueryPayloadError;
use actix_web::{Error, HttpRequest};

use super::refuse::{Kind, Refusal};
use crate::tokens::api_keys::PREFIX;

const IN_THE_BODY: [&str; 7] =
    ["password", "current_password", "new_password", "client_secret", "otp", "refresh_token", "mfa_token"];
const IN_THE_HEADER: [&str; 3] = ["access_token", "token", "api_key"];

/// # Errors
/// A password or a token in the URL.
pub fn refuse_credentials(request: &HttpRequest) -> Result<(), Refusal> {
    credential_in(request.query_string()).map_or(Ok(()), |detail| Err(Refusal::new(Kind::CredentialsInQuery, detail)))
}

/// What actix says of a query string that does not fit, in our words.
pub fn bad_query(_: QueryPayloadError, _: &HttpRequest) -> Error {
    Refusal::new(Kind::BadRequest, "The query string could not be read, or has a parameter twice.").into()
}

fn credential_in(query: &str) -> Option<String> {
    if query.is_empty() {
        return None;
    }
    url::form_urlencoded::parse(query.as_bytes()).find_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        if value.starts_with(PREFIX) {
            return Some("An API key does not belong in the URL, where it is kept in logs: send it as 'Authorization: Bearer …', and end this one.".to_owned());
        }
        if IN_THE_BODY.contains(&name.as_str()) {
            return Some(format!("{name} does not belong in the URL, where it is kept in logs: send it in the body."));
        }
        IN_THE_HEADER.contains(&name.as_str()).then(|| {
            format!(
                "{name} does not belong in the URL, where it is kept in logs: send it as 'Authorization: Bearer …'."
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::credential_in;

    #[test]
    fn credentials_are_found_however_they_are_written() {
        assert!(credential_in("username=a&password=b").is_some());
        assert!(credential_in("Pass%77ord=b").is_some());
        assert!(credential_in("access_token=x").is_some_and(|why| why.contains("Authorization")));
        assert!(credential_in("q=vst_abc").is_some_and(|why| why.contains("API key")));
        assert!(credential_in("").is_none());
        assert!(credential_in("q=password&after=token").is_none());
    }
}
