//! Refusals are kept within bounds, whatever comes: no flood fills the disk, no outage reaches a request.

use std::time::Duration;

use serde_json::json;
use vestibule::tokens::refusals;

use crate::harness::database::on_postgres;
use crate::harness::{START, TestApp, spawn_app, wait_for, within};
use crate::refusals::{id_of, why};

fn rows(app: &TestApp, filter: &str) -> usize {
    let query = format!("SELECT id AS value FROM refused_tokens WHERE {filter}");
    app.home.database.texts(&query).len()
}

fn garbage(app: &TestApp) -> crate::harness::answer::Answer {
    app.anon().bearing("nonsense").get("/protected").send().expect(401)
}

#[test]
fn a_flood_leaves_a_handful_of_rows_and_room_for_whoever_is_known() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    alice.post("/logout").send().expect(204);
    (0..300).for_each(|_| drop(garbage(&app)));
    let answer = alice.get("/protected").send().expect(401);
    assert_eq!(why(&app, &admin, &answer)["username"], "alice");
    assert_eq!(rows(&app, "user_id IS NOT NULL"), 1);
    assert!((1..=20).contains(&rows(&app, "user_id IS NULL")), "a second's worth at the most");
    app.advance(60);
    why(&app, &admin, &garbage(&app));
}

#[test]
fn what_is_a_week_old_is_forgotten() {
    let app = spawn_app();
    let admin = app.admin();
    let old = garbage(&app);
    why(&app, &admin, &old);
    app.advance(7 * 86_400 + 1);
    let admin = app.admin();
    let new = garbage(&app);
    why(&app, &admin, &new);
    wait_for(refusals::purge(&app.app)).expect("the database answers");
    admin.get(&format!("/api/refusals/{}", id_of(&old))).send().expect(404);
    admin.get(&format!("/api/refusals/{}", id_of(&new))).send().expect(200);
}

#[test]
fn beyond_fifty_thousand_strangers_the_oldest_go_and_accounts_stay() {
    let app = spawn_app();
    let numbers = |n: usize| match on_postgres() {
        true => format!("SELECT n FROM generate_series(1, {n}) AS s(n)"),
        false => {
            format!("WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {n}) SELECT n FROM s")
        }
    };
    let fill = |prefix: &str, user: &str, n: usize| {
        app.home.database.run(&format!(
            "INSERT INTO refused_tokens (id, request_id, at, token, reason, user_id, address, route) \
             SELECT '{prefix}' || (1000000 + n), 'r' || n, {} + n, 'access', 'malformed', {user}, 'x', 'y' FROM ({}) AS numbers",
            START * 1000,
            numbers(n)
        ));
    };
    fill("a", "'alice'", 100);
    fill("s", "NULL", 51_200);
    wait_for(refusals::purge(&app.app)).expect("the database answers");
    assert_eq!(rows(&app, "user_id IS NOT NULL"), 100);
    assert_eq!(rows(&app, "user_id IS NULL"), 50_001, "the newest, and the one that marks the end");
    assert_eq!(rows(&app, "id = 's1000001'"), 0);
}

#[test]
fn an_outage_does_not_reach_a_refusal_and_loses_none() {
    let app = spawn_app();
    let admin = app.admin();
    let away = app.home.database.away();
    let answer = garbage(&app);
    // On SQLite a write waits for the lock instead.
    if on_postgres() {
        // The server's own timer may have been faster; whoever fails puts it back.
        let _ = wait_for(refusals::keep(&app.app));
    }
    drop(away);
    assert_eq!(why(&app, &admin, &answer)["reason"], "malformed");
}

#[test]
fn the_list_has_the_newest_first_page_by_page() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    alice.post("/logout").send().expect(204);
    let ids: Vec<String> = (0..5).map(|_| id_of(&alice.get("/protected").send().expect(401))).collect();
    within(Duration::from_secs(5), "all are written down", || rows(&app, "user_id IS NOT NULL") == 5);
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = admin.get(&format!("/api/refusals?limit=2&after={after}")).send().expect(200).json();
        for item in page["items"].as_array().unwrap() {
            assert_eq!((&item["reason"], &item["username"]), (&json!("session_ended"), &json!("alice")));
            seen.push(item["request_id"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut after);
    }
    seen.reverse();
    assert_eq!(seen, ids);
    for wrong in ["limit=0", "limit=201", "limit=x", "after=x", "after=LWNyZWF0ZWRfYXQKeAp5"] {
        admin.get(&format!("/api/refusals?{wrong}")).send().expect(422);
    }
}

#[test]
fn two_refusals_under_one_request_id_are_both_kept_and_the_latest_is_explained() {
    let app = crate::harness::spawn_with(&[("TRUSTED_PROXIES", "127.0.0.1")]);
    let admin = app.admin();
    let call = |token: &str| {
        let anon = app.anon().bearing(token).with("X-Request-Id", "of-one-trace-0001");
        anon.get("/protected").send().expect(401)
    };
    call("nonsense");
    let latest = call("a.b.c.d");
    within(Duration::from_secs(5), "both are written down", || rows(&app, "request_id = 'of-one-trace-0001'") == 2);
    assert_eq!(why(&app, &admin, &latest)["reason"], "malformed");
}
