//! Keycloak: a realm with its users, as `kc.sh export` writes it, or one of its files of users.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::credentials::ForeignHash;
use crate::credentials::factors::TotpSecret;
use crate::platform::time::UnixTime;
use crate::transfer::record::{Record, Row, joined};

/// Roles that every realm has and that mean nothing elsewhere.
const BUILT_IN: [&str; 2] = ["offline_access", "uma_authorization"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    username: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    first_name: Option<String>,
    last_name: Option<String>,
    enabled: Option<bool>,
    created_timestamp: Option<i64>,
    credentials: Option<Vec<Credential>>,
    realm_roles: Option<Vec<String>>,
    service_account_client_id: Option<String>,
    federation_link: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    #[serde(rename = "type")]
    kind: String,
    secret_data: Option<String>,
    credential_data: Option<String>,
    // As versions before 8 wrote it.
    algorithm: Option<String>,
    hash_iterations: Option<u64>,
    hashed_salted_value: Option<String>,
    salt: Option<String>,
}

#[derive(Deserialize)]
struct Secret {
    value: String,
    salt: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HashData {
    hash_iterations: u64,
    algorithm: String,
    #[serde(default)]
    additional_parameters: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OtpData {
    sub_type: String,
    digits: u32,
    #[serde(default)]
    period: u32,
    algorithm: String,
    secret_encoding: Option<String>,
}

pub(super) fn record(user: User) -> Row {
    if let Some(client) = user.service_account_client_id {
        return Err(format!("this is the service account of the client {client:?}, not a person"));
    }
    let credentials = user.credentials.unwrap_or_default();
    let of_kind = |kinds: &[&str]| credentials.iter().find(|one| kinds.contains(&one.kind.as_str()));
    let mut record = Record {
        username: user.username,
        email: user.email,
        email_verified: user.email_verified.unwrap_or(false),
        name: joined(user.first_name.as_deref(), user.last_name.as_deref()),
        disabled: !user.enabled.unwrap_or(true),
        password: of_kind(&["password"]).map(password),
        totp: of_kind(&["otp", "totp"]).map(totp),
        created_at: user.created_timestamp.map(|millis| Ok(UnixTime::from_millis(millis))),
        ..Record::default()
    };
    if record.password.is_none() && user.federation_link.is_some() {
        record.notes.push("the password stays in the directory that Keycloak asked".into());
    }
    if of_kind(&["webauthn", "webauthn-passwordless"]).is_some() {
        record.notes.push("passkeys belong to the old address and stay there".into());
    }
    let own = |role: &String| !BUILT_IN.contains(&role.as_str()) && !role.starts_with("default-roles-");
    Ok(record.with_roles_of_others(user.realm_roles.unwrap_or_default().into_iter().filter(own)))
}

fn password(credential: &Credential) -> Result<ForeignHash, String> {
    if let Some(value) = &credential.hashed_salted_value {
        let algorithm = credential.algorithm.as_deref().unwrap_or("pbkdf2");
        let salt = base64(credential.salt.as_deref().unwrap_or_default())?;
        return ForeignHash::pbkdf2(algorithm, credential.hash_iterations.unwrap_or(0), &salt, &base64(value)?);
    }
    let (secret, data): (Secret, HashData) = parts(credential)?;
    let (salt, hash) = (base64(secret.salt.as_deref().unwrap_or_default())?, base64(&secret.value)?);
    if data.algorithm != "argon2" {
        return ForeignHash::pbkdf2(&data.algorithm, data.hash_iterations, &salt, &hash);
    }
    // Each parameter is a list of one text.
    let text = |name: &str| data.additional_parameters[name][0].as_str().unwrap_or_default();
    let number = |name: &str| text(name).parse().map_err(|_| format!("the argon2 hash does not say its {name}"));
    let cost = (number("memory")?, data.hash_iterations, number("parallelism")?);
    ForeignHash::argon2((text("type"), text("version")), cost, (&salt, &hash))
}

fn totp(credential: &Credential) -> Result<TotpSecret, String> {
    let (secret, data): (Secret, OtpData) = parts(credential)?;
    let ours = data.sub_type == "totp" && data.digits == 6 && data.period == 30 && data.algorithm == "HmacSHA1";
    if !ours {
        return Err(format!(
            "their authenticator app shows {} digits by {} ({}), which is not offered here: take this credential out of the file, and they set up a new one",
            data.digits, data.algorithm, data.sub_type
        ));
    }
    match data.secret_encoding.as_deref() {
        Some("BASE32") => TotpSecret::from_base32(&secret.value),
        // The letters themselves are the secret.
        _ => TotpSecret::from_bytes(secret.value.as_bytes()),
    }
}

/// What is secret and what is not, each a document of its own.
fn parts<S: DeserializeOwned, D: DeserializeOwned>(credential: &Credential) -> Result<(S, D), String> {
    let unreadable = || "the credential does not have Keycloak's form".to_owned();
    let secret = credential.secret_data.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let data = credential.credential_data.as_deref().and_then(|text| serde_json::from_str(text).ok());
    Ok((secret.ok_or_else(unreadable)?, data.ok_or_else(unreadable)?))
}

fn base64(text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|_| "the hash is not written in base64".into())
}
