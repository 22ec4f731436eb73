//! Which language somebody reads.

use std::str::FromStr;

use super::{DE, EN, Texts};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    En,
    De,
}

impl Language {
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::De => "de",
        }
    }

    pub fn texts(self) -> &'static Texts {
        match self {
            Language::En => &EN,
            Language::De => &DE,
        }
    }
}

impl FromStr for Language {
    type Err = ();

    /// Takes a code as well as a tag with a region: `de`, `de-AT`, `en_GB`.
    fn from_str(tag: &str) -> Result<Self, ()> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Ok(Language::En),
            "de" => Ok(Language::De),
            _ => Err(()),
        }
    }
}

/// A person's own setting wins; else what their browser likes best of what there is; else English.
pub fn negotiate(setting: Option<Language>, accept_language: Option<&str>) -> Language {
    setting.or_else(|| best_of(accept_language?)).unwrap_or(Language::En)
}

fn best_of(accept_language: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for (language, weight) in accept_language.split(',').filter_map(preference) {
        // Of equal weights the first named is meant.
        if weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

fn preference(range: &str) -> Option<(Language, f32)> {
    let mut parts = range.split(';');
    let tag = parts.next()?.trim();
    let language = if tag == "*" { Language::En } else { tag.parse().ok()? };
    let weight = match parts.find_map(|part| part.trim().strip_prefix("q=")) {
        Some(weight) => weight.parse().ok()?,
        None => 1.0,
    };
    Some((language, weight))
}

#[cfg(test)]
mod tests {
    use super::Language::{De, En};
    use super::*;

    #[test]
    fn the_setting_wins() {
        assert_eq!(negotiate(Some(De), Some("en")), De);
        assert_eq!(negotiate(Some(En), Some("de")), En);
    }

    #[test]
    fn else_the_browser_is_asked() {
        for (header, language) in [
            ("de", De),
            ("de-AT,de;q=0.9,en;q=0.8", De),
            ("en-GB,en;q=0.9,de;q=0.8", En),
            ("en;q=0.5, DE;q=0.7", De),
            ("fr, de;q=0.3, en;q=0.3", De),
            ("fr-FR,fr;q=0.9", En),
            ("de;q=0, *;q=0.1", En),
            ("de;q=wrong", En),
            ("", En),
        ] {
            assert_eq!(negotiate(None, Some(header)), language, "{header:?}");
        }
        assert_eq!(negotiate(None, None), En);
    }

    #[test]
    fn a_code_reads_back() {
        for language in [En, De] {
            assert_eq!(language.code().parse(), Ok(language));
        }
        assert_eq!("fr".parse::<Language>(), Err(()));
    }
}
