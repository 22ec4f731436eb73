//! `GET /admin`: how much happens, and what happened lately.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::chart::{Chart, Subject};
use super::statistics::SpanQuery;
use crate::access::{Caller, words};
use crate::app::App;
use crate::audit::{self, Entry};
use crate::platform::time::UnixTime;
use crate::statistics::{self, Bucket, Series, Span};
use crate::texts::Texts;
use crate::texts::audit::finding;
use crate::web::chrome::{Chrome, EventRow, Section, When, page};
use crate::web::curl;
use crate::web::refuse::Refusal;
use crate::web::who::Resident;

const SHOWN: usize = 12;
/// Fewer events than these, and the installation is young.
const YOUNG: usize = 4;

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    c: Chrome,
    spans: [SpanLink; 3],
    charts: [Chart; 4],
    rows: Vec<CountRow>,
    counted: Option<When>,
    /// What is wrong with the audit log.
    finding: Option<String>,
    events: Vec<EventRow>,
    first_steps: bool,
    audits: bool,
}

struct SpanLink {
    word: &'static str,
    name: &'static str,
    current: bool,
}

/// A part of the span in the table beside the charts.
struct CountRow {
    iso: String,
    label: String,
    numbers: [String; 4],
}

impl CountRow {
    fn new(t: &Texts, span: Span, bucket: &Bucket) -> Self {
        let numbers = [bucket.sign_ins, bucket.failures, bucket.new_users].map(|count| t.dashboard.number(count));
        let [sign_ins, failures, new_users] = numbers;
        let sessions = bucket.sessions.map_or_else(|| "–".to_owned(), |count| t.dashboard.number(count));
        Self {
            iso: bucket.from.rfc3339(),
            label: t.dashboard.moment(span, bucket.from),
            numbers: [sign_ins, failures, new_users, sessions],
        }
    }
}

fn charts(t: &'static Texts, series: &Series) -> [Chart; 4] {
    let d = &t.dashboard;
    let over = d.over(series.span);
    let draw = |subject: Subject, value: fn(&Bucket) -> i64| {
        let values: Vec<(UnixTime, i64)> = series.buckets.iter().map(|bucket| (bucket.from, value(bucket))).collect();
        Chart::new(t, series.span, subject, &values)
    };
    let counted = |title, tone, value: fn(&Bucket) -> i64| {
        let figure = series.buckets.iter().map(value).sum();
        draw(Subject { title, figure, about: over.to_owned(), tone }, value)
    };
    let living = Subject {
        title: d.sessions,
        figure: series.current.sessions,
        about: d.people(series.current.users),
        tone: "info",
    };
    [
        counted(d.sign_ins, "accent", |bucket| bucket.sign_ins),
        counted(d.failures, "bad", |bucket| bucket.failures),
        counted(d.new_users, "good", |bucket| bucket.new_users),
        draw(living, |bucket| bucket.sessions.unwrap_or(0)),
    ]
}

/// What the log says, for who may read it: the latest, and whether it can be believed.
async fn told(app: &App, caller: &Caller, c: &Chrome) -> Result<(Vec<Entry>, Option<String>), Refusal> {
    if !caller.may(words::AUDIT_READ) {
        return Ok((Vec::new(), None));
    }
    let entries = audit::latest(app, caller, SHOWN).await?;
    let check = audit::last_check(app, caller).await?;
    Ok((entries, check.and_then(|check| check.finding).map(|found| finding(c.language(), found))))
}

/// The page.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    Resident(caller): Resident,
    query: web::Query<SpanQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let span = query.read()?;
    let series = statistics::read(&app, &caller, span).await?;
    let c = Chrome::new(&app, &request, Some(&caller), Section::AdminOverview)
        .with_command(curl::STATISTICS.command_asking(&app, &format!("?span={}", span.word())));
    let (entries, finding) = told(&app, &caller, &c).await?;
    let link = |of: Span| SpanLink { word: of.word(), name: c.t.dashboard.span(of), current: of == span };
    let overview = OverviewPage {
        spans: Span::ALL.map(link),
        charts: charts(c.t, &series),
        rows: series.buckets.iter().rev().map(|bucket| CountRow::new(c.t, span, bucket)).collect(),
        counted: series.current.at.map(|at| c.when(at)),
        finding,
        first_steps: series.current.users < 3 && entries.len() < YOUNG,
        events: c.events(entries),
        audits: caller.may(words::AUDIT_READ),
        c,
    };
    Ok(page(StatusCode::OK, &overview))
}
