//! A user as a line of JSON or of a table.

use serde::Serialize;

use super::{Form, Leaving, Secrets, formula};
use crate::accounts::Standing;
use crate::transfer::readers::own::HEADINGS;

#[derive(Serialize)]
struct Line<'a> {
    username: &'a str,
    email: &'a str,
    email_verified: bool,
    name: Option<&'a str>,
    roles: Vec<&'a str>,
    disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totp: Option<String>,
    created_at: String,
}

impl<'a> Line<'a> {
    fn of(Leaving { user, secrets }: &'a Leaving) -> Self {
        Self {
            username: &user.username,
            email: &user.email,
            email_verified: user.email_verified,
            name: user.name.as_deref(),
            // What was given for a while stays here: it would come back for good.
            roles: user.roles.iter().map(String::as_str).filter(|role| !user.role_ends.contains_key(*role)).collect(),
            disabled: user.standing == Standing::Disabled,
            password_hash: secrets.as_ref().map(|kept| kept.password_hash.as_deref()),
            totp: secrets.as_ref().and_then(|kept| kept.totp.as_ref()).map(|secret| secret.to_base32()),
            created_at: user.created_at.rfc3339_millis(),
        }
    }

    fn fields(&self, secrets: bool) -> Vec<String> {
        let text = str::to_owned;
        let mut fields = vec![
            text(self.username),
            text(self.email),
            self.email_verified.to_string(),
            text(self.name.unwrap_or_default()),
            text(&self.roles.join(";")),
            self.disabled.to_string(),
        ];
        if secrets {
            fields.push(text(self.password_hash.flatten().unwrap_or_default()));
            fields.push(text(self.totp.as_deref().unwrap_or_default()));
        }
        fields.push(self.created_at.clone());
        fields
    }
}

pub(super) fn headings(secrets: Secrets) -> String {
    let secret = |name: &str| ["password_hash", "totp"].contains(&name);
    let names = HEADINGS.into_iter().filter(|name| secrets == Secrets::With || !secret(name));
    names.collect::<Vec<_>>().join(",") + "\r\n"
}

pub(super) fn user(text: &mut String, form: Form, leaving: &Leaving) {
    let line = Line::of(leaving);
    match form {
        Form::Jsonl => {
            text.push_str(
                &serde_json::to_string(&line).unwrap_or_else(|_| unreachable!("texts and truth values are JSON")),
            );
            text.push('\n');
        }
        Form::Csv => {
            text.push_str(&csv_line(&line.fields(leaving.secrets.is_some())));
        }
    }
}

/// A row of a table that no spreadsheet runs.
pub fn csv_line(cells: &[String]) -> String {
    cells.iter().map(|cell| quoted(&formula::armed(cell))).collect::<Vec<_>>().join(",") + "\r\n"
}

/// In quotes where it needs them (RFC 4180 section 2).
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
