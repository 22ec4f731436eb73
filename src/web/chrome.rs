//! What every page has in common, and the small shapes that several pages share.

use actix_web::HttpRequest;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;

use super::form::Notice;
pub use super::rail::Section;
use super::refuse::{COME_AGAIN_SECONDS, Faced, Refusal};
use super::{assets, headers, rail};
use crate::access::{Caller, Identity, PermissionSet};
use crate::app::App;
use crate::audit::{Entry, Event, Fact};
use crate::platform::time::UnixTime;
use crate::sessions::Session;
use crate::texts::device::{Device, Kind};
use crate::texts::{self, Language, Texts, negotiate};

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
    /// The calls by which a program gets the same, or does what the page is for; they stand at its end.
    pub commands: Vec<String>,
    language: Language,
    now: UnixTime,
}

/// Who is signed in.
pub struct Me {
    pub username: String,
    pub name: Option<String>,
    held: PermissionSet,
}

impl Me {
    pub fn of(identity: &Identity) -> Self {
        Self { username: identity.username.clone(), name: identity.name.clone(), held: identity.permissions.clone() }
    }

    /// The sections of the administration that they may see.
    pub fn administration(&self, t: &'static Texts) -> Vec<rail::Entry> {
        rail::administration(&self.held, t)
    }

    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.username)
    }
}

impl Chrome {
    pub fn new(app: &App, request: &HttpRequest, caller: Option<&Caller>, section: Section) -> Self {
        let accepted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let mut chrome = Self::plain(app, accepted);
        chrome.me = caller.map(|caller| Me::of(&caller.identity()));
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
            commands: Vec::new(),
            language,
            now: app.now(),
        }
    }

    pub fn for_whom(mut self, identity: Option<&Identity>) -> Self {
        self.me = identity.map(Me::of);
        self
    }

    /// Shows a command at the end of the page.
    pub fn with_command(mut self, command: impl Into<Option<String>>) -> Self {
        self.commands.extend(command.into());
        self
    }

    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// A moment that lies ahead: its date.
    pub fn when_to_come(&self, moment: UnixTime) -> When {
        let iso = moment.rfc3339();
        When { full: iso.replace('T', " ").replace('Z', " UTC"), relative: iso.chars().take(10).collect(), iso }
    }

    pub fn when(&self, moment: UnixTime) -> When {
        let iso = moment.rfc3339();
        let seconds = self.now.seconds() - moment.seconds();
        let relative = if seconds >= AGO_DAYS * 86_400 { iso.chars().take(10).collect() } else { self.t.ago(seconds) };
        When { full: iso.replace('T', " ").replace('Z', " UTC"), iso, relative }
    }

    /// The language of the page, for texts that are made of several.
    pub fn language(&self) -> Language {
        self.language
    }

    pub fn session(&self, session: Session, caller: &Caller) -> SessionRow {
        let device = Device::of(&session.client_id, &session.user_agent);
        SessionRow {
            current: session.id == caller.session,
            client: device.in_words(self.t),
            kind: device.kind,
            started: self.when(session.created_at),
            last_used: self.when(session.last_used_at),
            id: session.id.as_str().to_owned(),
            address: session.address,
        }
    }

    pub fn sessions(&self, sessions: Vec<Session>, caller: &Caller) -> Vec<SessionRow> {
        sessions.into_iter().map(|session| self.session(session, caller)).collect()
    }

    pub fn events(&self, entries: Vec<Entry>) -> Vec<EventRow> {
        entries.into_iter().map(|entry| self.event(entry)).collect()
    }

    pub fn event(&self, entry: Entry) -> EventRow {
        let tone = entry.fact.map_or(Tone::Neutral, tone);
        let subject = entry.subject.map(|subject| subject.name).filter(|subject| !subject.is_empty());
        let by_key = entry.detail.get(Event::BY_KEY).and_then(serde_json::Value::as_str);
        EventRow {
            // A newer program's, whose sentence is not known here: its word says more than nothing.
            what: match entry.fact {
                Some(fact) => texts::event(self.language, fact, subject.as_deref()),
                None => entry.kind.clone(),
            },
            kind: entry.kind,
            tone,
            by: match (entry.actor.map(|actor| actor.name), by_key) {
                (Some(actor), Some(key)) => Some(self.t.with_key(&actor, key)),
                (actor, _) => actor.filter(|actor| Some(actor) != subject.as_ref()),
            },
            at: self.when(entry.at),
            address: Some(entry.address).filter(|address| !address.is_empty()),
        }
    }
}

fn tone(fact: Fact) -> Tone {
    match fact {
        Fact::SignInFailed
        | Fact::TriesStopped
        | Fact::PasskeyRefused
        | Fact::UserDisabled
        | Fact::RefreshReused
        | Fact::NotMe => Tone::Bad,
        Fact::SignedIn | Fact::SetUp | Fact::UserEnabled => Tone::Good,
        _ => Tone::Neutral,
    }
}

/// A moment as a page shows it.
pub struct When {
    pub iso: String,
    pub full: String,
    pub relative: String,
}

impl When {
    pub fn day(&self) -> &str {
        self.iso.get(..10).unwrap_or(&self.iso)
    }
}

pub struct SessionRow {
    pub id: String,
    pub client: String,
    pub kind: Kind,
    pub address: String,
    pub started: When,
    pub last_used: When,
    pub current: bool,
}

pub struct EventRow {
    pub what: String,
    pub kind: String,
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

/// A form that is shown once more, and when it may be sent again.
pub fn page_again(status: StatusCode, template: &impl Template, wait: Option<HeaderValue>) -> HttpResponse {
    let mut answer = page(status, template);
    if let Some(wait) = wait {
        answer.headers_mut().insert(RETRY_AFTER, wait);
    }
    answer
}

/// Answers with a page. Never cached: it shows who is signed in.
pub fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    let mut answer = match template.render() {
        Ok(html) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html),
        Err(error) => actix_web::ResponseError::error_response(&Refusal::fault(&error)),
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        // A form that can be sent again as it is.
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(COME_AGAIN_SECONDS));
    }
    answer.extensions_mut().insert(Faced);
    headers::no_store(answer.headers_mut());
    headers::vary_by_accept(answer.headers_mut());
    answer
}
