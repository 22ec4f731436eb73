//! Files that pages use, in the binary, under names that change with their content: cached for good.

use std::borrow::Cow;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::refuse::Refusal;
use crate::platform::hex::hex;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// Bytes of the digest that stand in a path: enough to tell two versions apart.
const HASH_BYTES: usize = 8;

/// A file as it lies in the binary.
struct File {
    content: EmbeddedFile,
    packing: Packing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
}

impl File {
    /// What is large lies there as NAME.gz alone: the binary is smaller by more than a megabyte.
    fn find(name: &str) -> Option<Self> {
        let plain = || Files::get(name).map(|content| Self { content, packing: Packing::None });
        let packed = || Files::get(&format!("{name}.gz")).map(|content| Self { content, packing: Packing::Gzip });
        plain().or_else(packed)
    }

    fn hash(&self) -> String {
        hex(&self.content.metadata.sha256_hash()[..HASH_BYTES])
    }

    fn serve(self, name: &str, cache: &'static str) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer.insert_header((CONTENT_TYPE, media_type(name))).insert_header((CACHE_CONTROL, cache));
        if self.packing == Packing::Gzip {
            // Whatever is accepted (RFC 9110 section 12.5.3 lets us): browsers ask for these, and all of them unpack it.
            answer.insert_header((CONTENT_ENCODING, "gzip"));
        }
        match self.content.data {
            Cow::Borrowed(bytes) => answer.body(web::Bytes::from_static(bytes)),
            Cow::Owned(bytes) => answer.body(bytes),
        }
    }
}

/// The address of a file. A name that does not exist gives an address that answers 404, and a test that walks the
/// templates finds it.
pub fn url(name: &str) -> String {
    File::find(name).map_or_else(|| format!("/static/missing/{name}"), |file| format!("/static/{}/{name}", file.hash()))
}

/// `GET /static/HASH/PATH`. Another version's hash is not found, rather than answered with the wrong content.
pub async fn file(path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (sent, name) = path.into_inner();
    let file = File::find(&name).filter(|file| file.hash() == sent).ok_or_else(Refusal::not_found)?;
    Ok(file.serve(&name, "public, max-age=31536000, immutable"))
}

/// `GET /favicon.ico`, which browsers ask for unasked.
pub async fn favicon() -> Result<HttpResponse, Refusal> {
    let file = File::find("favicon.svg").ok_or_else(Refusal::not_found)?;
    Ok(file.serve("favicon.svg", "public, max-age=86400"))
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
