//! One's own passkeys, page by page. Adding one is the browser's doing and takes a script; all else works without.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::access::Caller;
use crate::app::App;
use crate::credentials::factors;
use crate::credentials::passkeys::{self, Passkey, PasskeyName};
use crate::platform::ids::PasskeyId;
use crate::texts::device::Device;
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::form::{FieldErrors, Notice, see_other};
use crate::web::passkey_row::PasskeyRow;
use crate::web::refuse::Refusal;
use crate::web::whence::origin_of;
use crate::web::who::Resident;

const HERE: &str = "/account/passkeys";

#[derive(Template)]
#[template(path = "pages/passkeys.html")]
struct PasskeysPage {
    c: Chrome,
    passkeys: Vec<PasskeyRow>,
    adding: Adding,
    /// What a new one is called unless its owner says otherwise: the device they sit at.
    suggested: String,
    /// Nothing is kept for the day that the device is lost.
    without_codes: bool,
}

/// Whether another one can be added, as the page offers it.
enum Adding {
    /// On pages of this origin, the only one where browsers make passkeys for this installation.
    Offered(String),
    Full,
    NeedsDomain,
}

#[derive(Template)]
#[template(path = "pages/passkey.html")]
struct PasskeyPage {
    c: Chrome,
    passkey: PasskeyRow,
    form_name: String,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "pages/passkey_remove.html")]
struct RemovePage {
    c: Chrome,
    passkey: PasskeyRow,
}

/// `GET /account/passkeys`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let held = passkeys::list(&app, &caller).await?;
    let factors = factors::own(&app, &caller).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    let listed = PasskeysPage {
        passkeys: held.iter().map(|passkey| PasskeyRow::new(&c, passkey)).collect(),
        adding: adding(&app, held.len()),
        without_codes: !held.is_empty() && factors.recovery.left == 0,
        suggested: Device::read(&origin_of(&request).user_agent).in_words(c.t),
        c,
    };
    Ok(page(StatusCode::OK, &listed))
}

fn adding(app: &App, held: usize) -> Adding {
    match passkeys::place(app) {
        None => Adding::NeedsDomain,
        Some(_) if held >= passkeys::MOST => Adding::Full,
        Some(origin) => Adding::Offered(origin),
    }
}

/// `GET /account/passkeys/ID`: what it is called.
pub async fn show_one(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let passkey = own(&app, &caller, &id).await?;
    let form = renaming(&app, &request, &caller, &passkey, FieldErrors::default());
    Ok(page(StatusCode::OK, &form))
}

/// `POST /account/passkeys/ID`.
pub async fn rename(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let typed = fields.text("name").unwrap_or_default();
    let passkey = own(&app, &caller, &id).await?;
    match PasskeyName::parse(&typed).map_err(Refusal::from) {
        Ok(name) => {
            passkeys::rename(&app, &caller, passkey.id, name).await?;
            Ok(see_other(&Notice::PasskeyRenamed.on(HERE)))
        }
        Err(refusal) => {
            let status = refusal.kind.status();
            let form = renaming(&app, &request, &caller, &passkey, FieldErrors::from_refusal(refusal)?);
            Ok(page(status, &PasskeyPage { form_name: typed, ..form }))
        }
    }
}

/// `GET /account/passkeys/ID/remove`: asks first.
pub async fn ask_to_remove(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    caller.must_be_fresh(app.now())?;
    let passkey = own(&app, &caller, &id).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    Ok(page(StatusCode::OK, &RemovePage { passkey: PasskeyRow::new(&c, &passkey), c }))
}

/// `POST /account/passkeys/ID/remove`.
pub async fn remove(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    passkeys::remove(&app, &caller, PasskeyId::from_outside(id.into_inner())).await?;
    Ok(see_other(&Notice::PasskeyRemoved.on(HERE)))
}

async fn own(app: &App, caller: &Caller, id: &str) -> Result<Passkey, Refusal> {
    let held = passkeys::list(app, caller).await?;
    held.into_iter().find(|passkey| passkey.id.as_str() == id).ok_or_else(Refusal::not_found)
}

fn renaming(app: &App, request: &HttpRequest, caller: &Caller, passkey: &Passkey, errors: FieldErrors) -> PasskeyPage {
    let c = Chrome::new(app, request, Some(caller), Section::Account);
    let passkey = PasskeyRow::new(&c, passkey);
    PasskeyPage { form_name: passkey.name.clone(), passkey, errors, c }
}
