//! Errors as pages: what went wrong with a request, and what each type of error means.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::platform::ids::RequestId;
use crate::texts::Problem;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::refuse::{Kind, Refusal};
use crate::web::who::Visitor;

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorPage {
    c: Chrome,
    status: u16,
    title: &'static str,
    detail: String,
    /// What to do, where there is more to it than trying again.
    mend: Option<&'static str>,
    request_id: String,
    action: Option<(String, String)>,
}

/// The page that a browser gets for a refusal.
pub fn error_page(c: Chrome, refusal: &Refusal, request_id: &RequestId) -> String {
    let action = match refusal.kind {
        Kind::NotAuthenticated | Kind::BadToken => Some(("/login".to_owned(), c.t.words.sign_in.to_owned())),
        _ => Some(("/".to_owned(), c.t.error.home.to_owned())),
    };
    let words = refusal.kind.words(c.t);
    let error = ErrorPage {
        status: refusal.kind.status().as_u16(),
        title: words.title,
        detail: refusal.detail.said(c.t).into_owned(),
        mend: (refusal.kind == Kind::Forbidden).then_some(words.mend),
        request_id: request_id.as_str().to_owned(),
        action,
        c,
    };
    // A page about an error can't have one of its own; if it had, the bare sentence would do.
    error.render().unwrap_or_else(|_| words.title.to_owned())
}

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage {
    c: Chrome,
    status: u16,
    words: &'static Problem,
    slug: &'static str,
}

/// `GET /errors/SLUG`: what the `type` of an error answer stands for.
pub async fn explain(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
    Visitor(caller): Visitor,
) -> Result<HttpResponse, Refusal> {
    let kind = Kind::ALL.iter().find(|kind| kind.slug() == slug.as_str()).ok_or_else(Refusal::not_found)?;
    let c = Chrome::new(&app, &request, caller.as_ref(), Section::None);
    let explained = ProblemPage { status: kind.status().as_u16(), words: kind.words(c.t), slug: kind.slug(), c };
    Ok(page(StatusCode::OK, &explained))
}
