//! Requests that are wrong before their body is looked at.

use crate::harness::raw::status_of;
use crate::harness::{PASSWORD, spawn_app};

#[test]
fn what_is_not_there_is_not_found() {
    let app = spawn_app();
    for path in [
        "/nothing",
        "/users",
        "/api",
        "/api/users/x/y",
        "/token/",
        "/%00",
        "/..%2f..%2fetc%2fpasswd",
        "/admin/nothing",
        "/static/",
    ] {
        assert_eq!(app.anon().get(path).send().status, 404, "{path}");
        assert_eq!(app.anon().post(path).json(serde_json::json!({})).send().status, 404, "{path}");
        assert_eq!(app.browser().get(path).send().status, 404, "{path}");
    }
}

#[test]
fn another_verb_is_told_which_ones_do() {
    let app = spawn_app();
    for (method, path, allowed) in [
        ("DELETE", "/token", "POST"),
        ("GET", "/token", "POST"),
        ("POST", "/users/me", "GET, PATCH, DELETE, HEAD"),
        ("PUT", "/users/me/sessions", "GET, DELETE, HEAD"),
        ("GET", "/users/me/sessions/x", "DELETE"),
        ("GET", "/users/me/password", "POST"),
        ("GET", "/introspect", "POST"),
        ("GET", "/revoke", "POST"),
        ("POST", "/revocations", "GET, HEAD"),
        ("PUT", "/api/users", "GET, POST, HEAD"),
        ("PUT", "/api/users/x", "GET, PATCH, DELETE, HEAD"),
        ("PATCH", "/login", "GET, POST, HEAD"),
        ("DELETE", "/", "GET, HEAD"),
        ("POST", "/health", "GET, HEAD"),
    ] {
        let answer = app.anon().call(method, path).send();
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allowed)), "{method} {path}");
    }
}

#[test]
fn a_verb_that_nobody_knows_is_not_allowed_either() {
    let app = spawn_app();
    for method in ["OPTIONS", "TRACE", "BREW", "get"] {
        assert_eq!(app.raw_status(&format!("{method} /token"), ""), 405, "{method}");
    }
}

#[test]
fn head_is_answered_like_get_without_the_body() {
    let app = spawn_app();
    for path in ["/", "/health", "/users/me", "/.well-known/jwks.json"] {
        let get = app.anon().get(path).send();
        let head = app.anon().call("HEAD", path).send();
        assert_eq!((head.status, head.header("content-type")), (get.status, get.header("content-type")), "{path}");
        assert!(head.body.is_empty());
    }
}

#[test]
fn credentials_in_the_query_string_are_refused_with_where_they_belong() {
    let app = spawn_app();
    let token = app.alice().access().to_owned();
    for (method, path, place) in [
        ("POST", "/token?username=alice&password=x".to_owned(), "body"),
        ("POST", "/login?password=x".to_owned(), "body"),
        ("POST", "/signup?Pass%77ord=x".to_owned(), "body"),
        ("POST", "/refresh?refresh_token=x".to_owned(), "body"),
        ("GET", format!("/users/me?access_token={token}"), "Authorization"),
        ("GET", format!("/protected?token={token}"), "Authorization"),
        ("GET", format!("/users/me?jwt={token}"), "Authorization"),
        ("GET", format!("/users/me?anything={token}"), "Authorization"),
        ("POST", format!("/revoke?token={token}"), "body"),
        ("GET", "/login?username=alice&password=x".to_owned(), "body"),
    ] {
        let answer = app.anon().call(method, &path).send().expect(400);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(place) && !detail.contains(&token), "{path}: {detail}");
    }
    let page = app.browser().get("/login?username=alice&password=x").send().expect(400);
    assert!(page.is_page());
}

#[test]
fn the_remaining_credentials_do_not_belong_into_the_query_string_either() {
    let app = spawn_app();
    for name in ["otp", "mfa_token", "client_secret", "current_password", "new_password", "PASSWORD", "Access_Token"] {
        app.anon().get(&format!("/health?{name}=x")).send().expect(400);
    }
    app.anon().get("/health?q=password").send().expect(200);
}

#[test]
fn two_authorization_headers_are_a_bad_request_whatever_they_say() {
    let app = spawn_app();
    let token = app.alice().access().to_owned();
    let lines = format!("Authorization: Bearer {token}\nAuthorization: Bearer {token}\n");
    for first in ["GET /users/me", "GET /protected", "GET /health", "GET /api/users", "POST /logout"] {
        assert_eq!(app.raw_status(first, &lines), 400, "{first}");
    }
    assert_eq!(
        app.raw_status("GET /users/me", &format!("Authorization: Bearer {token}\nauthorization: Basic x\n")),
        400
    );
    let both = format!("Authorization: Bearer {token}, Bearer {token}\n");
    assert_eq!(app.raw_status("GET /users/me", &both), 401);
    assert_eq!(app.raw_status("GET /users/me", &format!("Authorization: Bearer {token}\n")), 200);
}

