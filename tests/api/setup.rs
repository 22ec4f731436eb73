//! The one-time link that makes the first administrator.

use crate::harness::answer::Answer;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, at_once, spawn_app, spawn_empty, wait_for};

fn follow(browser: &Person, code: &str, name: &str) -> Answer {
    let email = format!("{name}@example.com");
    let form = [("code", code), ("username", name), ("email", email.as_str()), ("password", PASSWORD)];
    browser.post("/setup").form(&form).send()
}

#[test]
fn the_link_makes_the_first_administrator_and_signs_them_in() {
    let app = spawn_empty();
    let (code, browser) = (app.setup_code(), app.browser());
    assert_eq!(follow(&browser, &code, "ada").expect(303).location(), "/admin");
    browser.get("/admin").send().expect(200);
    app.user("ada").get("/api/users").send().expect(200);
    let mut recorded = app.recorded();
    recorded.sort();
    assert_eq!(recorded, ["installation.set_up", "signin.succeeded", "signin.succeeded"]);
    assert!(matches!(wait_for(vestibule::signin::setup::link(&app.app)), Ok(None)));
}

#[test]
fn opening_the_link_uses_nothing_up() {
    let app = spawn_empty();
    let code = app.setup_code();
    for _ in 0..3 {
        app.browser().get(&format!("/setup?code={code}")).send().expect(200);
    }
    follow(&app.browser(), &code, "ada").expect(303);
}

#[test]
fn a_wrong_code_makes_nobody() {
    let app = spawn_empty();
    let code = app.setup_code();
    let other = code.replacen(code.chars().next().unwrap(), "!", 1);
    for wrong in ["", "x", &code[1..], &other, &format!("{code}x"), &code.to_uppercase()] {
        app.browser().get(&format!("/setup?code={wrong}")).send().expect(404);
        follow(&app.browser(), wrong, "mallory").expect(404);
    }
    app.browser().get("/setup").send().expect(404);
    app.browser().post("/setup").form(&[]).send().expect(404);
    assert!(app.recorded().is_empty());
}

#[test]
fn the_link_works_once() {
    let app = spawn_empty();
    let code = app.setup_code();
    follow(&app.browser(), &code, "ada").expect(303);
    follow(&app.browser(), &code, "eve").expect(404);
    app.browser().get(&format!("/setup?code={code}")).send().expect(404);
    assert_eq!(app.home.database.texts("SELECT username AS value FROM users"), ["ada"]);
}

#[test]
fn of_two_who_follow_the_link_at_once_one_becomes_administrator() {
    let app = spawn_empty();
    let code = app.setup_code();
    let mut statuses = at_once(4, |n| follow(&app.browser(), &code, &format!("admin{n}")).status);
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404, 404, 404]);
    assert_eq!(app.home.database.texts("SELECT username AS value FROM users").len(), 1);
}

#[test]
fn what_was_mistyped_comes_back_with_the_reason_and_the_link_still_works() {
    let app = spawn_empty();
    let code = app.setup_code();
    let form = [("code", code.as_str()), ("username", "a"), ("email", "ada@example.com"), ("password", "short")];
    let page = app.browser().post("/setup").form(&form).send().expect(422);
    assert!(page.is_page() && page.text().contains("at least 8 characters") && page.text().contains("ada@example.com"));
    follow(&app.browser(), &code, "ada").expect(303);
}

#[test]
fn whoever_signs_up_first_is_no_administrator() {
    let app = spawn_empty();
    let new =
        serde_json::json!({"username": "eve", "email": "eve@example.com", "password": PASSWORD, "roles": ["admin"]});
    let account = app.anon().post("/signup").json(new).send().expect(201).json();
    assert_eq!(account["roles"], serde_json::json!(["user"]));
    app.user("eve").get("/api/users").send().expect(403);
    app.setup_code();
}

#[test]
fn a_link_of_another_installation_does_not_work_where_there_is_an_administrator() {
    let code = spawn_empty().setup_code();
    follow(&spawn_app().browser(), &code, "eve").expect(404);
}
