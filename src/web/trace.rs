//! The outermost layer: gives every request its id, every answer its headers and every error its face, and writes the one
//! line that the log has of it.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderValue, LOCATION, REFERER};
use actix_web::http::{ConnectionType, Method, StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};

use super::accept::names_html_first;
use super::chrome::Chrome;
use super::refuse::{Faced, Kind, Refusal, replace_body};
use super::whence::{REQUEST_ID, Traced, is_trusted, peer_of, traced};
use super::who::identity_of;
use super::{device_cookie, headers, oauth, pages, paging};
use crate::app::App;
use crate::platform::metrics::Route;
use crate::platform::telemetry::{self, Panic};
use crate::platform::traces::{Recording, Trust, Value};
use crate::tokens::BadToken;
use crate::tokens::refusals::Refused;

/// The middleware.
///
/// # Errors
/// Never one of its own; what comes from within has got its face.
pub async fn trace(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let started = Instant::now();
    let app = app_of(request.request()).clone();
    let traced = traced(&request, &app);
    request.extensions_mut().insert(Rc::clone(&traced));
    let seen = Seen::of(&request, &app);
    let handled = telemetry::caught(next.call(request));
    let answered = match &seen.recording {
        Some(recording) => recording.cover(handled).await,
        None => handled.await,
    };
    match answered.unwrap_or_else(|panic| Err(panicked(&traced, &panic).into())) {
        Ok(response) => {
            let (request, response) = response.map_into_boxed_body().into_parts();
            let response = seen.finish(&app, &traced, Some(&request), response, started);
            Ok(ServiceResponse::new(request, response))
        }
        // The request is gone with the error, so the answer travels as one; actix sends it as it is.
        Err(error) => {
            let told_already = error.as_error::<Refusal>().is_some();
            if !told_already && error.as_response_error().status_code().is_server_error() {
                tracing::error!(%error, "a middleware failed");
            }
            let response = seen.finish(&app, &traced, None, error.error_response(), started);
            Err(actix_web::error::InternalError::from_response("answered", response).into())
        }
    }
}

/// A defect: logged once, with the id that the client is told.
fn panicked(traced: &Traced, panic: &Panic) -> Refusal {
    tracing::error!(id = traced.id.as_str(), at = panic.at, why = panic.why, "a request panicked");
    Refusal::internal()
}

pub fn app_of(request: &HttpRequest) -> &App {
    request.app_data::<web::Data<App>>().unwrap_or_else(|| unreachable!("server::serve gives every worker the App"))
}

/// Begins to record, where requests are traced.
fn record(app: &App, request: &ServiceRequest) -> Option<Arc<Recording>> {
    if !app.traces.are_on() {
        return None;
    }
    let sent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    let trust = if is_trusted(app, peer_of(request.request())) { Trust::Ours } else { Trust::Anybodys };
    app.traces.begin(sent, trust)
}

/// What of the request the answer may depend on, kept without a copy: most answers need none of it.
struct Seen {
    method: Method,
    uri: Uri,
    accept: Vec<HeaderValue>,
    language: Option<HeaderValue>,
    /// The page of this server that led here.
    from: Option<String>,
    /// Where it is traced.
    recording: Option<Arc<Recording>>,
}

