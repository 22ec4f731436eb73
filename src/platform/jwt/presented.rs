//! What a token that was refused says of itself, for the eyes of people.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// What the header of a token that was refused says, for people to read: whoever sent it may have written anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presented {
    pub kid: Option<String>,
    pub alg: Option<String>,
    pub typ: Option<String>,
}

/// Reads it without believing any of it.
pub fn presented(token: &str) -> Presented {
    let header = header(token);
    let said = |name: &str| match header.as_ref()?.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(harmless(text)),
        other => Some(harmless(&other.to_string())),
    };
    Presented { kid: said("kid"), alg: said("alg"), typ: said("typ") }
}

/// The header as it stands there.
pub(super) fn header(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let header = parts.next().filter(|_| parts.count() == 2).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    header.and_then(|bytes| serde_json::from_slice(&bytes).ok())
}

/// A text that somebody sent, cut short, without what would change how the text around it is shown.
pub fn harmless(text: &str) -> String {
    const LONGEST: usize = 100;
    let unseen = |c: char| {
        matches!(c, '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                    | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    text.chars().filter(|c| !c.is_control() && !unseen(*c)).take(LONGEST).collect()
}
