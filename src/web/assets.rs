//! Files that pages use, in the binary, under names that change with their content: cached for good.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::sync::LazyLock;

use actix_web::http::header::{
    ACCEPT_ENCODING, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, Encoding, Header, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::Compression;
use flate2::read::GzEncoder;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::refuse::Refusal;
use crate::platform::hex::hex;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// Bytes of the digest that stand in a path: enough to tell two versions apart.
const HASH_BYTES: usize = 8;

/// What does not lie there packed, packed when the first of them is asked for: a stylesheet is a quarter of itself.
static PACKED: LazyLock<HashMap<String, web::Bytes>> = LazyLock::new(|| {
    let pack = |name: Cow<'static, str>| {
        let plain = Files::get(&name)?.data;
        let mut packed = Vec::new();
        GzEncoder::new(plain.as_ref(), Compression::best()).read_to_end(&mut packed).ok()?;
        (packed.len() < plain.len()).then(|| (name.into_owned(), web::Bytes::from(packed)))
    };
    Files::iter().filter(|name| !name.ends_with(".gz")).filter_map(pack).collect()
});

/// A file as it lies in the binary.
struct File {
    name: String,
    content: EmbeddedFile,
    /// It lies there as NAME.gz alone, since it is large: the binary is smaller by more than a megabyte.
    is_packed: bool,
}

impl File {
    fn find(name: &str) -> Option<Self> {
        let file = |content, is_packed| Self { name: name.to_owned(), content, is_packed };
        let plain = || Files::get(name).map(|content| file(content, false));
        let packed = || Files::get(&format!("{name}.gz")).map(|content| file(content, true));
        plain().or_else(packed)
    }

    fn hash(&self) -> String {
        hex(&self.content.metadata.sha256_hash()[..HASH_BYTES])
    }

    fn serve(self, request: &HttpRequest, cache: &'static str) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer.insert_header((CONTENT_TYPE, media_type(&self.name))).insert_header((CACHE_CONTROL, cache));
        if self.is_packed {
            // Whatever is accepted (RFC 9110 section 12.5.3 lets us): browsers ask for these, and all of them unpack it.
            answer.insert_header((CONTENT_ENCODING, "gzip"));
        } else if let Some(packed) = PACKED.get(&self.name) {
            answer.insert_header((VARY, ACCEPT_ENCODING.as_str()));
            if takes_gzip(request) {
                return answer.insert_header((CONTENT_ENCODING, "gzip")).body(packed.clone());
            }
        }
        match self.content.data {
            Cow::Borrowed(bytes) => answer.body(web::Bytes::from_static(bytes)),
            Cow::Owned(bytes) => answer.body(bytes),
        }
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request).is_ok_and(|taken| taken.negotiate(offered.iter()) == Some(Encoding::gzip()))
}

/// The address of a file. A name that does not exist gives an address that answers 404, and a test that walks the
/// templates finds it.
pub fn url(name: &str) -> String {
    File::find(name).map_or_else(|| format!("/static/missing/{name}"), |file| format!("/static/{}/{name}", file.hash()))
}

/// `GET /static/HASH/PATH`. Another version's hash is not found, rather than answered with the wrong content.
pub async fn file(request: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (sent, name) = path.into_inner();
    let file = File::find(&name).filter(|file| file.hash() == sent).ok_or_else(Refusal::not_found)?;
    Ok(file.serve(&request, "public, max-age=31536000, immutable"))
}

/// `GET /favicon.ico`, which browsers ask for unasked.
pub async fn favicon(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let file = File::find("favicon.svg").ok_or_else(Refusal::not_found)?;
    Ok(file.serve(&request, "public, max-age=86400"))
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
