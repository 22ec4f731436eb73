//! Writes from other sites are refused; origins that are listed may call the JSON endpoints.

use serde_json::json;

use crate::harness::people::{Call, HTML};
use crate::harness::{PASSWORD, PUBLIC_URL, spawn_app, spawn_with};
use crate::routes::{Face, ROUTES};

const FOREIGN: [(&str, &str); 6] = [
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-Fetch-Site", "same-site"),
    ("Sec-Fetch-Site", "nonsense"),
    ("Origin", "https://evil.example"),
    ("Origin", "null"),
    ("Origin", "http://vestibule.test.evil.example"),
];

#[test]
fn another_sites_page_changes_nothing_in_somebodys_browser() {
    let app = spawn_app();
    let root = app.browser_of("root");
    let bob = app.home.database.texts("SELECT id AS value FROM users WHERE username = 'bob'").remove(0);
    let before = app.recorded();
    for (name, value) in FOREIGN {
        for path in ["/logout", "/account", "/account/sessions/end-others", &format!("/admin/users/{bob}/disable")] {
            let answer = root.post(path).form(&[("name", "x")]).with(name, value).send().expect(403);
            assert!(answer.is_page(), "{path} {name}: {value}");
        }
    }
    assert!(root.is_at_home());
    assert_eq!(app.recorded(), before);
}

#[test]
fn another_site_signs_nobody_in_or_up() {
    let app = spawn_app();
    for (name, value) in FOREIGN {
        let form = [("username", "alice"), ("password", PASSWORD)];
        let answer = app.browser().post("/login").form(&form).with(name, value).send().expect(403);
        assert!(answer.header("set-cookie").is_none());
        let new = json!({"username": "carol", "email": "carol@example.com", "password": PASSWORD});
        app.anon().post("/signup").json(new).with(name, value).send().expect(403);
        app.anon().post("/token").form(&form).with(name, value).send().expect(403);
    }
    assert!(app.recorded().is_empty());
}

#[test]
fn a_page_of_this_server_and_a_program_may_write() {
    let app = spawn_app();
    let alice = app.browser_of("alice");
    let save = |how: fn(Call) -> Call| how(alice.post("/account").form(&[("name", "Alice")])).send().expect(303);
    save(|call| call);
    save(|call| call.with("Sec-Fetch-Site", "same-origin"));
    save(|call| call.with("Sec-Fetch-Site", "none"));
    save(|call| call.with("Origin", PUBLIC_URL));
    save(|call| call.with("Origin", "http://127.0.0.1:8000").with("Sec-Fetch-Site", "same-origin"));
}

#[test]
fn reading_is_open_to_links_from_anywhere() {
    let app = spawn_app();
    for (name, value) in FOREIGN {
        app.browser().get("/login").with(name, value).send().expect(200);
    }
}

#[test]
fn a_listed_origin_may_call_the_json_endpoints_and_any_other_may_not() {
    let app = spawn_with(&[("CORS_ORIGINS", "https://app.example, https://other.example")]);
    let preflight = |origin: &str| {
        let call = app.anon().call("OPTIONS", "/users/me").with("Origin", origin);
        call.with("Access-Control-Request-Method", "GET").with("Access-Control-Request-Headers", "authorization").send()
    };
    let listed = preflight("https://app.example").expect(200);
    assert_eq!(listed.header("access-control-allow-origin"), Some("https://app.example"));
    assert!(listed.header("access-control-allow-headers").unwrap().to_lowercase().contains("authorization"));
    assert!(listed.header("access-control-allow-credentials").is_none());
    let alice = app.alice();
    let answer = alice.get("/users/me").with("Origin", "https://app.example").send().expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example"));
    assert!(preflight("https://evil.example").header("access-control-allow-origin").is_none());
    let answer = alice.get("/users/me").with("Origin", "https://evil.example").send();
    assert!(answer.header("access-control-allow-origin").is_none());
    let form = [("username", "alice"), ("password", PASSWORD)];
    let sent = |origin| {
        app.anon().post("/token").form(&form).with("Origin", origin).with("Sec-Fetch-Site", "cross-site").send()
    };
    sent("https://app.example").expect(200);
    sent("https://evil.example").expect(403);
}

