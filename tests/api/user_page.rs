//! Everything about one user on one page, and the same as calls.

use serde_json::json;

use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app};

fn page_of(person: &Person, id: &str) -> String {
    person.get(&format!("/admin/users/{id}")).send().expect(200).text()
}

/// Somebody at a browser who holds these words.
fn holder(app: &TestApp, name: &str, words: &[&str]) -> Person {
    let admin = app.admin();
    app.make_role(&admin, name, words);
    app.invite(&admin, name, &[name]);
    app.browser_of(name)
}

#[test]
fn who_may_not_read_the_log_is_told_nothing_of_it_instead_of_something_untrue() {
    let app = spawn_app();
    app.alice();
    let alice = app.user_id("alice");
    let told = page_of(&app.browser_of("root"), &alice);
    assert!(told.contains("Last sign-in") && told.contains(&format!("/admin/audit?subject={alice}")));
    let helper = holder(&app, "helper", &["users:read"]);
    let untold = page_of(&helper, &alice);
    for part in ["Last sign-in", "Never", "History", "Nothing has happened yet", "/admin/audit"] {
        assert!(!untold.contains(&format!(">{part}")), "{part}");
    }
    assert!(untold.contains(&format!("/admin/sessions?user={alice}")));
}

/// Whoever mistypes a name must not find somebody else's on the button that disables.
#[test]
fn what_was_typed_in_vain_stands_in_the_form_alone() {
    let app = spawn_app();
    let (root, bob) = (app.browser_of("root"), app.user_id("bob"));
    let save = |username: &str, email: &str| {
        let form = [("username", username), ("email", email), ("name", "Mallory")];
        root.post(&format!("/admin/users/{bob}")).form(&form).send().text()
    };
    for page in [save("alice", "bob@example.com"), save("", "bob@example.com"), save("bob", "nonsense")] {
        assert!(page.contains("<title>bob ·") && page.contains("Disable bob") && page.contains("Delete bob"), "{page}");
        assert!(page.contains("<h1><bdi>bob</bdi></h1>") && page.contains("value=\"Mallory\""));
        assert!(!page.contains("Disable alice") && page.contains("<dd>bob@example.com"));
    }
}

#[test]
fn the_log_says_from_what_to_what_a_name_and_an_address_were_changed() {
    let app = spawn_app();
    let (admin, bob) = (app.admin(), app.user_id("bob"));
    let change = json!({"username": "bobby", "email": "bobby@example.com", "name": "Bobby"});
    admin.patch(&format!("/api/users/{bob}")).json(change).send().expect(200);
    let told = admin.get("/api/audit?kind=user.changed").send().expect(200).json();
    let detail = &told["items"][0]["detail"];
    assert_eq!(detail["fields"], json!(["username", "email", "name"]));
    assert_eq!(detail["username"], json!({"from": "bob", "to": "bobby"}));
    assert_eq!(detail["email"], json!({"from": "bob@example.com", "to": "bobby@example.com"}));
}

#[test]
fn the_last_sign_in_is_found_however_much_happened_since() {
    let app = spawn_app();
    app.alice();
    let (admin, alice) = (app.admin(), app.user_id("alice"));
    for n in 0..60 {
        admin.patch(&format!("/api/users/{alice}")).json(json!({"name": format!("Alice {n}")})).send().expect(200);
    }
    let page = page_of(&app.browser_of("root"), &alice);
    let after = page.split("Last sign-in</dt><dd>").nth(1).expect("it is told");
    assert!(after.starts_with("<time"), "{}", &after[..80]);
}

#[test]
fn the_page_shows_their_keys_and_the_way_to_the_rest() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let key = app.make_key(&alice, &[]);
    let (id, name) = (alice.id(), key["name"].as_str().unwrap());
    let root = app.browser_of("root");
    let page = page_of(&root, &id);
    assert!(page.contains(name), "the key");
    let end = format!("/admin/api-keys/{}/end", key["id"].as_str().unwrap());
    assert!(page.contains(&end), "and its end");
    root.post(&end).send().expect(303);
    assert!(!page_of(&root, &id).contains(&end));
    assert!(page_of(&root, &admin.id()).contains("None. Its owner makes one"));
}

