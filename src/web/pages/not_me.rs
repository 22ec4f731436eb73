//! 'This wasn't me': the page behind the link in the mail about a new device. Whoever reads the mail need not be signed in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::app::App;
use crate::credentials;
use crate::platform::secret::OpaqueToken;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::refuse::{Kind, Refusal};
use crate::web::whence::origin_of;

#[derive(Template)]
#[template(path = "pages/not_me.html")]
struct NotMePage {
    c: Chrome,
    state: State,
}

/// Where it stands.
enum State {
    /// The token of the link, to be sent along.
    Open(String),
    Over,
    Done,
}

#[derive(Deserialize)]
pub struct NotMeQuery {
    code: Option<String>,
}

/// `GET /not-me`: shows a button and uses nothing up.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<NotMeQuery>,
) -> Result<HttpResponse, Refusal> {
    let c = Chrome::new(&app, &request, None, Section::None);
    let code = query.into_inner().code.unwrap_or_default();
    match credentials::is_not_me_open(&app, OpaqueToken::sent(code.as_str())).await? {
        true => Ok(page(StatusCode::OK, &NotMePage { c, state: State::Open(code) })),
        false => Ok(page(StatusCode::NOT_FOUND, &NotMePage { c, state: State::Over })),
    }
}

/// `POST /not-me`.
pub async fn submit(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let link = OpaqueToken::sent(fields.text("code").unwrap_or_default());
    let c = Chrome::new(&app, &request, None, Section::None);
    match credentials::not_me(&app, &origin_of(&request), link).await.map_err(Refusal::from) {
        Ok(()) => Ok(page(StatusCode::OK, &NotMePage { c, state: State::Done })),
        Err(refusal) if refusal.kind == Kind::BadCode => {
            Ok(page(StatusCode::NOT_FOUND, &NotMePage { c, state: State::Over }))
        }
        Err(refusal) => Err(refusal),
    }
}
