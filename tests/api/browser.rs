//! Signing in and out at a browser, and what the cookie is good for.

use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app, spawn_with};

const COOKIE: &str = "vestibule_session";

fn cookie(browser: &Person) -> String {
    browser.jar.as_ref().and_then(|jar| jar.get(COOKIE)).expect("a session cookie")
}

/// A browser that has got hold of somebody's cookie.
fn thief(app: &TestApp, cookie: &str) -> Person {
    let thief = app.browser();
    thief.jar.as_ref().unwrap().put(COOKIE, cookie);
    thief
}

#[test]
fn signing_in_gives_a_cookie_that_no_script_and_no_other_site_can_use() {
    let app = spawn_app();
    let answer = app.browser().post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(303);
    assert_eq!(answer.location(), "/account");
    let lines = answer.headers_named("set-cookie");
    let names: Vec<&str> = lines.iter().filter_map(|line| line.split('=').next()).collect();
    assert_eq!(names, [COOKIE, "vestibule_device"]);
    for line in &lines {
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(line.contains(flag), "{flag} in {line}");
        }
        assert!(!line.contains("Secure") && !line.contains("Domain"), "{line}");
    }
    assert_eq!(app.recorded(), ["signin.succeeded"]);
}

#[test]
fn under_https_the_cookie_is_bound_to_this_host() {
    let app = spawn_with(&[("PUBLIC_URL", "https://vestibule.test")]);
    let answer = app.browser().post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(303);
    let line = answer.headers_named("set-cookie").remove(0);
    assert!(line.starts_with("__Host-vestibule_session="), "{line}");
    assert!(line.contains("Secure") && line.contains("Path=/") && !line.contains("Domain"), "{line}");
}

#[test]
fn looking_around_gives_no_cookie() {
    let app = spawn_app();
    for path in ["/", "/login", "/signup", "/docs", "/missing", "/account"] {
        assert!(app.browser().get(path).send().header("set-cookie").is_none(), "{path}");
    }
}

#[test]
fn every_sign_in_has_an_id_of_its_own() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let first = cookie(&browser);
    browser.post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(303);
    assert_ne!(cookie(&browser), first);
    assert!(browser.is_at_home());
    assert!(!thief(&app, &first).is_at_home(), "the session before is over");
}

