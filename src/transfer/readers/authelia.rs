//! Authelia: `users_database.yml`. The file is kept by hand and small, so it is read whole; what points elsewhere in it
//! (anchors, aliases) is refused, since a few lines of those can stand for gigabytes.

use std::io::Read;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Rows, misfit, utf8};
use crate::transfer::record::{Record, Row, cut};
use crate::transfer::source::{Counted, unreadable};

/// Bytes at the most: some ten thousand people.
const LONGEST: u64 = 16 * 1024 * 1024;
/// Nobody nests deeper than that.
const DEEPEST: usize = 16;

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    disabled: bool,
    #[serde(alias = "displayname")]
    display_name: Option<String>,
    password: Option<String>,
    email: Option<String>,
    #[serde(default)]
    groups: Vec<String>,
}

pub(super) fn read(bytes: Counted) -> Result<Rows, String> {
    let mut whole = Vec::new();
    bytes.take(LONGEST + 1).read_to_end(&mut whole).map_err(|error| unreadable(&error))?;
    if u64::try_from(whole.len()).unwrap_or(u64::MAX) > LONGEST {
        return Err("The file is larger than 16 MB, which no users_database.yml is.".into());
    }
    let text = utf8(&whole).map_err(|why| format!("The file can't be read: {why}."))?;
    let mut document = Builder { parser: Parser::new_from_str(text) }.document()?;
    let Some(Value::Object(users)) = document.remove("users") else {
        return Err("The file has no \"users:\" with people under it.".into());
    };
    Ok(Box::new(users.into_iter().map(|(username, user)| Ok(record(username, user)))))
}

fn record(username: String, user: Value) -> Row {
    let user: User = serde_json::from_value(user).map_err(|error| format!("{}: {}", cut(&username), misfit(&error)))?;
    // As versions before 4.38 wrote it.
    let password = user.password.as_deref().map(|hash| hash.strip_prefix("{CRYPT}").unwrap_or(hash));
    let record = Record {
        username: Some(username),
        email: user.email,
        name: user.display_name,
        disabled: user.disabled,
        ..Record::default()
    };
    Ok(record.with_password(password).with_roles_of_others(user.groups))
}

/// Puts YAML's events together.
struct Builder<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
}

impl Builder<'_> {
    fn document(&mut self) -> Result<Map<String, Value>, String> {
        loop {
            match self.event()? {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::MappingStart(0, _) => return self.mapping(0),
                _ => return Err("The file is no mapping with \"users:\" in it.".into()),
            }
        }
    }

    fn event(&mut self) -> Result<Event<'_>, String> {
        match self.parser.next_event() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(format!("The file is not sound YAML: {}.", cut(&error.to_string()))),
            None => Err("The file ends in the middle of its YAML.".into()),
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Map<String, Value>, String> {
        let mut mapping = Map::new();
        loop {
            let key = match self.event()? {
                Event::MappingEnd => return Ok(mapping),
                Event::Scalar(key, _, 0, _) => key.into_owned(),
                _ => return Err("The file has a key that is no text.".into()),
            };
            let value = self.value(depth + 1)?.ok_or("The file ends in the middle of its YAML.")?;
            if mapping.insert(key.clone(), value).is_some() {
                return Err(format!("The key {:?} is there twice.", cut(&key)));
            }
        }
    }

    /// `None` where a list ends instead.
    fn value(&mut self, depth: usize) -> Result<Option<Value>, String> {
        if depth > DEEPEST {
            return Err(format!("The file nests deeper than {DEEPEST}."));
        }
        Ok(Some(match self.event()? {
            Event::Scalar(text, style, 0, _) => scalar(text.into_owned(), style),
            Event::MappingStart(0, _) => Value::Object(self.mapping(depth)?),
            Event::SequenceStart(0, _) => {
                let mut list = Vec::new();
                while let Some(item) = self.value(depth + 1)? {
                    list.push(item);
                }
                Value::Array(list)
            }
            Event::SequenceEnd => return Ok(None),
            Event::Alias(_) => {
                return Err("The file has aliases (*name), which are not followed here: write them out.".into());
            }
            _ => return Err("The file has anchors (&name), which are not taken here: write them out.".into()),
        }))
    }
}

/// A word that is not quoted may stand for something else than its letters.
fn scalar(text: String, style: ScalarStyle) -> Value {
    match (style, text.as_str()) {
        (ScalarStyle::Plain, "" | "~" | "null") => Value::Null,
        (ScalarStyle::Plain, "true" | "True") => Value::Bool(true),
        (ScalarStyle::Plain, "false" | "False") => Value::Bool(false),
        _ => Value::String(text),
    }
}
