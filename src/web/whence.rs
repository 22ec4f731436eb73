//! Where a request comes from, as far as proxies can be believed, and the id by which it is called.

use std::net::IpAddr;
use std::rc::Rc;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderName;
use actix_web::{HttpMessage, HttpRequest};

use super::device_cookie;
use super::trace::app_of;
use crate::access::Origin;
use crate::app::App;
use crate::platform::ids::RequestId;

/// As it stands in every answer, in the log and in the audit log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longer ones from a proxy are not taken over.
const MAX_ID: usize = 64;

/// What is known of a request before anything is decided. The request keeps it as [`Rc`]: it is read more than once.
pub struct Traced {
    pub id: RequestId,
    pub address: IpAddr,
    /// As the log, sessions and the audit log have it.
    pub address_text: String,
}

impl Traced {
    fn new(id: RequestId, address: IpAddr) -> Rc<Self> {
        Rc::new(Self { id, address, address_text: address.to_string() })
    }
}

/// Where a request comes from, for the use cases.
pub fn origin_of(request: &HttpRequest) -> Origin {
    const LONGEST: usize = 400;
    let said = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (user_agent, languages) = (said("user-agent"), said("accept-language"));
    let device = device_cookie::sent(request, app_of(request));
    let extensions = request.extensions();
    let (request_id, address) = extensions
        .get::<Rc<Traced>>()
        .map_or_else(|| (RequestId::from_outside(""), String::new()), |t| (t.id.clone(), t.address_text.clone()));
    let short = |text: &str| match text.len() {
        0..=LONGEST => text.to_owned(),
        _ => text.chars().take(LONGEST).collect(),
    };
    Origin { request_id, address, user_agent: short(user_agent), languages: short(languages), device }
}

/// Where a request comes from, as far as proxies can be believed.
pub fn address_of(request: &HttpRequest) -> Option<IpAddr> {
    request.extensions().get::<Rc<Traced>>().map(|traced| traced.address)
}

/// Who is at the other end of the connection.
pub fn peer_of(request: &HttpRequest) -> IpAddr {
    request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip().to_canonical())
}

/// Whether what they say of where a request comes from is believed.
pub fn is_trusted(app: &App, address: IpAddr) -> bool {
    app.config.trusted_proxies.iter().any(|net| net.contains(&address))
}

/// Takes its id over from a proxy of ours, or gives it one.
pub fn traced(request: &ServiceRequest, app: &App) -> Rc<Traced> {
    let peer = peer_of(request.request());
    let trusted = |address: &IpAddr| is_trusted(app, *address);
    if !trusted(&peer) {
        return Traced::new(RequestId::fresh(app.now()), peer);
    }
    // Each proxy appends whom it saw; from the right, the first that is no proxy of ours is the client.
    let all = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = all.flat_map(|value| value.split(',')).map(str::trim).collect();
    let client = hops.iter().rev().map_while(|hop| hop.parse::<IpAddr>().ok()).find(|address| !trusted(address));
    let sent = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|id| is_sound(id));
    Traced::new(sent.map_or_else(|| RequestId::fresh(app.now()), RequestId::from_outside), client.unwrap_or(peer))
}

fn is_sound(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}
