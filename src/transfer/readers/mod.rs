//! One reader for each kind of file. Each gives a record at a time; a row that it can't read is told and passed over.

pub(super) mod auth0;
pub(super) mod authelia;
pub(super) mod csv;
pub(super) mod django;
pub(super) mod elements;
pub(super) mod keycloak;
pub(super) mod lines;
pub(super) mod own;
pub(super) mod supabase;

use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde::de::DeserializeOwned;

use self::csv::Table;
use self::elements::{Elements, Within};
use self::lines::Lines;
use super::format::Format;
use super::record::{Row, cut};
use super::source::{Counted, Source};
use crate::platform::time::UnixTime;

/// Bytes of one row at the most.
pub(super) const LONGEST_ROW: usize = 1024 * 1024;

/// The rows of a file; outside, why it ends before its end.
pub(super) type Rows = Box<dyn Iterator<Item = Result<Row, String>> + Send>;

/// The bytes of a row, or why they are none; outside, why the file ends there.
pub(super) type Piece = Result<Result<Vec<u8>, String>, String>;

/// Reads a file from its start. What is said of times is held against `now`.
///
/// # Errors
/// One sentence where the file is broken from the start.
pub(super) fn open(source: &Source, counted: Arc<AtomicU64>, now: UnixTime) -> Result<Rows, String> {
    let bytes = source.read(Arc::clone(&counted))?;
    Ok(match source.format {
        Format::Jsonl => objects(bytes, own::line)?,
        Format::Auth0 => objects(bytes, auth0::record)?,
        Format::Keycloak => each(Elements::new(bytes, Within::Key("users")), keycloak::record),
        Format::Django => django::read(source, bytes)?,
        Format::Authelia => authelia::read(bytes)?,
        Format::Csv => {
            let table = Table::open(bytes, &own::check_headings)?;
            Box::new(table.map(|row| row.map(|row| row.and_then(|row| own::row(&row)))))
        }
        Format::Supabase => supabase::read(bytes, now)?,
    })
}

/// JSON objects, one a line or all in one list.
pub(super) fn objects<T: DeserializeOwned + 'static>(
    mut bytes: Counted,
    record: impl Fn(T) -> Row + Send + 'static,
) -> Result<Rows, String> {
    let listed = first_byte(&mut bytes)? == Some(b'[');
    Ok(if listed { each(Elements::new(bytes, Within::List), record) } else { each(Lines::new(bytes), record) })
}

/// The first byte that is no space, which stays where it is.
pub(super) fn first_byte(bytes: &mut Counted) -> Result<Option<u8>, String> {
    loop {
        let ahead = bytes.fill_buf().map_err(|error| super::source::unreadable(&error))?;
        if ahead.is_empty() {
            return Ok(None);
        }
        let blank = ahead.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let found = ahead.get(blank).copied();
        bytes.consume(blank);
        if found.is_some() {
            return Ok(found);
        }
    }
}

fn each<T: DeserializeOwned + 'static>(
    pieces: impl Iterator<Item = Piece> + Send + 'static,
    record: impl Fn(T) -> Row + Send + 'static,
) -> Rows {
    Box::new(pieces.map(move |piece| piece.map(|row| row.and_then(|bytes| record(parsed(&bytes)?)))))
}

/// One JSON object.
///
/// # Errors
/// One sentence; a repeated key is an error.
pub(super) fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let text = utf8(bytes)?;
    if !text.trim_start().starts_with('{') {
        return Err("this is no JSON object".into());
    }
    serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => cut(&misfit(&error)),
        _ => format!("this is not valid JSON (column {})", error.column()),
    })
}

/// What does not fit, without where, without the value, which may be a password, and without what it is called in here.
pub(super) fn misfit(error: &serde_json::Error) -> String {
    let said = error.to_string().replace('`', "\"");
    let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
    let found = what.strip_prefix("invalid type: ").or_else(|| what.strip_prefix("invalid value: "));
    let Some((found, expected)) = found.and_then(|found| found.rsplit_once(", expected ")) else {
        return what.replacen("field", "key", usize::from(what.contains(" field \"")));
    };
    let kind = found.split('"').next().unwrap_or_default().trim();
    let expected = match expected {
        "i64" | "u64" | "i32" | "u32" | "usize" => "a whole number",
        other if other.starts_with("struct ") => "an object",
        other => other,
    };
    format!("invalid type: {kind}, expected {expected}")
}

/// # Errors
/// One sentence.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "this is not UTF-8, but perhaps Latin-1: save the file as UTF-8".into())
}

pub(super) fn too_long() -> String {
    format!("the row is longer than {LONGEST_ROW} bytes")
}
