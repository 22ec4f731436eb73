//! What is tried with keys, and comes to nothing.

use serde_json::json;

use crate::harness::people::HTML;
use crate::harness::spawn_app;

const BAD: &str = "Could not validate credentials";
const NOT_FOR_KEYS: &str = "An API key can't see or change its owner's own account. That takes its owner, signed in.";

/// The key with other letters for its secret, and check letters that are right again.
fn with_another_secret(key: &str) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let secret: String = key[15..58].chars().rev().collect();
    let unchecked = format!("{}{secret}", &key[..15]);
    let digest = vestibule::platform::secret::sha256(unchecked.as_bytes());
    let mut number = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let mut check = Vec::new();
    for _ in 0..6 {
        check.insert(0, char::from(LETTERS[(number % 62) as usize]));
        number /= 62;
    }
    unchecked + &check.into_iter().collect::<String>()
}

#[test]
fn what_is_no_key_of_ours_is_refused_like_any_bad_token() {
    let app = spawn_app();
    let made = app.make_key(&app.alice(), &[]);
    let key = made["key"].as_str().unwrap();
    let other_check = format!("{}{}", &key[..63], if key.ends_with('0') { '1' } else { '0' });
    let unknown = with_another_secret(&key.replacen(&key[4..14], "0000000000", 1));
    let long = format!("vst_{}", "A".repeat(100_000 / 20));
    for bad in [&other_check, &with_another_secret(key), &unknown, &key[..40].to_owned(), &"vst_".to_owned(), &long] {
        let refused = app.anon().bearing(bad).get("/users/me").send().refused(401, BAD);
        assert_eq!(refused.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    }
    app.anon().bearing(key).get("/users/me").send().expect(200);
    // The right name with a wrong secret is written down; once, however often it is tried.
    app.anon().bearing(&with_another_secret(key)).get("/users/me").send().expect(401);
    assert_eq!(app.recorded(), ["signin.succeeded", "api_key.created", "api_key.refused"]);
    app.advance(3601);
    app.anon().bearing(&with_another_secret(key)).get("/users/me").send().expect(401);
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "api_key.refused").count(), 2);
}

#[test]
fn only_the_digest_of_a_key_is_kept() {
    let app = spawn_app();
    let made = app.make_key(&app.alice(), &[]);
    let key = made["key"].as_str().unwrap();
    let kept = app.home.database.bytes("SELECT hash AS value FROM api_keys");
    assert_eq!(kept, vestibule::platform::secret::sha256(key.as_bytes()));
    let secret = &key[15..];
    let logged = app.home.database.texts("SELECT detail AS value FROM audit_log");
    assert!(!logged.join(" ").contains(secret));
    let shown = app.alice().get("/api/api-keys").send().expect(200).text();
    assert!(!shown.contains(secret));
}

#[test]
fn a_key_counts_in_the_authorization_header_alone() {
    let app = spawn_app();
    let made = app.make_key(&app.alice(), &[]);
    let key = made["key"].as_str().unwrap();
    for query in [format!("access_token={key}"), format!("api_key={key}"), format!("q={key}")] {
        let refused = app.anon().get(&format!("/users/me?{query}")).send().expect(400).json();
        assert_eq!(refused["type"], "/errors/credentials-in-query");
        assert!(!refused.to_string().contains(key));
    }
    for cookie in ["access_token_cookie", "id", "__Host-id", "session"] {
        app.anon().with("Cookie", &format!("{cookie}={key}")).get("/users/me").send().expect(401);
    }
    app.anon().post("/refresh").json(json!({"refresh_token": key})).send().expect(401);
    app.anon().bearing(key).post("/refresh").send().expect(401);
    let form = [("grant_type", "refresh_token"), ("refresh_token", key)];
    app.anon().post("/token").form(&form).send().expect(400);
    // It is no password either, and opens no page.
    app.anon().post("/token").form(&[("username", "alice"), ("password", key)]).send().expect(401);
    let page = app.anon().bearing(key).with("Accept", HTML).get("/account").send().expect(303);
    assert!(page.location().starts_with("/login"));
}

