//! Revocation is immediate: a sign-out, a disabled account and a changed role count at once, on every node.

use std::time::Duration;

use serde_json::json;

use crate::harness::database::{Copy, on_postgres};
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, START, TestApp, spawn_app, start, start_at, wait_for, within};

fn refresh(app: &TestApp, person: &Person) -> u16 {
    app.anon().post("/refresh").json(json!({"refresh_token": person.refresh_token()})).send().status
}

#[test]
fn a_sign_out_ends_this_session_and_no_other() {
    let app = spawn_app();
    let (here, there, bob) = (app.alice(), app.alice(), app.bob());
    assert!(here.is_known());
    here.post("/logout").send().expect(204);
    assert!(!here.is_known() && there.is_known() && bob.is_known());
    assert_eq!((refresh(&app, &here), refresh(&app, &there)), (401, 200));
    here.post("/logout").send().refused(401, "Could not validate credentials");
    app.anon().post("/logout").send().refused(401, "Not authenticated");
}

#[test]
fn a_disabled_account_is_out_at_once_and_comes_back_by_signing_in() {
    let app = spawn_app();
    let (admin, alice, again) = (app.admin(), app.alice(), app.alice());
    let path = format!("/api/users/{}", alice.id());
    let disabled = admin.post(&format!("{path}/disable")).send().expect(200).json();
    assert_eq!(disabled["disabled"], true);
    assert!(!alice.is_known() && !again.is_known());
    assert_eq!(refresh(&app, &alice), 401);
    let form = [("username", "alice"), ("password", PASSWORD)];
    app.anon().post("/token").form(&form).send().refused(401, "Incorrect username or password");
    assert_eq!(admin.post(&format!("{path}/enable")).send().expect(200).json()["disabled"], false);
    assert!(!alice.is_known(), "what was ended stays ended");
    assert_eq!(refresh(&app, &alice), 401);
    assert!(app.alice().is_known());
}

#[test]
fn what_an_admin_does_is_recorded_once() {
    let app = spawn_app();
    let admin = app.admin();
    let bob = app.home.database.texts("SELECT id AS value FROM users WHERE username = 'bob'").remove(0);
    for action in ["disable", "disable", "enable", "enable"] {
        admin.post(&format!("/api/users/{bob}/{action}")).send().expect(200);
    }
    admin.patch(&format!("/api/users/{bob}")).json(json!({"name": "Bob"})).send().expect(200);
    admin.patch(&format!("/api/users/{bob}")).json(json!({"name": "Bob"})).send().expect(200);
    admin.put(&format!("/api/users/{bob}/roles")).json(json!({"roles": ["user"]})).send().expect(200);
    assert_eq!(app.recorded(), ["signin.succeeded", "user.disabled", "user.enabled", "user.changed"]);
    let who = app.home.database.texts("SELECT actor_name AS value FROM audit_log WHERE kind = 'user.disabled'");
    assert_eq!(who, ["root"]);
}

#[test]
fn a_role_that_is_taken_away_is_gone_from_tokens_already_out() {
    let app = spawn_app();
    let admin = app.admin();
    let id = app.invite(&admin, "ada", &["admin"]);
    let ada = app.user("ada");
    ada.get("/api/users").send().expect(200);
    admin.put(&format!("/api/users/{id}/roles")).json(json!({"roles": ["user"]})).send().expect(200);
    ada.get("/api/users").send().refused(401, "Could not validate credentials");
    let next = app.anon().post("/refresh").json(json!({"refresh_token": ada.refresh_token()})).send().expect(200);
    let next = app.anon().holding(next.json());
    assert_eq!(next.tokens["scope"], "");
    assert!(next.is_known(), "nobody is signed out by it");
    next.get("/api/users").send().expect(403);
}

#[test]
fn a_role_is_taken_from_tokens_too_that_a_node_with_a_fast_clock_made() {
    let home = Home::new(Copy::Peopled);
    let (here, ahead) = (start(home.clone(), &[]), start_at(START + 20, home, &[]));
    let admin = here.admin();
    let id = here.invite(&admin, "ada", &["admin"]);
    let ada = ahead.user("ada");
    ada.get("/api/users").send().expect(200);
    admin.put(&format!("/api/users/{id}/roles")).json(json!({"roles": ["user"]})).send().expect(200);
    let there = || ahead.anon().bearing(ada.access()).get("/api/users").send().status;
    within(Duration::from_secs(1), "the role is gone", || there() == 401);
    assert_eq!(here.anon().bearing(ada.access()).get("/api/users").send().status, 401);
}

#[test]
fn a_role_that_is_given_counts_after_the_next_refresh() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let roles = json!({"roles": ["user", "admin"]});
    let after = admin.put(&format!("/api/users/{}/roles", alice.id())).json(roles).send().expect(200).json();
    assert_eq!(after["roles"], json!(["admin", "user"]));
    let next = app.anon().post("/refresh").json(json!({"refresh_token": alice.refresh_token()})).send().expect(200);
    app.anon().holding(next.json()).get("/api/users").send().expect(200);
}

