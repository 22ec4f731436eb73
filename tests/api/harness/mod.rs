//! The real server, one for each test, on a port, a database and a clock of its own.

pub mod answer;
pub mod authenticator;
pub mod binary;
pub mod bulk;
pub mod certificate;
pub mod cluster;
pub mod collector;
pub mod database;
pub mod device;
pub mod events;
pub mod forge;
pub mod keys;
pub mod load;
pub mod machine;
pub mod mail;
pub mod nginx;
pub mod people;
pub mod raw;
pub mod shape;
pub mod smtp;
pub mod tls_proxy;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::web::ServiceConfig;
use database::{Copy, Database};
use vestibule::app::App;
use vestibule::config::Config;
use vestibule::platform::time::{Clock, UnixTime};
use vestibule::{jobs, server, signin, web};

/// Where the installation says that it is; no test listens there.
pub const PUBLIC_URL: &str = "http://vestibule.test";
pub const SECRET_KEY: &str = "the root of every key in the tests, 32 bytes or more";
/// Everybody's.
pub const PASSWORD: &str = "correct horse battery";
/// 2030-01-01T00:00:00Z, where every test's clock begins.
pub const START: i64 = 1_893_456_000;
/// When `root`, `alice` and `bob` came.
pub const DAY_BEFORE: i64 = START - 86_400;

/// A server that ends with the test.
pub struct TestApp {
    pub url: String,
    pub port: u16,
    pub app: App,
    pub clock: Clock,
    pub home: Home,
    /// The mails that the test has looked at.
    seen: mail::Seen,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// What passwords cost where a test does not say: less than an installation may have, for hashing would be most of its time.
const QUICK_COST: u32 = 5;

/// A server where `root` is the administrator, and `alice` and `bob` have signed up.
pub fn spawn_app() -> TestApp {
    spawn_with(&[])
}

/// The same with other settings.
pub fn spawn_with(settings: &[(&str, &str)]) -> TestApp {
    start(Home::new(Copy::Peopled), settings)
}

/// A server that nobody knows yet.
pub fn spawn_empty() -> TestApp {
    start(Home::new(Copy::Empty), &[])
}

/// A server on what is there; also a second one beside another.
pub fn start(home: Home, settings: &[(&str, &str)]) -> TestApp {
    start_at(START, home, settings)
}

/// The same, with a clock that begins there.
pub fn start_at(moment: i64, home: Home, settings: &[(&str, &str)]) -> TestApp {
    start_with(moment, home, settings, web::mount)
}

/// The same with other routes behind the middleware.
pub fn start_with(
    moment: i64,
    home: Home,
    settings: &[(&str, &str)],
    mount: impl Fn(&mut ServiceConfig, &App) + Clone + Send + 'static,
) -> TestApp {
    let mut config = Config::from_values(home.settings(settings)).expect("sound settings");
    if settings.iter().all(|(name, _)| *name != "BCRYPT_COST") {
        config.bcrypt_cost = QUICK_COST;
    }
    let clock = Clock::set_at(UnixTime::from_seconds(moment));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let (tell, told) = sync_channel(1);
    let hand = clock.clone();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = App::open(config, hand).await.expect("the app opens");
            jobs::start(&app);
            let running = server::serve_with(app.clone(), listener, mount).expect("the server starts");
            tell.send((app, running.handle())).expect("the test waits");
            running.await.expect("the server ends in order");
        });
    });
    let (app, handle) = told.recv().expect("the server starts");
    TestApp {
        url: format!("http://127.0.0.1:{port}"),
        port,
        app,
        clock,
        home,
        seen: mail::Seen::default(),
        handle,
        thread: Some(thread),
    }
}

impl TestApp {
    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub fn set_back(&self, seconds: u64) {
        self.clock.set_back(Duration::from_secs(seconds));
    }

    /// Seconds since 1970 on this test's clock.
    pub fn now(&self) -> i64 {
        self.clock.now().seconds()
    }

    /// The code of the link that makes the first administrator.
    pub fn setup_code(&self) -> String {
        let link =
            wait_for(signin::setup::link(&self.app)).expect("the database answers").expect("no administrator yet");
        link.split_once("/setup?code=").expect("a code").1.to_owned()
    }

    /// Every fact that was recorded since the test began, oldest first.
    pub fn recorded(&self) -> Vec<String> {
        let query = format!("SELECT kind AS value FROM audit_log WHERE at > {} ORDER BY seq", START * 1000);
        self.home.database.texts(&query)
    }

    pub fn stop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        wait_for(self.handle.stop(false));
        let ended = thread.join();
        assert!(ended.is_ok() || std::thread::panicking(), "the server's thread panicked");
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The data folder and the database of one test. Both go when the last who holds them does.
#[derive(Clone)]
pub struct Home {
    folder: Arc<Folder>,
    pub database: Arc<Database>,
}

impl Home {
    pub fn new(copy: Copy) -> Self {
        Self::with(|folder| Database::new(folder, copy))
    }

    pub fn with(database: impl FnOnce(&Path) -> Database) -> Self {
        let folder = Arc::new(Folder::new());
        let database = Arc::new(database(&folder.0));
        Self { folder, database }
    }

    pub fn path(&self) -> &Path {
        &self.folder.0
    }

    /// The settings of a server that lives here.
    pub fn settings(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let folder = self.path().to_str().expect("a plain path");
        let own = [
            ("DATABASE_URL", self.database.url.as_str()),
            ("DATA_DIR", folder),
            ("PUBLIC_URL", PUBLIC_URL),
            ("SECRET_KEY", SECRET_KEY),
            ("BCRYPT_COST", "10"),
            // Tests fail on purpose, and fast; those of the limits themselves set it.
            ("RATE_LIMITS", "off"),
        ];
        own.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(unique("vestibule-test"));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A name that no other test, in this process or another, has.
pub fn unique(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Whether minutes may be spent: `make soak`.
#[allow(clippy::disallowed_methods, reason = "the tests' own setting")]
pub fn soaks() -> bool {
    std::env::var_os("SOAK").is_some()
}

/// Runs a future to its end on this thread.
pub fn wait_for<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

/// Looks again and again until it is so, as another process's doing can't be waited for otherwise.
pub fn within(limit: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !is_so() {
        assert!(Instant::now() < deadline, "not within {limit:?}: {what}");
        std::thread::yield_now();
    }
}

/// Runs the same in as many threads at once, and gathers what each got.
pub fn at_once<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = std::sync::Barrier::new(threads);
    std::thread::scope(|scope| {
        let run = |n| (gate.wait(), work(n)).1;
        let running: Vec<_> = (0..threads).map(|n| scope.spawn(move || run(n))).collect();
        running.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    })
}
