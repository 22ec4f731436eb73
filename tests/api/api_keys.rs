//! Keys of programs: what they are for, and how they end.

use serde_json::{Value, json};

use crate::harness::people::Person;
use crate::harness::{PASSWORD, spawn_app, start};

fn state(person: &Person, id: &str) -> Value {
    let list = person.get("/api/api-keys").send().expect(200).json();
    let items = list["items"].as_array().unwrap().clone();
    items.into_iter().find(|key| key["id"] == id).expect("the key")
}

#[test]
fn a_program_with_a_key_does_what_it_was_made_for_and_nothing_else() {
    let app = spawn_app();
    let admin = app.admin();
    let made = app.make_key(&admin, &["users:read"]);
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("vst_") && key.len() == 64, "{key}");
    assert_eq!(made["prefix"], format!("vst_{}_…", made["id"].as_str().unwrap()));
    let program = app.anon().bearing(key);
    program.get("/api/users").send().expect(200);
    assert_eq!(program.get("/users/me").send().expect(200).json()["username"], "root");
    assert_eq!(program.get("/protected").send().expect(200).json()["message"], "Welcome, root!");
    let detail = "This needs the permission users:write, which you do not hold.";
    let new = json!({"username": "eve", "email": "eve@example.com"});
    program.post("/api/users").json(new).send().refused(403, detail);
    assert_eq!(app.recorded(), ["signin.succeeded", "api_key.created"]);
}

#[test]
fn what_a_program_did_is_told_with_its_owner_and_its_key() {
    let app = spawn_app();
    let made = app.make_key(&app.admin(), &["users:read", "users:write"]);
    let program = app.anon().bearing(made["key"].as_str().unwrap());
    program.post(&format!("/api/users/{}/disable", app.user_id("bob"))).send().expect(200);
    let query = "SELECT actor_name || ' ' || detail AS value FROM audit_log WHERE kind = 'user.disabled'";
    let named = format!("nightly job ({})", made["id"].as_str().unwrap());
    assert_eq!(app.home.database.texts(query), [format!("root {}", json!({ "by_api_key": named }))]);
    let history = app.browser_of("root").get(&format!("/admin/users/{}", app.user_id("bob"))).send().text();
    assert!(history.contains("root with the API key nightly job"), "{history}");
}

#[test]
fn a_key_counts_as_a_fresh_proof_for_what_it_names() {
    let app = spawn_app();
    let program = app.with_key(&app.admin(), &["roles:write", "users:read"]);
    app.advance(3600);
    let roles = json!({"roles": []});
    program.put(&format!("/api/users/{}/roles", app.user_id("bob"))).json(roles).send().expect(200);
}

#[test]
fn its_last_use_is_known_to_the_minute() {
    let app = spawn_app();
    let alice = app.alice();
    let made = app.make_key(&alice, &[]);
    let id = made["id"].as_str().unwrap();
    assert_eq!(state(&alice, id)["last_used_at"], Value::Null);
    let program = app.anon().bearing(made["key"].as_str().unwrap());
    program.get("/users/me").send().expect(200);
    let first = state(&alice, id)["last_used_at"].clone();
    assert!(first.is_string());
    app.advance(30);
    program.get("/users/me").send().expect(200);
    assert_eq!(state(&alice, id)["last_used_at"], first, "not every use is written down");
    app.advance(60);
    program.get("/users/me").send().expect(200);
    assert_ne!(state(&alice, id)["last_used_at"], first);
}

#[test]
fn whatever_ends_the_session_ends_the_key() {
    let app = spawn_app();
    let (admin, bob) = (app.admin(), app.bob());
    let id = bob.id();
    let end_bobs_sessions = || admin.delete(&format!("/api/users/{id}/sessions")).send().expect(204);
    let own = app.make_key(&bob, &[]);
    for end in 0..4 {
        let bob = app.bob();
        let made = app.make_key(&bob, &[]);
        let program = app.anon().bearing(made["key"].as_str().unwrap());
        program.get("/users/me").send().expect(200);
        match end {
            0 => bob.delete(&format!("/api/api-keys/{}", made["id"].as_str().unwrap())).send().expect(204),
            1 => bob.delete(&format!("/users/me/sessions/{}", made["sid"].as_str().unwrap())).send().expect(204),
            2 => end_bobs_sessions(),
            _ => {
                let new = json!({"current_password": PASSWORD, "new_password": "violet kettle orbit"});
                bob.post("/users/me/password").json(new).send().expect(204)
            }
        };
        program.get("/users/me").send().refused(401, "Could not validate credentials");
    }
    app.anon().bearing(own["key"].as_str().unwrap()).get("/users/me").send().expect(401);
}