#[test]
fn broken_http_is_refused_and_the_server_stays() {
    let app = spawn_app();
    for bytes in [
        "nonsense\n\n",
        "GET / HTTP/9.9\nHost: x\n\n",
        "GET /\u{0}x HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\nHost: x\nBad Header: x\n\n",
        "POST /token HTTP/1.1\nHost: x\nContent-Length: 5\nContent-Length: 6\n\nabcde",
        "POST /token HTTP/1.1\nHost: x\nContent-Length: -1\n\n",
        "POST /token HTTP/1.1\nHost: x\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
        "POST /token HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\nzz\nabc\n",
    ] {
        let answer = app.raw(&bytes.replace("Host: x\n", "Host: x\nConnection: close\n"));
        assert!(answer.is_empty() || (400..500).contains(&status_of(&answer)), "{bytes:?}: {answer}");
    }
    app.anon().get("/health").send().expect(200);
}

#[test]
fn an_endless_header_is_refused_and_the_server_stays() {
    let app = spawn_app();
    let answer =
        app.raw(&format!("GET /health HTTP/1.1\nHost: x\nConnection: close\nX-Long: {}\n\n", "x".repeat(2_000_000)));
    assert!(answer.is_empty() || (400..500).contains(&status_of(&answer)), "{answer:.100}");
    app.anon().get("/health").send().expect(200);
}

#[test]
fn the_host_header_appears_in_no_link() {
    let app = spawn_app();
    for path in ["/login", "/account", "/docs", "/redoc"] {
        let request = format!(
            "GET {path} HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: evil.example\nAccept: text/html\nConnection: close\n\n"
        );
        assert!(!app.raw(&request).contains("evil.example"), "{path}");
    }
    let metadata =
        app.raw("GET /.well-known/oauth-authorization-server HTTP/1.1\nHost: evil.example\nConnection: close\n\n");
    assert!(metadata.contains("http://vestibule.test/token") && !metadata.contains("evil.example"));
}

#[test]
fn a_parameter_that_stands_twice_is_refused() {
    let app = spawn_app();
    let admin = app.admin();
    admin.get("/api/users?limit=1&limit=2").send().expect(400);
    admin.get("/api/users?q=a&q=b").send().expect(400);
    app.browser().get("/login?next=/a&next=/b").send().expect(400);
}

#[test]
fn no_secret_comes_back_in_an_error() {
    let app = spawn_app();
    let alice = app.alice();
    let answers = [
        app.anon()
            .post("/token")
            .form(&[("username", "alice"), ("password", "very secret indeed"), ("grant_type", "x")])
            .send(),
        app.anon()
            .post("/signup")
            .json(serde_json::json!({"username": "very secret indeed", "email": "x", "password": "very secret indeed"}))
            .send(),
        app.anon().post("/login").form(&[("username", "alice"), ("password", "very secret indeed")]).send(),
        app.anon().bearing("very.secret.indeed").get("/users/me").send(),
        app.anon().post("/refresh").json(serde_json::json!({"refresh_token": "very secret indeed"})).send(),
    ];
    for answer in answers {
        assert!(
            answer.status >= 400 && !answer.text().contains("secret indeed") && !answer.text().contains("very.secret")
        );
    }
    assert!(!alice.get("/users/me").send().text().contains(PASSWORD));
}

#[test]
fn a_request_that_sends_nothing_is_told_what_is_missing() {
    let app = spawn_app();
    for (path, status) in [("/token", 400), ("/login", 400), ("/signup", 422), ("/refresh", 401)] {
        assert_eq!(app.raw_status(&format!("POST {path}"), "content-length: 0\n"), status, "{path}");
    }
    let root = app.admin();
    root.post("/api/users").send().expect(422);
    root.post("/introspect").send().expect(400);
    root.post("/api/keys/rotate").send().expect(200);
}

#[test]
fn a_body_without_a_type_is_refused_as_such_also_where_the_token_comes_as_bearer() {
    let app = spawn_app();
    let alice = app.alice();
    let bearer = format!("authorization: Bearer {}\n", alice.refresh_token());
    for (bytes, status) in [(3, 415), (70_000, 413)] {
        let sent = format!("{bearer}content-length: {bytes}\n\n{}", "x".repeat(bytes));
        assert_eq!(app.raw_status("POST /refresh", &sent), status, "{bytes} bytes");
    }
    assert_eq!(app.raw_status("POST /refresh", &format!("{bearer}content-length: 0\n")), 200, "it was not used up");
}

#[test]
fn what_is_refused_before_the_token_endpoints_has_oauths_words_too() {
    let app = spawn_app();
    for path in ["/token", "/introspect", "/revoke"] {
        let answer = app.anon().post(&format!("{path}?password=x")).form(&[("token", "x")]).send().expect(400);
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(answer.json()["error"], "invalid_request", "{path}");
    }
}
