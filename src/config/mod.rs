//! Every setting: typed, checked, read once. The only reader of the environment; `.env.example` is tested against it.

mod from_file;
mod otel;
mod read;
mod secret_key;
mod settings;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
pub use settings::{InForce, SETTINGS, Setting, Source};
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::platform::db::{DatabaseUrl, Fault};
use crate::platform::jwt::Algorithm;
use crate::platform::mail::{Sender, SmtpUrl};
use crate::platform::secret::RootKey;
use crate::platform::telemetry::LogFormat;
use crate::platform::traces;

/// The longest that an access token may be made to live, in minutes.
const LONGEST_TOKEN_MINUTES: u32 = 7 * 24 * 60;
/// The same as a span.
pub const LONGEST_TOKEN: Duration = Duration::from_secs(LONGEST_TOKEN_MINUTES as u64 * 60);

/// What `BCRYPT_COST` may be.
pub const LOWEST_BCRYPT_COST: u32 = 10;
pub const HIGHEST_BCRYPT_COST: u32 = 15;

/// The settings in force.
#[derive(Clone)]
pub struct Config {
    pub data_dir: PathBuf,
    pub database: DatabaseUrl,
    /// A standby of it, for lists and searches.
    pub replica: Option<DatabaseUrl>,
    pub host: String,
    pub port: u16,
    pub public_url: PublicUrl,
    secret_key: Option<RootKey>,
    pub algorithm: Algorithm,
    /// How old a signing key becomes before another follows by itself; `None`: it never does.
    pub key_rotation: Option<Duration>,
    pub token_profile: TokenProfile,
    pub access_token_minutes: u32,
    pub refresh_token_minutes: u32,
    pub session_max_days: u32,
    pub audience: String,
    pub bcrypt_cost: u32,
    pub signup: Signup,
    pub second_factor: SecondFactor,
    pub password_grant: Switch,
    /// Where mail is handed over; without it, mails are written to files.
    pub smtp: Option<SmtpUrl>,
    pub mail_from: Option<Sender>,
    /// How long entries of the audit log are kept; `None`: forever.
    pub audit_retention: Option<Duration>,
    pub cors_origins: Vec<String>,
    pub rate_limits: Switch,
    pub trusted_proxies: Vec<IpNet>,
    /// Who may read `/metrics` without proving who they are.
    pub metrics_from: Vec<IpNet>,
    /// Where traces go; without it there are none.
    pub traces: Option<traces::Settings>,
    /// The language of pages: the one that is set, else what the browser asks for.
    pub language: Option<String>,
    pub log_format: LogFormat,
    log_filter: String,
    /// Each setting as it was given or defaulted, for `vestibule config`; secrets masked.
    shown: Vec<InForce>,
}

/// How access tokens look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProfile {
    Rfc9068,
    /// As the tutorials' services decode them: `sub` is the username, and there is no `aud`.
    Fastapi,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signup {
    Open,
    Invite,
    Closed,
}

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    Optional,
    Admins,
    Required,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    On,
    Off,
}

/// Where people reach the installation: the issuer, and the base of every link. An origin, with no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
}

