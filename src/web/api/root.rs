//! `GET /` for a program.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::headers::vary_by_accept;
use crate::web::who::PerhapsSignedIn;

#[derive(Serialize, ToSchema)]
pub struct Greeting {
    message: &'static str,
    docs: &'static str,
    /// Whose token was sent, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
}

#[utoipa::path(get, path = "/", tag = "Discovery", summary = "What this is",
    responses((status = 200, description = "A greeting, and where the documentation is; with the username of whoever brings a token.", body = Greeting),
              (status = 401, description = "A bad token.")))]
pub async fn greet(PerhapsSignedIn(caller): PerhapsSignedIn) -> HttpResponse {
    let username = caller.map(|caller| caller.username.clone());
    let mut answer = HttpResponse::Ok().json(Greeting { message: "This is Vestibule.", docs: "/docs", username });
    vary_by_accept(answer.headers_mut());
    answer
}
