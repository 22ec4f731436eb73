//! `GET /revocations`: what was ended and is not yet expired, for services that verify tokens by themselves.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule::platform::ids::TokenId;
use vestibule::platform::time::UnixTime;

use crate::harness::forge::claims_of;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app, spawn_with};

pub const SECOND: Duration = Duration::from_secs(1);

/// A service that remembers where it was.
pub struct Service {
    pub person: Person,
    pub next: String,
}

impl Service {
    pub fn of(app: &TestApp) -> Self {
        let mut service = Self { person: app.service(), next: String::new() };
        service.news();
        service
    }

    /// What was ended since it asked last.
    pub fn news(&mut self) -> Vec<Value> {
        let answer = self.person.get(&format!("/revocations?after={}", self.next)).send().expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let feed = answer.json();
        feed["next"].as_str().expect("next is never null").clone_into(&mut self.next);
        feed["items"].as_array().expect("items").clone()
    }

    /// The one entry that is new.
    pub fn entry(&mut self) -> Value {
        let news = self.news();
        assert_eq!(news.len(), 1, "{news:?}");
        news[0].clone()
    }
}

fn rfc3339(seconds: &Value) -> String {
    UnixTime::from_seconds(seconds.as_i64().expect("seconds")).rfc3339()
}

/// An entry that ends this session now, and until its last token has expired.
#[track_caller]
pub fn ends(entry: &Value, person: &Person, now: i64) {
    assert_eq!((&entry["sid"], &entry["sub"]), (&json!(person.sid()), &Value::Null));
    covers(entry, person, now);
}

#[track_caller]
pub fn covers(entry: &Value, person: &Person, now: i64) {
    assert!(entry["cursor"].as_str().is_some_and(|cursor| !cursor.is_empty()), "{entry}");
    let claims = claims_of(person.access());
    let text = |name: &str| entry[name].as_str().unwrap_or_else(|| panic!("no {name} in {entry}")).to_owned();
    let made_at = TokenId::from_outside(claims["jti"].as_str().expect("a jti")).made_at().expect("a moment");
    let next_second = UnixTime::from_seconds(now + 1).rfc3339_millis();
    assert!(made_at.rfc3339_millis() <= text("before") && text("before") < next_second, "{entry}");
    assert!(rfc3339(&claims["exp"]) <= text("expires"), "{entry}: forgotten while a token still counts");
}

#[test]
fn it_is_told_to_whoever_holds_the_permission() {
    let app = spawn_app();
    let detail = "This needs the permission tokens:introspect, which you do not hold.";
    app.alice().get("/revocations").send().refused(403, detail);
    let narrow = app.program(&[("username", "root"), ("password", PASSWORD), ("scope", "users:read keys:write")]);
    narrow.get("/revocations").send().refused(403, detail);
    narrow.get("/revocations").with("Accept", "text/event-stream").send().refused(403, detail);
    app.anon().get("/revocations").send().refused(401, "Not authenticated");
    assert_eq!(app.service().get("/revocations").send().expect(200).json()["items"], json!([]));
}

#[test]
fn a_sign_out_is_told_with_its_session() {
    let app = spawn_app();
    let (mut service, alice, _) = (Service::of(&app), app.alice(), app.alice());
    app.advance(60);
    alice.post("/logout").send().expect(204);
    ends(&service.entry(), &alice, app.now());
}

#[test]
fn a_disabled_account_is_told_with_each_of_its_sessions() {
    let app = spawn_app();
    let (mut service, one, two) = (Service::of(&app), app.alice(), app.alice());
    app.admin().post(&format!("/api/users/{}/disable", one.id())).send().expect(200);
    let news = service.news();
    assert_eq!(news.len(), 2);
    for gone in [one, two] {
        ends(news.iter().find(|entry| entry["sid"] == gone.sid()).expect("its session"), &gone, app.now());
    }
}

