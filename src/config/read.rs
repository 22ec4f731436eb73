//! From text to a [`Config`]: each value is parsed, and those that contradict each other are refused.

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::values::{Values, without_password};
use super::{Config, LONGEST_TOKEN_MINUTES, PublicUrl, SecondFactor, Signup, Switch, TokenProfile};
use super::{HIGHEST_BCRYPT_COST, LOWEST_BCRYPT_COST, from_file, otel};
use crate::platform::db::{DatabaseUrl, check_url};
use crate::platform::jwt::Algorithm;
use crate::platform::mail::{Sender, SmtpUrl};
use crate::platform::secret::RootKey;
use crate::platform::telemetry::LogFormat;

pub(super) fn config(values: HashMap<String, String>) -> Result<Config, String> {
    let values = Values::new(from_file::fill_in(values)?);
    let data_dir = PathBuf::from(values.text("DATA_DIR"));
    let public_url = match values.given("PUBLIC_URL") {
        Some(_) => values.parsed("PUBLIC_URL", PublicUrl::parse)?,
        None => PublicUrl::local(&values.text("PORT")),
    };
    let mut config = Config {
        database: database(&values, &data_dir)?,
        replica: replica(&values)?,
        host: values.parsed("HOST", host)?,
        port: values.number("PORT", 0, u32::from(u16::MAX))? as u16,
        secret_key: secret_key(&values)?,
        algorithm: values.parsed("ALGORITHM", |v| Algorithm::parse(v).ok_or("ES256, EdDSA, RS256 or HS256"))?,
        key_rotation: days(values.number("KEY_ROTATION_DAYS", 0, 3660)?),
        token_profile: values
            .one_of("TOKEN_PROFILE", &[("rfc9068", TokenProfile::Rfc9068), ("fastapi", TokenProfile::Fastapi)])?,
        access_token_minutes: values.number("ACCESS_TOKEN_EXPIRE_MINUTES", 1, LONGEST_TOKEN_MINUTES)?,
        refresh_token_minutes: values.number("REFRESH_TOKEN_EXPIRE_MINUTES", 1, 366 * 24 * 60)?,
        session_max_days: values.number("SESSION_MAX_DAYS", 1, 3660)?,
        audience: values.given("AUDIENCE").map_or_else(|| public_url.issuer().to_owned(), str::to_owned),
        bcrypt_cost: values.number("BCRYPT_COST", LOWEST_BCRYPT_COST, HIGHEST_BCRYPT_COST)?,
        signup: values
            .one_of("SIGNUP", &[("open", Signup::Open), ("invite", Signup::Invite), ("closed", Signup::Closed)])?,
        second_factor: values.one_of(
            "SECOND_FACTOR",
            &[
                ("optional", SecondFactor::Optional),
                ("admins", SecondFactor::Admins),
                ("required", SecondFactor::Required),
            ],
        )?,
        password_grant: values.one_of("PASSWORD_GRANT", &[("on", Switch::On), ("off", Switch::Off)])?,
        smtp: smtp(&values)?,
        mail_from: values.optional("MAIL_FROM", Sender::parse)?,
        audit_retention: days(values.number("AUDIT_DAYS", 0, 36_600)?),
        cors_origins: values.list("CORS_ORIGINS", origin)?,
        rate_limits: values.one_of("RATE_LIMITS", &[("on", Switch::On), ("off", Switch::Off)])?,
        trusted_proxies: values.list("TRUSTED_PROXIES", network)?,
        metrics_from: match values.given("METRICS_FROM") {
            Some("none") => Vec::new(),
            _ => values.list("METRICS_FROM", network)?,
        },
        traces: otel::traces(&values)?,
        language: values.optional("PAGE_LANGUAGE", |v| match v {
            "en" | "de" => Ok(v.to_owned()),
            _ => Err("en or de"),
        })?,
        log_format: values
            .optional("LOG_FORMAT", |v| match v {
                "pretty" => Ok(LogFormat::Pretty),
                "json" => Ok(LogFormat::Json),
                _ => Err("pretty or json"),
            })?
            .unwrap_or_else(LogFormat::default_here),
        log_filter: values.parsed("RUST_LOG", |v| {
            // A word alone that is no level would pass for a module, and everything else would fall silent.
            let known = |part: &str| part.contains('=') || part.trim().parse::<LevelFilter>().is_ok();
            match EnvFilter::try_new(v) {
                Ok(_) if v.contains('[') || v.split(',').all(known) => Ok(v.to_owned()),
                _ => Err("error, warn, info, debug or trace, also per module (vestibule=debug)"),
            }
        })?,
        shown: Vec::new(),
        data_dir,
        public_url,
    };
    agree(&config)?;
    config.shown = values.shown(&in_force(&config));
    Ok(config)
}

