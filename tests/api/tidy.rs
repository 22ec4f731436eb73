//! What is over goes, however much of it there is, and nothing else does.

use crate::harness::database::on_postgres;
use crate::harness::{TestApp, spawn_app, wait_for};

fn count(app: &TestApp, table: &str) -> usize {
    app.home.database.texts(&format!("SELECT 'one' AS value FROM {table}")).len()
}

#[test]
fn more_than_goes_at_once_goes_all_the_same() {
    let app = spawn_app();
    let alice = app.alice();
    let before = ["sessions", "refresh_tokens", "revocations"].map(|table| count(&app, table));
    let long_ago = (app.now() - 40 * 86_400) * 1000;
    let user = alice.id();
    let list = |row: &dyn Fn(usize) -> String| (0..1200).map(row).collect::<Vec<_>>().join(",");
    let sessions = list(&|n| format!("('old-{n}', '{user}', '', '', '', 0, 0, 0, {long_ago}, {long_ago}, 0)"));
    app.home.database.run(&format!(
        "INSERT INTO sessions (id, user_id, client_id, user_agent, address, created_at, last_used_at, authenticated_at, \
         idle_until, expires_at, tokens_until) VALUES {sessions}"
    ));
    let bytes = |n| if on_postgres() { format!("'\\x{n:064}'") } else { format!("x'{n:064}'") };
    let tokens = list(&|n| format!("({}, '{}', '*', '', 0, {long_ago})", bytes(n), alice.sid()));
    app.home.database.run(&format!(
        "INSERT INTO refresh_tokens (hash, session_id, scope, client_id, issued_at, expires_at) VALUES {tokens}"
    ));
    let revocations = list(&|n| format!("({}, 'x', NULL, 0, {long_ago})", n + 1000));
    app.home
        .database
        .run(&format!("INSERT INTO revocations (seq, session_id, user_id, before, expires_at) VALUES {revocations}"));
    wait_for(async {
        vestibule::sessions::purge(&app.app).await.expect("the database answers");
        vestibule::tokens::purge(&app.app).await.expect("the database answers");
    });
    assert_eq!(["sessions", "refresh_tokens", "revocations"].map(|table| count(&app, table)), before);
    assert!(alice.is_known());
    app.refresh(&alice).expect(200);
}
