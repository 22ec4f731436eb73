//! The list of settings, as data: names, defaults, meanings. `.env.example` says the same, and a test compares them.

/// One setting.
#[derive(Debug)]
pub struct Setting {
    pub name: &'static str,
    /// `None` where being unset has a meaning of its own.
    pub default: Option<&'static str>,
    pub meaning: &'static str,
}

/// A setting as it is in force.
#[derive(Clone, Debug)]
pub struct InForce {
    pub setting: &'static Setting,
    /// Secrets masked.
    pub value: String,
    pub source: Source,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nothing was set; it may follow from other settings.
    Default,
    Set,
}

const fn setting(name: &'static str, default: Option<&'static str>, meaning: &'static str) -> Setting {
    Setting { name, default, meaning }
}

/// Every setting there is, in the order of `.env.example`.
pub const SETTINGS: &[Setting] = &[
    setting(
        "DATABASE_URL",
        Some("sqlite://data/vestibule.db"),
        "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME; migrations run at start.",
    ),
    setting("DATABASE_URL_FILE", None, "A file with DATABASE_URL in it, such as a container's secret or a credential."),
    setting(
        "DATABASE_READ_URL",
        None,
        "A streaming standby of a postgres:// database, for lists, searches, exports and statistics.",
    ),
    setting("DATABASE_READ_URL_FILE", None, "A file with DATABASE_READ_URL in it."),
    setting(
        "DATA_DIR",
        Some("data"),
        "Folder for what is made at the first start: the SQLite file and the secret key.",
    ),
    setting("HOST", Some("127.0.0.1"), "Address to listen on."),
    setting("PORT", Some("8000"), "Port to listen on."),
    setting(
        "PUBLIC_URL",
        Some("http://localhost:8000"),
        "Where people reach it: the issuer of tokens and the base of every link. Its port follows PORT when unset.",
    ),
    setting(
        "SECRET_KEY",
        None,
        "At least 32 bytes: the HS256 key, and the root of cookie and sealing keys. Made under DATA_DIR when unset.",
    ),
    setting("SECRET_KEY_FILE", None, "A file with SECRET_KEY in it."),
    setting("ALGORITHM", Some("ES256"), "Signs access tokens: ES256, EdDSA, RS256, or HS256 with SECRET_KEY."),
    setting(
        "KEY_ROTATION_DAYS",
        Some("90"),
        "A new signing key follows the old one after so many days, unnoticed; 0: only by vestibule keys rotate.",
    ),
    setting(
        "TOKEN_PROFILE",
        Some("rfc9068"),
        "rfc9068, or fastapi: sub is the username, no aud, as the tutorials decode it.",
    ),
    setting("ACCESS_TOKEN_EXPIRE_MINUTES", Some("30"), "Life of an access token."),
    setting("REFRESH_TOKEN_EXPIRE_MINUTES", Some("10080"), "A session ends when it was not used for so long (7 days)."),
    setting("SESSION_MAX_DAYS", Some("90"), "A session ends for good after so many days."),
    setting("AUDIENCE", None, "aud of access tokens; PUBLIC_URL when unset."),
    setting(
        "BCRYPT_COST",
        Some("12"),
        "10 to 15; each step doubles the work. Cheaper hashes are upgraded at the next sign-in.",
    ),
    setting("SIGNUP", Some("open"), "Who may make an account: open, invite or closed."),
    setting(
        "SECOND_FACTOR",
        Some("optional"),
        "Who must have a second factor: optional (who wants one), admins or required (everybody).",
    ),
    setting("PASSWORD_GRANT", Some("on"), "off refuses grant_type=password and JSON /login."),
    setting(
        "SMTP_URL",
        None,
        "smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://…; when unset, mails are written to DATA_DIR/outbox.",
    ),
    setting("SMTP_URL_FILE", None, "A file with SMTP_URL in it."),
    setting("MAIL_FROM", None, "Whom mails are from: no-reply@example.com, or Name <no-reply@example.com>."),
    setting(
        "AUDIT_DAYS",
        Some("0"),
        "Entries of the audit log that are older are removed, and the rest can still be proven; 0: all are kept.",
    ),
    setting("CORS_ORIGINS", None, "Origins, separated by commas, whose browsers may call the JSON endpoints."),
    setting("RATE_LIMITS", Some("on"), "off counts no tries and stops nobody: for load tests only."),
    setting(
        "TRUSTED_PROXIES",
        None,
        "Addresses or CIDRs, separated by commas, whose X-Forwarded-For and X-Request-Id are believed.",
    ),
    setting(
        "METRICS_FROM",
        Some("127.0.0.0/8,::1"),
        "Addresses or CIDRs, separated by commas, that may read /metrics; none: only who holds settings:read.",
    ),
    setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        None,
        "Collector of traces, over HTTP: http://localhost:4318; when unset, nothing is traced.",
    ),
    setting("OTEL_EXPORTER_OTLP_HEADERS", None, "What the collector is sent besides: name=value, separated by commas."),
    setting("OTEL_SERVICE_NAME", Some("vestibule"), "What this service is called in traces."),
    setting("OTEL_TRACES_SAMPLER_ARG", Some("1"), "The share of requests that is traced, from 0 to 1."),
    setting("PAGE_LANGUAGE", None, "Language of the pages: en or de; what the browser asks for when unset."),
    setting("LOG_FORMAT", None, "pretty or json; pretty on a terminal and json elsewhere when unset."),
    setting("RUST_LOG", Some("info"), "What is logged: error, warn, info, debug or trace, also per module."),
];

#[cfg(test)]
mod tests {
    use super::SETTINGS;

    /// Meaning, then `# NAME=default`, for every setting, in order, and nothing else.
    #[test]
    fn the_example_file_has_every_setting_with_its_default_and_meaning() {
        let entry = |setting: &super::Setting| {
            format!("# {}\n# {}={}", setting.meaning, setting.name, setting.default.unwrap_or_default())
        };
        let expected: Vec<String> = SETTINGS.iter().map(entry).collect();
        let file = include_str!("../../.env.example");
        let written: Vec<&str> = file.trim_end().split("\n\n").skip(1).collect();
        assert_eq!(written, expected);
    }
}
