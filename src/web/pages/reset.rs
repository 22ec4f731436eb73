//! A new password, by the link or the code from a mail. Nobody is signed in by it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::app::App;
use crate::credentials::{self, Permit};
use crate::platform::secret::{OpaqueToken, Password, ShortCode};
use crate::signin;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page, page_again};
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::refuse::{Kind, Refusal};
use crate::web::whence::origin_of;

#[derive(Template)]
#[template(path = "pages/reset.html")]
pub struct ResetPage {
    c: Chrome,
    /// The token, where a link led here.
    link: Option<String>,
    email: String,
    asked: bool,
    errors: FieldErrors,
}

impl ResetPage {
    /// Where the code is typed once the mail is there.
    pub fn after_asking(c: Chrome, email: String) -> Self {
        Self { c, link: None, email, asked: true, errors: FieldErrors::default() }
    }
}

#[derive(Template)]
#[template(path = "pages/reset_over.html")]
struct ResetOverPage {
    c: Chrome,
}

#[derive(Deserialize)]
pub struct ResetQuery {
    code: Option<String>,
}

/// `GET /reset`: shows the form and uses nothing up.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    query: web::Query<ResetQuery>,
) -> Result<HttpResponse, Refusal> {
    let c = Chrome::new(&app, &request, None, Section::None);
    let link = query.into_inner().code;
    if let Some(code) = &link
        && !credentials::is_reset_open(&app, OpaqueToken::sent(code)).await?
    {
        return Ok(page(StatusCode::NOT_FOUND, &ResetOverPage { c }));
    }
    let blank = ResetPage { c, link, email: String::new(), asked: false, errors: FieldErrors::default() };
    Ok(page(StatusCode::OK, &blank))
}

/// `POST /reset` from a browser. The form of a link has no address in it.
pub async fn submit(app: web::Data<App>, request: HttpRequest, fields: Fields) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let text = |name| fields.text(name).unwrap_or_default();
    let (code, email, password) = (text("code"), fields.text("email"), Password::new(text("password")));
    let permit = match &email {
        None => Some(Permit::Link(OpaqueToken::sent(code.as_str()))),
        Some(email) => ShortCode::typed(&code).map(|code| Permit::Code(email.clone(), code)),
    };
    let done = match permit {
        Some(permit) => credentials::reset_by_mail(&app, &origin_of(&request), permit, password).await,
        None => Err(credentials::Refusal::BadCode),
    };
    match done.map_err(|refusal| Refusal::from(signin::Refusal::from(refusal))) {
        Ok(()) => Ok(see_other(&Notice::PasswordReset.on("/login"))),
        Err(refusal) => {
            let c = Chrome::new(&app, &request, None, Section::None);
            let link = email.is_none().then_some(code);
            if link.is_some() && refusal.kind == Kind::BadCode {
                return Ok(page(StatusCode::NOT_FOUND, &ResetOverPage { c }));
            }
            let (status, wait) = (refusal.kind.status(), refusal.retry_after());
            let errors = FieldErrors::from_refusal(refusal)?;
            let again = ResetPage { c, link, email: email.unwrap_or_default(), asked: false, errors };
            Ok(page_again(status, &again, wait))
        }
    }
}
