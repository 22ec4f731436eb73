//! Whether an address is somebody's: the page that a link in a mail opens. Nobody has to be signed in for it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::app::App;
use crate::credentials::{self, Proof};
use crate::platform::secret::OpaqueToken;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::{Notice, see_other};
use crate::web::refuse::{Kind, Refusal};
use crate::web::whence::origin_of;
use crate::web::who::Visitor;

#[derive(Template)]
#[template(path = "pages/verify.html")]
struct VerifyPage {
    c: Chrome,
    code: String,
    address: String,
    is_change: bool,
}

#[derive(Template)]
#[template(path = "pages/verify_over.html")]
struct VerifyOverPage {
    c: Chrome,
    /// Somebody else has the address by now.
    taken: Option<String>,
}

#[derive(Deserialize)]
pub struct VerifyQuery {
    code: Option<String>,
}

/// `GET /verify`: shows a button and uses nothing up.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<VerifyQuery>,
) -> Result<HttpResponse, Refusal> {
    let c = Chrome::new(&app, &request, None, Section::None);
    let code = query.into_inner().code.unwrap_or_default();
    match credentials::asks(&app, OpaqueToken::sent(code.as_str())).await? {
        Some(asks) => {
            let open = VerifyPage { c, code, address: asks.address, is_change: asks.is_change };
            Ok(page(StatusCode::OK, &open))
        }
        None => Ok(page(StatusCode::NOT_FOUND, &VerifyOverPage { c, taken: None })),
    }
}

/// `POST /verify`.
pub async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(caller): Visitor,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let proof = Proof::Link(OpaqueToken::sent(fields.text("code").unwrap_or_default()));
    match credentials::confirm(&app, &origin_of(&request), proof).await.map_err(Refusal::from) {
        Ok(_) => Ok(see_other(&Notice::EmailConfirmed.on(if caller.is_some() { "/account" } else { "/login" }))),
        Err(refusal) if matches!(refusal.kind, Kind::BadCode | Kind::Taken) => {
            let c = Chrome::new(&app, &request, None, Section::None);
            let taken = (refusal.kind == Kind::Taken).then(|| refusal.detail.said(c.t).into_owned());
            let status = if taken.is_some() { Kind::Taken.status() } else { StatusCode::NOT_FOUND };
            Ok(page(status, &VerifyOverPage { c, taken }))
        }
        Err(refusal) => Err(refusal),
    }
}