#[test]
fn a_change_of_roles_is_told_with_the_user() {
    let app = spawn_app();
    let (mut service, alice) = (Service::of(&app), app.alice());
    let roles = json!({"roles": ["user", "admin"]});
    app.admin().put(&format!("/api/users/{}/roles", alice.id())).json(roles).send().expect(200);
    let entry = service.entry();
    assert_eq!((&entry["sub"], &entry["sid"]), (&claims_of(alice.access())["sub"], &Value::Null));
    covers(&entry, &alice, app.now());
}

#[test]
fn in_the_profile_of_the_tutorials_too_the_user_is_called_as_in_their_tokens() {
    let app = spawn_with(&[("TOKEN_PROFILE", "fastapi")]);
    let (mut service, admin, alice) = (Service::of(&app), app.admin(), app.alice());
    let id = alice.get("/users/me").send().expect(200).json()["id"].as_str().expect("an id").to_owned();
    let roles = json!({"roles": ["user", "admin"]});
    admin.put(&format!("/api/users/{id}/roles")).json(roles).send().expect(200);
    assert_eq!(service.entry()["sub"], claims_of(alice.access())["sub"]);
}

#[test]
fn a_change_of_password_is_told_with_every_other_session() {
    let app = spawn_app();
    let (mut service, here, there) = (Service::of(&app), app.alice(), app.alice());
    let change = json!({"current_password": PASSWORD, "new_password": "another horse, stapled"});
    here.post("/users/me/password").json(change).send().expect(204);
    ends(&service.entry(), &there, app.now());
}

#[test]
fn a_copied_refresh_token_is_told_with_its_session() {
    let app = spawn_app();
    let (mut service, alice) = (Service::of(&app), app.alice());
    let next = app.anon().holding(app.refresh(&alice).expect(200).json());
    assert_eq!(service.news(), [json!(null); 0], "a refresh ends nothing");
    app.advance(60);
    app.refresh(&alice).expect(401);
    ends(&service.entry(), &next, app.now());
}

#[test]
fn a_session_that_is_ended_or_given_back_and_an_account_that_is_deleted_are_told() {
    let app = spawn_app();
    let (mut service, alice) = (Service::of(&app), app.alice());
    let (one, two) = (app.alice(), app.alice());
    alice.delete(&format!("/users/me/sessions/{}", one.sid())).send().expect(204);
    ends(&service.entry(), &one, app.now());
    alice.post("/revoke").form(&[("token", two.access())]).send().expect(200);
    ends(&service.entry(), &two, app.now());
    alice.delete("/users/me").send().expect(204);
    ends(&service.entry(), &alice, app.now());
}

#[test]
fn a_cursor_gives_only_what_is_newer() {
    let app = spawn_app();
    let mut service = Service::of(&app);
    let people = [app.alice(), app.alice(), app.alice()];
    let mut cursors = Vec::new();
    for person in &people {
        person.post("/logout").send().expect(204);
        let entry = service.entry();
        assert_eq!(entry["sid"], person.sid());
        cursors.push(entry["cursor"].as_str().expect("a cursor").to_owned());
    }
    assert_eq!(service.next, cursors[2]);
    let quiet = service.next.clone();
    assert_eq!((service.news().len(), &service.next), (0, &quiet), "nothing new: the same cursor");
    for seen in 0..3 {
        cursors[seen].clone_into(&mut service.next);
        let sids: Vec<Value> = service.news().into_iter().map(|entry| entry["sid"].clone()).collect();
        let newer: Vec<Value> = people[seen + 1..].iter().map(|person| json!(person.sid())).collect();
        assert_eq!(sids, newer);
    }
}