#[test]
fn a_key_never_touches_its_owners_own_account() {
    let app = spawn_app();
    let admin = app.admin();
    let words: Vec<&str> = vestibule::access::words::ALL.to_vec();
    let key = app.with_key(&admin, &words);
    let mine = app.make_key(&admin, &[]);
    let own = vestibule::web::routes().into_iter().filter(|(path, _)| path.starts_with("/users/me"));
    let mut tried = 0;
    for (path, methods) in own {
        for method in methods.into_iter().filter(|method| (*method, path) != ("GET", "/users/me")) {
            let call = key.call(method, &path.replace("{id}", &admin.sid()));
            let call = if matches!(method, "GET" | "DELETE") { call } else { call.json(json!({})) };
            call.send().refused(403, NOT_FOR_KEYS);
            tried += 1;
        }
    }
    assert!(tried >= 15, "{tried} routes were tried");
    key.post("/logout").send().refused(403, NOT_FOR_KEYS);
    key.get("/api/api-keys").send().refused(403, NOT_FOR_KEYS);
    key.delete(&format!("/api/api-keys/{}", mine["id"].as_str().unwrap())).send().refused(403, NOT_FOR_KEYS);
    let more = json!({"name": "more", "scope": [], "expires": "never"});
    key.post("/api/api-keys").json(more).send().refused(403, NOT_FOR_KEYS);
    assert!(admin.is_known());
}

#[test]
fn nor_does_it_as_an_administrator() {
    let app = spawn_app();
    let admin = app.admin();
    app.invite(&admin, "ada", &["admin"]);
    let words: Vec<&str> = vestibule::access::words::ALL.to_vec();
    let key = app.with_key(&admin, &words);
    let mut tried = 0;
    for (path, methods) in vestibule::web::routes().into_iter().filter(|(path, _)| path.starts_with("/api/users/{id}"))
    {
        for method in methods.into_iter().filter(|method| *method != "GET") {
            let body = json!({"email": "thief@example.com", "roles": ["admin"]});
            let call = key.call(method, &path.replace("{id}", &admin.id()));
            let call = if method == "DELETE" { call } else { call.json(body) };
            call.send().refused(403, NOT_FOR_KEYS);
            tried += 1;
        }
    }
    assert!(tried >= 7, "{tried} routes were tried");
    key.delete(&format!("/api/sessions/{}", admin.sid())).send().refused(403, NOT_FOR_KEYS);
    assert!(admin.is_known());
}

#[test]
fn nobody_makes_a_key_that_can_more_than_they_can() {
    let app = spawn_app();
    let new = |scope: &[&str]| json!({"name": "job", "scope": scope, "expires": "30d"});
    let alice = app.alice();
    alice.post("/api/api-keys").json(new(&["users:read"])).send().expect(403);
    alice.post("/api/api-keys").json(new(&["invoices:approve"])).send().expect(403);
    // A token that was given less than its owner holds makes no key that can more than the token.
    let narrow = app.service();
    narrow.post("/api/api-keys").json(new(&["users:write"])).send().expect(403);
    narrow.post("/api/api-keys").json(new(&["tokens:introspect"])).send().expect(201);
}

#[test]
fn making_a_key_takes_a_fresh_proof() {
    let app = spawn_app();
    let (alice, browser) = (app.alice(), app.browser_of("alice"));
    app.advance(16 * 60);
    let new = json!({"name": "job", "scope": [], "expires": "30d"});
    alice.post("/api/api-keys").json(new).send().refused(401, "Fresh token required");
    let form = [("name", "job"), ("expires", "30d")];
    let asked = browser.post("/account/api-keys").form(&form).send().expect(303);
    assert!(asked.location().starts_with("/confirm"));
}

