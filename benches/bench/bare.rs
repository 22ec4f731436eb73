//! The same database without the server: statements as one would write them by hand, each for the case that it is for.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

pub enum Bare {
    Sqlite(SqliteConnection),
    Postgres(Runtime, Client),
}

#[derive(QueryableByName)]
#[allow(dead_code, reason = "they are read all the same")]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    username: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    email_verified_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    disabled_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
}

#[derive(QueryableByName)]
#[allow(dead_code, reason = "they are read all the same")]
struct Role {
    #[diesel(sql_type = Text)]
    user_id: String,
    #[diesel(sql_type = Text)]
    name: String,
}

impl Bare {
    pub fn sqlite(file: &std::path::Path) -> Self {
        Self::Sqlite(SqliteConnection::establish(&file.to_string_lossy()).unwrap())
    }

    pub fn postgres(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, driver) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(driver);
            client
        });
        Self::Postgres(runtime, client)
    }

    /// Does something with a new database on the server that `TEST_DATABASE_URL` names; nothing where it names none.
    pub fn on_a_new_postgres(name: &str, work: impl FnOnce(&str)) {
        let Some(server) = setting("TEST_DATABASE_URL") else { return };
        let name = format!("vestibule_bench_{name}_{}", std::process::id());
        let mut admin = Self::postgres(&server);
        admin.run(&format!("CREATE DATABASE {name}"));
        let mut url: url::Url = server.parse().unwrap();
        url.set_path(&name);
        work(url.as_str());
        admin.run(&format!("DROP DATABASE {name} WITH (FORCE)"));
    }

    pub fn run(&mut self, statements: &str) {
        match self {
            Self::Sqlite(c) => c.batch_execute(statements).unwrap(),
            Self::Postgres(runtime, client) => runtime.block_on(client.batch_execute(statements)).unwrap(),
        }
    }

    /// Which of the two forms of a statement is for this one.
    pub fn choose(&self, sqlite: &str, postgres: &str) -> String {
        if matches!(self, Self::Sqlite(_)) { sqlite.to_owned() } else { postgres.to_owned() }
    }

    /// A page of users with their roles: two statements. How many there were.
    pub fn page(&mut self, from_and_where: &str) -> usize {
        let columns = "u.id, u.username, u.email, u.email_verified_at, u.name, u.disabled_at, u.created_at";
        let query = format!("SELECT {columns} FROM {from_and_where} LIMIT 41");
        let ids: Vec<String> = match self {
            Self::Sqlite(c) => diesel::sql_query(query).load::<Row>(c).unwrap().into_iter().map(|row| row.id).collect(),
            Self::Postgres(runtime, client) => {
                runtime.block_on(client.query(&query, &[])).unwrap().iter().map(|row| row.get("id")).collect()
            }
        };
        if ids.is_empty() {
            return 0;
        }
        let query = format!(
            "SELECT ur.user_id, r.name FROM user_roles ur JOIN roles r ON r.id = ur.role_id \
             WHERE ur.user_id IN ('{}') ORDER BY r.name",
            ids.join("', '")
        );
        match self {
            Self::Sqlite(c) => drop(diesel::sql_query(query).load::<Role>(c).unwrap()),
            Self::Postgres(runtime, client) => drop(runtime.block_on(client.query(&query, &[])).unwrap()),
        }
        ids.len()
    }
}

#[allow(clippy::disallowed_methods, reason = "the measurement's own settings")]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
