//! A database for each test: a copy of a template that was migrated, and peopled, once. SQLite, or PostgreSQL where
//! `TEST_DATABASE_URL` names a server whose role may create databases.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};
use url::Url;
use vestibule::platform::db::{DatabaseUrl, migrate};

use super::people::people_the_house;
use super::{DAY_BEFORE, Home, start_at, unique, wait_for};

/// What a test finds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    /// The schema, and nobody.
    Empty,
    /// `root`, `alice` and `bob`.
    Peopled,
}

/// One test's own database.
pub struct Database {
    pub url: String,
    place: Place,
}

enum Place {
    Sqlite(PathBuf),
    Postgres { server: Url, name: String },
    Elsewhere,
}

/// Whether the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    server().is_some()
}

#[allow(clippy::disallowed_methods, reason = "the tests' own setting")]
fn server() -> Option<Url> {
    let url = std::env::var("TEST_DATABASE_URL").ok()?;
    Some(url.parse().expect("TEST_DATABASE_URL is a URL"))
}

impl Database {
    pub fn new(folder: &Path, copy: Copy) -> Self {
        match server() {
            Some(server) => Self::on_postgres(&server, Some(postgres_template(&server, copy))),
            None => Self::on_sqlite(folder, Some(sqlite_template(copy))),
        }
    }

    /// A file of SQLite that lies somewhere; it stays there.
    pub fn kept_in(path: &Path) -> Self {
        Self { url: format!("sqlite://{}", path.display()), place: Place::Sqlite(path.to_owned()) }
    }

    /// On a server that goes with its test.
    pub fn elsewhere(url: &str) -> Self {
        Self { url: url.to_owned(), place: Place::Elsewhere }
    }

    fn on_sqlite(folder: &Path, template: Option<&[u8]>) -> Self {
        let path = folder.join("vestibule.db");
        if let Some(bytes) = template {
            std::fs::write(&path, bytes).expect("the folder takes a file");
        }
        Self { url: format!("sqlite://{}", path.display()), place: Place::Sqlite(path) }
    }

    fn on_postgres(server: &Url, template: Option<&str>) -> Self {
        let name = unique("vestibule_test").replace('-', "_");
        let template = template.map_or(String::new(), |template| format!(" TEMPLATE {template}"));
        administer(server, &format!("CREATE DATABASE {name}{template}"));
        let mut url = server.clone();
        url.set_path(&name);
        Self { url: url.into(), place: Place::Postgres { server: server.clone(), name } }
    }

    /// The column `value` of every row.
    pub fn texts(&self, query: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            value: String,
        }
        match &self.place {
            Place::Sqlite(path) => {
                let mut conn = open(path);
                let rows: Vec<Row> = diesel::sql_query(query).load(&mut conn).expect("a query");
                rows.into_iter().map(|row| row.value).collect()
            }
            Place::Postgres { .. } | Place::Elsewhere => {
                let rows = inside(&self.url, async |client| client.query(query, &[]).await);
                rows.iter().map(|row| row.get::<_, String>("value")).collect()
            }
        }
    }

    /// The column `value` of the one row.
    pub fn bytes(&self, query: &str) -> Vec<u8> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Binary)]
            value: Vec<u8>,
        }
        match &self.place {
            Place::Sqlite(path) => {
                let row: Row = diesel::sql_query(query).get_result(&mut open(path)).expect("a row");
                row.value
            }
            Place::Postgres { .. } | Place::Elsewhere => {
                inside(&self.url, async |client| client.query_one(query, &[]).await).get("value")
            }
        }
    }

    /// Runs statements behind the server's back.
    pub fn run(&self, statements: &str) {
        match &self.place {
            Place::Sqlite(path) => open(path).batch_execute(statements).expect("statements"),
            Place::Postgres { .. } | Place::Elsewhere => {
                inside(&self.url, async |client| client.batch_execute(statements).await)
            }
        }
    }

    /// Holds on PostgreSQL what these statements lock, until what this returns is dropped.
    pub fn hold(&self, statements: &str) -> Held {
        let url: Url = self.url.parse().expect("a URL");
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(connect(&url));
        runtime.block_on(client.batch_execute(&format!("BEGIN; {statements}"))).expect("statements");
        Held { client, runtime }
    }

    /// How many wait on PostgreSQL for what another holds.
    pub fn waiting(&self) -> usize {
        let query = "SELECT 'waits' AS value FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        self.texts(query).len()
    }

    /// Takes the database away, until what this returns is dropped: PostgreSQL lets nobody in, SQLite takes no write.
    pub fn away(&self) -> Away<'_> {
        match &self.place {
            Place::Sqlite(path) => {
                let mut conn = open(path);
                conn.batch_execute("BEGIN IMMEDIATE").expect("the lock");
                Away { database: self, _lock: Some(conn) }
            }
            Place::Postgres { server, name } => {
                administer(server, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
                administer(server, &terminate(name));
                Away { database: self, _lock: None }
            }
            Place::Elsewhere => panic!("its server is stopped instead"),
        }
    }
}

