//! Bodies that can't be read.

use serde_json::json;

use crate::harness::raw::status_of;
use crate::harness::{PASSWORD, spawn_app};

#[test]
fn what_is_no_json_object_is_a_bad_request() {
    let app = spawn_app();
    let deep = "[".repeat(5_000);
    for body in [
        "{",
        "[]",
        "null",
        "5",
        "\"alice\"",
        "{\"username\":}",
        "{\"username\":\"a\"}x",
        "{'a':1}",
        "\u{feff}{}",
        &deep,
        "{\"username\":\"\\ud800\"}",
    ] {
        let answer = app.anon().post("/signup").body("application/json", body).send();
        assert_eq!(answer.status, 400, "{body:.40}: {}", answer.text());
    }
    app.anon().post("/signup").body("application/json", b"{\"username\":\"\xff\"}".as_slice()).send().expect(400);
}

#[test]
fn missing_fields_and_wrong_types_are_named() {
    let app = spawn_app();
    for (body, pointers) in [
        (json!({}), vec!["/username", "/email", "/password"]),
        (json!({"username": null, "email": "a@b.example", "password": PASSWORD}), vec!["/username"]),
        (
            json!({"username": 5, "email": ["a@b.example"], "password": {"a": 1}}),
            vec!["/username", "/email", "/password"],
        ),
        (
            json!({"username": true, "email": "a@b.example", "password": PASSWORD, "name": 1.5}),
            vec!["/username", "/name"],
        ),
    ] {
        let answer = app.anon().post("/signup").json(body.clone()).send().expect(422).json();
        let named: Vec<&str> =
            answer["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert_eq!(named, pointers, "{body}");
    }
    let admin = app.admin();
    let roles = admin.put(&format!("/api/users/{}/roles", admin.id()));
    roles.json(json!({"roles": [1]})).send().expect(422);
    admin.put(&format!("/api/users/{}/roles", admin.id())).json(json!({"roles": "admin"})).send().expect(422);
    admin.put(&format!("/api/users/{}/roles", admin.id())).json(json!({})).send().expect(422);
    admin.patch(&format!("/api/users/{}", admin.id())).json(json!({"email": 5})).send().expect(422);
    assert!(app.recorded().iter().all(|fact| fact == "signin.succeeded"));
}

#[test]
fn a_repeated_field_is_a_bad_request_in_json_and_in_a_form() {
    let app = spawn_app();
    let json = format!(r#"{{"username":"x1","username":"x2","email":"x@example.com","password":"{PASSWORD}"}}"#);
    app.anon().post("/signup").body("application/json", json).send().expect(400);
    let form = [("username", "x1"), ("email", "x@example.com"), ("email", "y@example.com"), ("password", PASSWORD)];
    app.anon().post("/signup").form(&form).send().expect(400);
    app.browser().post("/signup").form(&form).send().expect(400);
    for path in ["/token", "/login"] {
        let form = [("username", "alice"), ("username", "bob"), ("password", PASSWORD)];
        let answer = app.anon().post(path).form(&form).send().expect(400);
        assert_eq!(answer.json()["error"], "invalid_request");
        app.browser().post("/login").form(&form).send().expect(400);
    }
    assert!(app.recorded().is_empty());
}

#[test]
fn another_content_type_is_told_what_would_do() {
    let app = spawn_app();
    for path in ["/signup", "/token", "/login", "/refresh"] {
        for media_type in [
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/json-patch+json",
            "nonsense",
        ] {
            let answer = app.anon().post(path).body(media_type, "{}").send();
            assert_eq!(answer.status, 415, "{path} {media_type}");
        }
    }
    // Who sends nothing need not say what it is.
    app.anon().post("/signup").send().expect(422);
    app.anon().post("/signup").body("", "{}").send().expect(415);
    app.anon().post("/signup").body("Application/JSON ; charset=utf-8", "{}").send().expect(422);
    app.browser().post("/login").body("text/plain", "x").send().expect(415);
}

#[test]
fn a_body_over_64_kb_is_too_large_whether_its_length_is_told_or_not() {
    let app = spawn_app();
    let padded = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    app.anon().post("/signup").body("application/json", padded(64 * 1024)).send().expect(422);
    app.anon().post("/signup").body("application/json", padded(64 * 1024 + 1)).send().expect(413);
    app.browser().post("/login").body("application/x-www-form-urlencoded", vec![b'a'; 65_537]).send().expect(413);
    let chunk = format!("{:x}\n{}\n", 70_000, "x".repeat(70_000));
    let head = "POST /signup HTTP/1.1\nHost: x\nConnection: close\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n";
    let answer = app.raw(&format!("{head}{chunk}0\n\n"));
    assert_eq!(status_of(&answer), 413, "{answer:.200}");
    app.anon().get("/health").send().expect(200);
}

#[test]
fn a_body_that_ends_early_leaves_the_server_as_it_was() {
    let app = spawn_app();
    let request =
        b"POST /signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"user";
    drop(std::net::TcpStream::connect(("127.0.0.1", app.port)).map(|mut s| std::io::Write::write_all(&mut s, request)));
    app.anon().get("/health").send().expect(200);
    assert!(app.recorded().is_empty());
}

#[test]
fn a_form_with_broken_escapes_is_read_as_far_as_it_goes() {
    let app = spawn_app();
    let body = "username=%zz%&email=%C3%BC&password=%C3%28&&=&".replace("%C3%28", "%28%");
    app.anon().post("/signup").body("application/x-www-form-urlencoded", body.as_str()).send().expect(422);
    app.anon().post("/token").body("application/x-www-form-urlencoded", body).send().expect(401);
}

/// Read as question marks, all passwords in another encoding would be one and the same.
#[test]
fn a_form_that_is_no_utf8_is_a_bad_request() {
    let app = spawn_app();
    let form = |path: &str, password: &[u8]| {
        let body = [b"username=zoe&email=zoe%40example.com&password=".as_slice(), password].concat();
        app.anon().post(path).body("application/x-www-form-urlencoded", body).send()
    };
    for password in [&b"%ff%fe%fd kettle orbit"[..], b"\xfc\xe4\xf6 kettle orbit", b"%C3%28 kettle orbit"] {
        form("/signup", password).refused(400, "The form is not in UTF-8.");
        form("/token", password).expect(400);
        form("/login", password).expect(400);
    }
    form("/signup", "öäü kettle orbit".as_bytes()).expect(201);
    form("/token", b"%C3%B6%c3%a4%C3%BC+kettle+orbit").expect(200);
}

#[test]
fn nothing_is_nothing_whatever_type_it_is_said_to_have() {
    let app = spawn_app();
    let alice = app.alice();
    let renewed = app.anon().bearing(alice.refresh_token()).post("/refresh").body("application/json", "").send();
    assert!(renewed.expect(200).json()["access_token"].is_string());
    for any in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
        app.anon().post("/signup").body(any, "").send().expect(422);
    }
}
