//! `src/schema.rs` is written by hand, once for two databases: here it is held against what the migrations really make.

#![allow(clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use vestibule::platform::db::{DatabaseUrl, describe, migrate};

/// `table.column type null?` for every column of `src/schema.rs`.
fn written() -> BTreeSet<String> {
    let text = include_str!("../src/schema.rs");
    let mut columns = BTreeSet::new();
    for table in text.split("diesel::table! {").skip(1) {
        let mut lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
        let name = lines.next().and_then(|line| line.split_whitespace().next()).expect("a table has a name");
        for line in lines.take_while(|line| *line != "}") {
            let (column, kind) = line.trim_end_matches(',').split_once(" -> ").expect("a column has a type");
            let nullable = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            columns.insert(format!("{name}.{column} {} {}", nullable.unwrap_or(kind), nullable.is_some()));
        }
    }
    assert!(columns.len() > 40, "the schema was read");
    columns
}

fn migrated(url: &DatabaseUrl) -> BTreeSet<String> {
    migrate::run(url).unwrap_or_else(|fault| panic!("{fault}"));
    let again = migrate::run(url).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(again.is_empty(), "a second run finds nothing to do");
    let columns = describe(url).unwrap_or_else(|fault| panic!("{fault}"));
    columns.into_iter().map(|c| format!("{}.{} {} {}", c.table, c.column, c.kind, c.nullable)).collect()
}

/// A new, empty database on the server of the tests.
fn empty_database(admin: &str) -> String {
    let name = format!("schema_{}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, driver) = tokio_postgres::connect(admin, tokio_postgres::NoTls).await.expect("the server answers");
        tokio::spawn(driver);
        let script = format!("CREATE DATABASE {name}");
        client.batch_execute(&script).await.expect("the role may create databases");
    });
    let (server, _) = admin.rsplit_once('/').expect("the URL names a database");
    format!("{server}/{name}")
}

#[test]
fn the_schema_is_what_the_migrations_make() {
    #[allow(clippy::disallowed_methods, reason = "which database the tests run on")]
    let of_database = match std::env::var("TEST_DATABASE_URL") {
        Ok(admin) => migrated(&DatabaseUrl::Postgres(empty_database(&admin))),
        Err(_) => {
            let folder = std::env::temp_dir().join(format!("vestibule-schema-{}", std::process::id()));
            std::fs::create_dir_all(&folder).expect("a temporary folder");
            let columns = migrated(&DatabaseUrl::Sqlite(folder.join("schema.db")));
            std::fs::remove_dir_all(&folder).expect("the folder is ours");
            columns
        }
    };
    assert_eq!(of_database, written());
}
