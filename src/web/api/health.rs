//! Whether the server lives, and whether it can serve.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::web::headers::no_store;
use crate::web::refuse::{Kind, Refusal};

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

fn ok() -> HttpResponse {
    let mut answer = HttpResponse::Ok().json(Health { status: "ok" });
    no_store(answer.headers_mut());
    answer
}