#[test]
fn a_key_dies_with_its_owner_and_sleeps_for_good_when_they_are_disabled() {
    let app = spawn_app();
    let admin = app.admin();
    let (alice, bob) = (app.with_key(&app.alice(), &[]), app.with_key(&app.bob(), &[]));
    admin.post(&format!("/api/users/{}/disable", app.user_id("alice"))).send().expect(200);
    app.bob().delete("/users/me").send().expect(204);
    alice.get("/users/me").send().expect(401);
    bob.get("/users/me").send().expect(401);
    admin.post(&format!("/api/users/{}/enable", app.user_id("alice"))).send().expect(200);
    alice.get("/users/me").send().expect(401);
}

#[test]
fn an_end_holds_on_every_node_at_once() {
    let one = spawn_app();
    let other = start(one.home.clone(), &[]);
    let alice = one.alice();
    let made = one.make_key(&alice, &[]);
    let there = other.anon().bearing(made["key"].as_str().unwrap());
    there.get("/users/me").send().expect(200);
    alice.delete(&format!("/api/api-keys/{}", made["id"].as_str().unwrap())).send().expect(204);
    there.get("/users/me").send().expect(401);
}

#[test]
fn a_key_expires_when_it_was_to() {
    let app = spawn_app();
    let admin = app.admin();
    let key = |expires: &str| {
        let new = json!({"name": "job", "scope": [], "expires": expires});
        let made = admin.post("/api/api-keys").json(new).send().expect(201).json();
        (made["expires_at"].clone(), app.anon().bearing(made["key"].as_str().unwrap()))
    };
    let (month, day, never) = (key("30d"), key("2030-01-01"), key("never"));
    assert_eq!((&day.0, &never.0), (&json!("2030-01-02T00:00:00Z"), &Value::Null));
    app.advance(86_399 - 60);
    day.1.get("/users/me").send().expect(200);
    app.advance(61);
    day.1.get("/users/me").send().expect(401);
    app.advance(29 * 86_400 + 10);
    month.1.get("/users/me").send().expect(401);
    app.advance(300 * 86_400);
    never.1.get("/users/me").send().expect(200);
}

#[test]
fn values_that_can_not_be_taken_are_named_together() {
    let app = spawn_app();
    let bad = json!({"name": " ", "scope": ["Admin"], "expires": "tomorrow"});
    let refused = app.alice().post("/api/api-keys").json(bad).send().expect(422).json();
    let named: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(named, ["/name", "/scope", "/expires"]);
    app.alice().post("/api/api-keys").json(json!({"name": "x"})).send().expect(422);
}

#[test]
fn somebody_sees_their_own_keys_and_an_administrator_everybodys() {
    let app = spawn_app();
    let (admin, alice, bob) = (app.admin(), app.alice(), app.bob());
    let made = app.make_key(&alice, &[]);
    app.make_key(&admin, &["users:read"]);
    let count = |person: &Person, query: &str| {
        let list = person.get(&format!("/api/api-keys{query}")).send().expect(200).json();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!([count(&alice, ""), count(&bob, ""), count(&admin, ""), count(&admin, "?owner=all")], [1, 0, 1, 2]);
    assert_eq!(count(&admin, &format!("?owner={}", alice.id())), 1);
    alice.get("/api/api-keys?owner=all").send().expect(403);
    let path = format!("/api/api-keys/{}", made["id"].as_str().unwrap());
    bob.delete(&path).send().expect(404);
    admin.delete(&path).send().expect(204);
    admin.delete(&path).send().expect(204);
    assert_eq!(state(&alice, made["id"].as_str().unwrap())["state"], "ended");
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "api_key.ended").count(), 1);
}

