//! Cross-origin writes are refused: another site's page must not act through somebody's browser. Browsers say where a
//! request comes from in `Sec-Fetch-Site`; older ones in `Origin`; programs say neither, and carry no cookie.

use actix_web::http::header::{HeaderMap, ORIGIN};
use actix_web::{HttpMessage, HttpRequest};

use super::accept::prefers_html;
use super::refuse::{Kind, Refusal};
use crate::app::App;
use crate::config::Config;

/// # Errors
/// A write that another site makes through somebody's browser.
pub fn refuse_cross_origin(app: &App, request: &HttpRequest) -> Result<(), Refusal> {
    let safe = request.method().is_safe();
    match sender(request.headers(), &app.config) {
        Sender::Own => Ok(()),
        // A listed app calls the JSON endpoints with tokens; pages are not its business, and no cookie counts for it.
        Sender::Listed if safe || !prefers_html(request.headers()) => {
            request.extensions_mut().insert(WithoutCookie);
            Ok(())
        }
        Sender::Foreign if safe => Ok(()),
        Sender::Listed | Sender::Foreign => Err(Refusal::new(Kind::CrossOrigin, |t| t.refused.cross_origin)),
    }
}

/// Marks a request of another origin: whoever's cookie it carries did not send it.
pub struct WithoutCookie;

#[derive(Debug, PartialEq, Eq)]
enum Sender {
    /// Our own pages, or a program.
    Own,
    /// An origin of `CORS_ORIGINS`.
    Listed,
    Foreign,
}

fn sender(headers: &HeaderMap, config: &Config) -> Sender {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let origin = text(ORIGIN.as_str());
    let own = match text("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => origin.is_none_or(|origin| origin == config.public_url.origin()),
    };
    let listed = origin.is_some_and(|origin| config.cors_origins.iter().any(|listed| listed == origin));
    match (own, listed) {
        (true, _) => Sender::Own,
        (false, true) => Sender::Listed,
        (false, false) => Sender::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn sent(pairs: &[(&'static str, &'static str)]) -> Sender {
        let values = [("CORS_ORIGINS".to_owned(), "https://app.example".to_owned())];
        let config = Config::from_values(values).unwrap_or_else(|why| panic!("{why}"));
        let headers = pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect();
        sender(&headers, &config)
    }

    #[test]
    fn where_a_request_comes_from_is_told_by_the_browser() {
        assert_eq!(sent(&[]), Sender::Own);
        assert_eq!(sent(&[("sec-fetch-site", "same-origin"), ("origin", "https://whatever.example")]), Sender::Own);
        assert_eq!(sent(&[("origin", "http://localhost:8000")]), Sender::Own);
        assert_eq!(sent(&[("sec-fetch-site", "cross-site"), ("origin", "https://app.example")]), Sender::Listed);
        assert_eq!(sent(&[("sec-fetch-site", "same-site"), ("origin", "https://app.example")]), Sender::Listed);
        assert_eq!(sent(&[("sec-fetch-site", "cross-site")]), Sender::Foreign);
        assert_eq!(sent(&[("sec-fetch-site", "same-site"), ("origin", "http://localhost:8000")]), Sender::Foreign);
        assert_eq!(sent(&[("origin", "https://evil.example")]), Sender::Foreign);
        assert_eq!(sent(&[("origin", "null")]), Sender::Foreign);
    }
}
