//! A role given until a date is gone from that moment on: from pages, from tokens, and from the list.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::forge::claims_of;
use crate::harness::people::Person;
use crate::harness::{START, TestApp, spawn_app, within};
use crate::import_jobs::{send, settled};
use vestibule::platform::time::UnixTime;

fn at(app: &TestApp, seconds: i64) -> String {
    UnixTime::from_seconds(app.now() + seconds).rfc3339()
}

fn give(person: &Person, id: &str, roles: Value) -> Answer {
    person.put(&format!("/api/users/{id}/roles")).json(json!({ "roles": roles })).send()
}

/// alice is a clerk for so many seconds, and a user for good.
fn with_clerk(seconds: i64) -> (TestApp, Person) {
    let app = spawn_app();
    let admin = app.admin();
    app.make_role(&admin, "clerk", &["invoices:approve", "users:read"]);
    let until = at(&app, seconds);
    let told =
        give(&admin, &app.user_id("alice"), json!(["user", {"name": "clerk", "until": until}])).expect(200).json();
    assert_eq!((&told["roles"], &told["roles_until"]), (&json!(["clerk", "user"]), &json!({"clerk": until})));
    (app, admin)
}

#[test]
fn a_token_does_not_outlive_a_role_that_it_names_and_a_refresh_gives_the_rest() {
    let (app, _) = with_clerk(300);
    let alice = app.alice();
    let claims = claims_of(alice.access());
    assert_eq!(claims["scope"], "invoices:approve users:read");
    let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert!((290..=300).contains(&life), "{life}");
    assert!(alice.tokens["expires_in"].as_i64().unwrap() <= 300);
    alice.get("/api/users").send().expect(200);
    app.advance(300);
    assert!(!alice.is_known());
    let alice = alice.holding(app.refresh(&alice).expect(200).json());
    let claims = claims_of(alice.access());
    assert_eq!((&claims["scope"], &claims["roles"]), (&json!(""), &json!(["user"])));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 1800);
    alice.get("/api/users").send().expect(403);
}

#[test]
fn a_browser_sees_it_at_the_next_page() {
    let (app, admin) = with_clerk(300);
    let browser = app.browser_of("alice");
    browser.get("/admin/users").send().expect(200);
    app.advance(300);
    browser.get("/admin/users").send().expect(403);
    assert!(browser.is_at_home());
    let told = admin.get(&format!("/api/users/{}", app.user_id("alice"))).send().json();
    assert_eq!((&told["roles"], &told["roles_until"]), (&json!(["user"]), &json!({})));
    let listed = admin.get("/api/users?role=clerk").send().expect(200).json();
    assert_eq!(listed["items"], json!([]));
}

#[test]
fn its_end_is_tidied_away_and_written_down_once() {
    let (app, _) = with_clerk(300);
    let rows = || app.home.database.texts("SELECT user_id AS value FROM user_roles WHERE until IS NOT NULL").len();
    assert_eq!(rows(), 1);
    let other = crate::harness::start_at(START + 400, app.home.clone(), &[]);
    app.advance(400);
    within(Duration::from_secs(10), "it is written down", || app.recorded().contains(&"user.role_ended".to_owned()));
    assert_eq!(rows(), 0);
    drop(other);
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "user.role_ended").count(), 1);
    let detail = app.home.database.texts("SELECT detail AS value FROM audit_log WHERE kind = 'user.role_ended'");
    assert_eq!(serde_json::from_str::<Value>(&detail[0]).unwrap(), json!({"role": "clerk"}));
}

#[test]
fn an_end_is_put_off_or_taken_away_by_giving_it_anew() {
    let (app, admin) = with_clerk(300);
    let (id, alice) = (app.user_id("alice"), app.alice());
    let later = at(&app, 900);
    give(&admin, &id, json!([{"name": "clerk", "until": later}])).expect(200);
    assert!(!alice.is_known(), "what it says of its end is not true any more");
    give(&admin, &id, json!([{"name": "clerk", "until": later}])).expect(200);
    let alice = app.alice();
    give(&admin, &id, json!([{"name": "clerk", "until": null}])).expect(200);
    assert!(!alice.is_known());
    app.advance(1000);
    assert_eq!(claims_of(app.alice().access())["roles"], json!(["clerk"]));
    let facts = app.recorded();
    assert_eq!(facts.iter().filter(|fact| *fact == "user.roles_changed").count(), 3, "{facts:?}");
}

