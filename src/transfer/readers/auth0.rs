//! Auth0: the export of users, the export of password hashes that its support gives, or both in one object each.

use serde::Deserialize;
use serde_json::Value;

use crate::transfer::record::{Record, Row, joined};

#[derive(Deserialize)]
pub(super) struct User {
    email: Option<String>,
    email_verified: Option<bool>,
    username: Option<String>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    blocked: Option<bool>,
    created_at: Option<Value>,
    #[serde(rename = "passwordHash", alias = "password_hash")]
    password_hash: Option<String>,
    identifiers: Option<Vec<Identifier>>,
    mfa_factors: Option<Vec<MfaFactor>>,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: String,
    value: String,
    verified: Option<bool>,
}

#[derive(Deserialize)]
struct MfaFactor {
    totp: Option<Totp>,
}

#[derive(Deserialize)]
struct Totp {
    secret: String,
}

pub(super) fn record(user: User) -> Row {
    let address = user.identifiers.into_iter().flatten().find(|one| one.kind == "email");
    let (listed, listed_verified) = address.map_or((None, None), |one| (Some(one.value), one.verified));
    // Auth0 gives the address as the name where it knows none.
    let named = user.name.filter(|name| !name.contains('@'));
    let secret = user.mfa_factors.into_iter().flatten().find_map(|factor| factor.totp).map(|totp| totp.secret);
    let record = Record {
        username: user.username,
        email_verified: user.email_verified.or(listed_verified).unwrap_or(false),
        email: user.email.or(listed),
        name: joined(user.given_name.as_deref(), user.family_name.as_deref()).or(named),
        disabled: user.blocked.unwrap_or(false),
        ..Record::default()
    };
    let created = user.created_at.as_ref().and_then(|value| value.as_str().or_else(|| value["$date"].as_str()));
    let record = record.with_password(user.password_hash.as_deref()).with_totp(secret.as_deref()).created(created);
    Ok(record.with_roles_of_others([]))
}
