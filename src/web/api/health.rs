//! Whether the server lives, and whether it can serve.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::health::outside::{Probe, Seen};
use crate::web::headers::no_store;
use crate::web::refuse::{Kind, Refusal};
use crate::web::whence::{address_of, is_trusted, peer_of};

#[derive(Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

#[utoipa::path(get, path = "/health", tag = "Discovery", summary = "Is it alive",
    responses((status = 200, description = "The process answers.", body = Health)))]
pub async fn live() -> HttpResponse {
    ok()
}

#[utoipa::path(get, path = "/health/ready", tag = "Discovery", summary = "Can it serve",
    responses((status = 200, description = "The database answers.", body = Health),
              (status = 503, description = "It does not, or the server is stopping.")))]
pub async fn ready(app: web::Data<App>) -> Result<HttpResponse, Refusal> {
    if app.is_draining() {
        return Err(Refusal::new(Kind::Unavailable, |t| t.refused.stopping));
    }
    app.reach().await?;
    Ok(ok())
}

#[utoipa::path(get, path = "/health/seen", tag = "Discovery", summary = "What it sees of the request",
    responses((status = 200, description = "For `vestibule doctor`, which proves that it holds SECRET_KEY.", body = serde_json::Value),
              (status = 404, description = "For everybody else.")))]
pub async fn seen(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let probe = header(Probe::HEADER).and_then(|sent| Probe::sent(&app, sent)).ok_or_else(Refusal::not_found)?;
    let peer = peer_of(&request);
    let all = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let (body, proof) = probe.answer(&Seen {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        address: address_of(&request).unwrap_or(peer).to_string(),
        peer: peer.to_string(),
        peer_is_trusted: is_trusted(&app, peer),
        forwarded_for: all.collect::<Vec<_>>().join(", "),
    });
    let mut answer =
        HttpResponse::Ok().content_type("application/json").insert_header((Probe::PROOF, proof)).body(body);
    no_store(answer.headers_mut());
    Ok(answer)
}

fn ok() -> HttpResponse {
    let mut answer = HttpResponse::Ok().json(Health { status: "ok" });
    no_store(answer.headers_mut());
    answer
}
