//! What every page has in common, and the small shapes that several pages share.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::refuse::{FieldProblem, Refusal};
use super::texts::{self, Language, Texts, negotiate};
use super::{assets, headers};
use crate::access::{Caller, words};
use crate::app::App;
use crate::audit::{Entry, Fact};
use crate::platform::time::UnixTime;
use crate::sessions::Session;

/// Beyond so many days a date says more than a distance.
const AGO_DAYS: i64 = 30;

/// The frame of a page.
pub struct Chrome {
    pub t: &'static Texts,
    pub lang: &'static str,
    pub product: &'static str,
    pub me: Option<Me>,
    pub section: Section,
    /// What the action before this page did.
    pub notice: Option<String>,
    /// Administrators are told that no mail goes out.
    pub mail_missing: bool,
    language: Language,
    now: UnixTime,
}

/// Who is signed in.
pub struct Me {
    pub username: String,
    pub name: Option<String>,
    pub admin: bool,
}

impl Me {
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.username)
    }
}

/// Which entry of the rail is the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    None,
    Account,
    AdminOverview,
    AdminUsers,
    Docs,
}

impl Chrome {
    pub fn new(app: &App, request: &HttpRequest, caller: Option<&Caller>, section: Section) -> Self {
        let accepted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let mut chrome = Self::plain(app, accepted);
        chrome.me = caller.map(|caller| Me {
            username: caller.username.clone(),
            name: caller.name.clone(),
            admin: caller.may(words::USERS_READ),
        });
        chrome.section = section;
        chrome.notice = Notice::in_query(request.query_string()).and_then(|notice| notice.sentence(chrome.t, None));
        chrome
    }

    /// The notice of an action on somebody, whose page this is.
    pub fn with_notice_about(mut self, request: &HttpRequest, username: &str) -> Self {
        let notice = Notice::in_query(request.query_string());
        self.notice = notice.and_then(|notice| notice.sentence(self.t, Some(username)));
        self
    }

    /// For pages that do not depend on who asks.
    pub fn plain(app: &App, accept_language: Option<&str>) -> Self {
        let set = app.config.language.as_deref().and_then(|language| language.parse::<Language>().ok());
        let language = negotiate(set, accept_language);
        Self {
            t: language.texts(),
            lang: language.code(),
            product: "Vestibule",
            me: None,
            section: Section::None,
            notice: None,
            mail_missing: false,
            language,
            now: app.now(),
        }
    }

    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    pub fn when(&self, moment: UnixTime) -> When {
        let iso = moment.rfc3339();
        let seconds = self.now.seconds() - moment.seconds();
        let relative =
            if seconds >= AGO_DAYS * 86_400 { iso.chars().take(10).collect() } else { self.t.ago(seconds) };
        When { full: iso.replace('T', " ").replace('Z', " UTC"), iso, relative }
    }

    pub fn sessions(&self, sessions: Vec<Session>, caller: &Caller) -> Vec<SessionRow> {
        let row = |session: Session| SessionRow {
            current: session.id == caller.session,
            client: device(&session.user_agent),
            started: self.when(session.created_at),
            last_used: self.when(session.last_used_at),
            id: session.id.as_str().to_owned(),
            address: session.address,
        };
        sessions.into_iter().map(row).collect()
    }

    pub fn events(&self, entries: Vec<Entry>) -> Vec<EventRow> {
        entries.into_iter().map(|entry| self.event(entry)).collect()
    }

    fn event(&self, entry: Entry) -> EventRow {
        let tone = match entry.fact {
            Fact::SignInFailed | Fact::UserDisabled | Fact::RefreshReused => Tone::Bad,
            Fact::SignedIn | Fact::SetUp | Fact::UserEnabled => Tone::Good,
            _ => Tone::Neutral,
        };
        let subject = entry.subject.filter(|subject| !subject.is_empty());
        EventRow {
            what: texts::event(self.language, entry.fact, subject.as_deref()),
            kind: entry.fact.word(),
            tone,
            by: entry.actor.filter(|actor| Some(actor) != subject.as_ref()),
            at: self.when(entry.at),
            address: Some(entry.address).filter(|address| !address.is_empty()),
        }
    }
}