impl PublicUrl {
    /// # Errors
    /// Says what it may be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "a URL such as https://id.example.com, without a path";
        let url = Url::parse(text).map_err(|_| FORM)?;
        let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let sound = matches!(url.scheme(), "http" | "https") && url.has_host() && plain;
        if sound { Ok(Self { origin: url.origin().ascii_serialization() }) } else { Err(FORM) }
    }

    /// Where it is reached on this machine alone.
    fn local(port: &str) -> Self {
        Self { origin: format!("http://localhost:{port}") }
    }

    /// The `iss` of every token (RFC 8414 section 2).
    pub fn issuer(&self) -> &str {
        &self.origin
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host alone, without a port.
    pub fn host(&self) -> &str {
        let host = self.origin.split_once("://").map_or(self.origin.as_str(), |(_, host)| host);
        host.rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(host, |(host, _)| host)
    }

    /// Where connections go.
    pub fn host_and_port(&self) -> (&str, u16) {
        let usual = if self.is_https() { 443 } else { 80 };
        let port = self.origin.strip_prefix("https://").or(self.origin.strip_prefix("http://"));
        let port = port.and_then(|place| place.strip_prefix(self.host())?.strip_prefix(':')?.parse().ok());
        (self.host(), port.unwrap_or(usual))
    }

    /// The domain of it, which is what passkeys are made for; `None` where it is a bare address.
    pub fn domain(&self) -> Option<String> {
        Url::parse(&self.origin).ok()?.domain().map(str::to_owned)
    }

    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

impl Config {
    /// The environment, filled in from `.env` where it says nothing.
    ///
    /// # Errors
    /// One line that names the setting, what it was and what it may be.
    #[allow(clippy::disallowed_methods, reason = "the one reader of the environment")]
    pub fn from_environment() -> Result<Self, String> {
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            Err(dotenvy::Error::LineParse(line, _)) => {
                return Err(format!(".env has a line that is no NAME=VALUE: {line:?}"));
            }
            Err(error) => return Err(format!(".env can't be read: {error}")),
        }
        let mut values = Vec::new();
        for (name, value) in std::env::vars_os() {
            // What has no name of ours is other programs', in whatever bytes.
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => values.push((name, value)),
                Err(_) if !SETTINGS.iter().any(|setting| setting.name == name) => {}
                Err(_) => return Err(format!("{name} is not UTF-8: it may be any text that is")),
            }
        }
        Self::from_values(values)
    }

    /// The settings from pairs of name and value; unknown names are other programs' and left alone.
    ///
    /// # Errors
    /// As [`Self::from_environment`].
    pub fn from_values(values: impl IntoIterator<Item = (String, String)>) -> Result<Self, String> {
        read::config(values.into_iter().collect())
    }

    /// Makes the folders that are missing, for the owner alone.
    ///
    /// # Errors
    /// One sentence.
    pub fn make_folders(&self) -> Result<(), String> {
        let of_database = match &self.database {
            DatabaseUrl::Sqlite(path) => path.parent().filter(|folder| !folder.as_os_str().is_empty()),
            DatabaseUrl::Postgres(_) => None,
        };
        [Some(self.data_dir.as_path()), of_database].into_iter().flatten().try_for_each(secret_key::make_folder)
    }

    /// `SECRET_KEY`, or the one under the data folder, made there at the first start.
    ///
    /// # Errors
    /// One sentence where the folder can't be used.
    pub fn root_key(&self) -> Result<RootKey, String> {
        self.secret_key.clone().map_or_else(|| secret_key::load_or_make(&self.data_dir), Ok)
    }

    /// The same where it is there already; nothing is made.
    ///
    /// # Errors
    /// One sentence where what is there can't be used.
    pub fn known_root_key(&self) -> Result<Option<RootKey>, String> {
        self.secret_key.clone().map_or_else(|| secret_key::load(&self.data_dir), |key| Ok(Some(key)))
    }

    /// Where the secret key is kept, unless it is set.
    pub fn secret_key_file(&self) -> Option<PathBuf> {
        self.secret_key.is_none().then(|| secret_key::file(&self.data_dir))
    }

    /// Where a URL that somebody typed leads.
    ///
    /// # Errors
    /// One sentence.
    pub fn database_at(url: &str) -> Result<DatabaseUrl, String> {
        read::database_at(url).map_err(|why| format!("{:?} was given{why}", values::without_password(url)))
    }

    /// The database's URL, without the password.
    pub fn database_shown(&self) -> String {
        match &self.database {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => values::without_password(url),
        }
    }

    /// The settings in force, secrets masked.
    pub fn shown(&self) -> &[InForce] {
        &self.shown
    }

    /// Whether the root of all keys was given, and not made under the data folder.
    pub fn has_own_secret(&self) -> bool {
        self.secret_key.is_some()
    }

    pub fn log_filter(&self) -> EnvFilter {
        EnvFilter::new(&self.log_filter)
    }

    /// One sentence for an operator whose database does not do.
    pub fn explain(&self, fault: &Fault) -> String {
        match &self.database {
            DatabaseUrl::Sqlite(path) => format!("the database {} can't be used: {fault}", path.display()),
            DatabaseUrl::Postgres(url) => {
                format!("the database at {} can't be used: {fault}", values::without_password(url))
            }
        }
    }
}
