//! What an operator should mend: the installation looks at itself, one small check after the other. Owns no table; what is
//! found is typed, and its words stand in `texts`. In `counters` it keeps when the last backup was made.

mod address;
mod admins;
mod backup;
mod clock;
mod disk;
mod keys;
mod limits;
mod mail;
pub mod outside;
mod secret;
mod store;

use std::path::PathBuf;

use crate::access::{self, Caller, words};
use crate::app::App;
use crate::outbox;
use crate::platform::db::{Conn, Fault, Tx};
use crate::platform::time::UnixTime;

/// What was found, the gravest first.
pub struct Report {
    pub version: &'static str,
    pub findings: Vec<Finding>,
}

impl Report {
    /// The gravest of all.
    pub fn state(&self) -> State {
        self.findings.iter().map(Finding::state).max().unwrap_or(State::Good)
    }
}

/// How grave something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Good,
    /// Somebody should have a look whether it is meant.
    Look,
    Mend,
}

impl State {
    /// As it stands in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Look => "look",
            Self::Mend => "mend",
        }
    }
}

macro_rules! findings {
    ($type:ident: $($(#[$doc:meta])* $name:ident $({ $($field:ident: $kind:ty),* })? = $word:literal, $state:ident;)*) => {
        /// What a check has found.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $type { $($(#[$doc])* $name $({ $($field: $kind),* })?,)* }

        impl $type {
            /// As it stands in JSON: what was looked at, and what was found.
            pub fn word(&self) -> &'static str {
                match self { $(Self::$name $({ $($field: _),* })? => $word,)* }
            }

            pub fn state(&self) -> State {
                match self { $(Self::$name $({ $($field: _),* })? => State::$state,)* }
            }
        }
    };
}

use findings;

findings! { Finding:
    AddressSound = "address.sound", Good;
    /// Passwords and cookies travel unencrypted to a host that is not this machine.
    AddressPlain { url: String } = "address.not_https", Mend;
    MailByServer = "mail.by_server", Good;
    MailToFiles { folder: PathBuf } = "mail.to_files", Look;
    MailsFail { count: i64 } = "mail.failing", Mend;
    LimitsOn = "limits.on", Good;
    LimitsOff = "limits.off", Mend;
    AdminsEnough = "admins.several", Good;
    /// Nobody has followed the setup link yet.
    AdminNone = "admins.none", Look;
    AdminAlone { username: String } = "admins.one", Look;
    AdminsProtected = "admin_factors.all", Good;
    AdminsUnprotected { usernames: Vec<String> } = "admin_factors.missing", Mend;
    KeysRotate { next: UnixTime } = "keys.rotate", Good;
    KeysByHand = "keys.by_hand", Look;
    /// The time has come and gone: nothing runs on its timer.
    KeysOverdue { since: UnixTime } = "keys.overdue", Mend;
    KeysShared = "keys.shared_secret", Look;
    SecretKept = "secret.kept", Good;
    /// Several nodes may share the database, and this one's secret is in its own folder.
    SecretInFolder = "secret.in_folder", Look;
    ClockAgrees = "clock.agrees", Good;
    ClockApart { seconds: u64 } = "clock.apart", Mend;
    RoomEnough { database: u64, free: u64 } = "disk.enough", Good;
    RoomLittle { database: u64, free: u64 } = "disk.little", Mend;
    /// The database is on another machine.
    RoomUnknown { database: u64 } = "disk.elsewhere", Good;
    BackupKnown { at: UnixTime } = "backup.known", Good;
    BackupOld { at: UnixTime } = "backup.old", Look;
    /// Others may have made one.
    BackupUnknown = "backup.unknown", Look;
}

/// Looks at everything.
///
/// # Errors
/// Without `settings:read`; a fault.
pub async fn report(app: &App, caller: &Caller) -> Result<Report, Refusal> {
    caller.must(words::SETTINGS_READ)?;
    let mut findings = vec![address::look(app), limits::look(app), secret::look(app)];
    findings.push(mail::look(app).await?);
    findings.extend(admins::look(app).await?);
    findings.push(keys::look(app).await?);
    findings.extend(clock::look(app).await?);
    findings.push(disk::look(app).await?);
    findings.push(backup::look(app).await?);
    // Of equal gravity they stay in this order.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.state()));
    Ok(Report { version: env!("CARGO_PKG_VERSION"), findings })
}

/// Looks at what changes by itself and costs little, for whoever watches the figures.
///
/// # Errors
/// A [`Fault`].
pub async fn watch(app: &App) -> Result<(), Fault> {
    let look = |conn: &mut Conn| Ok::<_, Fault>((outbox::count_waiting(conn)?, store::last_backup(conn)?));
    let (waiting, backup) = app.db.read(look).await?;
    app.metrics.mails_waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
    if let Some(at) = backup {
        app.metrics.backup_at.set(at.millis());
    }
    Ok(())
}

/// Remembers that a backup was made of how things stood at this moment.
///
/// # Errors
/// A [`Fault`].
pub fn note_backup(tx: &mut Tx, at: UnixTime) -> Result<(), Fault> {
    store::note_backup(tx, at)
}

/// Why nothing is told.
#[derive(Debug)]
pub enum Refusal {
    Denied(access::Refusal),
    Fault(Fault),
}

impl From<access::Refusal> for Refusal {
    fn from(denied: access::Refusal) -> Self {
        Self::Denied(denied)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
