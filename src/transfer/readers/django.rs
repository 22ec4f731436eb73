//! Django: `manage.py dumpdata auth.user auth.group`. Groups become roles; they are read first, for users name them by number.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde::Deserialize;
use serde_json::Value;

use super::elements::{Elements, Within};
use super::{Rows, parsed};
use crate::transfer::record::{Record, Row, joined};
use crate::transfer::source::{Counted, Source};

/// Groups at the most: they are kept while users are read.
const GROUPS: usize = 100_000;
/// Characters of a name or a number that are kept of each: Django's own are shorter.
const LONGEST: usize = 200;

#[derive(Deserialize)]
struct Object {
    model: String,
    #[serde(default)]
    pk: Value,
    fields: Fields,
}

/// Of any model: what is of another type there is none of ours.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    /// A group's.
    name: Value,
    username: Value,
    email: Value,
    password: Value,
    first_name: Value,
    last_name: Value,
    is_active: Value,
    is_superuser: Value,
    date_joined: Value,
    groups: Value,
}

pub(super) fn read(source: &Source, bytes: Counted) -> Result<Rows, String> {
    let groups = groups(source.read(Arc::new(AtomicU64::new(0)))?);
    let users = Elements::new(bytes, Within::List).filter_map(move |piece| {
        let object: Result<Object, String> = match piece {
            Err(why) => return Some(Err(why)),
            Ok(piece) => piece.and_then(|bytes| parsed(&bytes)),
        };
        match object {
            Err(why) => Some(Ok(Err(why))),
            Ok(object) if object.fields.password.is_null() => None,
            Ok(object) => Some(Ok(record(object.fields, &groups))),
        }
    });
    Ok(Box::new(users))
}

/// The names of groups by their numbers. What is no group here is told when users are read.
fn groups(bytes: Counted) -> HashMap<String, String> {
    let objects = Elements::new(bytes, Within::List).map_while(Result::ok).flatten();
    let group = |bytes: Vec<u8>| {
        let object: Object = parsed(&bytes).ok()?;
        let name = object.fields.name.as_str()?.to_owned();
        let number = object.pk.to_string();
        let fits = name.len() <= LONGEST && number.len() <= LONGEST;
        (fits && object.model == "auth.group").then_some((number, name))
    };
    objects.filter_map(group).take(GROUPS).collect()
}

fn record(user: Fields, groups: &HashMap<String, String>) -> Row {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut roles = Vec::new();
    for group in user.groups.as_array().into_iter().flatten() {
        // By number, or by name where the dump was made with `--natural-foreign`.
        let named = group[0].as_str().or_else(|| groups.get(&group.to_string()).map(String::as_str));
        roles.push(
            named.ok_or_else(|| format!("the group {group} is not in the file: dump auth.group as well"))?.to_owned(),
        );
    }
    let mut record = Record {
        username: text(&user.username),
        email: text(&user.email),
        name: joined(user.first_name.as_str(), user.last_name.as_str()),
        disabled: user.is_active == Value::Bool(false),
        ..Record::default()
    };
    if user.is_superuser == Value::Bool(true) {
        record.notes.push("a superuser of Django is no administrator here: give the role by hand".into());
    }
    // What begins with `!` was set so that nothing fits it.
    let password = user.password.as_str().filter(|hash| !hash.starts_with('!'));
    Ok(record.with_password(password).created(user.date_joined.as_str()).with_roles_of_others(roles))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::format::Format;

    #[test]
    fn a_group_whose_name_is_a_book_is_not_kept() {
        let path = std::env::temp_dir().join(format!("vestibule-groups-{}", std::process::id()));
        let group = |number: &str, name: &str| {
            format!(r#"{{"model": "auth.group", "pk": {number}, "fields": {{"name": "{name}"}}}}"#)
        };
        let (long, number) = ("x".repeat(500_000), format!("\"{}\"", "9".repeat(500_000)));
        let objects = [group("1", &long), group(&number, "short"), group("2", "staff")];
        std::fs::write(&path, format!("[{}]", objects.join(","))).unwrap_or_else(|e| panic!("{e}"));
        let source = Source::open(&path, Some(Format::Django)).unwrap_or_else(|why| panic!("{why}"));
        let kept = groups(source.read(Arc::new(AtomicU64::new(0))).unwrap_or_else(|why| panic!("{why}")));
        let _ = std::fs::remove_file(&path);
        assert_eq!(kept, HashMap::from([("2".to_owned(), "staff".to_owned())]));
    }
}
