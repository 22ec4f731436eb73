//! Request bodies: JSON or a form, read once into named values. What is wrong is collected and told together; what is
//! repeated, too large or of another type is refused.

mod parse;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde_json::Value;
use tokio::time::timeout;

use self::parse::{MediaType, json, media_type, urlencoded};
use super::form::yes_or_no;
use super::refuse::{FieldProblem, Kind, Refusal};
use crate::texts::Texts;

/// Largest body that is read, in bytes.
pub const LIMIT: usize = 64 * 1024;

/// Who sends it more slowly than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The values of a body by name, each as often as it was sent.
pub struct Fields {
    values: BTreeMap<String, Vec<Value>>,
    is_form: bool,
    problems: RefCell<Vec<FieldProblem>>,
}

impl Fields {
    fn of(pairs: impl IntoIterator<Item = (String, Value)>, is_form: bool) -> Self {
        let mut values: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (name, value) in pairs {
            values.entry(name).or_default().push(value);
        }
        Self { values, is_form, problems: RefCell::default() }
    }

    /// A text that must be there.
    pub fn required(&self, name: &'static str) -> String {
        match self.text(name) {
            Some(text) => text,
            None => {
                self.complain(name, |t| t.refused.required);
                String::new()
            }
        }
    }

    /// A text that may be there; `null` counts as absent.
    pub fn text(&self, name: &'static str) -> Option<String> {
        match self.values.get(name)?.first()? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            _ => {
                self.complain(name, |t| t.refused.text);
                Some(String::new())
            }
        }
    }

    /// The same where an empty text stands for nothing: `null` says so as well.
    pub fn text_or_nothing(&self, name: &'static str) -> Option<String> {
        match self.values.get(name)?.first()? {
            Value::Null => Some(String::new()),
            _ => self.text(name),
        }
    }

    /// Whether something is wanted: a JSON boolean, or the words that forms have for one.
    pub fn flag(&self, name: &'static str) -> bool {
        let said = match self.values.get(name).and_then(|values| values.first()) {
            None | Some(Value::Null) => Some(false),
            Some(Value::Bool(wanted)) => Some(*wanted),
            Some(Value::String(word)) if self.is_form => yes_or_no(word),
            Some(_) => None,
        };
        said.unwrap_or_else(|| {
            self.complain(name, |t| t.refused.true_or_false);
            false
        })
    }

    /// A whole number that may be there.
    pub fn number(&self, name: &'static str) -> Option<i64> {
        let number = match self.values.get(name)?.first()? {
            Value::Null => return None,
            Value::String(text) if self.is_form => text.trim().parse().ok(),
            value => value.as_i64(),
        };
        if number.is_none() {
            self.complain(name, |t| t.refused.whole_number);
        }
        number
    }

    /// Several texts: a JSON array, or a form's field as often as it stands there. `None` where the field is absent.
    pub fn list(&self, name: &'static str) -> Option<Vec<String>> {
        let items = self.items(name)?;
        // Words, not prose: what no database text can hold is none of them.
        let word = |item: &Value| item.as_str().filter(|text| !text.contains('\0')).map(str::to_owned);
        let texts: Option<Vec<String>> = items.iter().map(word).collect();
        Some(texts.unwrap_or_else(|| {
            self.complain(name, |t| t.refused.list_of_texts);
            Vec::new()
        }))
    }

    /// The items of a list, whatever each may be. `None` where the field is absent.
    pub fn items(&self, name: &'static str) -> Option<&[Value]> {
        match self.values.get(name)?.as_slice() {
            [Value::Array(items)] => Some(items),
            [Value::Null] => None,
            others if self.is_form => Some(others),
            _ => Some(&[Value::Null]),
        }
    }

    /// A text under a name that the page has made up, one for each row of a list.
    pub fn of_row(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.first()?.as_str()
    }

    /// Several texts that must be there, though there may be none of them.
    pub fn required_list(&self, name: &'static str) -> Vec<String> {
        self.list(name).unwrap_or_else(|| {
            self.complain(name, |t| t.refused.required);
            Vec::new()
        })
    }

    /// What has a form of its own, read by its own parser. Whatever else was wrong is told along with it.
    ///
    /// # Errors
    /// 422 where it is absent or has another form.
    pub fn parsed<T>(&self, name: &'static str, parse: impl FnOnce(&Value) -> Option<T>) -> Result<T, Refusal> {
        match self.values.get(name).and_then(|values| values.first()) {
            None => self.complain(name, |t| t.refused.required),
            Some(value) => match parse(value) {
                Some(read) => return Ok(read),
                None => self.complain(name, |t| t.refused.other_form),
            },
        }
        Err(Refusal::invalid(self.problems.borrow().clone()))
    }

    /// Nothing was wrong so far, and no value stands twice where only one can count.
    ///
    /// # Errors
    /// 400 for a repeated field, 422 with every problem.
    pub fn check(&self, lists: &[&str]) -> Result<(), Refusal> {
        self.refuse_repeats(lists)?;
        let problems = self.problems.borrow();
        if problems.is_empty() { Ok(()) } else { Err(Refusal::invalid(problems.clone())) }
    }

    /// # Errors
    /// 400 where a field stands twice that is no list.
    pub fn refuse_repeats(&self, lists: &[&str]) -> Result<(), Refusal> {
        let repeated = self.values.iter().find(|(name, all)| all.len() > 1 && !lists.contains(&name.as_str()));
        let Some(name) = repeated.map(|(name, _)| name.clone()) else { return Ok(()) };
        Err(Refusal::new(Kind::BadRequest, move |t| t.twice(&name)))
    }

    /// Notes what is wrong with a field, to be told by [`Self::check`] with the rest.
    pub fn complain<S: Into<Cow<'static, str>>>(
        &self,
        field: &'static str,
        say: impl Fn(&'static Texts) -> S + Send + Sync + 'static,
    ) {
        self.problems.borrow_mut().push(FieldProblem::new(field, say));
    }
}