#[test]
fn an_error_for_a_listed_origin_can_be_read_there() {
    let app = spawn_with(&[("CORS_ORIGINS", "https://app.example")]);
    let answer = app.anon().get("/users/me").with("Origin", "https://app.example").send().expect(401);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example"));
}

#[test]
fn without_the_setting_no_origin_is_let_in() {
    let answer = spawn_app().anon().get("/health").with("Origin", "https://app.example").send().expect(200);
    assert!(answer.header("access-control-allow-origin").is_none());
}

/// How a listed origin's browser sends a request, with or without the newer header.
const LISTED: [&[(&str, &str)]; 3] = [
    &[("Origin", "https://app.example")],
    &[("Origin", "https://app.example"), ("Sec-Fetch-Site", "cross-site")],
    &[("Origin", "https://app.example"), ("Sec-Fetch-Site", "same-site")],
];

fn from_listed(call: Call, headers: &[(&str, &str)], accept: &str) -> Call {
    headers.iter().fold(call.with("Accept", accept), |call, (name, value)| call.with(name, value))
}

#[test]
fn a_listed_origin_does_nothing_by_the_cookie_of_somebody_at_the_browser() {
    let app = spawn_with(&[("CORS_ORIGINS", "https://app.example")]);
    let (root, bob) = (app.browser_of("root"), app.bob());
    let writes = ROUTES.iter().filter(|(face, method, ..)| *face == Face::Page && *method == "POST");
    let before = app.recorded();
    for (_, _, path, body, _) in writes {
        for (headers, accept) in LISTED.iter().flat_map(|how| [(how, "application/json"), (how, "*/*"), (how, HTML)]) {
            let call = root.post(&path.replace("{id}", &bob.id())).body("application/x-www-form-urlencoded", *body);
            let answer = from_listed(call, headers, accept).send();
            let sent_away = answer.status == 303 && answer.location().starts_with("/login");
            assert!((400..500).contains(&answer.status) || sent_away, "{path} {headers:?} {accept}: {}", answer.status);
            assert!(answer.header("set-cookie").is_none(), "{path} {headers:?} {accept}");
        }
    }
    assert_eq!(app.recorded(), before);
    assert!(root.is_at_home() && bob.is_known());
}

#[test]
fn a_listed_origin_reads_nothing_by_the_cookie_of_somebody_at_the_browser() {
    let app = spawn_with(&[("CORS_ORIGINS", "https://app.example")]);
    let root = app.browser_of("root");
    for path in ["/account", "/admin", "/admin/users", "/admin/users/new"] {
        for headers in LISTED {
            let answer = from_listed(root.get(path), headers, HTML).send();
            assert_ne!(answer.status, 200, "{path} {headers:?}");
            assert!(!answer.text().contains("root@example.com"));
        }
    }
    assert!(root.is_at_home());
}

#[test]
fn a_sign_out_from_a_listed_origin_counts_with_a_token_and_not_with_a_cookie() {
    let app = spawn_with(&[("CORS_ORIGINS", "https://app.example")]);
    let root = app.browser_of("root");
    for headers in LISTED {
        from_listed(root.post("/logout"), headers, "application/json").send().refused(401, "Not authenticated");
        let alice = app.alice();
        from_listed(alice.post("/logout"), headers, "application/json").send().expect(204);
        assert!(!alice.is_known());
    }
    assert!(root.is_at_home());
}

#[test]
fn a_token_from_a_listed_origin_leaves_the_cookie_beside_it_alone() {
    let app = spawn_with(&[("CORS_ORIGINS", "https://app.example")]);
    let root = app.browser_of("root");
    for headers in LISTED {
        let alice = app.alice();
        let call = root.post("/logout").with("Authorization", &format!("Bearer {}", alice.access()));
        let answer = from_listed(call, headers, "application/json").send().expect(204);
        assert!(!alice.is_known());
        assert!(answer.header("set-cookie").is_none(), "somebody else's cookie is not taken away");
    }
    assert!(root.is_at_home());
}