#[test]
fn a_role_that_is_taken_away_is_gone_from_the_key_at_once() {
    let app = spawn_app();
    let root = app.admin();
    app.invite(&root, "ada", &["admin"]);
    let key = app.with_key(&app.user("ada"), &["users:read", "users:write"]);
    key.get("/api/users").send().expect(200);
    let ada = app.user_id("ada");
    root.put(&format!("/api/users/{ada}/roles")).json(json!({"roles": ["user"]})).send().expect(200);
    key.get("/api/users").send().expect(403);
    key.get("/users/me").send().expect(200);
}

#[test]
fn a_key_does_not_reach_above_its_owner() {
    let app = spawn_app();
    app.home.database.run(
        "INSERT INTO roles (id, name, created_at) VALUES ('helper', 'helper', 0); \
         INSERT INTO role_permissions (role_id, permission) VALUES ('helper', 'users:read'), ('helper', 'users:write'), \
         ('helper', 'roles:write'), ('helper', 'sessions:write')",
    );
    let root = app.admin();
    app.invite(&root, "helen", &["helper"]);
    let helen = app.user("helen");
    let key = app.with_key(&helen, &["users:read", "users:write", "roles:write", "sessions:write"]);
    key.post(&format!("/api/users/{}/disable", root.id())).send().expect(403);
    let made = app.make_key(&root, &["users:read"]);
    let roots = format!("/api/api-keys/{}", made["id"].as_str().unwrap());
    key.delete(&roots).send().expect(403);
    helen.delete(&roots).send().expect(403);
    app.browser_of("helen").post(&format!("/admin{}/end", roots.strip_prefix("/api").unwrap())).send().expect(403);
    app.anon().bearing(made["key"].as_str().unwrap()).get("/api/users").send().expect(200);
    let alices = app.make_key(&app.alice(), &[]);
    key.delete(&format!("/api/api-keys/{}", alices["id"].as_str().unwrap())).send().expect(204);
}

#[test]
fn a_key_that_is_over_is_explained_to_administrators_by_the_request() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let made = app.make_key(&alice, &[]);
    alice.delete(&format!("/api/api-keys/{}", made["id"].as_str().unwrap())).send().expect(204);
    let refused = app.anon().bearing(made["key"].as_str().unwrap()).get("/users/me").send().expect(401);
    let id = refused.header("x-request-id").unwrap().to_owned();
    let path = format!("/api/refusals/{id}");
    crate::harness::within(std::time::Duration::from_secs(5), "the refusal is kept", || {
        admin.get(&path).send().status == 200
    });
    let told = admin.get(&path).send().expect(200).json();
    assert_eq!((&told["reason"], &told["username"]), (&json!("api_key_over"), &json!("alice")), "{told}");
    app.browser_of("root").get(&format!("/admin/refusals?request={id}")).send().expect(200);
}

#[test]
fn a_fault_of_the_database_is_told_as_one_and_makes_nobody_a_stranger() {
    let app = spawn_app();
    let key = app.with_key(&app.alice(), &[]);
    app.home.database.run("ALTER TABLE api_keys RENAME TO api_keys_away");
    let status = key.get("/users/me").send().status;
    assert!(status >= 500, "{status}");
    key.get("/health").send().expect(200);
    app.home.database.run("ALTER TABLE api_keys_away RENAME TO api_keys");
    key.get("/users/me").send().expect(200);
}

#[test]
fn a_key_that_is_seldom_used_does_not_idle_out_as_sessions_do() {
    let app = spawn_app();
    let key = app.with_key(&app.alice(), &[]);
    app.advance(89 * 86_400);
    key.get("/users/me").send().expect(200);
    app.advance(86_400);
    key.get("/users/me").send().expect(401);
}

#[test]
fn whoever_came_in_before_there_was_a_second_factor_makes_no_key_after_it() {
    let app = spawn_app();
    let (thief, owner) = (app.alice(), app.alice());
    app.enrol(&owner);
    let wanted = json!({"name": "mine", "scope": [], "expires": "30d"});
    thief.post("/api/api-keys").json(wanted.clone()).send().refused(401, "Fresh token required");
    owner.post("/api/api-keys").json(wanted).send().expect(201);
}