#[test]
fn an_admin_signs_somebody_out_everywhere() {
    let app = spawn_app();
    let (admin, alice, browser) = (app.admin(), app.alice(), app.browser_of("alice"));
    let path = format!("/api/users/{}/sessions", alice.id());
    let listed = admin.get(&path).send().expect(200).json();
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|one| one["id"].is_string() && one["current"] == false && one["address"] == "127.0.0.1"));
    admin.delete(&path).send().expect(204);
    assert!(!alice.is_known() && !browser.is_at_home());
    assert_eq!(refresh(&app, &alice), 401);
    assert_eq!(admin.get(&path).send().expect(200).json()["items"], json!([]));
    assert!(app.alice().is_known());
}

#[test]
fn another_node_knows_within_a_second() {
    let home = Home::new(Copy::Peopled);
    let (here, there) = (start(home.clone(), &[]), start(home, &[]));
    let (alice, bob, admin) = (here.alice(), here.bob(), here.admin());
    assert!(there.anon().bearing(alice.access()).is_known() && there.anon().bearing(bob.access()).is_known());
    alice.post("/logout").send().expect(204);
    admin.post(&format!("/api/users/{}/disable", bob.id())).send().expect(200);
    for token in [alice.access(), bob.access()] {
        within(Duration::from_secs(1), "the other node refuses the token", || !there.anon().bearing(token).is_known());
    }
}

#[test]
fn what_was_ended_is_known_after_a_restart() {
    let home = Home::new(Copy::Peopled);
    let mut before = start(home.clone(), &[]);
    let (gone, here) = (before.alice(), before.alice());
    gone.post("/logout").send().expect(204);
    before.stop();
    let after = start(home, &[]);
    assert!(!after.anon().bearing(gone.access()).is_known());
    assert!(after.anon().bearing(here.access()).is_known());
}

#[test]
fn a_long_token_stays_dead_under_a_shorter_setting() {
    let home = Home::new(Copy::Peopled);
    let mut long = start(home.clone(), &[("ACCESS_TOKEN_EXPIRE_MINUTES", "1440")]);
    let (gone, stale, here) = (long.alice(), long.bob(), long.alice());
    long.stop();
    let short = &[("ACCESS_TOKEN_EXPIRE_MINUTES", "5")];
    let mut after = start_at(START + 60, home.clone(), short);
    let (admin, again) = (after.admin(), |app: &TestApp, person: &Person| app.anon().holding(person.tokens.clone()));
    assert!(again(&after, &gone).is_known() && again(&after, &stale).is_known());
    again(&after, &gone).post("/logout").send().expect(204);
    let roles = json!({"roles": ["user", "admin"]});
    admin.put(&format!("/api/users/{}/roles", stale.id())).json(roles).send().expect(200);
    let dead = |app: &TestApp| !again(app, &gone).is_known() && !again(app, &stale).is_known();
    for _ in 0..3 {
        assert!(dead(&after));
        after.advance(3600);
        wait_for(vestibule::sessions::purge(&after.app)).expect("the database answers");
        wait_for(vestibule::sessions::follow(&after.app)).expect("the database answers");
    }
    assert!(dead(&after) && again(&after, &here).is_known());
    after.stop();
    let restarted = start_at(START + 20 * 3600, home, short);
    assert!(dead(&restarted) && again(&restarted, &here).is_known());
}

/// On SQLite nothing comes between: one connection writes.
#[test]
fn a_refresh_in_the_midst_of_a_change_of_roles_keeps_nothing_that_is_taken_away() {
    if !on_postgres() {
        return;
    }
    let app = spawn_app();
    let (admin, database) = (app.admin(), &app.home.database);
    let id = app.invite(&admin, "ada", &["admin"]);
    let ada = app.user("ada");
    // The change stops before it commits: it wants to tell what became stale.
    let held = database.hold("UPDATE counters SET value = value WHERE name = 'revocations'");
    let next = std::thread::scope(|scope| {
        let roles = || admin.put(&format!("/api/users/{id}/roles")).json(json!({"roles": ["user"]})).send();
        let change = scope.spawn(roles);
        within(Duration::from_secs(5), "the change is under way", || database.waiting() == 1);
        app.advance(1);
        let refreshed = scope.spawn(|| app.refresh(&ada));
        let settled = || refreshed.is_finished() || database.waiting() == 2;
        within(Duration::from_secs(5), "the refresh is answered, or waits too", settled);
        drop(held);
        change.join().expect("a thread").expect(200);
        refreshed.join().expect("a thread").expect(200)
    });
    let next = app.anon().holding(next.json());
    assert_ne!(next.get("/api/users").send().status, 200, "ada is no administrator any more");
}
