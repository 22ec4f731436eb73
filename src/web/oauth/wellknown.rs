//! What clients find out by themselves: the public keys (RFC 7517) and the metadata (RFC 8414).

use actix_web::http::header::{CACHE_CONTROL, ETag, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::oauth;
use crate::tokens::keys::JWKS_MAX_AGE;

#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "Discovery", summary = "Public keys",
    responses((status = 200, description = "A JSON Web Key Set (RFC 7517).", body = serde_json::Value)))]
pub async fn jwks(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let (keys, etag) = app.keys.published();
    let etag = EntityTag::new_strong(etag);
    let cache = (CACHE_CONTROL, format!("public, max-age={JWKS_MAX_AGE}"));
    if let Ok(known) = IfNoneMatch::parse(&request)
        && known_matches(&known, &etag)
    {
        return HttpResponse::NotModified().insert_header(cache).insert_header(ETag(etag)).finish();
    }
    HttpResponse::Ok().insert_header(cache).insert_header(ETag(etag)).json(keys)
}

fn known_matches(known: &IfNoneMatch, etag: &EntityTag) -> bool {
    match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|tag| tag.weak_eq(etag)),
    }
}

#[utoipa::path(get, path = "/.well-known/oauth-authorization-server", tag = "Discovery", summary = "Server metadata",
    responses((status = 200, description = "Authorization server metadata (RFC 8414).", body = serde_json::Value)))]
pub async fn metadata(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, format!("public, max-age={JWKS_MAX_AGE}")))
        .json(oauth::metadata(&app))
}
