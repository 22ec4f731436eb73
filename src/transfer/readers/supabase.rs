//! Supabase: the table `auth.users`, as CSV or as JSON.

use serde::Deserialize;
use serde_json::Value;

use super::csv::{Fields, Table};
use super::{Rows, first_byte, objects};
use crate::platform::time::UnixTime;
use crate::transfer::record::{Record, Row, moment};
use crate::transfer::source::Counted;

#[derive(Deserialize)]
struct User {
    email: Option<String>,
    encrypted_password: Option<String>,
    email_confirmed_at: Option<String>,
    created_at: Option<String>,
    banned_until: Option<String>,
    deleted_at: Option<String>,
    raw_user_meta_data: Option<Value>,
}

pub(super) fn read(mut bytes: Counted, now: UnixTime) -> Result<Rows, String> {
    if matches!(first_byte(&mut bytes)?, Some(b'{' | b'[')) {
        return objects(bytes, move |user: User| record(user, now));
    }
    let table = Table::open(bytes, &check_headings)?;
    Ok(Box::new(table.map(move |row| row.map(|row| row.and_then(|fields| record(user(&fields), now))))))
}

fn check_headings(headings: &[String]) -> Result<(), String> {
    let missing = ["email", "encrypted_password"].into_iter().find(|name| !headings.iter().any(|own| own == name));
    missing.map_or(Ok(()), |name| Err(format!("There is no heading {name:?}: export all columns of auth.users.")))
}

fn user(fields: &Fields) -> User {
    // Spreadsheets and some consoles write the word.
    let text = |heading| fields.text(heading).filter(|text| *text != "NULL" && *text != "null").map(str::to_owned);
    User {
        email: text("email"),
        encrypted_password: text("encrypted_password"),
        email_confirmed_at: text("email_confirmed_at"),
        created_at: text("created_at"),
        banned_until: text("banned_until"),
        deleted_at: text("deleted_at"),
        raw_user_meta_data: text("raw_user_meta_data").map(Value::String),
    }
}

fn record(user: User, now: UnixTime) -> Row {
    if user.deleted_at.is_some() {
        return Err("the account was deleted there".into());
    }
    let banned = user.banned_until.as_deref().and_then(moment).is_some_and(|until| until > now);
    let mut record = Record {
        email: user.email,
        email_verified: user.email_confirmed_at.is_some(),
        name: name(user.raw_user_meta_data.as_ref()),
        disabled: banned,
        ..Record::default()
    };
    if let (true, Some(until)) = (banned, &user.banned_until) {
        record.notes.push(format!("banned there until {until}; disabled here until somebody enables them"));
    }
    let record = record.with_password(user.encrypted_password.as_deref()).created(user.created_at.as_deref());
    Ok(record.with_roles_of_others([]))
}

/// What they want to be called, wherever the app has put it; the data may be a document in a text.
fn name(data: Option<&Value>) -> Option<String> {
    let data = match data? {
        Value::String(text) => serde_json::from_str(text).ok()?,
        other => other.clone(),
    };
    let named = ["full_name", "name", "display_name"].iter().find_map(|key| data[key].as_str());
    named.filter(|name| !name.trim().is_empty()).map(str::to_owned)
}