#[test]
fn what_no_token_can_concern_any_more_is_forgotten_and_cursors_go_on() {
    let app = spawn_app();
    let (mut service, alice) = (Service::of(&app), app.alice());
    alice.post("/logout").send().expect(204);
    assert_eq!(service.news().len(), 1);
    app.advance(1800 + 61);
    let mut late = Service { person: app.service(), next: String::new() };
    assert_eq!(late.news(), [json!(null); 0]);
    let bob = app.bob();
    bob.post("/logout").send().expect(204);
    service.person = late.person.clone();
    ends(&service.entry(), &bob, app.now());
    ends(&late.entry(), &bob, app.now());
}

#[test]
fn a_cursor_that_was_never_given_is_named_as_wrong() {
    let app = spawn_app();
    let service = app.service();
    for cursor in ["x", "1.5", "1x", "0x1", "%27", "1%20OR%201=1", "99999999999999999999", "null"] {
        let answer = service.get(&format!("/revocations?after={cursor}")).send().expect(422).json();
        assert_eq!(answer["errors"][0]["pointer"], "/after", "{cursor}");
    }
    service.get("/revocations?after=1&after=2").send().expect(400);
    service.get("/revocations").with("Accept", "text/event-stream").with("Last-Event-ID", "x").send().expect(422);
}

#[test]
fn a_browsers_session_has_no_tokens_and_its_end_is_nobodys_news() {
    let app = spawn_app();
    let (mut service, browser) = (Service::of(&app), app.browser_of("alice"));
    app.advance(120);
    assert!(browser.is_at_home(), "used once more");
    browser.post("/logout").send().expect(303);
    assert!(!browser.is_at_home());
    assert_eq!(service.news(), [json!(null); 0]);
}

#[test]
fn a_cursor_from_before_a_backup_was_put_back_gets_everything_again() {
    let app = spawn_app();
    let (mut service, alice) = (Service::of(&app), app.alice());
    alice.post("/logout").send().expect(204);
    service.next = "9000000000000000000".to_owned();
    ends(&service.entry(), &alice, app.now());
    assert_eq!(service.next, "1");
}

#[test]
fn in_the_profile_of_the_tutorials_nothing_is_told_of_somebody_without_a_name() {
    let app = spawn_with(&[("TOKEN_PROFILE", "fastapi")]);
    let (mut service, admin, alice) = (Service::of(&app), app.admin(), app.alice());
    let id = alice.get("/users/me").send().expect(200).json()["id"].as_str().expect("an id").to_owned();
    let mut stream = app.listen(&app.service(), None);
    admin.put(&format!("/api/users/{id}/roles")).json(json!({"roles": ["user", "admin"]})).send().expect(200);
    app.advance(1);
    app.alice().delete("/users/me").send().expect(204);
    let news = service.news();
    assert!(!news.is_empty() && news.iter().all(|entry| entry["sid"].is_string()), "{news:?}");
    while stream.next(SECOND).1["sid"] != news[news.len() - 1]["sid"] {}
}

#[test]
fn many_sessions_end_at_once_each_with_its_own_number() {
    let app = spawn_app();
    let (mut service, alice) = (Service::of(&app), app.alice());
    let rows = (0..1200).map(|n| {
        let (now, later) = (app.now() * 1000, app.now() * 1000 + 1_800_000);
        format!("('{n:032x}', '{}', '', '', '', {now}, {now}, {now}, {later}, {later}, {later})", alice.id())
    });
    app.home.database.run(&format!(
        "INSERT INTO sessions (id, user_id, client_id, user_agent, address, created_at, last_used_at, authenticated_at, \
         idle_until, expires_at, tokens_until) VALUES {}",
        rows.collect::<Vec<_>>().join(",")
    ));
    alice.delete("/users/me/sessions").send().expect(204);
    let mut told = Vec::new();
    loop {
        let news = service.news();
        if news.is_empty() {
            break;
        }
        told.extend(news);
    }
    let cursors: std::collections::BTreeSet<&str> = told.iter().filter_map(|entry| entry["cursor"].as_str()).collect();
    assert_eq!((told.len(), cursors.len()), (1200, 1200));
}
