//! Many rows at once, and such as nobody expects, behind the server's back.

use super::Home;

/// So many users more, each with a password and a session, by one statement for each table.
pub fn crowd(home: &Home, users: usize) {
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {users})");
    home.database.run(&format!(
        "{numbers} INSERT INTO users (id, username, username_folded, email, email_folded, created_at, updated_at) \
         SELECT 'crowd-' || i, 'Crowd' || i, 'crowd' || i, 'C' || i || '@example.com', 'c' || i || '@example.com', i, i FROM n;"
    ));
    home.database.run(&format!(
        "{numbers} INSERT INTO passwords (user_id, hash, changed_at) SELECT 'crowd-' || i, '$2b$10$' || i, i FROM n;"
    ));
    home.database.run(&format!(
        "{numbers} INSERT INTO sessions (id, user_id, client_id, user_agent, address, created_at, last_used_at, \
         authenticated_at, idle_until, expires_at, tokens_until) \
         SELECT 'session-' || i, 'crowd-' || i, '', 'curl', '203.0.113.7', i, i, i, i, i, i FROM n;"
    ));
}

/// Texts and numbers at the edges of what a column takes.
pub fn oddities(home: &Home) {
    let text = "O''Brien \"quoted\", \\ 100% [1,2] {\"a\":null} \n\t Ünïcödé שלום 🦀 <b>";
    home.database.run(&format!(
        "INSERT INTO outbox (id, kind, recipient, languages, about, sealed, state, tries, posted_at, due_at, expires_at, last_error) \
         VALUES ('{text}', '', 'a@example.com', 'en', '[]', NULL, 'sent', 9223372036854775807, -9223372036854775807, 0, -1, NULL), \
                ('empty', '', '', '', '', NULL, 'sent', 9007199254740993, 1, 1, 1, '');"
    ));
    let bytes =
        if super::database::on_postgres() { ["'\\x00ff0a22'::bytea", "''::bytea"] } else { ["x'00ff0a22'", "x''"] };
    for (id, sealed) in [("bytes", bytes[0]), ("nobytes", bytes[1])] {
        home.database.run(&format!(
            "INSERT INTO outbox (id, kind, recipient, languages, about, sealed, state, tries, posted_at, due_at, expires_at) \
             VALUES ('{id}', '', '', '', '', {sealed}, 'sent', 0, 1, 1, 1);"
        ));
    }
}

/// Every row of the tables that the two above have filled, as one text each.
pub fn rows(home: &Home) -> Vec<String> {
    let blob = if super::database::on_postgres() { "upper(encode(sealed, 'hex'))" } else { "hex(sealed)" };
    let blob = format!("CASE WHEN sealed IS NULL THEN 'none' ELSE {blob} END");
    let mut rows = home.database.texts(&format!(
        "SELECT id || '|' || tries || '|' || posted_at || '|' || coalesce(last_error, 'none') || '|' || {blob} AS value FROM outbox"
    ));
    rows.extend(home.database.texts("SELECT id || username || email || created_at AS value FROM users"));
    rows.extend(home.database.texts("SELECT user_id || hash || changed_at AS value FROM passwords"));
    rows.extend(home.database.texts("SELECT id || user_id || address || created_at AS value FROM sessions"));
    rows.sort();
    rows
}
