//! Deleting one's own account.

use actix_identity::Identity;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::accounts;
use crate::app::App;
use crate::texts::Sentence;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

#[derive(Template)]
#[template(path = "pages/delete.html")]
struct DeletePage {
    c: Chrome,
    username: String,
    errors: FieldErrors,
}

/// `GET /account/delete`: what will follow.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must_be_fresh(app.now())?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    let asked = DeletePage { c, username: caller.username.clone(), errors: FieldErrors::default() };
    Ok(page(StatusCode::OK, &asked))
}

/// `POST /account/delete`, with the username typed out: nobody does this by a slip of the hand.
pub async fn submit(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    cookie: Option<Identity>,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    if fields.text("username").unwrap_or_default().trim() != caller.username {
        let errors = FieldErrors::at("username", Sentence::new(|t| t.delete.not_the_name));
        let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
        let again = DeletePage { c, username: caller.username.clone(), errors };
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    accounts::delete_own(&app, &caller).await?;
    if let Some(cookie) = cookie {
        cookie.logout();
    }
    Ok(see_other(&Notice::AccountDeleted.on("/login")))
}
