//! Signing keys: `/api/keys` and `/admin/keys`. Rotating them asks on a page of its own.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::access::words;
use crate::app::App;
use crate::platform::time::UnixTime;
use crate::tokens::keys::{self, KeyInfo, Next, Start, State};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, When, page as render};
use crate::web::curl;
use crate::web::form::{Notice, see_other};
use crate::web::refuse::Refusal;
use crate::web::who::{Resident, SignedIn};

const HERE: &str = "/admin/keys";

/// A signing key as programs see it: never the key itself.
#[derive(Serialize, ToSchema)]
pub struct KeyJson {
    kid: String,
    algorithm: &'static str,
    /// `published` (known, not yet used), `signs`, or `verifies` (used no more, still trusted).
    state: &'static str,
    #[schema(value_type = String, format = "date-time")]
    created_at: UnixTime,
    #[schema(value_type = String, format = "date-time")]
    signs_from: UnixTime,
    #[schema(value_type = Option<String>, format = "date-time")]
    retired_at: Option<UnixTime>,
    /// Then the last token that it signed has expired.
    #[schema(value_type = Option<String>, format = "date-time")]
    verifies_until: Option<UnixTime>,
}

impl From<KeyInfo> for KeyJson {
    fn from(key: KeyInfo) -> Self {
        let state = match key.state {
            State::Published => "published",
            State::Signs => "signs",
            State::Verifies => "verifies",
        };
        Self {
            kid: key.kid,
            algorithm: key.algorithm,
            state,
            created_at: key.created_at,
            signs_from: key.signs_from,
            retired_at: key.retired_at,
            verifies_until: key.verifies_until,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct KeyList {
    /// Oldest first.
    items: Vec<KeyJson>,
    /// Always null: they are few enough for one page.
    next: Option<String>,
    /// When a new key follows by itself; null where it does not (KEY_ROTATION_DAYS=0, or ALGORITHM=HS256).
    #[schema(value_type = Option<String>, format = "date-time")]
    next_rotation_at: Option<UnixTime>,
}

#[utoipa::path(get, path = "/api/keys", tag = "Signing keys", summary = "Signing keys",
    security(("password" = ["keys:write"])),
    responses((status = 200, body = KeyList, description = "Every key that signs or that tokens are still verified by."),
              (status = 403, description = "Without keys:write.")))]
pub async fn signing_keys(app: web::Data<App>, SignedIn(caller): SignedIn) -> Result<HttpResponse, Refusal> {
    let outlook = keys::outlook(&app, &caller).await?;
    let next_rotation_at = if let Next::At(moment) = outlook.next { Some(moment) } else { None };
    let items = outlook.keys.into_iter().map(KeyJson::from).collect();
    Ok(HttpResponse::Ok().json(KeyList { items, next: None, next_rotation_at }))
}

/// What the reference shows; the body itself is read by name.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "for the OpenAPI document")]
pub struct RotateBody {
    /// Sign with it at once, before every verifier can have seen it.
    now: Option<bool>,
    /// Somebody else may have the old keys: sign at once, and trust no token that they signed. Sessions go on.
    compromised: Option<bool>,
}

#[utoipa::path(post, path = "/api/keys/rotate", tag = "Signing keys", summary = "Make a new signing key",
    request_body = RotateBody, security(("password" = ["keys:write"])),
    responses((status = 200, body = KeyJson, description = "The new key. Nobody is signed out."),
              (status = 401, description = "A proof older than 15 minutes."),
              (status = 403, description = "Without keys:write."),
              (status = 409, description = "HS256 signs with SECRET_KEY, which is never rotated.")))]
pub async fn rotate_signing_keys(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::KEYS_WRITE)?;
    let start = match (fields.flag("now"), fields.flag("compromised")) {
        (_, true) => Start::Compromised,
        (true, false) => Start::Now,
        (false, false) => Start::WhenKnown,
    };
    fields.check(&[])?;
    let made = keys::rotate(&app, &caller, start).await?;
    Ok(HttpResponse::Ok().json(KeyJson::from(made)))
}

#[derive(Template)]
#[template(path = "admin/keys.html")]
struct KeysPage {
    c: Chrome,
    keys: Vec<Row>,
    next: NextRow,
}

struct Row {
    kid: String,
    algorithm: &'static str,
    state: State,
    created: When,
    signs_from: When,
    retired: Option<When>,
    verifies_until: Option<When>,
}

/// What follows by itself.
enum NextRow {
    At(When),
    ByHand,
    SharedSecret,
}

impl Row {
    fn new(c: &Chrome, key: KeyInfo) -> Self {
        let signs_from =
            if key.state == State::Published { c.when_to_come(key.signs_from) } else { c.when(key.signs_from) };
        Self {
            created: c.when(key.created_at),
            signs_from,
            retired: key.retired_at.map(|at| c.when(at)),
            verifies_until: key.verifies_until.map(|at| c.when_to_come(at)),
            kid: key.kid,
            algorithm: key.algorithm,
            state: key.state,
        }
    }
}

/// `GET /admin/keys`.
pub async fn page(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    let outlook = keys::outlook(&app, &caller).await?;
    let c =
        Chrome::new(&app, &request, Some(&caller), Section::AdminKeys).with_command(curl::LIST_KEYS.command(&app, ""));
    let next = match outlook.next {
        Next::At(moment) => NextRow::At(c.when_to_come(moment)),
        Next::ByHand => NextRow::ByHand,
        Next::SharedSecret => NextRow::SharedSecret,
    };
    // The newest first, as people look for it.
    let keys = outlook.keys.into_iter().rev().map(|key| Row::new(&c, key)).collect();
    Ok(render(StatusCode::OK, &KeysPage { c, keys, next }))
}

#[derive(Template)]
#[template(path = "admin/keys_rotate.html")]
struct RotatePage {
    c: Chrome,
}

/// `GET /admin/keys/rotate`: asks first, and says what follows.
pub async fn ask_to_rotate(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::KEYS_WRITE)?;
    caller.must_be_fresh(app.now())?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminKeys)
        .with_command(curl::ROTATE_KEYS.command_with(&app, "", &json!({"now": false, "compromised": false})));
    Ok(render(StatusCode::OK, &RotatePage { c }))
}

/// `POST /admin/keys/rotate`.
pub async fn rotate_page(
    app: web::Data<App>,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&[])?;
    let start = match fields.text("start").as_deref() {
        Some("now") => Start::Now,
        Some("compromised") => Start::Compromised,
        _ => Start::WhenKnown,
    };
    keys::rotate(&app, &caller, start).await?;
    Ok(see_other(&Notice::KeysRotated.on(HERE)))
}
