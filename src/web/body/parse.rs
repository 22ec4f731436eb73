//! A body's bytes as named values: JSON or a form, to the letter.

use std::borrow::Cow;
use std::fmt;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::Fields;
use crate::web::refuse::{Kind, Refusal};

pub(super) enum MediaType {
    Json,
    Form,
    Unnamed,
}

pub(super) fn media_type(request: &HttpRequest) -> Result<MediaType, Refusal> {
    let Some(sent) = request.headers().get(CONTENT_TYPE) else { return Ok(MediaType::Unnamed) };
    match sent.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(MediaType::Json),
        "application/x-www-form-urlencoded" => Ok(MediaType::Form),
        _ => Err(Refusal::new(Kind::WrongMediaType, |t| t.refused.media_type)),
    }
}

pub(super) fn json(bytes: &[u8]) -> Result<Fields, Refusal> {
    let object: Repeating = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Data => Refusal::new(Kind::BadRequest, |t| t.refused.no_object),
            _ => Refusal::new(Kind::BadRequest, move |t| t.no_json(&place)),
        }
    })?;
    Ok(Fields::of(object.0, false))
}

/// A form. What is no UTF-8 would be read as question marks: as passwords, all such texts of one length would be the same.
pub(super) fn urlencoded(bytes: &[u8]) -> Result<Fields, Refusal> {
    let mut pairs = Vec::new();
    for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = (decoded(&pair[..end])?, decoded(pair.get(end + 1..).unwrap_or_default())?);
        pairs.push((name, Value::String(value)));
    }
    Ok(Fields::of(pairs, true))
}

fn decoded(part: &[u8]) -> Result<String, Refusal> {
    let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let text = percent_encoding::percent_decode(&spaced).decode_utf8();
    text.map(Cow::into_owned).map_err(|_| Refusal::new(Kind::BadRequest, |t| t.refused.not_utf8))
}

/// A JSON object that does not swallow a repeated name, as a map would.
struct Repeating(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Repeating {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Repeating;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Repeating, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Repeating(pairs))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
