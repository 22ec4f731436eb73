//! HTML for who asks for it, JSON for everyone else.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::harness::people::HTML;
use crate::harness::{PASSWORD, spawn_app};

const BOTH: [(&str, &str); 3] = [("GET", "/"), ("POST", "/login"), ("POST", "/signup")];

#[test]
fn who_prefers_html_gets_the_page_and_any_other_the_json() {
    let app = spawn_app();
    for accept in [HTML, "text/html", "text/html, application/json;q=0.9", "application/xhtml+xml"] {
        let answer = app.anon().get("/missing").with("Accept", accept).send().expect(404);
        assert!(answer.is_page(), "{accept}");
    }
    for accept in [
        "*/*",
        "application/json",
        "text/html;q=0.1, application/json",
        "application/problem+json",
        "image/png",
        "text/html;q=0",
    ] {
        let answer = app.anon().get("/missing").with("Accept", accept).send().expect(404);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{accept}");
    }
    assert!(!app.anon().get("/missing").send().expect(404).is_page());
}

#[test]
fn paths_with_two_faces_vary_by_accept_on_both() {
    let app = spawn_app();
    for (method, path) in BOTH {
        for accept in [HTML, "application/json"] {
            let call = app.anon().call(method, path).with("Accept", accept);
            let answer = if method == "POST" { call.form(&[("username", "x")]).send() } else { call.send() };
            assert!(answer.varies_by_accept(), "{method} {path} {accept}: {answer:?}");
        }
    }
    for page in ["/login", "/signup"] {
        assert!(app.browser().get(page).send().expect(200).varies_by_accept());
    }
    assert!(app.alice().post("/logout").send().expect(204).varies_by_accept());
    assert!(app.browser_of("alice").post("/logout").send().expect(303).varies_by_accept());
}

#[test]
fn a_browser_at_the_root_is_sent_in_or_to_the_door() {
    let app = spawn_app();
    assert_eq!(app.browser().get("/").send().expect(303).location(), "/login");
    assert_eq!(app.browser_of("alice").get("/").send().expect(303).location(), "/account");
}

#[test]
fn a_browser_gets_errors_as_pages_with_the_request_id_on_them() {
    let app = spawn_app();
    let page = app.browser().get("/nothing/here").send().expect(404);
    assert!(page.is_page());
    assert!(page.text().contains(page.header("x-request-id").unwrap()));
}

#[test]
fn a_browser_that_mistypes_its_password_gets_the_form_again_with_the_reason() {
    let app = spawn_app();
    let form = [("username", "<b>alice</b>"), ("password", "not the right one"), ("next", "/docs")];
    let page = app.browser().post("/login").form(&form).send().expect(401);
    assert!(page.is_page() && page.text().contains("Incorrect username or password"));
    assert!(!page.text().contains("<b>alice") && !page.text().contains("not the right one"));
    assert!(page.text().contains("/docs"));
    let form = [("username", "alice"), ("email", "x@example.com"), ("password", PASSWORD)];
    let page = app.browser().post("/signup").form(&form).send().expect(400);
    assert!(page.is_page() && page.text().contains("Username already registered"));
    assert!(!page.text().contains(PASSWORD));
}

#[test]
fn pages_are_not_kept_and_carry_no_inline_script_or_style() {
    let app = spawn_app();
    let root = app.browser_of("root");
    for path in [
        "/login",
        "/signup",
        "/account",
        "/admin",
        "/admin/users",
        "/admin/users/new",
        "/docs",
        "/redoc",
        "/errors/taken",
    ] {
        let page = match path {
            "/login" | "/signup" => app.browser().get(path).send().expect(200),
            _ => root.get(path).send().expect(200),
        };
        let text = page.text();
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        let scripts = text.split("<script").skip(1).all(|rest| rest.split('>').next().unwrap().contains("src="));
        let inline = ["<style", " style=", " onclick=", " onload=", " onsubmit=", " onchange=", "javascript:"];
        assert!(scripts && inline.iter().all(|word| !text.contains(word)), "{path}");
        assert!(text.contains("<html lang=\"en\"") && text.contains("<title>"), "{path}");
    }
}

#[test]
fn pages_speak_the_language_that_the_browser_asks_for() {
    let app = spawn_app();
    let german = app.browser().get("/login").with("Accept-Language", "de-AT,de;q=0.9,en;q=0.5").send().expect(200);
    assert!(german.text().contains("<html lang=\"de\""));
    let unknown = app.browser().get("/login").with("Accept-Language", "xx").send().expect(200);
    assert!(unknown.text().contains("<html lang=\"en\""));
}

#[test]
fn files_are_served_under_hashed_names_for_good() {
    let app = spawn_app();
    let page = app.browser().get("/login").send().text();
    let files: Vec<&str> = page.split('"').filter(|part| part.starts_with("/static/")).collect();
    assert!(!files.is_empty());
    for file in files {
        let answer = app.anon().get(file).send().expect(200);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"), "{file}");
        assert_eq!(
            (answer.header("content-encoding"), answer.header("vary")),
            (None, Some("accept-encoding")),
            "{file}"
        );
        let refused = app.anon().get(file).with("Accept-Encoding", "gzip;q=0, *").send().expect(200);
        assert_eq!(refused.body, answer.body, "{file}");
        let packed = app.anon().get(file).with("Accept-Encoding", "br, gzip").send().expect(200);
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{file}");
        let mut unpacked = Vec::new();
        GzDecoder::new(packed.body.as_slice()).read_to_end(&mut unpacked).expect("gzip");
        assert!(unpacked == answer.body && packed.body.len() < unpacked.len(), "{file}");
    }
    let docs = app.browser().get("/docs").send().text();
    let script = docs.split('"').find(|part| part.ends_with("/swagger-ui-bundle.js")).expect("its script");
    let packed = app.anon().get(script).send().expect(200);
    assert_eq!(
        (packed.header("content-encoding"), packed.header("content-type")),
        (Some("gzip"), Some("text/javascript; charset=utf-8"))
    );
    for missing in ["/static/0000000000000000/app.css", "/static/x/../Cargo.toml", "/static/x/%2e%2e%2fCargo.toml"] {
        app.anon().get(missing).send().expect(404);
    }
}
