//! What `vestibule export` writes, as JSON lines and as CSV.

use serde::Deserialize;

use super::csv::Fields;
use crate::transfer::export::formula;
use crate::transfer::record::{Record, Row};

/// The keys of a line, which are the headings of the table.
pub(in crate::transfer) const HEADINGS: [&str; 9] =
    ["username", "email", "email_verified", "name", "roles", "disabled", "password_hash", "totp", "created_at"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    username: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<bool>,
    name: Option<String>,
    roles: Option<Vec<String>>,
    #[serde(default)]
    disabled: Option<bool>,
    password_hash: Option<String>,
    totp: Option<String>,
    created_at: Option<String>,
}

pub(super) fn line(line: Line) -> Row {
    let record = Record {
        username: line.username,
        email: line.email,
        email_verified: line.email_verified.unwrap_or(false),
        name: line.name,
        roles: line.roles,
        disabled: line.disabled.unwrap_or(false),
        ..Record::default()
    };
    Ok(record
        .with_password(line.password_hash.as_deref())
        .with_totp(line.totp.as_deref())
        .created(line.created_at.as_deref()))
}

/// A heading that is not known may be one that was mistyped, and with it all passwords would stay behind.
pub(super) fn check_headings(headings: &[String]) -> Result<(), String> {
    match headings.iter().find(|heading| !HEADINGS.contains(&heading.as_str())) {
        Some(unknown) => Err(format!("The heading {unknown:?} is not known: there may be {}.", HEADINGS.join(", "))),
        None if headings.iter().any(|heading| heading == "email") => Ok(()),
        None => Err("There is no heading \"email\".".into()),
    }
}

pub(super) fn row(fields: &Fields) -> Row {
    let text = |heading| fields.text(heading).map(formula::disarmed);
    // No heading says nothing of roles; nothing under it says that there are none.
    let roles = fields.has("roles").then(|| text("roles").unwrap_or_default());
    let roles =
        roles.map(|roles| roles.split(';').map(str::trim).filter(|role| !role.is_empty()).map(str::to_owned).collect());
    let record = Record {
        username: text("username"),
        email: text("email"),
        email_verified: fields.flag("email_verified")?,
        name: text("name"),
        roles,
        disabled: fields.flag("disabled")?,
        ..Record::default()
    };
    Ok(record
        .with_password(text("password_hash").as_deref())
        .with_totp(text("totp").as_deref())
        .created(text("created_at").as_deref()))
}
