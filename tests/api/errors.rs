//! Errors as RFC 9457 has them. Their shape is held by `harness/shape.rs` on every answer of every test.

use std::collections::BTreeSet;

use serde_json::json;

use crate::harness::{PASSWORD, spawn_app, spawn_with};

#[test]
fn the_type_of_every_error_is_a_page_that_explains_it() {
    let app = spawn_app();
    let (anon, alice) = (app.anon(), app.alice());
    let taken = json!({"username": "alice", "email": "a@example.com", "password": PASSWORD});
    let errors = [
        anon.post("/signup").body("application/json", "{").send(),
        anon.get("/users/me?access_token=x").send(),
        anon.post("/signup").json(taken).send(),
        anon.get("/users/me").send(),
        anon.bearing("x").get("/users/me").send(),
        anon.post("/login").json(json!({"username": "alice", "password": "wrong"})).send(),
        anon.post("/token").form(&[("grant_type", "refresh_token"), ("refresh_token", "x")]).send(),
        anon.post("/token").form(&[]).send(),
        alice.get("/api/users").send(),
        anon.post("/signup").with("Sec-Fetch-Site", "cross-site").send(),
        anon.get("/missing").send(),
        anon.delete("/token").send(),
        anon.post("/signup").body("application/json", vec![b' '; 70_000]).send(),
        anon.post("/signup").body("text/plain", "x").send(),
        anon.post("/signup").json(json!({})).send(),
    ];
    let slugs: BTreeSet<String> =
        errors.iter().map(|error| error.json()["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(slugs.len(), errors.len(), "{slugs:?}");
    for slug in slugs {
        let page = app.browser().get(&slug).send().expect(200);
        assert!(page.is_page() && page.text().contains(slug.rsplit('/').next().unwrap()));
    }
    app.browser().get("/errors/there-is-no-such").send().expect(404);
}

#[test]
fn a_422_points_at_every_wrong_value_at_once() {
    let app = spawn_app();
    let wrong = json!({"username": "a", "email": "nowhere", "password": "short", "name": "a\nb"});
    let answer = app.anon().post("/signup").json(wrong).send().expect(422).json();
    let pointers: Vec<&str> =
        answer["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/username", "/email", "/name", "/password"]);
    insta::assert_json_snapshot!(answer, { ".request_id" => insta::dynamic_redaction(|id, _| {
        assert!(id.as_str().is_some_and(|id| id.len() == 32));
        "[request id]"
    }) });
}

#[test]
fn oauth_errors_keep_their_media_type_even_for_a_browser_without_a_page() {
    let app = spawn_app();
    let answer = app.browser().post("/token").form(&[]).send().expect(400);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json()["error"], "invalid_request");
}

#[test]
fn every_error_of_the_token_endpoints_speaks_oauth() {
    let app = spawn_app();
    for path in ["/token", "/login", "/refresh"] {
        for (what, answer) in [
            ("broken JSON", app.anon().post(path).body("application/json", "{").send()),
            ("a media type", app.anon().post(path).body("text/plain", "x").send()),
            ("a large body", app.anon().post(path).body("application/json", vec![b' '; 70_000]).send()),
            (
                "a repeated field",
                app.anon().post(path).form(&[("scope", "a"), ("scope", "b"), ("refresh_token", "x")]).send(),
            ),
        ] {
            let body = answer.json();
            assert_eq!(body["error"], "invalid_request", "{path}, {what}: {body}");
        }
    }
}

#[test]
fn what_no_handler_was_asked_for_speaks_oauth_too() {
    let app = spawn_app();
    for asks in [app.anon(), app.browser()] {
        for path in ["/token", "/introspect", "/revoke"] {
            let answer = asks.get(path).send().expect(405);
            assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
            assert_eq!(answer.json()["error"], "invalid_request", "{path}");
        }
    }
    let form = [("token", "x")];
    for path in ["/introspect", "/revoke"] {
        let nobody = app.anon().post(path).form(&form).send().expect(401);
        assert_eq!(
            (nobody.json()["error"].as_str(), nobody.header("www-authenticate")),
            (Some("invalid_client"), Some("Bearer"))
        );
        let forged = app.anon().bearing("a.b.c").post(path).form(&form).send().expect(401);
        assert_eq!(forged.json()["error"], "invalid_token", "{path}");
    }
    // A page for people stays one.
    assert!(app.browser().post("/login").body("text/plain", "x").send().expect(415).is_page());
}

#[test]
fn a_menu_on_the_page_of_an_error_has_its_script() {
    let app = spawn_app();
    let script = |page: &str| app.browser_of("alice").get(page).send().text().contains("/house.js");
    assert!(script("/account") && script("/admin/users"));
}

#[test]
fn a_request_id_is_new_each_time_and_not_taken_from_a_stranger() {
    let app = spawn_app();
    let ids: BTreeSet<String> = (0..5)
        .map(|_| {
            app.anon().get("/health").with("X-Request-Id", "mine").send().header("x-request-id").unwrap().to_owned()
        })
        .collect();
    assert!(ids.len() == 5 && !ids.contains("mine"));
}

#[test]
fn a_proxy_that_is_trusted_hands_the_request_id_and_the_address_on() {
    let app = spawn_with(&[("TRUSTED_PROXIES", "127.0.0.0/8")]);
    let proxy = app
        .anon()
        .with("X-Request-Id", "from-the-proxy-0001")
        .with("X-Forwarded-For", "6.6.6.6, 203.0.113.7, 127.0.0.1");
    let answer = proxy.post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(200);
    assert_eq!(answer.header("x-request-id"), Some("from-the-proxy-0001"));
    let address =
        app.home.database.texts("SELECT address AS value FROM audit_log WHERE request_id = 'from-the-proxy-0001'");
    assert_eq!(address, ["203.0.113.7"]);
}

#[test]
fn https_is_demanded_for_good_where_the_public_url_is_https() {
    let app = spawn_with(&[("PUBLIC_URL", "https://vestibule.test")]);
    let header = app.anon().get("/health").send();
    assert!(header.header("strict-transport-security").is_some_and(|value| value.starts_with("max-age=63072000")));
    assert!(spawn_app().anon().get("/health").send().header("strict-transport-security").is_none());
}
