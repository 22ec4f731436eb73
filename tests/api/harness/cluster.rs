//! PostgreSQL servers of one test alone, which it stops, fails over and holds up; `tests/postgres` makes them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};
use url::Url;

use super::database::Database;
use super::people::people_the_house;
use super::{DAY_BEFORE, Home, start_at, within};

/// One server. Its files go with it.
pub struct Cluster {
    directory: PathBuf,
    pub url: String,
}

impl Cluster {
    pub fn new(settings: &[&str]) -> Self {
        let mut arguments = vec!["alone"];
        arguments.extend(settings);
        Self::made_by(&arguments)
    }

    /// Another that follows this one.
    pub fn standby(&self) -> Self {
        Self::made_by(&["standby", self.directory.to_str().expect("a plain path")])
    }

    /// From now on nothing is acknowledged that the standby has not got.
    pub fn waits_for_its_standby(&self) {
        self.administer("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        self.administer("SELECT pg_reload_conf()");
        let state = "SELECT sync_state AS value FROM pg_stat_replication";
        within(Duration::from_secs(10), "the standby is waited for", || self.texts(state) == ["sync"]);
    }

    fn made_by(arguments: &[&str]) -> Self {
        let output = script(arguments).output().expect("tests/postgres runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let (directory, url) = text.trim().split_once('\n').expect("a directory and a URL");
        Self { directory: directory.into(), url: url.to_owned() }
    }

    /// A house on this server, where everybody is.
    pub fn home(&self) -> Home {
        let home = Home::with(|_| Database::elsewhere(&self.url));
        people_the_house(start_at(DAY_BEFORE, home.clone(), &[]));
        home
    }

    /// One URL for this server and another.
    pub fn or(&self, other: &Self) -> String {
        self.url.replacen(&self.place(), &format!("{},{}", self.place(), other.place()), 1)
    }

    /// Host and port.
    fn place(&self) -> String {
        format!("127.0.0.1:{}", self.port())
    }

    pub fn port(&self) -> u16 {
        self.url.parse::<Url>().expect("a URL").port().expect("a port")
    }

    pub fn start(&self) {
        self.control(&["start"]);
    }

    /// `fast` as in a restart for an upgrade, `immediate` as in a crash.
    pub fn stop(&self, mode: &str) {
        self.control(&["stop", "--mode", mode]);
    }

    pub fn promote(&self) {
        self.control(&["promote"]);
    }

    /// Stops its processes where they are, until what this returns is dropped: connections stay, and nothing comes back.
    pub fn freeze(&self) -> Frozen {
        let file = std::fs::read_to_string(self.directory.join("data/postmaster.pid")).expect("it runs");
        let first = file.lines().next().expect("a process").to_owned();
        let output = Command::new("ps").args(["-o", "pid=", "--ppid", &first]).output().expect("ps runs");
        let children = String::from_utf8(output.stdout).expect("UTF-8");
        let mut pids = vec![first];
        pids.extend(children.split_whitespace().map(str::to_owned));
        signal("STOP", &pids);
        Frozen(pids)
    }

    fn control(&self, action: &[&str]) {
        let directory = self.directory.to_str().expect("a plain path");
        let done = script(&["ctl", directory]).args(action).status().expect("tests/postgres runs");
        assert!(done.success(), "{action:?}");
    }

    /// A connection as its superuser.
    pub fn connect(&self, database: &str) -> Session {
        let mut url: Url = self.url.parse().expect("a URL");
        url.set_username("postgres").expect("a user");
        url.set_path(database);
        Session::open(url.as_str()).expect("PostgreSQL takes a superuser")
    }

    /// Runs statements as its superuser.
    pub fn administer(&self, statements: &str) {
        self.connect("postgres").run(statements);
    }

    /// The column `value` of every row, as its superuser sees it.
    pub fn texts(&self, query: &str) -> Vec<String> {
        self.connect("vestibule").texts(query)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let directory = self.directory.to_str().expect("a plain path");
        let _ = script(&["ctl", directory, "remove"]).status();
    }
}

/// Processes that are stopped.
pub struct Frozen(Vec<String>);

impl Drop for Frozen {
    fn drop(&mut self) {
        signal("CONT", &self.0);
    }
}

fn signal(name: &str, pids: &[String]) {
    let sent = Command::new("kill").arg(format!("-{name}")).args(pids).status();
    assert!(sent.expect("kill runs").success());
}

fn script(arguments: &[&str]) -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres"));
    command.args(arguments);
    command
}

/// A connection that is held.
pub struct Session {
    client: Client,
    runtime: Runtime,
}

impl Session {
    /// # Errors
    /// Where PostgreSQL takes no more.
    pub fn open(url: &str) -> Result<Self, tokio_postgres::Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        })?;
        Ok(Self { client, runtime })
    }

    pub fn run(&self, statements: &str) {
        self.runtime.block_on(self.client.batch_execute(statements)).unwrap_or_else(|e| panic!("{statements}: {e:?}"));
    }

    pub fn texts(&self, query: &str) -> Vec<String> {
        let rows = self.runtime.block_on(self.client.query(query, &[])).unwrap_or_else(|e| panic!("{query}: {e:?}"));
        rows.iter().map(|row| row.get("value")).collect()
    }
}