#[test]
fn an_end_in_the_past_and_what_is_no_end_are_refused() {
    let app = spawn_app();
    let (admin, id) = (app.admin(), app.user_id("alice"));
    let (past, now) = (at(&app, -1), at(&app, 0));
    for until in [
        json!(past),
        json!(now),
        json!("1970-01-01T00:00:00Z"),
        json!("tomorrow"),
        json!("2030-02-30T00:00:00Z"),
        json!(5),
        json!(""),
    ] {
        give(&admin, &id, json!([{"name": "user", "until": until}])).expect(422);
    }
    for roles in [
        json!([5]),
        json!([null]),
        json!([{}]),
        json!([["user"]]),
        json!("user"),
        json!(null),
        json!([{"name": "user\u{0}"}]),
    ] {
        give(&admin, &id, roles).expect(422);
    }
    let later = at(&app, 60);
    give(&admin, &id, json!(["user", {"name": "user", "until": later}])).expect(422);
    assert_eq!(admin.get(&format!("/api/users/{id}")).send().json()["roles"], json!(["user"]));
}

#[test]
fn the_last_administrator_is_one_for_good() {
    let app = spawn_app();
    let admin = app.admin();
    let later = at(&app, 3600);
    give(&admin, &admin.id(), json!([{"name": "admin", "until": later}])).expect(409);
    let ada = app.invite(&admin, "ada", &["user"]);
    give(&admin, &ada, json!([{"name": "admin", "until": later}])).expect(200);
    // One for an hour is not enough for the other to go.
    give(&admin, &admin.id(), json!(["user"])).expect(409);
    admin.post(&format!("/api/users/{}/disable", admin.id())).send().expect(409);
    let ada_now = app.user("ada");
    give(&ada_now, &admin.id(), json!(["user"])).expect(409);
    ada_now.get("/api/users").send().expect(200);
    app.advance(3600);
    assert!(!ada_now.is_known());
    give(&admin, &ada, json!(["admin"])).expect(401);
    let admin = app.admin();
    give(&admin, &ada, json!(["admin"])).expect(200);
    give(&admin, &admin.id(), json!(["user"])).expect(200);
}

#[test]
fn nobody_gives_anything_for_longer_than_they_have_it() {
    let app = spawn_app();
    let admin = app.admin();
    let (soon, later) = (at(&app, 600), at(&app, 700));
    app.make_role(&admin, "clerk", &["invoices:approve"]);
    let ada = app.invite(&admin, "ada", &["user"]);
    give(&admin, &ada, json!(["user", {"name": "admin", "until": soon}])).expect(200);
    let bob = app.invite(&admin, "carl", &["user", "clerk"]);
    let temp = app.user("ada");
    for until in [json!(null), json!(later)] {
        give(&temp, &ada, json!(["user", {"name": "admin", "until": until}])).expect(403);
        give(&temp, &bob, json!(["user", "clerk", {"name": "admin", "until": until}])).expect(403);
    }
    // What somebody has already stays as it was, and less is given than one has.
    give(&temp, &bob, json!(["user", "clerk", {"name": "admin", "until": soon}])).expect(200);
    give(&temp, &bob, json!(["user", "clerk"])).expect(200);
    let bulk = json!({"action": "add-role", "role": "admin", "ids": [bob]});
    let told = temp.post("/api/users/bulk").json(bulk).send().expect(200).json();
    assert_eq!(told["items"][0]["status"], "refused", "{told}");
    let new = json!({"username": "eve", "email": "eve@example.com", "roles": ["user", "admin"]});
    temp.post("/api/users").json(new).send().expect(403);
    temp.post("/api/invitations").json(json!({"roles": ["user", "admin"]})).send().expect(403);
    let role = admin.get("/api/roles").send().json()["items"]
        .as_array()
        .expect("roles")
        .iter()
        .find(|role| role["name"] == "clerk")
        .expect("clerk")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let more = json!({"permissions": ["invoices:approve", "roles:write"]});
    temp.patch(&format!("/api/roles/{role}")).json(more.clone()).send().expect(403);
    temp.patch(&format!("/api/roles/{role}")).json(json!({"description": "Clerks"})).send().expect(200);
    admin.patch(&format!("/api/roles/{role}")).json(more).send().expect(200);
}

