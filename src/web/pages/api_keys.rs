//! One's own API keys: which there are, making one, ending one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::json;

use crate::access::Caller;
use crate::app::App;
use crate::platform::ids::ApiKeyId;
use crate::texts::{Sentence, Texts};
use crate::tokens::api_keys::{self, Asked, Draft, LONGEST_NAME, Refusal as KeyRefusal, Whose, Wrong};
use crate::web::body::Fields;
use crate::web::chrome::{Chrome, Section, page};
use crate::web::curl;
use crate::web::form::{FieldError, FieldErrors, Notice, see_other};
use crate::web::key_row::KeyRow;
use crate::web::paging::PageQuery;
use crate::web::refuse::{Kind, Refusal};
use crate::web::who::Resident;

const HERE: &str = "/account/api-keys";
/// What is chosen before anybody chooses.
const USUAL: &str = "90d";
/// Of the choices, the one for which the day stands in a field of its own.
const ON_A_DAY: &str = "day";

#[derive(Template)]
#[template(path = "pages/api_keys.html")]
struct KeysPage {
    c: Chrome,
    keys: Vec<KeyRow>,
    first: Option<String>,
    next: Option<String>,
    /// What the owner holds, and what of it is ticked.
    words: Vec<(String, bool)>,
    name: String,
    expires: String,
    until: String,
    longest_name: usize,
    errors: FieldErrors,
    curl: String,
}

/// A form as it was sent; what it asks for is [`Typed::draft`].
#[derive(Default)]
struct Typed {
    name: String,
    scope: Vec<String>,
    expires: String,
    until: String,
}

impl Typed {
    fn read(fields: &Fields) -> Self {
        let text = |name| fields.text(name).unwrap_or_default();
        Self {
            name: text("name"),
            scope: fields.list("scope").unwrap_or_default(),
            expires: text("expires"),
            until: text("until"),
        }
    }

    fn draft(&self) -> Draft {
        let expires = if self.expires == ON_A_DAY { &self.until } else { &self.expires };
        Draft { name: self.name.clone(), scope: self.scope.clone(), expires: expires.clone() }
    }
}

#[derive(Template)]
#[template(path = "pages/api_key_made.html")]
struct MadePage {
    c: Chrome,
    name: String,
    key: String,
    curl: String,
}

#[derive(Template)]
#[template(path = "pages/api_key_end.html")]
struct EndPage {
    c: Chrome,
    row: KeyRow,
    /// Where it was asked from.
    back: &'static str,
    curl: String,
}

/// `GET /account/api-keys`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Refusal> {
    let blank = Typed { expires: USUAL.to_owned(), ..Typed::default() };
    let shown = listed(&app, &request, &caller, &query, blank).await?;
    Ok(page(StatusCode::OK, &shown))
}

async fn listed(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    query: &PageQuery,
    typed: Typed,
) -> Result<KeysPage, Refusal> {
    let (limit, after) = query.part(Asked::place)?;
    let is_first = after.is_none();
    let found = api_keys::list(app, caller, Whose::Own, Asked { after, limit }).await?;
    let c = Chrome::new(app, request, Some(caller), Section::Account);
    let ticked = |word: &str| (word.to_owned(), typed.scope.iter().any(|chosen| chosen == word));
    Ok(KeysPage {
        keys: found.items.into_iter().map(|key| KeyRow::new(&c, key)).collect(),
        first: (!is_first).then(|| query.url(HERE, None)),
        next: found.next.map(|cursor| query.url(HERE, Some(&cursor))),
        words: caller.permissions.iter().map(|word| ticked(word.as_str())).collect(),
        name: typed.name,
        expires: typed.expires,
        until: typed.until,
        longest_name: LONGEST_NAME,
        errors: FieldErrors::default(),
        curl: curl::MAKE_API_KEY.command_with(app, "", &json!({"name": "nightly job", "scope": [], "expires": USUAL})),
        c,
    })
}

/// `POST /account/api-keys`: the key, shown this once.
pub async fn make(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    fields: Fields,
) -> Result<HttpResponse, Refusal> {
    fields.refuse_repeats(&["scope"])?;
    let typed = Typed::read(&fields);
    match api_keys::make(&app, &caller, typed.draft()).await {
        Ok(made) => {
            let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
            let key = made.reveal().to_owned();
            let curl =
                format!("curl {} \\\n  -H 'Authorization: Bearer {key}'", app.config.public_url.join("/users/me"));
            Ok(page(StatusCode::OK, &MadePage { c, name: made.key.name, key, curl }))
        }
        Err(refusal) => {
            let (status, errors) = errors(&typed.expires, refusal)?;
            let blank = listed(&app, &request, &caller, &PageQuery::default(), typed).await?;
            Ok(page(status, &KeysPage { errors, ..blank }))
        }
    }
}

/// What is wrong with the form, each at its field, and the status of that.
fn errors(expires: &str, refusal: KeyRefusal) -> Result<(StatusCode, FieldErrors), Refusal> {
    match refusal {
        KeyRefusal::Invalid(wrong) if expires == ON_A_DAY => {
            Ok((Kind::Invalid.status(), FieldErrors(wrong.into_iter().map(about_the_day).collect())))
        }
        KeyRefusal::TooMany => Ok((Kind::Conflict.status(), FieldErrors::at("", Sentence::new(Texts::too_many_keys)))),
        refusal => {
            let refusal = Refusal::from(refusal);
            Ok((refusal.kind.status(), FieldErrors::from_refusal(refusal)?))
        }
    }
}

/// What is wrong with the end of a key stands at the field for the day, where a day was to be chosen.
fn about_the_day(wrong: Wrong) -> FieldError {
    match wrong {
        Wrong::NoExpiry | Wrong::OddExpiry => {
            FieldError { field: "until", message: Sentence::new(|t| t.api_keys.no_day) }
        }
        wrong => {
            let field = if wrong == Wrong::ExpiryOutOfReach { "until" } else { wrong.field() };
            FieldError { field, message: Sentence::new(move |t| t.wrong_key(&wrong)) }
        }
    }
}

/// `GET /account/api-keys/ID/end`: asks first.
pub async fn ask_to_end(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let key = api_keys::find(&app, &caller, ApiKeyId::from_outside(id.into_inner())).await?;
    if key.owner != caller.user {
        return Err(Refusal::not_found());
    }
    let c = Chrome::new(&app, &request, Some(&caller), Section::Account);
    let curl = curl::END_API_KEY.command(&app, key.id.as_str());
    Ok(page(StatusCode::OK, &EndPage { row: KeyRow::new(&c, key), back: HERE, curl, c }))
}

/// `POST /account/api-keys/ID/end`.
pub async fn end(
    app: web::Data<App>,
    Resident(caller): Resident,
    id: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    api_keys::end(&app, &caller, ApiKeyId::from_outside(id.into_inner())).await?;
    Ok(see_other(&Notice::ApiKeyEnded.on(HERE)))
}
