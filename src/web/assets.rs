//! Files that pages use, in the binary, under names that change with their content: cached for good.

use std::borrow::Cow;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::refuse::Refusal;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// Bytes of the digest that stand in a path: enough to tell two versions apart.
const HASH_BYTES: usize = 8;

/// The address of a file. A name that does not exist gives an address that answers 404, and a test that walks the
/// templates finds it.
pub fn url(name: &str) -> String {
    Files::get(name).map_or_else(|| format!("/static/missing/{name}"), |file| format!("/static/{}/{name}", hash(&file)))
}

fn hash(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// `GET /static/HASH/PATH`. Another version's hash is not found, rather than answered with the wrong content.
pub async fn file(path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (sent, name) = path.into_inner();
    let file = Files::get(&name).filter(|file| hash(file) == sent).ok_or_else(Refusal::not_found)?;
    Ok(serve(file, &name, "public, max-age=31536000, immutable"))
}

/// `GET /favicon.ico`, which browsers ask for unasked.
pub async fn favicon() -> Result<HttpResponse, Refusal> {
    let file = Files::get("favicon.svg").ok_or_else(Refusal::not_found)?;
    Ok(serve(file, "favicon.svg", "public, max-age=86400"))
}

fn serve(file: EmbeddedFile, name: &str, cache: &'static str) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, media_type(name))).insert_header((CACHE_CONTROL, cache));
    match file.data {
        Cow::Borrowed(bytes) => answer.body(web::Bytes::from_static(bytes)),
        Cow::Owned(bytes) => answer.body(bytes),
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("md" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
