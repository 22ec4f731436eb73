//! An entry as it leaves the house: in answers, exports, and what `vestibule audit verify` reads back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Person;
use super::chain::unhex;
use super::log::Entry;
use super::store::Row;
use crate::platform::db::Fault;
use crate::platform::hex::hex;
use crate::platform::ids::{EventId, RequestId, SessionId, UserId};
use crate::platform::time::UnixTime;

/// An entry of the audit log.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct Line {
    /// Its number in the chain: the order of commits, without gaps.
    pub seq: i64,
    pub id: String,
    /// To the millisecond.
    #[schema(format = "date-time")]
    pub at: String,
    #[schema(example = "signin.succeeded")]
    pub kind: String,
    /// Who did it.
    pub actor: Option<LinePerson>,
    /// Whom it concerns.
    pub subject: Option<LinePerson>,
    pub session_id: Option<String>,
    pub address: String,
    /// The `X-Request-Id` of the answer.
    pub request_id: String,
    #[schema(value_type = Object)]
    pub detail: Map<String, Value>,
    /// SHA-256 of the entry and of the hash before it, in hexadecimal digits; null where it was recorded before there was a chain.
    pub hash: Option<String>,
}

/// Somebody, as they were called then.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = AuditPerson)]
pub struct LinePerson {
    pub id: String,
    pub username: String,
}

impl From<Person> for LinePerson {
    fn from(person: Person) -> Self {
        Self { id: person.id.as_str().to_owned(), username: person.name }
    }
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            id: entry.id.as_str().to_owned(),
            at: entry.at.rfc3339_millis(),
            kind: entry.kind,
            actor: entry.actor.map(LinePerson::from),
            subject: entry.subject.map(LinePerson::from),
            session_id: entry.session.map(|session| session.as_str().to_owned()),
            address: entry.address,
            request_id: entry.request_id.as_str().to_owned(),
            detail: entry.detail,
            hash: entry.hash.as_deref().map(hex),
        }
    }
}

impl TryFrom<Row> for Line {
    type Error = Fault;

    /// The same without asking what the word means: a newer program may have recorded it.
    fn try_from(row: Row) -> Result<Self, Fault> {
        let person = |id, name| Person::of(id, name).map(LinePerson::from);
        Ok(Self {
            detail: serde_json::from_str(&row.detail).map_err(|e| Fault::Broken(format!("audit detail: {e}")))?,
            seq: row.seq,
            id: row.id.as_str().to_owned(),
            at: row.at.rfc3339_millis(),
            kind: row.kind,
            actor: person(row.actor_id, row.actor_name),
            subject: person(row.subject_id, row.subject_name),
            session_id: row.session_id.map(|session| session.as_str().to_owned()),
            address: row.address,
            request_id: row.request_id.as_str().to_owned(),
            hash: row.hash.as_deref().map(hex),
        })
    }
}

impl Line {
    /// As it stood in the table; `None` where a value can have stood in none.
    pub fn into_row(self) -> Option<Row> {
        let split = |person: Option<LinePerson>| person.map(|who| (UserId::from_outside(who.id), who.username)).unzip();
        let ((actor_id, actor_name), (subject_id, subject_name)) = (split(self.actor), split(self.subject));
        Some(Row {
            seq: self.seq,
            id: EventId::from_outside(self.id),
            at: UnixTime::parse(&self.at)?,
            kind: self.kind,
            actor_id,
            actor_name,
            subject_id,
            subject_name,
            session_id: self.session_id.map(SessionId::from_outside),
            address: self.address,
            request_id: RequestId::from_outside(self.request_id),
            detail: Value::Object(self.detail).to_string(),
            hash: match self.hash {
                Some(hash) => Some(unhex(&hash)?.to_vec()),
                None => None,
            },
        })
    }
}
