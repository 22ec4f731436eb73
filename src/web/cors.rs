//! Which other origins' browsers may call the JSON endpoints: those of `CORS_ORIGINS`, with bearer tokens, never cookies.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, IF_MATCH, IF_NONE_MATCH};

use crate::config::Config;

/// Seconds that a browser may keep a preflight's answer.
const PREFLIGHT_MAX_AGE: usize = 600;

pub fn cors(config: &Config) -> Cors {
    let listed = config.cors_origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    listed
        .allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH])
        .allowed_headers(["last-event-id", "x-csrf-token", "x-request-id"].map(HeaderName::from_static))
        .expose_headers(["etag", "x-request-id", "retry-after", "www-authenticate"])
        // An origin that is not listed gets no CORS header; whether it may write, `origin` decides.
        .block_on_origin_mismatch(false)
        .max_age(PREFLIGHT_MAX_AGE)
}
