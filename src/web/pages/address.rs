//! One's mail address: change it, confirm it by the code from the mail, or leave it as it is after all.

use actix_web::{HttpRequest, HttpResponse, web};

use super::account::{AccountPage, Typed};
use crate::access::Caller;
use crate::accounts::OwnEdit;
use crate::app::App;
use crate::credentials::{self, Proof};
use crate::platform::secret::ShortCode;
use crate::web::body::Fields;
use crate::web::chrome::page_again;
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::whence::origin_of;
use crate::web::who::Resident;

const HERE: &str = "/account";

/// `POST /account/email`.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let email = fields.text("email").unwrap_or_default();
    let edit = OwnEdit { name: None, email: Some(email.clone()) };
    match credentials::edit_own(&app, &caller, edit).await {
        Ok(own) => {
            let notice = if own.email_pending.is_some() { Notice::EmailAsked } else { Notice::EmailKept };
            Ok(see_other(&notice.on(HERE)))
        }
        Err(refusal) => again(&app, &request, &caller, Some(email), refusal.into()).await,
    }
}

/// `POST /account/email/confirm`: the code, typed.
pub async fn confirm(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let code = ShortCode::typed(&fields.text("code").unwrap_or_default());
    let done = match code {
        Some(code) => credentials::confirm(&app, &origin_of(&request), Proof::Code(caller.clone(), code)).await,
        None => Err(credentials::Refusal::BadCode),
    };
    match done {
        Ok(_) => Ok(see_other(&Notice::EmailConfirmed.on(HERE))),
        Err(refusal) => again(&app, &request, &caller, None, refusal.into()).await,
    }
}

/// `POST /account/email/keep`: drops a change that waits.
pub async fn keep(app: web::Data<App>, Resident(caller): Resident) -> Result<HttpResponse, Refusal> {
    credentials::drop_change(&app, &caller).await?;
    Ok(see_other(&Notice::EmailKept.on(HERE)))
}

/// `POST /account/email/resend`.
pub async fn resend(app: web::Data<App>, Resident(caller): Resident) -> Result<HttpResponse, Refusal> {
    credentials::resend_verification(&app, &caller).await?;
    Ok(see_other(&Notice::MailSent.on(HERE)))
}

/// The account page once more, with what is wrong.
async fn again(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    email: Option<String>,
    refusal: Refusal,
) -> Result<HttpResponse, Refusal> {
    let (status, wait) = (refusal.kind.status(), refusal.retry_after());
    let errors = FieldErrors::from_refusal(refusal)?;
    let typed = Typed { email, ..Typed::default() };
    Ok(page_again(status, &AccountPage::read(app, request, caller, typed, errors).await?, wait))
}