#[test]
fn forty_keys_come_page_by_page_and_there_are_fifty_at_the_most() {
    let app = spawn_app();
    let alice = app.alice();
    let made: Vec<Value> = (0..50).map(|_| app.make_key(&alice, &[])["id"].clone()).collect();
    let one_more = json!({"name": "one more", "scope": [], "expires": "30d"});
    alice.post("/api/api-keys").json(one_more.clone()).send().expect(409);
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let list = alice.get(&format!("/api/api-keys?limit=20&after={next}")).send().expect(200).json();
        seen.extend(list["items"].as_array().unwrap().iter().map(|key| key["id"].clone()));
        match list["next"].as_str() {
            Some(cursor) => next = cursor.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 50);
    assert!(made.iter().all(|id| seen.contains(id)));
    alice.delete(&format!("/api/api-keys/{}", made[0].as_str().unwrap())).send().expect(204);
    alice.post("/api/api-keys").json(one_more).send().expect(201);
}

#[test]
fn a_service_learns_what_a_key_is_worth_and_may_follow_what_ends_with_one() {
    let app = spawn_app();
    let alice = app.alice();
    let made = app.make_key(&alice, &[]);
    let key = made["key"].as_str().unwrap();
    let service = app.with_key(&app.admin(), &["tokens:introspect"]);
    let told = service.post("/introspect").form(&[("token", key)]).send().expect(200).json();
    assert_eq!(
        (&told["active"], &told["username"], &told["api_key"], &told["client_id"]),
        (&json!(true), &json!("alice"), &json!("nightly job"), &json!("api-key"))
    );
    assert_eq!(told["sid"], made["sid"]);
    service.get("/revocations").send().expect(200);
    let stranger = app.bob().post("/introspect").form(&[("token", key)]).send().expect(200).json();
    assert_eq!(stranger, json!({"active": false}));
    alice.post("/revoke").form(&[("token", key)]).send().expect(200);
    let told = service.post("/introspect").form(&[("token", key)]).send().expect(200).json();
    assert_eq!(told, json!({"active": false}));
    app.anon().bearing(key).get("/users/me").send().expect(401);
}

#[test]
fn a_person_makes_a_key_in_the_browser_sees_it_once_and_ends_it() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let form = [
        ("name", "<b>\u{202e}job</b>"),
        ("scope", "users:read"),
        ("scope", "audit:read"),
        ("expires", "day"),
        ("until", "2030-06-30"),
    ];
    let page = browser.post("/account/api-keys").form(&form).send().expect(200).text();
    let from = page.find(">vst_").expect("the key") + 1;
    let key = &page[from..from + 64];
    assert!(page.contains("&#60;b&#62;") && !page.contains("<b>\u{202e}"));
    app.anon().bearing(key).get("/api/users").send().expect(200);
    let list = browser.get("/account/api-keys").send().expect(200).text();
    assert!(!list.contains(key) && list.contains("2030-07-01") && list.contains("audit:read"));
    let id = &key[4..14];
    assert!(browser.get("/admin/api-keys").send().expect(200).text().contains(id));
    browser.get(&format!("/account/api-keys/{id}/end")).send().expect(200);
    app.anon().bearing(key).get("/api/users").send().expect(200);
    browser.post(&format!("/account/api-keys/{id}/end")).send().expect(303);
    app.anon().bearing(key).get("/api/users").send().expect(401);
    // A stale form, sent once more.
    browser.post(&format!("/account/api-keys/{id}/end")).send().expect(303);
    browser.get(&format!("/admin/api-keys/{id}/end")).send().expect(200);
}

#[test]
fn what_is_wrong_is_said_in_the_readers_language() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let form = [("name", ""), ("expires", "day"), ("until", "")];
    let page = browser.post("/account/api-keys").with("Accept-Language", "de").form(&form).send().expect(422).text();
    assert!(page.contains("Ein Schlüssel braucht einen Namen") && page.contains("Wählen Sie den letzten Tag"));
}