#[test]
fn a_users_factors_are_a_call_too() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let path = format!("/api/users/{}/factors", alice.id());
    let before = admin.get(&path).send().expect(200).json();
    assert_eq!(before, json!({"totp": null, "passkeys": [], "recovery_codes_left": 0, "required": false}));
    app.enrol(&alice);
    let after = admin.get(&path).send().expect(200).json();
    assert!(after["totp"].is_string() && after["recovery_codes_left"] == 10, "{after}");
    assert!(page_of(&app.browser_of("root"), &alice.id()).contains("10 of 10 are left"));
    admin.get("/api/users/nobody/factors").send().expect(404);
    alice.get(&path).send().expect(403);
}

#[test]
fn why_somebody_may_or_may_not_is_a_call_too() {
    let app = spawn_app();
    let (admin, bob) = (app.admin(), app.user_id("bob"));
    let role = app.make_role(&admin, "clerk", &["invoices:approve"]);
    let path = format!("/api/users/{bob}/permissions/invoices:approve");
    let no = admin.get(&path).send().expect(200).json();
    assert_eq!((&no["allowed"], &no["roles"]), (&json!(false), &json!([])));
    let givers = no["given_by"].as_array().unwrap();
    assert!(givers.contains(&json!({"id": role, "name": "clerk", "yours_to_give": true})), "{no}");
    admin.put(&format!("/api/users/{bob}/roles")).json(json!({"roles": ["user", "clerk"]})).send().expect(200);
    let yes = admin.get(&path).send().expect(200).json();
    assert_eq!((&yes["allowed"], &yes["roles"]), (&json!(true), &json!([{"name": "clerk", "until": null}])));
    admin.post(&format!("/api/users/{bob}/disable")).send().expect(200);
    let disabled = admin.get(&path).send().expect(200).json();
    assert_eq!((&disabled["allowed"], &disabled["disabled"]), (&json!(false), &json!(true)));
    assert_eq!(disabled["roles"], yes["roles"], "what they would have");
    admin.get(&format!("/api/users/{bob}/permissions/No%20Word")).send().expect(422);
    admin.get("/api/users/nobody/permissions/users:read").send().expect(404);
}

#[test]
fn the_log_is_proven_by_a_call() {
    let app = spawn_app();
    let admin = app.admin();
    let proven = admin.post("/api/audit/check").send().expect(200).json();
    assert!(proven["ok"] == true && proven["finding"].is_null() && proven["to"].as_i64() >= Some(1), "{proven}");
    let last = admin.get("/api/audit/check").send().expect(200).json();
    assert_eq!(last, proven);
}

#[test]
fn who_makes_a_user_is_told_where_and_in_which_state() {
    let app = spawn_app();
    let admin = app.admin();
    let new = json!({"username": "zoe", "email": "zoe@example.com", "password": PASSWORD});
    let made = admin.post("/api/users").json(new).send().expect(201);
    let (place, tag) = (made.location().to_owned(), made.header("etag").expect("a tag").to_owned());
    assert_eq!(place, format!("/api/users/{}", made.json()["id"].as_str().unwrap()));
    assert_eq!(admin.get(&place).send().expect(200).header("etag"), Some(tag.as_str()));
    admin.patch(&place).with("If-Match", &tag).json(json!({"name": "Zoe"})).send().expect(200);
    admin.patch(&place).with("If-Match", &tag).json(json!({"name": "Zed"})).send().expect(412);
}

#[test]
fn ending_one_session_leads_back_to_the_part_of_the_list_that_it_was_asked_from() {
    let app = spawn_app();
    let alice = app.alice();
    let root = app.browser_of("root");
    let list = format!("/admin/sessions?user={}&limit=10", alice.id());
    let page = root.get(&list).send().expect(200).text();
    let action = format!("/admin/sessions/{}/end?user={}&#38;limit=10", alice.sid(), alice.id());
    assert!(page.contains(&action), "{action}");
    let ended = root.post(&action.replace("&#38;", "&")).send().expect(303);
    assert_eq!(ended.location(), format!("{list}&done=their-session-ended"));
    assert!(!alice.is_known());
}
