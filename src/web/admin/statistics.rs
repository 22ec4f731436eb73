//! `GET /api/statistics`: what the overview shows, for programs.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::words;
use crate::app::App;
use crate::platform::time::UnixTime;
use crate::statistics::{self, Bucket, Series, Span};
use crate::web::refuse::Refusal;
use crate::web::who::SignedIn;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SpanQuery {
    /// `day`: 24 hours, by the hour; `month`: 30 days, by the day; `year`: 52 weeks, by the week. `day` when left out.
    #[serde(default)]
    span: String,
}

impl SpanQuery {
    /// # Errors
    /// 422 where it means nothing.
    pub fn read(&self) -> Result<Span, Refusal> {
        if self.span.is_empty() {
            return Ok(Span::Day);
        }
        let wrong = || Refusal::wrong("span", |t| t.may_be(&Span::ALL.map(Span::word)));
        Span::parse(&self.span).ok_or_else(wrong)
    }
}

/// How much happened in an hour, a day or a week.
#[derive(Serialize, ToSchema)]
pub struct Counted {
    #[schema(value_type = String, format = "date-time")]
    from: UnixTime,
    sign_ins: i64,
    /// Sign-ins that failed, at the password or the second factor.
    failures: i64,
    new_users: i64,
    /// Living sessions, at the most; null where nobody has looked.
    sessions: Option<i64>,
}

impl From<Bucket> for Counted {
    fn from(bucket: Bucket) -> Self {
        let Bucket { from, sign_ins, failures, new_users, sessions } = bucket;
        Self { from, sign_ins, failures, new_users, sessions }
    }
}

/// How much happens.
#[derive(Serialize, ToSchema)]
pub struct Statistics {
    /// `day`, `month` or `year`.
    span: &'static str,
    /// When sessions and users were counted last; null where they never were.
    #[schema(value_type = Option<String>, format = "date-time")]
    counted_at: Option<UnixTime>,
    /// Living sessions then.
    sessions: i64,
    /// Accounts then.
    users: i64,
    /// The oldest first; the last one goes on.
    items: Vec<Counted>,
}

impl From<Series> for Statistics {
    fn from(series: Series) -> Self {
        Self {
            span: series.span.word(),
            counted_at: series.current.at,
            sessions: series.current.sessions,
            users: series.current.users,
            items: series.buckets.into_iter().map(Counted::from).collect(),
        }
    }
}

#[utoipa::path(get, path = "/api/statistics", tag = "Audit", summary = "How much happens", params(SpanQuery),
    security(("password" = ["users:read"])),
    responses((status = 200, body = Statistics, description = "Sign-ins, failures, new users and sessions over time, in UTC."),
              (status = 403, description = "Without users:read."), (status = 422, description = "A parameter means nothing.")))]
pub async fn statistics(
    app: web::Data<App>,
    SignedIn(caller): SignedIn,
    query: web::Query<SpanQuery>,
) -> Result<HttpResponse, Refusal> {
    caller.must(words::USERS_READ)?;
    let series = statistics::read(&app, &caller, query.read()?).await?;
    Ok(HttpResponse::Ok().json(Statistics::from(series)))
}