/// No days at all are never.
fn days(days: u32) -> Option<Duration> {
    (days > 0).then(|| Duration::from_secs(u64::from(days) * 86_400))
}

/// What was not given and follows from something else.
fn in_force(config: &Config) -> [(&'static str, String); 4] {
    let format = match config.log_format {
        LogFormat::Pretty => "pretty",
        LogFormat::Json => "json",
    };
    [
        ("DATABASE_URL", config.database_shown()),
        ("PUBLIC_URL", config.public_url.origin().to_owned()),
        ("AUDIENCE", config.audience.clone()),
        ("LOG_FORMAT", format.to_owned()),
    ]
}

/// What can't both be wanted.
fn agree(config: &Config) -> Result<(), String> {
    if config.refresh_token_minutes < config.access_token_minutes {
        return Err(format!(
            "REFRESH_TOKEN_EXPIRE_MINUTES is {}, which is shorter than ACCESS_TOKEN_EXPIRE_MINUTES ({}): a session would end \
             before its first token does",
            config.refresh_token_minutes, config.access_token_minutes
        ));
    }
    if u64::from(config.refresh_token_minutes) > u64::from(config.session_max_days) * 24 * 60 {
        return Err(format!(
            "REFRESH_TOKEN_EXPIRE_MINUTES is {}, which is longer than SESSION_MAX_DAYS ({}) lets a session live",
            config.refresh_token_minutes, config.session_max_days
        ));
    }
    if let (Some(_), DatabaseUrl::Sqlite(_)) = (&config.replica, &config.database) {
        return Err(
            "DATABASE_READ_URL is set and DATABASE_URL is no postgres://: only PostgreSQL has replicas".to_owned()
        );
    }
    if config.token_profile == TokenProfile::Fastapi && config.audience != config.public_url.issuer() {
        return Err(format!(
            "AUDIENCE is {:?} and TOKEN_PROFILE is fastapi, whose tokens have no audience: leave one of them out",
            config.audience
        ));
    }
    match (&config.smtp, &config.mail_from) {
        (Some(_), None) => Err("SMTP_URL is set and MAIL_FROM is not: say whom mails are from".to_owned()),
        (None, Some(_)) => Err("MAIL_FROM is set and SMTP_URL is not: say which server sends the mails".to_owned()),
        _ => Ok(()),
    }
}

fn database(values: &Values, data_dir: &std::path::Path) -> Result<DatabaseUrl, String> {
    let Some(url) = values.given("DATABASE_URL") else {
        return Ok(DatabaseUrl::Sqlite(data_dir.join("vestibule.db")));
    };
    database_at(url).map_err(|why| format!("DATABASE_URL is {:?}{why}", without_password(url)))
}

fn replica(values: &Values) -> Result<Option<DatabaseUrl>, String> {
    let Some(url) = values.given("DATABASE_READ_URL") else { return Ok(None) };
    let wrong = |why: String| format!("DATABASE_READ_URL is {:?}{why}", without_password(url));
    match database_at(url).map_err(wrong)? {
        replica @ DatabaseUrl::Postgres(_) => Ok(Some(replica)),
        DatabaseUrl::Sqlite(_) => Err(wrong("; it may be postgres://USER:PASSWORD@HOST/NAME".to_owned())),
    }
}

/// Where a URL leads, or what is wrong with it.
pub(super) fn database_at(url: &str) -> Result<DatabaseUrl, String> {
    if let Some(path) = url.strip_prefix("sqlite://").filter(|path| !path.is_empty() && *path != ":memory:") {
        return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        check_url(url).map_err(|why| format!(", which can't be used: {why}"))?;
        return Ok(DatabaseUrl::Postgres(url.to_owned()));
    }
    Err("; it may be sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME".to_owned())
}

fn smtp(values: &Values) -> Result<Option<SmtpUrl>, String> {
    let wrong = |text, may_be| format!("SMTP_URL is {:?}; it may be {may_be}", without_password(text));
    values.given("SMTP_URL").map(|text| SmtpUrl::parse(text).map_err(|may_be| wrong(text, may_be))).transpose()
}

fn secret_key(values: &Values) -> Result<Option<RootKey>, String> {
    let Some(text) = values.given("SECRET_KEY") else {
        return Ok(None);
    };
    let key = RootKey::new(text.as_bytes());
    // The value itself is a secret, so its length stands for it.
    key.map(Some)
        .ok_or_else(|| format!("SECRET_KEY has {} bytes; it may have {} or more", text.len(), RootKey::MIN_BYTES))
}

fn origin(text: &str) -> Result<String, &'static str> {
    PublicUrl::parse(text).map(|url| url.origin().to_owned()).map_err(|_| "origins such as https://app.example.com")
}

