//! Authorization server metadata (RFC 8414).

use serde::Serialize;

use super::grants;
use crate::app::App;
use crate::config::Switch;

/// What a client can find out by itself.
#[derive(Serialize)]
pub struct Metadata {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    /// Required (section 2), and empty: there is no authorization endpoint yet.
    response_types_supported: [&'static str; 0],
    grant_types_supported: Vec<&'static str>,
    introspection_endpoint: String,
    introspection_endpoint_auth_methods_supported: [&'static str; 1],
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 1],
    service_documentation: String,
}

pub fn metadata(app: &App) -> Metadata {
    let url = &app.config.public_url;
    let offered = |grant: &&str| app.config.password_grant == Switch::On || *grant != "password";
    Metadata {
        issuer: url.issuer().to_owned(),
        token_endpoint: url.join("/token"),
        jwks_uri: url.join("/.well-known/jwks.json"),
        response_types_supported: [],
        grant_types_supported: grants::SUPPORTED.into_iter().filter(offered).collect(),
        introspection_endpoint: url.join("/introspect"),
        introspection_endpoint_auth_methods_supported: ["Bearer"],
        revocation_endpoint: url.join("/revoke"),
        // Clients show no secret, whoever asks shows their token; without this line it would be a client's password (RFC 8414
        // section 2).
        revocation_endpoint_auth_methods_supported: ["none"],
        token_endpoint_auth_methods_supported: ["none"],
        service_documentation: url.join("/docs"),
    }
}
