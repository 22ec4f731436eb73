//! A file of users through `vestibule import`, beside the same rows put into the same tables by hand, many at a time: rows a
//! second. `BENCH_ROWS` says how many (100 000); PostgreSQL where `TEST_DATABASE_URL` names a server.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use crate::bare::{Bare, setting};
use crate::subject::Subject;
use crate::table::{Row, Unit};

/// Rows of one statement by hand.
const AT_ONCE: u64 = 1000;
const HASH: &str = "$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZEHZ9Zt1mQGQ6Y2ZtC5oV5Ck1O5zVq";

pub fn measure(_: &Subject) {
    let rows = setting("BENCH_ROWS").map_or(100_000, |count| count.parse().unwrap());
    let folder = Folder::new();
    std::fs::write(folder.0.join("users.jsonl"), file(rows)).unwrap();
    let (here, bare) = ("sqlite://here.db".to_owned(), "sqlite://bare.db".to_owned());
    let by_hand = folder.migrated(&bare, |folder| Bare::sqlite(&folder.join("bare.db")));
    folder.show("vestibule import / bare inserts, SQLite (1/s)", rows, &here, by_hand);
    Bare::on_a_new_postgres("import", |here| {
        Bare::on_a_new_postgres("import_bare", |bare| {
            let by_hand = folder.migrated(bare, |_| Bare::postgres(bare));
            folder.show("vestibule import / bare inserts, PostgreSQL", rows, here, by_hand);
        });
    });
}

/// Where the commands run.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule-bench-import-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn vestibule(&self, database: &str, arguments: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        command.current_dir(&self.0).env("DATABASE_URL", database).args(arguments);
        assert!(command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success(), "{arguments:?}");
    }

    fn migrated(&self, database: &str, connect: impl FnOnce(&Path) -> Bare) -> Bare {
        self.vestibule(database, &["migrate"]);
        connect(&self.0)
    }

    fn show(&self, name: &str, rows: u64, here: &str, mut by_hand: Bare) {
        self.vestibule(here, &["migrate"]);
        let began = Instant::now();
        self.vestibule(here, &["import", "users.jsonl"]);
        let imported = rows as f64 / began.elapsed().as_secs_f64();
        let began = Instant::now();
        (0..rows).step_by(1000).for_each(|from| by_hand.run(&statements(from, (from + AT_ONCE).min(rows))));
        let limit = Some(rows as f64 / began.elapsed().as_secs_f64());
        Row { what: name, unit: Unit::PerSecond, here: imported, limit, aim: "0.3", published: "" }.print();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn name(n: u64) -> String {
    format!("person{n}")
}

fn file(rows: u64) -> String {
    let line = |n: u64| {
        let name = name(n);
        let (email, full) = (format!("{name}@example.com"), format!("Person Number {n}"));
        json!({"username": name, "email": email, "email_verified": true, "name": full, "roles": ["user"],
               "disabled": false, "password_hash": HASH, "created_at": "2024-02-29T12:00:00Z"})
        .to_string()
            + "\n"
    };
    (0..rows).map(line).collect()
}

/// What an import writes of these rows, audit entries too.
fn statements(from: u64, to: u64) -> String {
    let mut text = "BEGIN; ".to_owned();
    let mut insert = |head: &str, values: &dyn Fn(u64) -> String| {
        let rows: Vec<String> = (from..to).map(|n| format!("({})", values(n))).collect();
        write!(text, "INSERT INTO {head} VALUES {}; ", rows.join(", ")).unwrap();
    };
    insert(
        "users (id, username, username_folded, email, email_folded, email_verified_at, name, name_folded, created_at, updated_at)",
        &|n| {
            let (name, id) = (name(n), id(n));
            format!(
                "'{id}', '{name}', '{name}', '{name}@example.com', '{name}@example.com', 1, 'Person Number {n}', 'person number {n}', 1709208000000, 1709208000000"
            )
        },
    );
    insert("user_roles (user_id, role_id)", &|n| format!("'{}', 'user'", id(n)));
    insert("passwords (user_id, hash, changed_at)", &|n| format!("'{}', '{HASH}', 1709208000000", id(n)));
    insert(
        "audit_log (seq, id, at, kind, actor_id, actor_name, subject_id, subject_name, address, request_id, detail)",
        &|n| {
            let (seq, id, name) = (n + 1, id(n), name(n));
            format!(
                "{seq}, '{id}', 1709208000000, 'user.imported', 'console', 'console', '{id}', '{name}', '', '{id}', '{{\"from\":\"jsonl\",\"roles\":[\"user\"]}}'"
            )
        },
    );
    text + "COMMIT;"
}

fn id(n: u64) -> String {
    format!("019a{:028x}", n)
}
