//! Why a request was refused, where something of the request stands in it.

use super::{Texts, fill};

impl Texts {
    pub fn missing_permission(&self, permission: &str) -> String {
        fill(self.refused.missing, permission)
    }

    pub fn unknown_role(&self, name: &str) -> String {
        fill(self.refused.unknown_role, &format!("{name:?}"))
    }

    /// A field that can only be there once.
    pub fn twice(&self, field: &str) -> String {
        fill(self.refused.twice, &format!("{field:?}"))
    }

    /// The methods that an address takes.
    pub fn takes_only(&self, methods: &str) -> String {
        fill(self.refused.takes_only, methods)
    }

    /// How long to wait after too many tries.
    pub fn too_many_tries(&self, seconds: u64) -> String {
        let span = match seconds {
            1 => self.refused.one_second.to_owned(),
            ..120 => fill(self.refused.seconds, &seconds.to_string()),
            _ => fill(self.refused.minutes, &seconds.div_ceil(60).to_string()),
        };
        fill(self.refused.too_many_tries, &span)
    }

    /// A credential in the URL that belongs in the body.
    pub fn into_body(&self, name: &str) -> String {
        fill(self.refused.into_body, name)
    }

    /// A credential in the URL that belongs in a header.
    pub fn into_header(&self, name: &str) -> String {
        fill(self.refused.into_header, name)
    }

    /// Where the JSON ends to be JSON.
    pub fn no_json(&self, place: &str) -> String {
        fill(self.refused.no_json, place)
    }

    /// The words that a value may be.
    pub fn may_be(&self, words: &[&str]) -> String {
        let listed = match words {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.refused.or),
        };
        fill(self.refused.may_be, &listed)
    }

    /// The end of a role that is none.
    pub fn no_date(&self, role: &str) -> String {
        fill(self.refused.no_date, &format!("{role:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DE, EN};

    #[test]
    fn one_two_and_many_words_read_as_people_list_them() {
        let said = [&["a"][..], &["a", "b"], &["a", "b", "c"]].map(|words| EN.may_be(words));
        assert_eq!(said, ["This may be a.", "This may be a or b.", "This may be a, b or c."]);
        assert_eq!(DE.may_be(&["a", "b"]), "Möglich ist: a oder b.");
    }

    #[test]
    fn a_wait_is_told_in_seconds_or_minutes() {
        let said = [1, 2, 119, 120, 121].map(|seconds| EN.too_many_tries(seconds));
        let spans = ["1 second", "2 seconds", "119 seconds", "2 minutes", "3 minutes"];
        assert_eq!(said, spans.map(|span| format!("Too many tries. Try again in {span}.")));
        assert_eq!(DE.too_many_tries(1), "Zu viele Versuche. Versuchen Sie es in einer Sekunde noch einmal.");
    }
}
