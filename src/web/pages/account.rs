//! One's own account: who one is here, and in short where one is signed in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::access::Caller;
use crate::accounts::OwnEdit;
use crate::app::App;
use crate::credentials::{self, factors};
use crate::sessions;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, SessionRow, When, page};
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

#[derive(Template)]
#[template(path = "pages/account.html")]
pub struct AccountPage {
    c: Chrome,
    username: String,
    email: String,
    email_verified: bool,
    email_pending: Option<String>,
    email_typed: String,
    roles: Vec<String>,
    created: When,
    here: Option<SessionRow>,
    living: usize,
    reused: bool,
    second_factor: bool,
    form_name: String,
    errors: FieldErrors,
}

/// `GET /account`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let account = AccountPage::read(&app, &request, &caller, Typed::default(), FieldErrors::default()).await?;
    Ok(page(StatusCode::OK, &account))
}

/// `POST /account`: the name that others see.
pub async fn save(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let name = fields.text("name").unwrap_or_default();
    let edit = OwnEdit { name: Some(name.clone()), email: None };
    match credentials::edit_own(&app, &caller, edit).await.map_err(Refusal::from) {
        Ok(_) => Ok(see_other(&Notice::Saved.on("/account"))),
        Err(refusal) => {
            let status = refusal.kind.status();
            let errors = FieldErrors::from_refusal(refusal)?;
            let typed = Typed { name: Some(name), ..Typed::default() };
            Ok(page(status, &AccountPage::read(&app, &request, &caller, typed, errors).await?))
        }
    }
}

/// What was typed, where the page is shown once more.
#[derive(Default)]
pub struct Typed {
    pub name: Option<String>,
    pub email: Option<String>,
}

impl AccountPage {
    /// Reads all of it; what was typed stands in place of what is.
    ///
    /// # Errors
    /// To the sign-in page where the account is gone; a fault.
    pub async fn read(
        app: &App,
        request: &HttpRequest,
        caller: &Caller,
        typed: Typed,
        errors: FieldErrors,
    ) -> Result<Self, Refusal> {
        let own = credentials::own(app, caller).await?.ok_or_else(Refusal::to_sign_in)?;
        let sessions = sessions::summary(app, caller).await?;
        let held = factors::own(app, caller).await?;
        let c = Chrome::new(app, request, Some(caller), Section::Account);
        Ok(Self {
            second_factor: held.any(),
            created: c.when(own.user.created_at),
            here: sessions.here.map(|session| c.session(session, caller)),
            living: sessions.living,
            reused: sessions.reused,
            form_name: typed.name.or(own.user.name).unwrap_or_default(),
            c,
            username: own.user.username,
            email: own.user.email,
            email_verified: own.user.email_verified,
            email_pending: own.email_pending,
            email_typed: typed.email.unwrap_or_default(),
            roles: own.user.roles,
            errors,
        })
    }
}