/// A moment as a page shows it.
pub struct When {
    pub iso: String,
    pub full: String,
    pub relative: String,
}

pub struct SessionRow {
    pub id: String,
    pub client: String,
    pub address: String,
    pub started: When,
    pub last_used: When,
    pub current: bool,
}

pub struct EventRow {
    pub what: String,
    pub kind: &'static str,
    pub tone: Tone,
    pub by: Option<String>,
    pub at: When,
    pub address: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Good,
    Bad,
}

/// What is wrong with a form, by field.
#[derive(Default)]
pub struct FieldErrors(pub Vec<FieldError>);

pub struct FieldError {
    pub field: &'static str,
    pub message: String,
}

impl FieldErrors {
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors of a refusal that a form can show; any other refusal is not the form's business.
    ///
    /// # Errors
    /// The refusal, where it names no field.
    pub fn from_refusal(refusal: Refusal) -> Result<Self, Refusal> {
        if refusal.errors.is_empty() {
            return Err(refusal);
        }
        let error = |FieldProblem { field, detail }| FieldError { field, message: detail };
        Ok(Self(refusal.errors.into_iter().map(error).collect()))
    }
}

/// What an action did, as it travels to the next page in the URL: a word of ours, never a text of anybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Saved,
    SignedOut,
    SessionEnded,
    OthersEnded,
    RolesSaved,
    UserCreated,
    UserDisabled,
    UserEnabled,
    UserSessionsEnded,
}

impl Notice {
    const ALL: [(&'static str, Self); 9] = [
        ("saved", Self::Saved),
        ("signed-out", Self::SignedOut),
        ("session-ended", Self::SessionEnded),
        ("others-ended", Self::OthersEnded),
        ("roles-saved", Self::RolesSaved),
        ("user-created", Self::UserCreated),
        ("user-disabled", Self::UserDisabled),
        ("user-enabled", Self::UserEnabled),
        ("user-sessions-ended", Self::UserSessionsEnded),
    ];

    /// The address of a page that shows it.
    pub fn on(self, path: &str) -> String {
        let word = Self::ALL.iter().find(|(_, notice)| *notice == self).map_or("", |(word, _)| *word);
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}done={word}")
    }

    fn in_query(query: &str) -> Option<Self> {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let word = pairs.find_map(|(name, value)| (name == "done").then_some(value))?;
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, notice)| *notice)
    }

    /// `None` for what needs a name that the page does not know.
    fn sentence(self, t: &Texts, username: Option<&str>) -> Option<String> {
        let plain = match self {
            Self::Saved => t.notices.saved,
            Self::SignedOut => t.notices.signed_out,
            Self::SessionEnded => t.notices.session_ended,
            Self::OthersEnded => t.notices.others_ended,
            Self::RolesSaved => t.notices.roles_saved,
            Self::UserCreated => return username.map(|name| t.user_created(name)),
            Self::UserDisabled => return username.map(|name| t.user_disabled(name)),
            Self::UserEnabled => return username.map(|name| t.user_enabled(name)),
            Self::UserSessionsEnded => return username.map(|name| t.user_sessions_ended(name)),
        };
        Some(plain.to_owned())
    }
}

/// Answers with a page. Never cached: it shows who is signed in.
pub fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    let mut answer = match template.render() {
        Ok(html) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html),
        Err(error) => actix_web::ResponseError::error_response(&Refusal::fault(&error)),
    };
    headers::no_store(answer.headers_mut());
    headers::vary_by_accept(answer.headers_mut());
    answer
}

/// After a form was taken: to a page that can be reloaded (RFC 9110 section 15.4.4).
pub fn see_other(to: &str) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther().insert_header(("Location", to)).finish();
    headers::no_store(answer.headers_mut());
    headers::vary_by_accept(answer.headers_mut());
    answer
}

/// A device in words, from what its browser says of itself: rough on purpose, and never more than a hint.
fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}
