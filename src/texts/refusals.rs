//! Why a token was refused, in a few words and as a sentence.

use super::Language;
use super::reasons::{english, german};
use crate::platform::time::UnixTime;
use crate::sessions::EndReason;
use crate::tokens::refusals::{Cause, Explanation, Reason};

/// The reason in a few words, as it stands in the list.
pub fn reason(language: Language, reason: Reason) -> &'static str {
    match language {
        Language::En => english(reason).0,
        Language::De => german(reason).0,
    }
}

/// One sentence that anybody understands.
pub fn sentence(language: Language, explained: &Explanation) -> String {
    let refused = &explained.refused;
    let pattern = match (language, &explained.cause) {
        (Language::En, Some(cause)) => english_cause(refused.reason, cause),
        (Language::De, Some(cause)) => german_cause(refused.reason, cause),
        (Language::En, None) => english(refused.reason).1,
        (Language::De, None) => german(refused.reason).1,
    };
    let (at, by, why) = match &explained.cause {
        Some(Cause::Ended { at, why, by }) => (Some(*at), by.as_deref(), end(language, *why)),
        Some(Cause::TimedOut { at }) => (Some(*at), None, ""),
        Some(Cause::RolesChanged { at, by }) => (Some(*at), by.as_deref(), ""),
        None => (None, None, ""),
    };
    let span = refused.expires_at.map(|end| span(language, refused.at.since(end).as_secs()));
    let quoted = |value: Option<&str>| quoted(language, value.unwrap_or_default());
    fill(
        pattern,
        &[
            ("span", span.unwrap_or_default()),
            ("moment", refused.found.clone().unwrap_or_default()),
            ("found", quoted(refused.found.as_deref())),
            ("expected", quoted(explained.expected.as_deref())),
            ("kid", quoted(refused.presented.kid.as_deref())),
            ("alg", quoted(refused.presented.alg.as_deref())),
            ("typ", quoted(refused.presented.typ.as_deref())),
            ("at", at.map(full).unwrap_or_default()),
            ("by", by.unwrap_or_default().to_owned()),
            ("why", why.to_owned()),
        ],
    )
}

fn english_cause(reason: Reason, cause: &Cause) -> &'static str {
    match cause {
        _ if reason == Reason::RefreshReused => english(reason).1,
        Cause::Ended { by: Some(_), .. } => "Its session was ended by {by} at {at}: {why}.",
        Cause::Ended { by: None, .. } => "Its session was ended at {at}: {why}.",
        Cause::TimedOut { .. } => "Its session was over at {at}: it was not used for too long, or had grown too old.",
        Cause::RolesChanged { by: Some(_), .. } => {
            "{by} changed the roles of its user at {at}, so the token is stale; a refresh gives a true one."
        }
        Cause::RolesChanged { by: None, .. } => {
            "The roles of its user were changed at {at}, so the token is stale; a refresh gives a true one."
        }
    }
}

fn german_cause(reason: Reason, cause: &Cause) -> &'static str {
    match cause {
        _ if reason == Reason::RefreshReused => german(reason).1,
        Cause::Ended { by: Some(_), .. } => "Die Sitzung wurde von {by} beendet ({at}): {why}.",
        Cause::Ended { by: None, .. } => "Die Sitzung wurde beendet ({at}): {why}.",
        Cause::TimedOut { .. } => "Die Sitzung war zu Ende ({at}): zu lange nicht benutzt oder zu alt.",
        Cause::RolesChanged { by: Some(_), .. } => {
            "{by} hat die Rollen dieser Person geändert ({at}), darum ist das Token überholt; Erneuern bringt ein gültiges."
        }
        Cause::RolesChanged { by: None, .. } => {
            "Die Rollen dieser Person wurden geändert ({at}), darum ist das Token überholt; Erneuern bringt ein gültiges."
        }
    }
}