/// The head of a request is looked at when it comes; its body may follow much later.
#[test]
fn a_body_that_comes_after_the_end_gives_nothing_either() {
    let app = spawn_app();
    let admin = app.admin();
    let ada = app.invite(&admin, "ada", &["user"]);
    give(&admin, &ada, json!(["user", {"name": "admin", "until": at(&app, 600)}])).expect(200);
    let temp = app.user("ada");
    let body = json!({"roles": ["user", "admin"]}).to_string();
    let head = format!(
        "PUT /api/users/{ada}/roles HTTP/1.1\r\nHost: vestibule.test\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        temp.access(),
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", app.port)).expect("the server listens");
    stream.write_all(head.as_bytes()).expect("sent");
    std::thread::sleep(Duration::from_millis(300));
    app.advance(601);
    stream.write_all(body.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(["401", "403"].contains(&&answer[9..12]), "{answer}");
    assert_eq!(app.admin().get(&format!("/api/users/{ada}")).send().json()["roles"], json!(["user"]));
}

#[test]
fn who_administers_for_a_time_takes_no_account_of_one_for_good() {
    let app = spawn_app();
    let admin = app.admin();
    let ada = app.invite(&admin, "ada", &["user"]);
    give(&admin, &ada, json!(["user", {"name": "admin", "until": at(&app, 600)}])).expect(200);
    let temp = app.user("ada");
    let path = format!("/api/users/{}", admin.id());
    temp.patch(&path).json(json!({"email": "ada+root@example.com"})).send().expect(403);
    temp.patch(&path).json(json!({"name": "Root"})).send().expect(200);
    temp.patch(&format!("/api/users/{}", app.user_id("bob")))
        .json(json!({"email": "b@example.com"}))
        .send()
        .expect(200);
    // What comes by a file comes for good as well.
    let row = |name: &str, role: &str| format!("{name},{name}@example.org,{role}\n");
    let file = format!("username,email,roles\n{}{}", row("one", "user"), row("two", "admin"));
    let done = settled(&admin, &send(&temp, "?format=csv", file));
    assert_eq!((&done["imported"], &done["refused"]), (&json!(1), &json!(1)), "{done}");
}

#[test]
fn an_invitation_ends_for_good_roles_when_its_makers_do() {
    let app = spawn_app();
    let admin = app.admin();
    let ada = app.invite(&admin, "ada", &["user", "admin"]);
    let link = |person: &Person| {
        let made = person.post("/api/invitations").json(json!({"roles": ["user", "admin"]})).send().expect(201).json();
        made["link"].as_str().expect("a link").split_once("code=").expect("a code").1.to_owned()
    };
    let code = link(&app.user("ada"));
    give(&admin, &ada, json!(["user", {"name": "admin", "until": at(&app, 600)}])).expect(200);
    app.browser().get(&format!("/signup?code={code}")).send().expect(404);
    app.browser().get(&format!("/signup?code={}", link(&admin))).send().expect(200);
}

#[test]
fn what_gives_a_permission_is_told_with_its_end() {
    let (app, admin) = with_clerk(300);
    let told = admin.get(&format!("/api/users/{}/permissions", app.user_id("alice"))).send().expect(200).json();
    assert_eq!(told["items"][0]["permission"], "invoices:approve");
    assert!(told["items"][0]["roles"][0]["until"].is_string());
}
