//! All that a use case may reach for, and the way a change is written: with its events, and with what it ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::audit::{self, Event, Trail};
use crate::config::Config;
use crate::outbox::Posted;
use crate::platform::db::{Changes, Db, Fault, Tx};
use crate::platform::hasher::Hasher;
use crate::platform::jwt;
use crate::platform::mail::{Mailer, Sender};
use crate::platform::metrics::Metrics;
use crate::platform::secret::{Purpose, RootKey};
use crate::platform::time::{Clock, UnixTime};
use crate::platform::traces::Traces;
use crate::sessions::{self, Ended, Lifetimes, Revocations};
use crate::tokens::keys::{self, KeyRing, Trouble};
use crate::tokens::refusals::Refusals;
use crate::transfer::Turns;
use crate::upkeep::{self, Caution};

/// Cheap to clone; every clone is the same installation.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub db: Db,
    pub hasher: Hasher,
    pub keys: KeyRing,
    pub revocations: Revocations,
    pub refusals: Refusals,
    pub mailer: Mailer,
    pub metrics: Metrics,
    pub traces: Traces,
    pub uploads: Turns,
    /// Something is to be sent.
    mail: Notify,
    /// A file of users waits.
    imports: Notify,
    clock: Clock,
    root: RootKey,
    draining: AtomicBool,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// As [`Self::open_beside`], for a server: from now on a key of the algorithm that is set signs.
    ///
    /// # Errors
    /// One sentence for the operator.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, String> {
        let app = Self::open_beside(config, clock).await?;
        keys::settle(&app).await.map_err(|trouble| explain_keys(&app.config, &trouble))?;
        Ok(app)
    }

    /// Migrates the database, opens the keys and loads what was ended; changes nothing about how a server that may be
    /// running signs.
    ///
    /// # Errors
    /// One sentence for the operator.
    pub async fn open_beside(config: Config, clock: Clock) -> Result<Self, String> {
        jwt::install_provider();
        upkeep::migrate(&config, Caution::Snapshot)?;
        let root = config.root_key()?;
        let db = Db::open(&config.database, &clock).map_err(|fault| config.explain(&fault))?;
        let db = db.beside(config.replica.as_ref(), &clock);
        let keys = KeyRing::load(&db, &root).await.map_err(|trouble| explain_keys(&config, &trouble))?;
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let app = Self(Arc::new(Parts {
            hasher: Hasher::start(config.bcrypt_cost, threads),
            revocations: Revocations::default(),
            refusals: Refusals::default(),
            mailer: mailer(&config)?,
            metrics: Metrics::begin(clock.now()),
            traces: config.traces.as_ref().map(|to| Traces::start(to, &clock)).unwrap_or_default(),
            uploads: Turns::default(),
            mail: Notify::new(),
            imports: Notify::new(),
            config,
            db,
            keys,
            clock,
            root,
            draining: AtomicBool::new(false),
        }));
        sessions::follow(&app).await.map_err(|fault| app.config.explain(&fault))?;
        Ok(app)
    }

    /// From now on readiness says no, so that no new work is sent here; what runs is finished.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether the database answers, and takes what is written.
    ///
    /// # Errors
    /// A fault where it does not.
    pub async fn reach(&self) -> Result<(), Fault> {
        self.db.reach().await
    }

    /// To be told at once of what other processes have changed, where the database can tell.
    pub fn changes(&self) -> Changes {
        self.db.changes()
    }

    /// Has mail looked after at once.
    pub fn wake_mail(&self) {
        self.mail.notify_one();
    }

    /// Waits until something is to be sent, or so long.
    pub async fn mail_due(&self, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.mail.notified()).await;
    }

    /// Has files of users looked after at once.
    pub fn wake_imports(&self) {
        self.imports.notify_one();
    }

    /// Waits until a file of users is there, or so long.
    pub async fn import_due(&self, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.imports.notified()).await;
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    pub fn now(&self) -> UnixTime {
        self.clock.now()
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn root(&self) -> &RootKey {
        &self.root
    }

    pub fn derived_key<const N: usize>(&self, purpose: Purpose) -> [u8; N] {
        self.root.derive(purpose)
    }

    pub fn lifetimes(&self) -> Lifetimes {
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        Lifetimes {
            access: minutes(self.config.access_token_minutes),
            idle: minutes(self.config.refresh_token_minutes),
            absolute: Duration::from_secs(u64::from(self.config.session_max_days) * 86_400),
        }
    }

    /// Runs a change and records what it says happened, in one commit; what it ended is known to this node when this
    /// returns, and to the others within a second.
    ///
    /// # Errors
    /// What the closure returns, or a fault; then nothing was changed and nothing recorded.
    pub async fn write<T, E>(
        &self,
        trail: impl Into<Trail>,
        change: impl FnOnce(&mut Tx) -> Result<Outcome<T>, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let (trail, now) = (trail.into(), self.now());
        let done = self.db.write(move |tx| {
            let outcome = change(tx)?;
            audit::record(tx, now, &trail, &outcome.events)?;
            Ok::<_, E>(outcome)
        });
        let outcome = done.await?;
        outcome.events.iter().for_each(|event| self.metrics.facts.one_more(event.fact.word()));
        self.revocations.note(&outcome.ended);
        if outcome.posted {
            self.wake_mail();
        }
        Ok(outcome.value)
    }
}

