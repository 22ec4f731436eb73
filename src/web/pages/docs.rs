//! The documentation: Swagger UI to try calls out, and a reference that reads without a script. Both are made from the same
//! OpenAPI document.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::reference::{Group, reference as read_reference};
use crate::web::refuse::Refusal;
use crate::web::who::Visitor;

#[derive(Template)]
#[template(path = "docs/docs.html")]
struct DocsPage {
    c: Chrome,
}

/// `GET /docs`.
pub async fn docs(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(caller): Visitor,
) -> Result<HttpResponse, Refusal> {
    let c = Chrome::new(&app, &request, caller.as_ref(), Section::Docs);
    Ok(page(StatusCode::OK, &DocsPage { c }))
}

#[derive(Template)]
#[template(path = "docs/reference.html")]
struct ReferencePage {
    c: Chrome,
    title: String,
    version: String,
    intro: String,
    groups: Vec<Group>,
}

/// `GET /redoc`.
pub async fn reference(
    app: web::Data<App>,
    request: HttpRequest,
    Visitor(caller): Visitor,
) -> Result<HttpResponse, Refusal> {
    let c = Chrome::new(&app, &request, caller.as_ref(), Section::Docs);
    let document = read_reference(app.config.public_url.origin());
    let read = ReferencePage {
        c,
        title: document.title,
        version: document.version,
        intro: document.intro,
        groups: document.groups,
    };
    Ok(page(StatusCode::OK, &read))
}
