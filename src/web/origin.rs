//! Cross-origin writes are refused: another site's page must not act through somebody's browser. Browsers say where a
//! request comes from in `Sec-Fetch-Site`; older ones in `Origin`; programs say neither, and carry no cookie.

use actix_web::Error;
use actix_web::ResponseError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, ORIGIN};
use actix_web::middleware::Next;

use super::refuse::{Kind, Refusal};
use super::trace::app_of;
use crate::config::Config;

/// The middleware.
///
/// # Errors
/// Those of what it wraps.
pub async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let safe = request.method().is_safe();
    if safe || is_allowed(request.headers(), &app_of(request.request()).config) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let refusal = Refusal::new(Kind::CrossOrigin, "The request came from another site, so nothing was changed.");
    Ok(request.into_response(refusal.error_response()).map_into_right_body())
}

fn is_allowed(headers: &HeaderMap, config: &Config) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let listed = |origin: &str| config.cors_origins.iter().any(|listed| listed == origin);
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some("same-origin" | "none"), _) | (None, None) => true,
        (Some(_), origin) => origin.is_some_and(listed),
        (None, Some(origin)) => origin == config.public_url.origin() || listed(origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn allowed(pairs: &[(&'static str, &'static str)]) -> bool {
        let values = [("CORS_ORIGINS".to_owned(), "https://app.example".to_owned())];
        let config = Config::from_values(values).unwrap_or_else(|why| panic!("{why}"));
        let headers = pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect();
        is_allowed(&headers, &config)
    }

    #[test]
    fn writes_from_other_sites_are_refused() {
        assert!(allowed(&[]));
        assert!(allowed(&[("sec-fetch-site", "same-origin"), ("origin", "https://whatever.example")]));
        assert!(allowed(&[("sec-fetch-site", "cross-site"), ("origin", "https://app.example")]));
        assert!(allowed(&[("origin", "http://localhost:8000")]));
        assert!(!allowed(&[("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("sec-fetch-site", "same-site"), ("origin", "http://localhost:8000")]));
        assert!(!allowed(&[("origin", "https://evil.example")]));
        assert!(!allowed(&[("origin", "null")]));
    }
}