/// Locks that somebody else has.
pub struct Held {
    client: Client,
    runtime: Runtime,
}

impl Held {
    /// Does more in what is held.
    pub fn run(&self, statements: &str) {
        self.runtime.block_on(self.client.batch_execute(statements)).expect("statements");
    }

    /// What was held is so from now on.
    pub fn commit(self) {
        self.runtime.block_on(self.client.batch_execute("COMMIT")).expect("a commit");
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.client.batch_execute("ROLLBACK"));
    }
}

/// The time in which the database is away.
pub struct Away<'a> {
    database: &'a Database,
    _lock: Option<SqliteConnection>,
}

impl Drop for Away<'_> {
    fn drop(&mut self) {
        if let Place::Postgres { server, name } = &self.database.place {
            administer(server, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Place::Postgres { server, name } = &self.place {
            administer(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn open(path: &Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(path.to_str().expect("a plain path")).expect("the database opens");
    conn.batch_execute("PRAGMA busy_timeout = 5000").expect("a pragma");
    conn
}

/// The bytes of a file that holds the schema, and the people.
fn sqlite_template(copy: Copy) -> &'static [u8] {
    static TEMPLATES: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    let (empty, peopled) = TEMPLATES.get_or_init(|| {
        let home = Home::with(|folder| Database::on_sqlite(folder, None));
        let path = home.path().join("vestibule.db");
        migrate::run(&DatabaseUrl::Sqlite(path.clone())).expect("the migrations run");
        let empty = snapshot(&path);
        people_the_house(start_at(DAY_BEFORE, home.clone(), &[]));
        (empty, snapshot(&path))
    });
    if copy == Copy::Empty { empty } else { peopled }
}

fn snapshot(path: &Path) -> Vec<u8> {
    let copy = path.with_extension("snapshot");
    open(path).batch_execute(&format!("VACUUM INTO '{}'", copy.display())).expect("a snapshot");
    let bytes = std::fs::read(&copy).expect("the snapshot is a file");
    std::fs::remove_file(&copy).expect("the snapshot goes");
    bytes
}

fn postgres_template(server: &Url, copy: Copy) -> &'static str {
    static TEMPLATES: OnceLock<(String, String)> = OnceLock::new();
    let (empty, peopled) = TEMPLATES.get_or_init(|| {
        sweep(server);
        let empty = template(server, None);
        migrate::run(&DatabaseUrl::Postgres(empty.url.clone())).expect("the migrations run");
        let empty = seal(server, empty);
        let home = Home::with(|_| template(server, Some(&empty)));
        people_the_house(start_at(DAY_BEFORE, home.clone(), &[]));
        let Ok(database) = std::sync::Arc::try_unwrap(home.database) else { panic!("the template is still in use") };
        (empty, seal(server, database))
    });
    if copy == Copy::Empty { empty } else { peopled }
}

fn template(server: &Url, of: Option<&str>) -> Database {
    Database::on_postgres(server, of)
}

/// Keeps a database for the rest of the process, and everybody out of it: only then it can be copied.
fn seal(server: &Url, database: Database) -> String {
    let Place::Postgres { name, .. } = &database.place else { unreachable!("a template of PostgreSQL") };
    let name = name.clone();
    administer(server, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
    administer(server, &terminate(&name));
    std::mem::forget(database);
    name
}

/// Drops what processes that were killed have left behind.
fn sweep(server: &Url) {
    let query = "SELECT datname::text AS value FROM pg_database WHERE datname LIKE 'vestibule\\_test\\_%'";
    let names = inside(server.as_str(), async |client| client.query(query, &[]).await);
    for name in names.iter().map(|row| row.get::<_, String>("value")) {
        let process = name.split('_').nth(2).unwrap_or_default();
        if !Path::new("/proc").join(process).exists() {
            administer(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn terminate(name: &str) -> String {
    format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
}

/// Runs statements on the server, over a connection that is kept: each sign-in to PostgreSQL costs a key derivation.
fn administer(server: &Url, statements: &str) {
    static IDLE: Mutex<Vec<(Runtime, Client)>> = Mutex::new(Vec::new());
    let idle = || IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = idle().pop();
    let (runtime, client) = kept.unwrap_or_else(|| {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(connect(server));
        (runtime, client)
    });
    runtime.block_on(client.batch_execute(statements)).unwrap_or_else(|e| panic!("{statements}: {e:?}"));
    idle().push((runtime, client));
}

async fn connect(url: &Url) -> Client {
    let (client, connection) = tokio_postgres::connect(url.as_str(), NoTls).await.expect("PostgreSQL answers");
    tokio::spawn(connection);
    client
}

/// What to do over a connection to one test's database.
fn inside<T>(url: &str, work: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>) -> T {
    let url = url.parse().expect("a URL");
    wait_for(async { work(&connect(&url).await).await.unwrap_or_else(|e| panic!("{e:?}")) })
}
