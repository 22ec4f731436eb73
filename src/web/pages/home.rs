//! `GET /` for a browser: in, or to the door.

use actix_web::HttpResponse;

use crate::web::form::see_other;
use crate::web::refuse::Refusal;
use crate::web::who::Visitor;

pub async fn enter(Visitor(caller): Visitor) -> Result<HttpResponse, Refusal> {
    Ok(see_other(if caller.is_some() { "/account" } else { "/login" }))
}
