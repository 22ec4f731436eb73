//! `GET /revocations`: what was ended and is not yet expired, for services that verify tokens by themselves. Once as a
//! list, or kept coming as server-sent events (WHATWG HTML section 9.2).

use std::convert::Infallible;
use std::time::{Duration, Instant};

use actix_web::http::header::{ACCEPT, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream::unfold;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::platform::ids::{SessionId, UserId};
use crate::platform::time::UnixTime;
use crate::sessions::{self, Ended};
use crate::web::headers::no_store;
use crate::web::refuse::{FieldProblem, Refusal};
use crate::web::who::SignedIn;

/// Entries of one answer.
const PAGE: i64 = 1000;
/// How often a stream looks for more.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A line that says nothing, so that proxies keep a quiet stream open.
const QUIET_LINE_EVERY: Duration = Duration::from_secs(15);
/// A stream ends after so long, and is opened again where it left off: whoever may no longer ask is found out.
const LONGEST: Duration = Duration::from_secs(600);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// The last cursor that is known; from the beginning when left out.
    #[serde(default)]
    after: String,
}

/// Tokens of this session, or of this user and made before, count no more.
#[derive(Serialize, ToSchema)]
pub struct Revocation {
    cursor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    sid: Option<SessionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    sub: Option<UserId>,
    #[schema(value_type = String, format = "date-time")]
    before: UnixTime,
    #[schema(value_type = String, format = "date-time")]
    expires: UnixTime,
}

impl From<Ended> for Revocation {
    fn from(ended: Ended) -> Self {
        Self {
            cursor: ended.cursor().to_string(),
            before: ended.before(),
            expires: ended.expires(),
            sid: ended.session().cloned(),
            sub: ended.user().cloned(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Feed {
    items: Vec<Revocation>,
    /// To ask with next time; never null.
    next: String,
}

#[utoipa::path(get, path = "/revocations", tag = "Tokens", summary = "What was ended", params(FeedQuery),
    security(("password" = ["tokens:introspect"])),
    responses((status = 200, description = "Entries after the cursor; with Accept: text/event-stream they keep coming.",
               body = Feed),
              (status = 403, description = "Without tokens:introspect."),
              (status = 422, description = "The cursor is none.")))]
pub async fn revocations(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    query: web::Query<FeedQuery>,
) -> Result<HttpResponse, Refusal> {
    // A stream that broke off says itself where it was.
    let last_seen = request.headers().get("last-event-id").and_then(|value| value.to_str().ok());
    let after = cursor(last_seen.unwrap_or(&query.after))?;
    let first = sessions::ended_after(&app, &caller, after, PAGE).await?;
    let mut answer = match wants_stream(request.headers()) {
        true => stream(app.get_ref().clone(), first, after),
        false => {
            let next = first.last().map_or(after, Ended::cursor).to_string();
            HttpResponse::Ok().json(Feed { items: first.into_iter().map(Revocation::from).collect(), next })
        }
    };
    no_store(answer.headers_mut());
    Ok(answer)
}

fn cursor(text: &str) -> Result<i64, Refusal> {
    let wrong = || FieldProblem { field: "after", detail: "This is no cursor that the feed gave.".into() };
    if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| Refusal::invalid(vec![wrong()])) }
}

fn wants_stream(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/event-stream"))
}

fn stream(app: App, first: Vec<Ended>, after: i64) -> HttpResponse {
    let listener =
        Listener { until: Instant::now() + LONGEST, app, pending: first, after, quiet_since: Instant::now() };
    let events = unfold(listener, |mut listener| async {
        let chunk = listener.next_chunk().await?;
        Some((Ok::<_, Infallible>(chunk), listener))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        // Proxies pass it on as it comes.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(events))
}

/// Somebody who keeps listening.
struct Listener {
    app: App,
    pending: Vec<Ended>,
    after: i64,
    until: Instant,
    quiet_since: Instant,
}

impl Listener {
    /// What to send next; `None` at the end, which a listener answers by asking again.
    async fn next_chunk(&mut self) -> Option<Bytes> {
        while Instant::now() < self.until && !self.app.is_draining() {
            if !self.pending.is_empty() {
                return Some(self.events());
            }
            if self.quiet_since.elapsed() > QUIET_LINE_EVERY {
                self.quiet_since = Instant::now();
                return Some(Bytes::from_static(b": still here\n\n"));
            }
            tokio::time::sleep(LOOK_EVERY).await;
            // While the database is away there is nothing to tell; the next look catches up.
            self.pending = sessions::ended_since(&self.app, self.after, PAGE).await.unwrap_or_default();
        }
        None
    }

    fn events(&mut self) -> Bytes {
        let mut text = String::new();
        for ended in std::mem::take(&mut self.pending) {
            self.after = ended.cursor();
            let id = self.after;
            let data = serde_json::to_string(&Revocation::from(ended)).unwrap_or_default();
            text.push_str(&format!("id: {id}\ndata: {data}\n\n"));
        }
        self.quiet_since = Instant::now();
        Bytes::from(text)
    }
}
