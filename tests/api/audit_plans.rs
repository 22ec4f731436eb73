//! However long the audit log is, no list of it reads more than it shows: the plans of both databases for the statements that
//! `src/audit/search/store.rs` makes.

use crate::harness::database::on_postgres;
use crate::harness::{TestApp, spawn_app};

/// What narrows a list, and the index that it has to stand on.
const FILTERS: [(&str, &str); 10] = [
    ("at >= 0 AND at < 9", "audit_log_at"),
    ("at <= 9 AND (at < 9 OR seq < 5)", "audit_log_at"),
    ("kind = 'signin.failed'", "audit_log_kind"),
    ("kind = 'signin.failed' AND at <= 9 AND (at < 9 OR seq < 5)", "audit_log_kind"),
    ("subject_id = 'u7'", "audit_log_subject"),
    ("lower(subject_name) = 'u7'", "audit_log_subject_name"),
    ("actor_id = 'u7' AND at <= 9 AND (at < 9 OR seq < 5)", "audit_log_actor"),
    ("lower(actor_name) = 'u7'", "audit_log_actor_name"),
    ("address = '198.51.100.7'", "audit_log_address"),
    ("session_id = 's7'", "audit_log_session"),
];

fn fill(app: &TestApp) {
    let numbers = match on_postgres() {
        true => "SELECT n FROM generate_series(1, 20000) AS s (n)",
        false => "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) SELECT n FROM s",
    };
    app.home.database.run(&format!(
        "INSERT INTO audit_log (seq, id, at, kind, actor_id, actor_name, subject_id, subject_name, session_id, address, \
         request_id, detail) \
         SELECT 1000 + n, 'e', n, CASE WHEN n % 50 = 0 THEN 'signin.failed' ELSE 'signin.succeeded' END, 'u' || n % 500, \
         'u' || n % 500, 'u' || n % 500, 'u' || n % 500, 's' || n, '198.51.100.' || n % 250, 'r' || n, '{{}}' \
         FROM ({numbers}) AS numbered; ANALYZE"
    ));
}

fn plan(app: &TestApp, query: &str) -> String {
    let database = &app.home.database;
    match on_postgres() {
        true => database.explain(&format!("EXPLAIN {query}")),
        false => database.explain(&format!("EXPLAIN QUERY PLAN {query}")),
    }
}

#[test]
fn every_list_of_the_log_stands_on_an_index_in_its_order() {
    let app = spawn_app();
    fill(&app);
    for (filter, index) in FILTERS {
        let query = format!("SELECT * FROM audit_log WHERE {filter} ORDER BY at DESC, seq DESC LIMIT 51");
        let plan = plan(&app, &query);
        assert!(plan.contains(index), "{filter}: {plan}");
        assert!(!plan.contains("SCAN audit_log") && !plan.contains("Seq Scan"), "{filter}: {plan}");
        // PostgreSQL may gather the few that fit and put them in order; SQLite has no need to.
        assert!(!plan.contains("TEMP B-TREE"), "{filter}: {plan}");
    }
    let all = plan(&app, "SELECT * FROM audit_log ORDER BY at DESC, seq DESC LIMIT 51");
    assert!(all.contains("audit_log_at"), "{all}");
    let walk = plan(&app, "SELECT * FROM audit_log WHERE seq > 5 ORDER BY seq LIMIT 1000");
    assert!(!walk.contains("Seq Scan") && !walk.contains("TEMP B-TREE") && !walk.contains("Sort"), "{walk}");
}