#[test]
fn a_cookie_planted_before_the_sign_in_is_useless_after_it() {
    let app = spawn_app();
    let planted = cookie(&app.browser_of("bob"));
    let victim = thief(&app, &planted);
    victim.post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(303);
    assert_ne!(cookie(&victim), planted);
    assert!(!thief(&app, &planted).is_at_home());
    let invented = thief(&app, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    invented.post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(303);
    assert!(invented.is_at_home() && !thief(&app, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").is_at_home());
}

#[test]
fn signing_out_kills_the_session_and_takes_the_cookie() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    let stolen = cookie(&browser);
    assert_eq!(browser.post("/logout").send().expect(303).location().split('?').next(), Some("/login"));
    assert!(browser.jar.as_ref().unwrap().get(COOKIE).is_none());
    assert!(!browser.is_at_home() && !thief(&app, &stolen).is_at_home());
    browser.post("/logout").send().expect(303);
    assert_eq!(app.recorded(), ["signin.succeeded", "session.signed_out"]);
}

#[test]
fn a_disabled_users_browser_is_sent_to_the_sign_in_page() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    assert!(browser.is_at_home());
    let admin = app.browser_of("root");
    let alice = app.home.database.texts("SELECT id AS value FROM users WHERE username = 'alice'").remove(0);
    let done = admin.post(&format!("/admin/users/{alice}/disable")).send().expect(303);
    assert!(done.location().starts_with(&format!("/admin/users/{alice}")));
    assert!(!browser.is_at_home());
    assert_eq!(
        browser.get("/admin/users?q=a%20b").send().expect(303).location(),
        "/login?next=%2Fadmin%2Fusers%3Fq%3Da%2520b"
    );
}

#[test]
fn a_changed_role_counts_in_the_browser_at_once() {
    let app = spawn_app();
    let admin = app.admin();
    let id = app.invite(&admin, "ada", &["admin"]);
    let ada = app.browser_of("ada");
    ada.get("/admin/users").send().expect(200);
    admin.put(&format!("/api/users/{id}/roles")).json(serde_json::json!({"roles": ["user"]})).send().expect(200);
    ada.get("/admin/users").send().expect(403);
    assert!(ada.is_at_home());
}

#[test]
fn a_session_idles_out_after_a_week_and_ends_after_ninety_days() {
    let app = spawn_app();
    let (idle, busy) = (app.browser_of("alice"), app.browser_of("alice"));
    for _ in 0..14 {
        app.advance(6 * 86_400);
        assert!(busy.is_at_home());
    }
    assert!(!idle.is_at_home());
    app.advance(6 * 86_400);
    assert!(!busy.is_at_home());
}

#[test]
fn people_see_where_they_are_signed_in_and_end_it_there() {
    let app = spawn_app();
    let (here, there, program) = (app.browser_of("alice"), app.browser_of("alice"), app.alice());
    let sid = crate::harness::forge::claims_of(program.access())["sid"].as_str().unwrap().to_owned();
    assert!(here.get("/account").send().expect(200).text().contains("in 2 other places"));
    assert!(here.get("/account/sessions").send().expect(200).text().contains(&sid));
    let ended = here.post(&format!("/account/sessions/{sid}/end")).send().expect(303);
    assert_eq!(ended.location(), "/account/sessions?done=session-ended");
    assert!(!program.is_known() && there.is_at_home());
    let ended = here.post("/account/sessions/end-others").send().expect(303);
    assert_eq!(ended.location(), "/account/sessions?done=others-ended");
    assert!(!there.is_at_home() && here.is_at_home());
}

#[test]
fn nobody_ends_somebody_elses_session() {
    let app = spawn_app();
    let (alice, bob) = (app.browser_of("alice"), app.bob());
    let sid = crate::harness::forge::claims_of(bob.access())["sid"].as_str().unwrap().to_owned();
    alice.post(&format!("/account/sessions/{sid}/end")).send();
    assert!(bob.is_known());
}

#[test]
fn people_change_the_name_that_others_see() {
    let app = spawn_app();
    let alice = app.browser_of("alice");
    alice.post("/account").form(&[("name", " Alice Liddell ")]).send().expect(303);
    assert_eq!(app.alice().get("/users/me").send().json()["name"], "Alice Liddell");
    alice.post("/account").form(&[("name", "a\u{7}b")]).send().expect(422);
}

#[test]
fn the_sign_in_page_goes_on_to_where_somebody_wanted_to_be_and_nowhere_else() {
    let app = spawn_app();
    let signed_in = app.browser_of("alice");
    for (next, to) in [
        ("/docs", "/docs"),
        ("/admin/users?q=a%20b", "/admin/users?q=a%20b"),
        ("https://evil.example", "/account"),
        ("//evil.example", "/account"),
        ("/\\evil.example", "/account"),
        ("/\t/evil.example", "/account"),
        ("\\\\evil.example", "/account"),
        ("javascript:alert(1)", "/account"),
        ("/a\r\nSet-Cookie: x=y", "/account"),
        (" //evil.example", "/account"),
        ("evil.example", "/account"),
        ("http:/evil.example", "/account"),
        ("", "/account"),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        assert_eq!(signed_in.get(&format!("/login?{query}")).send().expect(303).location(), to, "{next:?}");
    }
    for (next, to) in [("/docs", "/docs"), ("//evil.example", "/account"), ("https://evil.example/", "/account")] {
        let form = [("username", "bob"), ("password", PASSWORD), ("next", next)];
        assert_eq!(app.browser().post("/login").form(&form).send().expect(303).location(), to, "{next:?}");
    }
}

#[test]
fn signing_up_at_a_browser_signs_in() {
    let app = spawn_app();
    let browser = app.browser();
    let form =
        [("username", "carol"), ("email", "carol@example.com"), ("password", PASSWORD), ("next", "//evil.example")];
    assert_eq!(browser.post("/signup").form(&form).send().expect(303).location(), "/account");
    assert!(browser.is_at_home());
    let mut recorded = app.recorded();
    recorded.sort();
    assert_eq!(recorded, ["signin.succeeded", "user.signed_up"]);
}

#[test]
fn a_cookie_opens_pages_and_not_the_programs_routes() {
    let app = spawn_app();
    let root = app.browser_of("root");
    root.get("/api/users").with("Accept", "application/json").send().refused(401, "Not authenticated");
    root.get("/users/me").with("Accept", "application/json").send().refused(401, "Not authenticated");
    app.admin().get("/admin/users").with("Accept", "text/html").send().expect(303);
}

#[test]
fn a_program_signs_a_cookie_out_too() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    browser.post("/logout").with("Accept", "application/json").send().expect(204);
    assert!(!browser.is_at_home());
}
