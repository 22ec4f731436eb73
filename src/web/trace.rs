//! The outermost layer: gives every request its id, every answer its headers and every error its face, and writes the one
//! line that the log has of it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderName, HeaderValue, LOCATION, REFERER};
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};

use super::accept::names_html_first;
use super::chrome::Chrome;
use super::refuse::{Faced, Kind, Refusal, replace_body};
use super::who::identity_of;
use super::{device_cookie, headers, pages, paging};
use crate::access::Origin;
use crate::app::App;
use crate::platform::ids::RequestId;
use crate::tokens::BadToken;
use crate::tokens::refusals::Refused;

/// As it stands in every answer, in the log and in the audit log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longer ones from a proxy are not taken over.
const MAX_ID: usize = 64;

/// What is known of a request before anything is decided.
#[derive(Clone)]
struct Traced {
    id: RequestId,
    address: IpAddr,
}

/// The middleware.
///
/// # Errors
/// Never one of its own; what comes from within has got its face.
pub async fn trace(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let started = Instant::now();
    let app = app_of(request.request()).clone();
    let traced = traced(&request, &app);
    request.extensions_mut().insert(traced.clone());
    let seen = Seen::of(&request);
    match next.call(request).await {
        Ok(response) => {
            let (request, response) = response.map_into_boxed_body().into_parts();
            let response = seen.finish(&app, &traced, Some(&request), response, started);
            Ok(ServiceResponse::new(request, response))
        }
        // The request is gone with the error, so the answer travels as one; actix sends it as it is.
        Err(error) => {
            if error.as_response_error().status_code().is_server_error() {
                tracing::error!(%error, "a middleware failed");
            }
            let response = seen.finish(&app, &traced, None, error.error_response(), started);
            Err(actix_web::error::InternalError::from_response("answered", response).into())
        }
    }
}

pub fn app_of(request: &HttpRequest) -> &App {
    request.app_data::<web::Data<App>>().unwrap_or_else(|| unreachable!("server::serve gives every worker the App"))
}

/// Where a request comes from, for the use cases.
pub fn origin_of(request: &HttpRequest) -> Origin {
    const LONGEST: usize = 400;
    let said = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (user_agent, languages) = (said("user-agent"), said("accept-language"));
    let device = device_cookie::sent(request, app_of(request));
    let extensions = request.extensions();
    let (request_id, address) = extensions
        .get::<Traced>()
        .map_or_else(|| (RequestId::from_outside(""), String::new()), |t| (t.id.clone(), t.address.to_string()));
    let short = |text: &str| match text.len() {
        0..=LONGEST => text.to_owned(),
        _ => text.chars().take(LONGEST).collect(),
    };
    Origin { request_id, address, user_agent: short(user_agent), languages: short(languages), device }
}

fn traced(request: &ServiceRequest, app: &App) -> Traced {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip().to_canonical());
    let trusted = |address: &IpAddr| app.config.trusted_proxies.iter().any(|net| net.contains(address));
    if !trusted(&peer) {
        return Traced { id: RequestId::fresh(app.now()), address: peer };
    }
    // Each proxy appends whom it saw; from the right, the first that is no proxy of ours is the client.
    let all = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = all.flat_map(|value| value.split(',')).map(str::trim).collect();
    let client = hops.iter().rev().map_while(|hop| hop.parse::<IpAddr>().ok()).find(|address| !trusted(address));
    let sent = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|id| is_sound(id));
    Traced {
        id: sent.map_or_else(|| RequestId::fresh(app.now()), RequestId::from_outside),
        address: client.unwrap_or(peer),
    }
}

fn is_sound(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// What of the request the answer may depend on, kept without a copy: most answers need none of it.
struct Seen {
    method: Method,
    uri: Uri,
    accept: Vec<HeaderValue>,
    language: Option<HeaderValue>,
    /// The page of this server that led here.
    from: Option<String>,
}

impl Seen {
    fn of(request: &ServiceRequest) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            accept: request.headers().get_all(ACCEPT).cloned().collect(),
            language: request.headers().get(ACCEPT_LANGUAGE).cloned(),
            from: if *request.method() == Method::GET { None } else { page_before(request) },
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
        if let Some(request) = request {
            device_cookie::apply(app, request, &mut response);
        }
        if let Ok(id) = HeaderValue::from_str(traced.id.as_str()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let why = refusal.as_ref().and_then(|refusal| why(refusal, request));
        self.log(traced, request, response.status(), (refusal.as_ref(), why.as_deref()), started);
        if let Some(bad) = why {
            let (request_id, address, route) = (traced.id.clone(), traced.address, self.route(request));
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
        } else if self.wants_html() && refusal.oauth.is_none() {
            let page = pages::problem::error_page(c, refusal, &traced.id);
            replace_body(response, "text/html; charset=utf-8", page)
        } else {
            let (media_type, body) = refusal.to_json(&traced.id, c.t);
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

    fn route(&self, request: Option<&HttpRequest>) -> String {
        let pattern = request.and_then(HttpRequest::match_pattern).unwrap_or_else(|| "(none)".to_owned());
        format!("{} {pattern}", self.method)
    }

    /// Path and query, as the browser asked for them.
    fn target(&self) -> String {
        let query = self.uri.query().filter(|query| !query.is_empty());
        query.map_or_else(|| self.uri.path().to_owned(), |query| format!("{}?{query}", self.uri.path()))
    }

    fn log(
        &self,
        traced: &Traced,
        request: Option<&HttpRequest>,
        status: StatusCode,
        (refusal, why): (Option<&Refusal>, Option<&BadToken>),
        started: Instant,
    ) {
        let route = request.and_then(HttpRequest::match_pattern).unwrap_or_else(|| "(none)".to_owned());
        let caller = request.and_then(identity_of);
        tracing::info!(
            id = traced.id.as_str(),
            method = self.method.as_str(),
            route,
            status = status.as_u16(),
            micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            address = %traced.address,
            caller = caller.as_ref().map(|identity| identity.user.as_str()),
            refused = refusal.map(|refusal| refusal.kind.slug()),
            why = why.map(|bad| bad.reason.word()),
            "request"
        );
    }
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
