//! What a client, and whoever may not read the log, do not learn about a refusal; and what somebody who sends tricks gets shown.

use serde_json::json;

use crate::harness::forge::{changed, claims_of, encode, header_of, hs256, hs256_header, unsigned};
use crate::harness::{spawn_app, spawn_with};
use crate::refusals::{ask, id_of, why};

#[test]
fn a_refresh_token_as_bearer_at_refresh_is_no_refused_access_token() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    app.anon().bearing(alice.refresh_token()).post("/refresh").send().expect(200);
    app.anon().bearing("nonsense").get("/health").send().expect(200);
    let marker = ask(&app, "nonsense");
    why(&app, &admin, &marker);
    let listed = admin.get("/api/refusals").send().expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
}

#[test]
fn a_dead_token_is_not_active_and_that_is_all() {
    let app = spawn_app();
    let (service, alice) = (app.service(), app.alice());
    alice.post("/logout").send().expect(204);
    for token in [alice.access(), alice.refresh_token(), "nonsense"] {
        let answer = service.post("/introspect").form(&[("token", token)]).send().expect(200);
        assert_eq!(answer.text(), r#"{"active":false}"#);
    }
}

#[test]
fn the_reason_does_not_leak_into_the_page_that_a_browser_gets() {
    let app = spawn_app();
    let alice = app.alice();
    alice.post("/logout").send().expect(204);
    let pages: Vec<String> = [alice.access(), "nonsense"]
        .map(|token| {
            let answer = app.anon().bearing(token).get("/users/me").with("Accept", "text/html").send().expect(401);
            answer.text().replace(&id_of(&answer), "ID")
        })
        .into();
    assert_eq!(pages[0], pages[1]);
}

#[test]
fn only_who_may_read_the_log_may_ask() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let answer = ask(&app, "nonsense");
    why(&app, &admin, &answer);
    let path = format!("/api/refusals/{}", id_of(&answer));
    let denied = "This needs the permission audit:read, which you do not hold.";
    let refused = alice.get(&path).send().refused(403, denied);
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"audit:read\"";
    assert_eq!(refused.header("WWW-Authenticate"), Some(challenge));
    alice.get("/api/refusals").send().refused(403, denied);
    app.anon().get(&path).send().refused(401, "Not authenticated");
    let browser = app.browser_of("alice");
    browser.get(&format!("/admin/refusals?id={}", id_of(&answer))).send().expect(403);
    assert!(!browser.get("/account").send().text().contains("/admin/refusals"));
}

#[test]
fn what_is_not_known_is_404_and_says_what_to_expect() {
    let app = spawn_app();
    let admin = app.admin();
    for id in ["unknown", "%00", "%27%20OR%201=1", "x%2Fy"] {
        let answer = admin.get(&format!("/api/refusals/{id}")).send();
        assert!(
            answer.clone().expect(404).json()["detail"].as_str().unwrap().contains("for 7 days"),
            "{}",
            answer.text()
        );
    }
    let browser = app.browser_of("root");
    let page = browser.get("/admin/refusals?id=unknown").send().expect(200).text();
    assert!(page.contains("Nothing is known under this id"));
}

#[test]
fn markup_and_tricks_in_a_header_are_shown_as_text_and_kept_short() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let trick = "<script>alert(1)</script>\u{202e}\u{0}\u{1b}[31m{by}";
    let header = changed(&header_of(alice.access()), &json!({"kid": format!("{trick}{}", "k".repeat(5_000))}));
    let answer = ask(&app, &unsigned(&header, &claims_of(alice.access()).to_string()));
    let told = why(&app, &admin, &answer);
    let kid = told["header"]["kid"].as_str().unwrap();
    assert!(kid.starts_with("<script>alert(1)</script>[31m{by}kkk") && kid.chars().count() == 100, "{kid}");
    let page = app.browser_of("root").get(&format!("/admin/refusals?id={}", id_of(&answer))).send().expect(200).text();
    assert!(!page.contains("<script>alert") && page.contains("alert(1)"), "{page}");
    assert!(page.contains("Nothing of this is proven"));
    let odd = format!("{}.{}.{}", encode(r#"{"alg":["<b>"],"typ":{},"kid":7}"#), encode("{}"), encode("x"));
    let told = why(&app, &admin, &ask(&app, &odd));
    assert_eq!(told["header"], json!({"proven": false, "kid": "7", "alg": r#"["<b>"]"#, "typ": "{}"}));
}

#[test]
fn the_token_itself_is_never_kept() {
    let app = spawn_with(&[("ALGORITHM", "HS256")]);
    let (admin, alice) = (app.admin(), app.alice());
    app.advance(3600);
    let admin = app.refresh(&admin).expect(200).json();
    let admin = app.anon().holding(admin);
    why(&app, &admin, &ask(&app, alice.access()));
    why(&app, &admin, &ask(&app, &hs256(&hs256_header(), "{}", b"x")));
    let columns = ["request_id", "reason", "found", "kid", "alg", "typ", "user_id", "session_id", "token_id", "route"];
    let all = columns.map(|name| format!("COALESCE({name}, '')")).join(" || '|' || ");
    let rows = app.home.database.texts(&format!("SELECT {all} AS value FROM refused_tokens"));
    assert_eq!(rows.len(), 2);
    // What is kept may be cut short, so the beginning of each part is looked for.
    let parts: Vec<&str> = alice.access().split('.').map(|part| &part[..20]).collect();
    assert!(rows.iter().all(|row| parts.iter().all(|part| !row.contains(part))), "{rows:?}");
}