impl FromRequest for Fields {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = media_type(request);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = timeout(PATIENCE, bytes).await.map_err(|_| Refusal::too_slow())?;
            let bytes = bytes.map_err(|error| match error.as_response_error().status_code().as_u16() {
                413 => Refusal::new(Kind::TooLarge, |t| t.refused.body_too_large),
                _ => Refusal::new(Kind::BadRequest, |t| t.refused.broken_off),
            })?;
            // Many clients name a type where they send nothing.
            if bytes.is_empty() {
                return Ok(Fields::of([], true));
            }
            match form? {
                MediaType::Json => json(&bytes),
                MediaType::Form => urlencoded(&bytes),
                MediaType::Unnamed => Err(Refusal::new(Kind::WrongMediaType, |t| t.refused.media_type)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Fields {
        json(text.as_bytes()).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    fn form(text: &[u8]) -> Fields {
        urlencoded(text).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let fields = read(r#"{"email": 5}"#);
        let _ = (fields.required("username"), fields.required("email"));
        let refusal = fields.check(&[]).err().unwrap_or_else(|| panic!("it was taken"));
        let named: Vec<&str> = refusal.errors.iter().map(|error| error.field).collect();
        assert_eq!((refusal.kind, named), (Kind::Invalid, vec!["username", "email"]));
    }

    #[test]
    fn a_repeated_field_is_refused_in_json_and_in_a_form() {
        assert!(read(r#"{"a": "1", "a": "2"}"#).check(&[]).is_err_and(|r| r.kind == Kind::BadRequest));
        assert!(form(b"a=1&a=2").check(&[]).is_err_and(|r| r.kind == Kind::BadRequest));
        assert!(form(b"a=1&a=2").check(&["a"]).is_ok());
    }

    #[test]
    fn a_list_is_an_array_or_a_repeated_field() {
        assert_eq!(read(r#"{"roles": ["a", "b"]}"#).list("roles"), form(b"roles=a&roles=b").list("roles"));
        assert_eq!(form(b"roles=a").list("roles"), Some(vec!["a".to_owned()]));
        assert_eq!(read("{}").list("roles"), None);
    }

    #[test]
    fn a_form_is_read_to_the_letter_and_in_utf8_alone() {
        let fields = form(b"a=x+y%2B%C3%BC&&b&c=%zz&=");
        let text = |name| fields.of_row(name).unwrap_or_else(|| panic!("{name}")).to_owned();
        assert_eq!([text("a"), text("b"), text("c")], ["x y+ü", "", "%zz"]);
        for other in [&b"password=%ff"[..], b"password=\xfc", b"%ff=a", b"password=%ED%A0%80"] {
            assert!(urlencoded(other).is_err_and(|r| r.kind == Kind::BadRequest), "{other:?}");
        }
    }

    #[test]
    fn what_is_no_object_is_a_bad_request() {
        for text in ["", "[]", "5", "{", "{\"a\":}", "\"x\"", "nul", "{}x"] {
            assert!(json(text.as_bytes()).is_err_and(|r| r.kind == Kind::BadRequest), "{text}");
        }
    }
}
