//! `GET /` for a program.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::headers::vary_by_accept;

#[derive(Serialize, ToSchema)]
pub struct Greeting {
    message: &'static str,
    docs: &'static str,
}

#[utoipa::path(get, path = "/", tag = "Discovery", summary = "What this is",
    responses((status = 200, description = "A greeting, and where the documentation is.", body = Greeting)))]
pub async fn greet() -> HttpResponse {
    let mut answer = HttpResponse::Ok().json(Greeting { message: "This is Vestibule.", docs: "/docs" });
    vary_by_accept(answer.headers_mut());
    answer
}
