//! What a session runs on, from what its client says of itself. Anybody can say anything there, so it is a hint, never a
//! proof.

use woothee::parser::Parser;

use super::Texts;
use crate::tokens::api_keys;

/// Longer names are cut: no honest client has one.
const LONGEST_NAME: usize = 40;
/// What woothee says of what it does not know.
const UNKNOWN: &str = woothee::woothee::VALUE_UNKNOWN;

/// A browser or a program, and the system below it, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    program: Option<String>,
    system: Option<String>,
    pub kind: Kind,
}

/// What a device is at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Computer,
    Phone,
    /// No person sits before it, as far as can be seen.
    Program,
    /// A program with a key of its own.
    ApiKey,
}

impl Device {
    /// What a session of this client runs on. A program's key goes by the name that its owner gave it.
    pub fn of(client_id: &str, user_agent: &str) -> Self {
        match client_id == api_keys::CLIENT {
            true => Self { program: Some(user_agent.to_owned()), system: None, kind: Kind::ApiKey },
            false => Self::read(user_agent),
        }
    }

    /// Reads a `User-Agent` (RFC 9110 section 10.1.5).
    pub fn read(user_agent: &str) -> Self {
        let Some(known) = Parser::new().parse(user_agent) else {
            return Self { program: product(user_agent), system: None, kind: Kind::Program };
        };
        let program = match known.name {
            // Inside an app: the system says more than the part that shows its pages.
            "Webview" => None,
            // A library is better known by its own name, and an app that is none of the known ones.
            UNKNOWN | "HTTP Library" | "misc crawler" => product(user_agent),
            "SamsungBrowser" => Some("Samsung Internet".to_owned()),
            name => Some(name.to_owned()),
        };
        let kind = match known.category {
            "smartphone" | "mobilephone" => Kind::Phone,
            "pc" | "appliance" => Kind::Computer,
            _ => Kind::Program,
        };
        Self { program, system: system(known.os), kind }
    }

    /// `Firefox on Linux`, in the language of these texts.
    pub fn in_words(&self, t: &Texts) -> String {
        match (&self.program, &self.system) {
            (Some(name), _) if self.kind == Kind::ApiKey => t.api_key(name),
            (Some(program), Some(system)) => t.device(program, system),
            (Some(program), None) => program.clone(),
            (None, Some(system)) => system.clone(),
            (None, None) => t.sessions.unknown_device.to_owned(),
        }
    }
}

/// Versions of systems are frozen in what browsers say, so they are left out.
fn system(name: &str) -> Option<String> {
    let name = match name {
        UNKNOWN => return None,
        "Mac OSX" => "macOS",
        "Windows Phone OS" => "Windows Phone",
        name if name.starts_with("Windows") => "Windows",
        name => name,
    };
    Some(name.to_owned())
}

/// A program by its first product: `curl 8.5` for `curl/8.5.0`. Whoever begins with Mozilla only looks like a browser, and
/// is named at the end.
fn product(user_agent: &str) -> Option<String> {
    let mut products = without_comments(user_agent).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let named = match products.first()?.starts_with("Mozilla/") {
        true => products.pop()?,
        false => products.swap_remove(0),
    };
    let (name, version) = named.split_once('/').unwrap_or((&named, ""));
    if !is_token(name) {
        return None;
    }
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let version = short(version);
    Some(if version.is_empty() { name } else { format!("{name} {version}") })
}

fn without_comments(user_agent: &str) -> String {
    let mut depth = 0_usize;
    let outside = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    user_agent.chars().filter(outside).collect()
}

/// The characters of a product's name, with a letter among them.
fn is_token(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    name.chars().all(allowed) && name.chars().any(|c| c.is_ascii_alphabetic())
}