fn end(language: Language, why: EndReason) -> &'static str {
    match (language, why) {
        (Language::En, EndReason::SignedOut) => "signed out",
        (Language::En, EndReason::EndedByUser) => "ended from another of the user's sessions",
        (Language::En, EndReason::EndedByAdmin) => "signed out everywhere",
        (Language::En, EndReason::UserDisabled) => "the account was disabled",
        (Language::En, EndReason::PasswordSet) => "a new password was set",
        (Language::En, EndReason::RefreshReused) => "a used refresh token was sent again, so somebody may have a copy",
        (Language::En, EndReason::Revoked) => "a token of it was given back at /revoke",
        (Language::En, EndReason::UserDeleted) => "the account was deleted",
        (Language::De, EndReason::SignedOut) => "abgemeldet",
        (Language::De, EndReason::EndedByUser) => "aus einer anderen Sitzung derselben Person beendet",
        (Language::De, EndReason::EndedByAdmin) => "überall abgemeldet",
        (Language::De, EndReason::UserDisabled) => "das Konto wurde gesperrt",
        (Language::De, EndReason::PasswordSet) => "ein neues Passwort wurde gesetzt",
        (Language::De, EndReason::RefreshReused) => {
            "ein verbrauchtes Refresh-Token wurde erneut gesendet, vielleicht aus einer Kopie"
        }
        (Language::De, EndReason::Revoked) => "ein Token von ihr wurde bei /revoke zurückgegeben",
        (Language::De, EndReason::UserDeleted) => "das Konto wurde gelöscht",
        (Language::En, EndReason::NotMe) => "its owner said that a sign-in was not theirs",
        (Language::De, EndReason::NotMe) => "eine Anmeldung wurde als fremd gemeldet",
    }
}

/// What somebody else wrote, set apart from our own words.
fn quoted(language: Language, text: &str) -> String {
    match (language, text) {
        (Language::En, "") => "nothing".to_owned(),
        (Language::En, text) => format!("“{text}”"),
        (Language::De, "") => "nichts".to_owned(),
        (Language::De, text) => format!("„{text}“"),
    }
}

/// How long, in the largest unit that fits; in German as it stands after „seit“.
fn span(language: Language, seconds: u64) -> String {
    let (number, one, many) = match (language, seconds) {
        (Language::En, ..60) => (seconds, "1 second", "seconds"),
        (Language::En, 60..3_600) => (seconds / 60, "1 minute", "minutes"),
        (Language::En, 3_600..86_400) => (seconds / 3_600, "1 hour", "hours"),
        (Language::En, _) => (seconds / 86_400, "1 day", "days"),
        (Language::De, ..60) => (seconds, "einer Sekunde", "Sekunden"),
        (Language::De, 60..3_600) => (seconds / 60, "einer Minute", "Minuten"),
        (Language::De, 3_600..86_400) => (seconds / 3_600, "einer Stunde", "Stunden"),
        (Language::De, _) => (seconds / 86_400, "einem Tag", "Tagen"),
    };
    if number == 1 { one.to_owned() } else { format!("{number} {many}") }
}

fn full(moment: UnixTime) -> String {
    moment.rfc3339().replace('T', " ").replace('Z', " UTC")
}

/// Puts values into a pattern once: what stands in braces in a value stays.
fn fill(pattern: &str, values: &[(&str, String)]) -> String {
    let (mut text, mut rest) = (String::new(), pattern);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = tail;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_largest_unit() {
        let said = [0, 1, 59, 60, 240, 3_600, 86_399, 86_400, 172_800].map(|seconds| span(Language::En, seconds));
        let expected =
            ["0 seconds", "1 second", "59 seconds", "1 minute", "4 minutes", "1 hour", "23 hours", "1 day", "2 days"];
        assert_eq!(said, expected);
        assert_eq!(span(Language::De, 86_400), "einem Tag");
    }

    #[test]
    fn what_somebody_sent_is_never_taken_for_a_pattern() {
        let values = [("kid", "{by}".to_owned()), ("by", "root".to_owned())];
        assert_eq!(fill("“{kid}” and {by} or {none}.", &values), "“{by}” and root or .");
    }
}
