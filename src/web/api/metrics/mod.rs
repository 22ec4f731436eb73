//! `GET /metrics`: what Prometheus collects.

mod families;

use actix_web::http::header::FORWARDED;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use crate::access::words;
use crate::app::App;
use crate::platform::metrics::Exposition;
use crate::web::headers::no_store;
use crate::web::refuse::Refusal;
use crate::web::whence::address_of;
use crate::web::who::SignedIn;

#[utoipa::path(get, path = "/metrics", tag = "Discovery", summary = "What it does, for Prometheus",
    responses((status = 200, description = "Text format 0.0.4. From the addresses of METRICS_FROM without a token, from elsewhere with settings:read.",
                   content_type = "text/plain"),
              (status = 401, description = "From elsewhere, without a token or an API key."),
              (status = 403, description = "From elsewhere, without settings:read.")))]
pub async fn metrics(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Refusal> {
    if !comes_from_a_reader(&app, &request) {
        let SignedIn(caller) = SignedIn::extract(&request).await?;
        caller.must(words::SETTINGS_READ)?;
    }
    let mut page = Exposition::default();
    families::write(&app, &mut page);
    let mut answer = HttpResponse::Ok().content_type(Exposition::CONTENT_TYPE).body(page.into_text());
    no_store(answer.headers_mut());
    Ok(answer)
}

/// Whether the address may read it. Behind a proxy that is not declared everybody has the proxy's, so there none counts.
fn comes_from_a_reader(app: &App, request: &HttpRequest) -> bool {
    let config = &app.config;
    let passed_on = request.headers().contains_key("x-forwarded-for") || request.headers().contains_key(FORWARDED);
    let somebodys = config.trusted_proxies.is_empty() && (passed_on || config.public_url.is_https());
    let allowed = |address| config.metrics_from.iter().any(|net| net.contains(&address));
    !somebodys && address_of(request).is_some_and(allowed)
}
