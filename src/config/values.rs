//! Settings as text: given or defaulted, parsed one by one, and shown with their secrets masked.

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use url::{Position, Url};

use super::settings::{InForce, SETTINGS, Setting, Source};
use crate::platform::db::each_host;

/// Parameters of a database's URL that are passwords: libpq has them there too.
const SECRET_PARAMETERS: [&str; 2] = ["password", "sslpassword"];

/// A URL of a database, a mail server or a collector as it may be shown and logged.
pub(super) fn without_password(text: &str) -> String {
    match Url::parse(text).ok().filter(|url| url.has_authority() && all_is_told_apart(url)) {
        Some(mut url) => {
            if url.password().is_some() {
                // An error says that this kind of URL has no password to hide.
                let _ = url.set_password(Some("***"));
            }
            let query = url.query().map(masked);
            url.set_query(query.as_deref());
            url.to_string()
        }
        None => several_without_password(text).unwrap_or_else(|| match text.split_once("://") {
            Some((scheme, _)) => format!("{scheme}://…"),
            None if text.contains(['@', '=']) => "…".to_owned(),
            None => text.to_owned(),
        }),
    }
}

/// A password that holds `/`, `?` or `#` as it is would pass for what follows the host. Who connects may see that otherwise, so
/// such a URL is not shown at all.
fn all_is_told_apart(url: &Url) -> bool {
    url.fragment().is_none() && (!url.username().is_empty() || !url.as_str().contains('@'))
}

fn masked(query: &str) -> String {
    let secret = |name: &str| {
        let name = percent_decode_str(name).decode_utf8_lossy();
        SECRET_PARAMETERS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if secret(name) => Cow::Owned(format!("{name}=***")),
        _ => Cow::Borrowed(pair),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The same where the URL names several servers, each of which makes a sound one.
fn several_without_password(text: &str) -> Option<String> {
    let each: Vec<Url> = each_host(text).iter().map(|url| Url::parse(url)).collect::<Result<_, _>>().ok()?;
    let (first, rest) = each.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let more: String = rest.iter().map(|url| format!(",{}", &url[Position::BeforeHost..Position::AfterPort])).collect();
    let shown = Url::parse(&without_password(first.as_str())).ok()?;
    Some(format!("{}{more}{}", &shown[..Position::AfterPort], &shown[Position::AfterPort..]))
}

/// Name and text of what was set; an empty value counts as unset.
pub(super) struct Values(HashMap<String, String>);

impl Values {
    pub(super) fn new(given: HashMap<String, String>) -> Self {
        Self(given)
    }

    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// What was given, or the default.
    pub(super) fn text(&self, name: &str) -> String {
        let default = SETTINGS.iter().find(|setting| setting.name == name).and_then(|setting| setting.default);
        self.given(name).or(default).unwrap_or_default().to_owned()
    }

    pub(super) fn parsed<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Result<T, String> {
        let text = self.text(name);
        parse(&text).map_err(|may_be| format!("{name} is {text:?}; it may be {may_be}"))
    }

    pub(super) fn optional<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<Option<T>, String> {
        self.given(name).map(|_| self.parsed(name, parse)).transpose()
    }

    pub(super) fn number(&self, name: &str, low: u32, high: u32) -> Result<u32, String> {
        let text = self.text(name);
        let number = text.parse().ok().filter(|number| (low..=high).contains(number));
        number.ok_or_else(|| format!("{name} is {text:?}; it may be a whole number from {low} to {high}"))
    }

    pub(super) fn one_of<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, String> {
        let text = self.text(name);
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        found.ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            format!("{name} is {text:?}; it may be {}", words.join(" or "))
        })
    }

    pub(super) fn list<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Result<Vec<T>, String> {
        let text = self.text(name);
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| parse(part).map_err(|may_be| format!("{name} has {part:?}; it may be {may_be}"))).collect()
    }

    /// Every setting as it is in force: `derived` where one follows from others, else as given or by default.
    pub(super) fn shown(&self, derived: &[(&'static str, String)]) -> Vec<InForce> {
        let show = |name: &'static str| match derived.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => value.clone(),
            None if name == "SECRET_KEY" => {
                self.given(name).map_or("(made under DATA_DIR)".to_owned(), |_| "***".to_owned())
            }
            None if name == "OTEL_EXPORTER_OTLP_HEADERS" => {
                self.given(name).map(|_| "***".to_owned()).unwrap_or_default()
            }
            None if ["SMTP_URL", "DATABASE_READ_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"].contains(&name) => {
                self.given(name).map(without_password).unwrap_or_default()
            }
            None => self.text(name),
        };
        let given = |name| if self.given(name).is_some() { Source::Set } else { Source::Default };
        let in_force =
            |setting: &'static Setting| InForce { setting, value: show(setting.name), source: given(setting.name) };
        SETTINGS.iter().map(in_force).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn the_password_of_a_url_is_never_shown_also_where_it_names_several_servers() {
        for (url, shown) in [
            ("postgres://u:hidden@h/d?x=y", "postgres://u:***@h/d?x=y"),
            ("postgres://u:hidden@one:1,two:2/d?x=y", "postgres://u:***@one:1,two:2/d?x=y"),
            ("postgres://u@one:1,two/d", "postgres://u@one:1,two/d"),
            ("postgres://u:hid/den@one:1,two/d", "postgres://…"),
            ("postgres://u:hidden@one:1,two:port/d", "postgres://…"),
            ("postgres://u@h/d?password=hidden&x=y", "postgres://u@h/d?password=***&x=y"),
            ("postgres://u@h/d?x=y&sslpassword=hidden", "postgres://u@h/d?x=y&sslpassword=***"),
            ("postgres://u@h/d?Pass%77ord=hidden", "postgres://u@h/d?Pass%77ord=***"),
            ("postgres://u@one:1,two:2/d?password=hidden", "postgres://u@one:1,two:2/d?password=***"),
            ("postgres://u@h/d?password=hid#den", "postgres://…"),
            ("postgres://u:1#hidden@h/d", "postgres://…"),
            ("postgres://u:1/hidden@h/d", "postgres://…"),
            ("host=h user=u password=hidden", "…"),
            ("mail.example.com", "mail.example.com"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
