//! However long the audit log is, no list of it reads more than it shows. What SQLite does for each statement, a test beside
//! `src/audit/search/store.rs` asks it; what PostgreSQL has done is counted here.

use std::time::Duration;

use crate::harness::database::on_postgres;
use crate::harness::{TestApp, spawn_app, within};

/// What narrows a list, and the index that it has to stand on.
const FILTERS: [(&str, &str); 9] = [
    ("", "audit_log_at"),
    ("kind=signin.failed", "audit_log_kind"),
    ("subject=u7", "audit_log_subject_name"),
    ("subject=01a2b3c4d5e6718293a4b5c6d7e8f900", "audit_log_subject"),
    ("actor=u7", "audit_log_actor_name"),
    ("actor=01a2b3c4d5e6718293a4b5c6d7e8f900", "audit_log_actor"),
    ("address=198.51.100.7", "audit_log_address"),
    ("session=s7", "audit_log_session"),
    ("request_id=r7", "audit_log_request"),
];

fn fill(app: &TestApp) {
    app.home.database.run(
        "INSERT INTO audit_log (seq, id, at, kind, actor_id, actor_name, subject_id, subject_name, session_id, address, \
         request_id, detail) \
         SELECT 1000 + n, 'e', n, CASE WHEN n % 50 = 0 THEN 'signin.failed' ELSE 'signin.succeeded' END, 'u' || n % 500, \
         'u' || n % 500, 'u' || n % 500, 'u' || n % 500, 's' || n, '198.51.100.' || n % 250, 'r' || n, '{}' \
         FROM generate_series(1, 20000) AS s (n)",
    );
    app.home.database.run("ANALYZE audit_log");
}

/// How often each index was used, and how often the table was read from end to end.
fn used(app: &TestApp, index: &str) -> i64 {
    number(app, &format!("SELECT idx_scan::TEXT AS value FROM pg_stat_user_indexes WHERE indexrelname = '{index}'"))
}

fn read_whole(app: &TestApp) -> i64 {
    number(app, "SELECT seq_scan::TEXT AS value FROM pg_stat_user_tables WHERE relname = 'audit_log'")
}

fn number(app: &TestApp, query: &str) -> i64 {
    app.home.database.texts(query)[0].parse().expect("a number")
}

#[test]
fn every_list_of_the_log_is_read_along_an_index() {
    if !on_postgres() {
        return;
    }
    let app = spawn_app();
    fill(&app);
    let admin = app.admin();
    for (filter, index) in FILTERS {
        let (before, whole) = (used(&app, index), read_whole(&app));
        admin.get(&format!("/api/audit?limit=50&{filter}")).send().expect(200);
        within(Duration::from_secs(20), &format!("{index} is used for {filter:?}"), || used(&app, index) > before);
        assert_eq!(read_whole(&app), whole, "{filter:?}");
    }
}