fn explain_keys(config: &Config, trouble: &Trouble) -> String {
    match trouble {
        Trouble::Fault(fault) => config.explain(fault),
        Trouble::Sealed => trouble.to_string(),
    }
}

/// By the server that is set, or into a folder beside the data.
fn mailer(config: &Config) -> Result<Mailer, String> {
    let host = config.public_url.host();
    match (&config.smtp, &config.mail_from) {
        (Some(url), Some(from)) => Mailer::over_smtp(url, Sender::clone(from), host),
        _ => Ok(Mailer::into_folder(config.data_dir.join("outbox"), host)),
    }
}

/// What a change came to: its value, what the log shall say of it, and what it ended.
pub struct Outcome<T> {
    value: T,
    events: Vec<Event>,
    ended: Vec<Ended>,
    posted: bool,
}

impl<T> Outcome<T> {
    /// Something happened.
    pub fn told(value: T, events: impl IntoIterator<Item = Event>) -> Self {
        Self { value, events: events.into_iter().collect(), ended: Vec::new(), posted: false }
    }

    /// Nothing happened that anybody would look for later.
    pub fn quiet(value: T) -> Self {
        Self::told(value, [])
    }

    pub fn ending(mut self, ended: impl IntoIterator<Item = Ended>) -> Self {
        self.ended.extend(ended);
        self
    }

    /// Letters that were posted: they are sent as soon as this is committed.
    pub fn posting(mut self, letters: impl IntoIterator<Item = Posted>) -> Self {
        self.posted |= letters.into_iter().count() > 0;
        self
    }

    /// What happened before this, in the same transaction.
    pub fn after(mut self, before: Outcome<()>) -> Self {
        self.events.splice(0..0, before.events);
        self.ended.splice(0..0, before.ended);
        self.posted |= before.posted;
        self
    }

    /// What happened after this, in the same transaction.
    pub fn and(mut self, next: Outcome<()>) -> Self {
        self.events.extend(next.events);
        self.ended.extend(next.ended);
        self.posted |= next.posted;
        self
    }

    pub fn value(&self) -> &T {
        &self.value
    }

    pub fn map<U>(self, next: impl FnOnce(T) -> U) -> Outcome<U> {
        Outcome { value: next(self.value), events: self.events, ended: self.ended, posted: self.posted }
    }

    /// Goes on with the value in the same transaction.
    ///
    /// # Errors
    /// What the next part returns.
    pub fn try_map<U, E>(self, next: impl FnOnce(T) -> Result<U, E>) -> Result<Outcome<U>, E> {
        self.and_then(|value| next(value).map(Outcome::quiet))
    }

    /// The same where something happens on the way.
    ///
    /// # Errors
    /// What the next part returns.
    pub fn and_then<U, E>(self, next: impl FnOnce(T) -> Result<Outcome<U>, E>) -> Result<Outcome<U>, E> {
        let before = Outcome { value: (), events: self.events, ended: self.ended, posted: self.posted };
        Ok(next(self.value)?.after(before))
    }
}