fn host(text: &str) -> Result<String, &'static str> {
    let name = || text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) && !text.is_empty();
    let sound = text.parse::<std::net::IpAddr>().is_ok() || name();
    if sound { Ok(text.to_owned()) } else { Err("an address such as 127.0.0.1, 0.0.0.0 or ::, or a name") }
}

fn network(text: &str) -> Result<IpNet, &'static str> {
    let address = || std::net::IpAddr::from_str(text).map(IpNet::from);
    IpNet::from_str(text).or_else(|_| address()).map_err(|_| "addresses or CIDRs such as 10.0.0.0/8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, String> {
        config(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn without_any_setting_it_is_as_the_contract_says() {
        let config = read(&[]).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(config.database, DatabaseUrl::Sqlite(PathBuf::from("data/vestibule.db")));
        assert_eq!((config.host.as_str(), config.port), ("127.0.0.1", 8000));
        assert_eq!((config.algorithm, config.bcrypt_cost), (Algorithm::Es256, 12));
        assert_eq!(config.audience, "http://localhost:8000");
    }

    #[test]
    fn a_wrong_value_is_named_with_what_it_was_and_what_it_may_be() {
        for (name, value, may_be) in [
            ("DATABASE_URL", "mysql://x", "sqlite://PATH"),
            ("DATABASE_READ_URL", "sqlite://x.db", "postgres://"),
            ("PORT", "eighty", "whole number"),
            ("PUBLIC_URL", "id.example.com", "https://id.example.com"),
            ("PUBLIC_URL", "https://example.com/path", "without a path"),
            ("ALGORITHM", "none", "ES256"),
            ("TOKEN_PROFILE", "jose", "rfc9068 or fastapi"),
            ("BCRYPT_COST", "9", "10 to 15"),
            ("SIGNUP", "maybe", "open or invite or closed"),
            ("PASSWORD_GRANT", "yes", "on or off"),
            ("SMTP_URL", "mail.example.com", "smtps://"),
            ("MAIL_FROM", "nobody", "no-reply@example.com"),
            ("CORS_ORIGINS", "https://a.example,*", "origins"),
            ("RATE_LIMITS", "0", "on or off"),
            ("TRUSTED_PROXIES", "10.0.0.0/33", "CIDRs"),
            ("METRICS_FROM", "nobody", "CIDRs"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", "http://localhost:4318"),
            ("LOG_FORMAT", "xml", "pretty or json"),
        ] {
            let why = read(&[(name, value)]).err().unwrap_or_else(|| panic!("{name}={value} was taken"));
            assert!(why.starts_with(name) && why.contains(may_be) && !why.contains('\n'), "{why}");
        }
    }

    #[test]
    fn settings_that_contradict_each_other_are_refused() {
        assert!(
            read(&[("REFRESH_TOKEN_EXPIRE_MINUTES", "10")])
                .is_err_and(|why| why.contains("ACCESS_TOKEN_EXPIRE_MINUTES"))
        );
        assert!(read(&[("DATABASE_READ_URL", "postgres://u@h/d")]).is_err_and(|why| why.contains("DATABASE_URL")));
        assert!(read(&[("SMTP_URL", "smtps://mail.example.com")]).is_err_and(|why| why.contains("MAIL_FROM")));
        assert!(read(&[("MAIL_FROM", "a@example.com")]).is_err_and(|why| why.contains("SMTP_URL")));
        assert!(read(&[("SESSION_MAX_DAYS", "1")]).is_err_and(|why| why.contains("SESSION_MAX_DAYS")));
    }

    #[test]
    fn secrets_are_never_shown() {
        let why = read(&[("SECRET_KEY", "tooshort")]).err().unwrap_or_default();
        assert!(why.contains("8 bytes") && !why.contains("tooshort"), "{why}");
        let config = read(&[
            ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
            ("DATABASE_URL", "postgres://user:hidden@localhost/db?password=hidden"),
            ("DATABASE_READ_URL", "postgres://user@standby/db?password=hidden"),
            ("SMTP_URL", "smtps://user:hidden@mail.example.com"),
            ("MAIL_FROM", "no-reply@example.com"),
        ]);
        let shown = config.map(|config| format!("{:?}", config.shown())).unwrap_or_default();
        assert!(!shown.is_empty() && !shown.contains("hidden") && !shown.contains("0123456789"), "{shown}");
    }
}
