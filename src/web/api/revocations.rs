//! `GET /revocations`: what was ended and is not yet expired, for services that verify tokens by themselves. Once as a
//! list, or kept coming as server-sent events (WHATWG HTML section 9.2).

use std::convert::Infallible;
use std::time::{Duration, Instant};

use actix_web::http::header::{ACCEPT, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream::unfold;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

use crate::access::words;
use crate::app::App;
use crate::platform::ids::SessionId;
use crate::platform::time::UnixTime;
use crate::sessions::{self, Ended};
use crate::tokens;
use crate::web::headers::no_store;
use crate::web::refuse::{Kind, Refusal};
use crate::web::who::{Bearer, Sent, SignedIn};

/// Entries of one answer.
const PAGE: i64 = 1000;
/// How often a stream looks whether it may go on.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A line that says nothing, so that proxies keep a quiet stream open.
const QUIET_LINE_EVERY: Duration = Duration::from_secs(15);
/// Streams that are served at once; each costs a query whenever something ends.
const MOST_LISTENERS: usize = 200;
/// A stream ends after so long, and is opened again where it left off: whoever may no longer ask is found out.
const LONGEST: Duration = Duration::from_secs(600);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// The last cursor that is known; from the beginning when left out.
    #[serde(default)]
    after: String,
}

/// Tokens of this session, of this user and made before, or with this role as it was before, count no more.
#[derive(Serialize, ToSchema)]
pub struct Revocation {
    cursor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    sid: Option<SessionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    /// Tokens that have this role in `roles`, and whose `rv` is smaller than the cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// To the millisecond, as a token's `jti` tells when it was made; its `iat` counts whole seconds.
    #[schema(format = "date-time")]
    before: String,
    #[schema(value_type = String, format = "date-time")]
    expires: UnixTime,
}

impl Revocation {
    /// `sub` is what stands in the tokens: the username in the tutorials' profile.
    /// None where the user is gone with the name: their sessions have been told of one by one.
    async fn of(app: &App, ended: Ended) -> Result<Option<Self>, Refusal> {
        let sub = match ended.user() {
            Some(user) => tokens::subject(app, user).await?,
            None => None,
        };
        let told = Self {
            cursor: ended.cursor().to_string(),
            before: ended.before().rfc3339_millis(),
            expires: ended.expires(),
            sid: ended.session().cloned(),
            role: ended.role().map(str::to_owned),
            sub,
        };
        Ok(Some(told).filter(|told| told.sid.is_some() || told.sub.is_some() || told.role.is_some()))
    }

    async fn of_all(app: &App, all: Vec<Ended>) -> Result<Vec<Self>, Refusal> {
        let mut told = Vec::with_capacity(all.len());
        for ended in all {
            told.extend(Self::of(app, ended).await?);
        }
        Ok(told)
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
              (status = 422, description = "The cursor is none."),
              (status = 503, description = "Too many are listening already.")))]
pub async fn revocations(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(caller): SignedIn,
    Sent(bearer): Sent,
    query: web::Query<FeedQuery>,
) -> Result<HttpResponse, Refusal> {
    // A stream that broke off says itself where it was.
    let last_seen = request.headers().get("last-event-id").and_then(|value| value.to_str().ok());
    let after = cursor(last_seen.unwrap_or(&query.after))?;
    let first = sessions::ended_after(&app, &caller, after, PAGE).await?;
    let mut answer = match wants_stream(request.headers()) {
        true if app.revocations.listeners() >= MOST_LISTENERS => {
            return Err(Refusal::new(Kind::Unavailable, |t| t.refused.many_listeners));
        }
        true => stream(app.get_ref().clone(), bearer, first, after),
        false => {
            let next = first.last().map_or(after, Ended::cursor).to_string();
            HttpResponse::Ok().json(Feed { items: Revocation::of_all(&app, first).await?, next })
        }
    };
    no_store(answer.headers_mut());
    Ok(answer)
}

fn cursor(text: &str) -> Result<i64, Refusal> {
    let wrong = || Refusal::wrong("after", |t| t.refused.no_feed_cursor);
    if text.is_empty() { Ok(0) } else { text.parse().ok().filter(|cursor| *cursor >= 0).ok_or_else(wrong) }
}

fn wants_stream(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/event-stream"))
}

fn stream(app: App, bearer: Bearer, first: Vec<Ended>, after: i64) -> HttpResponse {
    let now = Instant::now();
    // What is ended from here on, and so after `first` was read, is news: the first look may find nothing, none is missed.
    let mut news = app.revocations.news();
    news.mark_changed();
    let listener = Listener { until: now + LONGEST, app, bearer, pending: first, news, after, quiet_since: now };
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
    /// What let the listener in must go on to count.
    bearer: Bearer,
    pending: Vec<Ended>,
    news: watch::Receiver<()>,
    after: i64,
    until: Instant,
    quiet_since: Instant,
}

impl Listener {
    /// What to send next; `None` at the end, which a listener answers by asking again.
    async fn next_chunk(&mut self) -> Option<Bytes> {
        while Instant::now() < self.until
            && !self.app.is_draining()
            && self.bearer.still_counts(&self.app, words::TOKENS_INTROSPECT).await
        {
            // What nobody needs to be told leaves no text, and an empty chunk would end the stream.
            if !self.pending.is_empty() {
                match self.events().await? {
                    text if text.is_empty() => continue,
                    text => return Some(text),
                }
            }
            if self.quiet_since.elapsed() > QUIET_LINE_EVERY {
                self.quiet_since = Instant::now();
                return Some(Bytes::from_static(b": still here\n\n"));
            }
            if timeout(LOOK_EVERY, self.news.changed()).await.is_ok() {
                self.look().await;
            }
        }
        None
    }

    async fn look(&mut self) {
        match sessions::ended_since(&self.app, self.after, PAGE).await {
            Ok(ended) => self.pending = ended,
            // The database is away for now: the news stays news.
            Err(_) => {
                tokio::time::sleep(LOOK_EVERY).await;
                self.news.mark_changed();
            }
        }
    }

    async fn events(&mut self) -> Option<Bytes> {
        let pending = std::mem::take(&mut self.pending);
        let read = pending.len();
        let last = pending.last().map_or(self.after, Ended::cursor);
        let mut text = String::new();
        for told in Revocation::of_all(&self.app, pending).await.ok()? {
            let data = serde_json::to_string(&told).unwrap_or_default();
            text.push_str(&format!("id: {}\ndata: {data}\n\n", told.cursor));
        }
        if i64::try_from(read).is_ok_and(|read| read == PAGE) {
            // It may not have been all.
            self.news.mark_changed();
        }
        (self.after, self.quiet_since) = (last, Instant::now());
        Some(Bytes::from(text))
    }
}
