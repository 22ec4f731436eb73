//! Where a browser's sign-in goes on: home, with a session, or to the page of the second factor.

use actix_identity::Identity;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use crate::access::Caller;
use crate::app::App;
use crate::platform::ids::AttemptId;
use crate::platform::secret::OpaqueToken;
use crate::signin::{self, Goal, Onward, Proven, Step, Ticket};
use crate::web::device_cookie;
use crate::web::form::see_other;
use crate::web::refuse::Refusal;
use crate::web::whence::origin_of;

/// Where one is led without another wish.
pub const HOME: &str = "/account";
/// Longer than a sign-in may wait.
const KEPT_MINUTES: i64 = 10;

/// How a sign-in goes on that begins in this browser. Its tabs share one secret, so each can go on with its own.
pub fn onward(app: &App, request: &HttpRequest, next: Option<String>) -> Onward {
    let held = request.cookie(cookie_name(app)).map(|cookie| OpaqueToken::sent(cookie.value()));
    let holder = held.filter(OpaqueToken::has_our_length);
    Onward { goal: Goal::Browser { next }, holder }
}

/// Translates a step: the session's cookie, or the page that asks for more.
pub async fn go_on(
    app: &App,
    request: &HttpRequest,
    before: Option<Caller>,
    step: Step,
    next: Option<&str>,
) -> Result<HttpResponse, Refusal> {
    match step {
        Step::Done(proven) => {
            open_session(app, request, before, proven).await?;
            Ok(see_other(next.unwrap_or(HOME)))
        }
        Step::Factor(pending) => wait_at(app, "/login/factor", &pending.ticket),
        Step::Enrol(pending) => wait_at(app, "/login/enrol", &pending.ticket),
    }
}

/// Begins the session and gives the browser its cookie.
pub async fn open_session(
    app: &App,
    request: &HttpRequest,
    before: Option<Caller>,
    proven: Proven,
) -> Result<(), Refusal> {
    let begun = signin::begin_in_browser(app, &origin_of(request), before, proven).await?;
    device_cookie::keep(request, app, &begun.device);
    Identity::login(&request.extensions(), begun.session.as_str().to_owned())
        .map_err(|error| Refusal::fault(&error))?;
    Ok(())
}

/// The attempt that an address names, with what this browser has to show for it.
pub fn ticket(app: &App, request: &HttpRequest, id: &str) -> Ticket {
    let holder = request.cookie(cookie_name(app)).map_or_else(String::new, |cookie| cookie.value().to_owned());
    Ticket { id: AttemptId::from_outside(id), holder: OpaqueToken::sent(holder) }
}

fn wait_at(app: &App, page: &str, ticket: &Ticket) -> Result<HttpResponse, Refusal> {
    let mut answer = see_other(&format!("{page}?attempt={}", ticket.id));
    let cookie = Cookie::build(cookie_name(app), ticket.holder.reveal().to_owned())
        .path("/")
        .secure(app.config.public_url.is_https())
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::minutes(KEPT_MINUTES))
        .finish();
    answer.add_cookie(&cookie).map_err(|error| Refusal::fault(&error))?;
    Ok(answer)
}

fn cookie_name(app: &App) -> &'static str {
    // Browsers refuse the prefix without https.
    if app.config.public_url.is_https() { "__Host-vestibule_signin" } else { "vestibule_signin" }
}
