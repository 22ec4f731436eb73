//! Everybody's sessions, for administrators.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::people::Person;
use crate::harness::{START, TestApp, spawn_app};

fn walk(admin: &Person, query: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/sessions?{query}{after}")).send().expect(200).json();
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

fn ids(sessions: &[Value]) -> Vec<String> {
    sessions.iter().map(|session| session["id"].as_str().unwrap().to_owned()).collect()
}

/// Sessions of alice: every third ended, every fifth idle for too long.
fn many(app: &TestApp, count: i64) {
    let alice = app.user_id("alice");
    let row = |n: i64| {
        let at = START * 1000 + n / 4;
        let ended = if n % 3 == 0 { at.to_string() } else { "NULL".to_owned() };
        let idle = if n % 5 == 0 { START * 1000 - 1 } else { START * 1000 + 86_400_000 };
        format!(
            "('{at:012x}7{n:019x}', '{alice}', 'x', 'x', 'x', {at}, {at}, {at}, {idle}, {}, 0, {ended}, 'pwd')",
            START * 1000 + 86_400_000
        )
    };
    let rows: Vec<String> = (0..count).map(row).collect();
    app.home.database.run(&format!(
        "INSERT INTO sessions (id, user_id, client_id, user_agent, address, created_at, last_used_at, authenticated_at, \
         idle_until, expires_at, tokens_until, ended_at, amr) VALUES {}",
        rows.join(", ")
    ));
}

#[test]
fn all_that_are_alive_are_listed_once_the_newest_first() {
    let app = spawn_app();
    let admin = app.admin();
    many(&app, 600);
    let before = ids(&walk(&admin, "limit=200"));
    for limit in [7, 50] {
        let found = walk(&admin, &format!("limit={limit}"));
        assert_eq!(ids(&found), before, "{limit}");
        let times: Vec<&str> = found.iter().rev().map(|session| session["created_at"].as_str().unwrap()).collect();
        assert!(times.is_sorted());
    }
    // The administrator's, of the day before and of now, beside them.
    assert_eq!(before.len(), 600 - 200 - 120 + 40 + 2);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    let own = walk(&admin, &format!("user={}", admin.id()));
    assert_eq!(own.len(), 2);
    assert_eq!((&own[0]["current"], &own[0]["user"]["username"]), (&Value::Bool(true), &Value::from("root")));
    assert_eq!(walk(&admin, &format!("user={}", app.user_id("alice"))).len(), before.len() - 2);
}

#[test]
fn what_a_parameter_does_not_know_is_named() {
    let app = spawn_app();
    let admin = app.admin();
    for (query, pointer) in [
        ("user=nobody", "/user"),
        ("user=%00", "/user"),
        ("limit=0", "/limit"),
        ("after=x", "/after"),
        ("after=LWxhc3RfdXNlZF9hdAp4CjE", "/after"),
    ] {
        let answer = admin.get(&format!("/api/sessions?{query}")).send().expect(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{query}");
    }
}

#[test]
fn one_is_ended_and_its_tokens_die_the_others_stay() {
    let app = spawn_app();
    let (admin, here, there) = (app.admin(), app.alice(), app.alice());
    admin.delete(&format!("/api/sessions/{}", here.sid())).send().expect(204);
    assert!(!here.is_known() && there.is_known());
    app.refresh(&here).expect(401);
    admin.delete(&format!("/api/sessions/{}", here.sid())).send().expect(404);
    admin.delete("/api/sessions/nonsense").send().expect(404);
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "session.ended").count(), 1);

    let browser = app.browser_of("root");
    let page = browser.get("/admin/sessions").send().expect(200).text();
    assert!(page.contains("End the session of alice") && page.contains("This one"));
    let done = browser.post(&format!("/admin/sessions/{}/end", there.sid())).send().expect(303).location().to_owned();
    assert!(browser.get(&done).send().expect(200).text().contains("That session has ended."));
    assert!(!there.is_known());
    browser.post(&format!("/admin/sessions/{}/end", there.sid())).send().expect(303);
}

#[test]
fn nobody_ends_the_session_of_somebody_who_holds_more_or_without_the_permission() {
    let app = spawn_app();
    let admin = app.admin();
    app.home.database.run(
        "INSERT INTO roles (id, name, created_at) VALUES ('porter', 'porter', 0), ('reader', 'reader', 0); \
         INSERT INTO role_permissions VALUES ('porter', 'users:read'), ('porter', 'sessions:write'), ('reader', 'users:read')",
    );
    app.invite(&admin, "petra", &["porter"]);
    app.invite(&admin, "rita", &["reader"]);
    let (petra, rita, alice) = (app.user("petra"), app.user("rita"), app.alice());
    petra.delete(&format!("/api/sessions/{}", admin.sid())).send().expect(403);
    rita.get("/api/sessions").send().expect(200);
    rita.delete(&format!("/api/sessions/{}", alice.sid())).send().expect(403);
    let page = app.browser_of("rita").get("/admin/sessions").send().expect(200).text();
    assert!(!page.contains("/end\"") && page.contains("sessions:write"));
    assert!(admin.is_known() && alice.is_known());
    petra.delete(&format!("/api/sessions/{}", alice.sid())).send().expect(204);
}
