//! The OAuth endpoints: requests read into the capability's types, its answers written as the RFCs have them.

pub mod introspection;
pub mod passkey;
pub mod token;
pub mod wellknown;

/// Whether answers at this path have OAuth's words, those too that are given before a handler is asked (RFC 6749 section 5.2,
/// RFC 7009 section 2.2.1, RFC 7662 section 2.3).
pub fn answers_at(path: &str) -> bool {
    matches!(path, "/token" | "/introspect" | "/revoke")
}