/// The first two numbers of a version.
fn short(version: &str) -> String {
    let numbers = version.split('.').map_while(|part| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).take(8).collect();
        (!digits.is_empty()).then_some(digits)
    });
    numbers.take(2).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::{Device, Kind};
    use crate::texts::{DE, EN};

    const GECKO: &str = "Gecko/20100101 Firefox/140.0";
    const BLINK: &str = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0";
    const WEBKIT: &str = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

    fn told(user_agent: &str) -> String {
        Device::read(user_agent).in_words(&EN)
    }

    #[test]
    fn browsers_are_told_by_name_and_system() {
        let iphone = format!("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT}");
        for (user_agent, words) in [
            (format!("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) {GECKO}"), "Firefox on Linux"),
            (format!("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) {GECKO}"), "Firefox on Linux"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) {GECKO}"), "Firefox on Windows"),
            (format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) {GECKO}"), "Firefox on macOS"),
            ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0".into(), "Firefox on Android"),
            (format!("{iphone} FxiOS/140.0 Mobile/15E148 Safari/605.1.15"), "Firefox on iPhone"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36"), "Chrome on Windows"),
            (format!("Mozilla/5.0 (X11; Linux x86_64) {BLINK} Safari/537.36"), "Chrome on Linux"),
            (format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {BLINK} Safari/537.36"), "Chrome on ChromeOS"),
            (format!("Mozilla/5.0 (Linux; Android 10; K) {BLINK} Mobile Safari/537.36"), "Chrome on Android"),
            (format!("{iphone} CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1"), "Chrome on iPhone"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36 Edg/142.0.0.0"), "Edge on Windows"),
            (format!("{iphone} Version/18.0 EdgiOS/142.0.0.0 Mobile/15E148 Safari/604.1"), "Edge on iPhone"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36 OPR/120.0.0.0"), "Opera on Windows"),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36".into(),
                "Samsung Internet on Android",
            ),
            (
                format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.5 Safari/605.1.15"),
                "Safari on macOS",
            ),
            (format!("{iphone} Version/18.5 Mobile/15E148 Safari/604.1"), "Safari on iPhone"),
            (
                format!("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1"),
                "Safari on iPad",
            ),
            (format!("{iphone} Mobile/15E148"), "iPhone"),
        ] {
            assert_eq!(told(&user_agent), words, "{user_agent}");
        }
    }

    #[test]
    fn programs_are_told_by_their_first_product() {
        for (user_agent, words) in [
            ("curl/8.5.0", "curl 8.5"),
            ("Wget/1.24.5", "Wget 1.24"),
            ("python-requests/2.32.4", "python-requests 2.32"),
            ("python-httpx/0.28.1", "python-httpx 0.28"),
            ("okhttp/4.12.0", "okhttp 4.12"),
            ("Go-http-client/2.0", "Go-http-client 2.0"),
            ("Apache-HttpClient/4.5.14 (Java/17.0.11)", "Apache-HttpClient 4.5"),
            ("Dart/3.5 (dart:io)", "Dart 3.5"),
            ("my-app/2 (nightly; curl/8.5.0) libfoo/1", "my-app 2"),
            ("PayrollBot/1.4", "PayrollBot 1.4"),
            ("MyApp/1.2 CFNetwork/1568.300.101 Darwin/24.2.0", "MyApp 1.2 on iOS"),
            (
                "Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.26100.4061",
                "WindowsPowerShell 5.1",
            ),
            ("node", "node"),
            ("v1/dev-build", "v1"),
        ] {
            assert_eq!(told(user_agent), words, "{user_agent}");
        }
    }

    #[test]
    fn a_phone_a_computer_and_a_program_are_told_apart() {
        let kind = |user_agent: &str| Device::read(user_agent).kind;
        assert_eq!(kind(&format!("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) {GECKO}")), Kind::Computer);
        assert_eq!(kind(&format!("Mozilla/5.0 (Linux; Android 10; K) {BLINK} Mobile Safari/537.36")), Kind::Phone);
        for program in ["curl/8.5.0", "okhttp/4.12.0", "", "PayrollBot/1.4"] {
            assert_eq!(kind(program), Kind::Program, "{program}");
        }
    }

    #[test]
    fn what_says_nothing_sound_is_unknown() {
        for nothing in [
            "",
            " ",
            "-",
            "5",
            "/",
            "()",
            "((((",
            "))))",
            "<script>alert(1)</script>",
            "\"><img src=x>/1",
            "日本語/1.0",
        ] {
            assert_eq!(told(nothing), "Unknown device", "{nothing:?}");
        }
        assert_eq!(Device::read("").in_words(&DE), "Unbekanntes Gerät");
        let linux = format!("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) {GECKO}");
        assert_eq!(Device::read(&linux).in_words(&DE), "Firefox unter Linux");
    }

    #[test]
    fn nothing_that_is_sent_makes_it_long_or_brings_markup_in() {
        let all = [
            format!("Mozilla/5.0 (X11; Linux x86_64) <b>{GECKO}</b>"),
            format!("{}/{}", "x".repeat(500), "9.".repeat(500)),
            format!("curl/{}", "1".repeat(400)),
            format!("{}{GECKO}", "(".repeat(400)),
            "<Firefox/1 'on' \"Linux\">".to_owned(),
        ];
        for user_agent in &all {
            // As a client may have been cut off anywhere, so may what it says.
            for end in (0..user_agent.len()).filter(|end| user_agent.is_char_boundary(*end)) {
                let words = told(&user_agent[..end]);
                assert!(words.chars().count() <= 80 && !words.contains(['<', '>', '"', '\'']), "{words}");
            }
        }
    }
}