impl Seen {
    fn of(request: &ServiceRequest, app: &App) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            accept: request.headers().get_all(ACCEPT).cloned().collect(),
            language: request.headers().get(ACCEPT_LANGUAGE).cloned(),
            from: if *request.method() == Method::GET { None } else { page_before(request) },
            recording: record(app, request),
        }
    }

    fn wants_html(&self) -> bool {
        names_html_first(self.accept.iter())
    }

    fn language(&self) -> Option<&str> {
        self.language.as_ref().and_then(|value| value.to_str().ok())
    }

    fn finish(
        &self,
        app: &App,
        traced: &Traced,
        request: Option<&HttpRequest>,
        mut response: HttpResponse<BoxBody>,
        started: Instant,
    ) -> HttpResponse<BoxBody> {
        let refusal = refusal_in(&response);
        if let Some(refusal) = &refusal {
            let page = Chrome::plain(app, self.language()).for_whom(request.and_then(identity_of).as_deref());
            response = self.face(page, traced, response, refusal);
        }
        headers::apply(app, response.headers_mut());
        headers::challenge(&mut response);
        if app.is_draining() {
            // So that the next request comes over a new connection, to another node.
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        if let Some(request) = request {
            device_cookie::apply(app, request, &mut response);
        }
        if let Ok(id) = HeaderValue::from_str(traced.id.as_str()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let why = refusal.as_ref().and_then(|refusal| why(refusal, request));
        let (route, took) = (route_of(app, request), started.elapsed());
        route.answered(self.method.as_str(), response.status().as_u16(), took);
        self.log(traced, (request, route.pattern()), response.status(), (refusal.as_ref(), why.as_deref()), took);
        if let Some(recording) = &self.recording {
            self.hand_over(app, recording, (route.pattern(), response.status()), traced, refusal.as_ref());
        }
        if let Some(bad) = why {
            let route = format!("{} {}", self.method, route.pattern());
            let (request_id, address) = (traced.id.clone(), traced.address);
            app.refusals.note(Refused { at: app.now(), request_id, address, route, bad });
        }
        response
    }

    fn face(
        &self,
        c: Chrome,
        traced: &Traced,
        response: HttpResponse<BoxBody>,
        refusal: &Refusal,
    ) -> HttpResponse<BoxBody> {
        let mut response = if refusal.sign_in && self.wants_html() {
            self.to_sign_in(response)
        } else if refusal.kind == Kind::NotFresh && self.wants_html() {
            self.to_confirm(response)
        } else if self.wants_html() && refusal.oauth.is_none() && !oauth::answers_at(self.uri.path()) {
            let page = pages::problem::error_page(c, refusal, &traced.id);
            replace_body(response, "text/html; charset=utf-8", page)
        } else {
            let (media_type, body) = oauth::worded(self.uri.path(), refusal).to_json(&traced.id, c.t);
            replace_body(response, media_type, body)
        };
        if response.status().is_client_error() || response.status().is_server_error() {
            *response.status_mut() = refusal.kind.status();
        }
        refusal.apply_headers(response.headers_mut());
        headers::no_store(response.headers_mut());
        headers::vary_by_accept(response.headers_mut());
        response
    }

    /// To proving anew who it is, and from there on to what was asked for, or back to the page that the form stood on.
    fn to_confirm(&self, response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
        let target = if self.method == Method::GET { Some(self.target()) } else { self.from.clone() };
        see_other_with_next(response, "/confirm", target.as_deref())
    }

    /// To the sign-in page, and from there back to where a `GET` wanted to go.
    fn to_sign_in(&self, response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
        let target = (self.method == Method::GET).then(|| self.target());
        see_other_with_next(response, "/login", target.as_deref())
    }

    /// By the names of OpenTelemetry's conventions for HTTP; neither the path nor the address, which tell who it was.
    fn hand_over(
        &self,
        app: &App,
        recording: &Recording,
        (route, status): (&'static str, StatusCode),
        traced: &Traced,
        refusal: Option<&Refusal>,
    ) {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut attributes = vec![
            ("http.request.method", text(self.method.as_str())),
            ("http.route", text(route)),
            ("http.response.status_code", Value::Number(i64::from(status.as_u16()))),
            ("vestibule.request_id", text(traced.id.as_str())),
        ];
        attributes.extend(refusal.map(|refusal| ("error.type", text(refusal.kind.slug()))));
        app.traces.end(recording, format!("{} {route}", self.method), attributes);
    }

    /// Path and query, as the browser asked for them.
    fn target(&self) -> String {
        let query = self.uri.query().filter(|query| !query.is_empty());
        query.map_or_else(|| self.uri.path().to_owned(), |query| format!("{}?{query}", self.uri.path()))
    }

    fn log(
        &self,
        traced: &Traced,
        (request, route): (Option<&HttpRequest>, &str),
        status: StatusCode,
        (refusal, why): (Option<&Refusal>, Option<&BadToken>),
        took: Duration,
    ) {
        let caller = request.and_then(identity_of);
        tracing::info!(
            target: "access",
            id = traced.id.as_str(),
            method = self.method.as_str(),
            route,
            status = status.as_u16(),
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            address = traced.address_text,
            caller = caller.as_ref().map(|identity| identity.user.as_str()),
            refused = refusal.map(|refusal| refusal.kind.slug()),
            why = why.map(|bad| bad.reason.word()),
            trace = self.recording.as_ref().map(|recording| recording.trace_id()),
            "request"
        );
    }
}

/// The route that took a request; a layer that refused it before any did may still know which one that would have been.
fn route_of(app: &App, request: Option<&HttpRequest>) -> Arc<Route> {
    let requests = &app.metrics.requests;
    let taken = request.and_then(|request| request.app_data::<Arc<Route>>().cloned());
    let meant = || requests.find(&request?.match_pattern()?);
    taken.or_else(meant).unwrap_or_else(|| requests.nowhere())
}

/// Path and query of the page that a form stood on; browsers name it only to its own server (`same-origin`).
fn page_before(request: &ServiceRequest) -> Option<String> {
    let sent = request.headers().get(REFERER)?.to_str().ok()?;
    let path = sent.strip_prefix(app_of(request.request()).config.public_url.origin())?;
    path.starts_with('/').then(|| path.to_owned())
}

fn see_other_with_next(mut response: HttpResponse<BoxBody>, to: &str, next: Option<&str>) -> HttpResponse<BoxBody> {
    *response.status_mut() = StatusCode::SEE_OTHER;
    let to = paging::url(to, next.map(|next| ("next", next)));
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

/// Why the token of a refused request did not do. Whoever is known may still have to prove anew that it is them.
fn why(refusal: &Refusal, request: Option<&HttpRequest>) -> Option<Arc<BadToken>> {
    let known = || request.and_then(identity_of).map(|identity| Arc::from(BadToken::not_fresh(&identity)));
    refusal.why.clone().or_else(|| (refusal.kind == Kind::NotFresh).then(known).flatten())
}

/// A handler's refusal, or what stands for an error that actix answered by itself.
fn refusal_in(response: &HttpResponse<BoxBody>) -> Option<Refusal> {
    let own = response.extensions().get::<Refusal>().cloned();
    let status = response.status();
    let faced = response.extensions().contains::<Faced>();
    let bare = !faced && (status.is_client_error() || status.is_server_error());
    own.or_else(|| bare.then(|| Refusal::of_status(status)))
}
