//! Is the way to it encrypted? On this machine alone nobody listens.

use super::Finding;
use crate::app::App;

/// Hosts that are this machine, and names that never leave a test (RFC 6761 section 6).
const HERE: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

pub(super) fn look(app: &App) -> Finding {
    let url = &app.config.public_url;
    match url.is_https() || HERE.contains(&url.host()) {
        true => Finding::AddressSound,
        false => Finding::AddressPlain { url: url.origin().to_owned() },
    }
}
