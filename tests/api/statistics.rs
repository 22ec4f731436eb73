//! The overview: how much happens, counted once, and drawn.

use serde_json::{Value, json};
use vestibule::statistics;

use crate::harness::people::Person;
use crate::harness::{PASSWORD, START, TestApp, at_once, spawn_app, spawn_empty, start, wait_for};

/// As the job does it.
fn count(app: &TestApp) {
    wait_for(statistics::advance(&app.app)).expect("the log is counted");
}

fn fail(app: &TestApp) {
    app.anon().post("/token").form(&[("username", "bob"), ("password", "wrong")]).send().expect(401);
}

fn told(admin: &Person, span: &str) -> Value {
    admin.get(&format!("/api/statistics?span={span}")).send().expect(200).json()
}

/// All of a span, and the last part of it.
fn sums(told: &Value, what: &str) -> (i64, i64) {
    let items = told["items"].as_array().expect("items");
    let values: Vec<i64> = items.iter().map(|item| item[what].as_i64().unwrap_or(0)).collect();
    (values.iter().sum(), values.last().copied().expect("a last one"))
}

#[test]
fn what_happened_is_counted_by_hour_day_and_week() {
    let app = spawn_app();
    app.alice();
    app.alice();
    fail(&app);
    app.advance(3600);
    app.bob();
    app.anon()
        .post("/signup")
        .json(json!({"username": "zoe", "email": "zoe@example.com", "password": PASSWORD}))
        .send()
        .expect(201);
    let admin = app.admin();
    count(&app);
    let day = told(&admin, "day");
    assert_eq!(day["items"].as_array().map(Vec::len), Some(24));
    assert_eq!(day["items"][23]["from"], "2030-01-01T01:00:00Z");
    assert_eq!((sums(&day, "sign_ins"), sums(&day, "failures")), ((4, 2), (1, 0)));
    // The people of the house came a day before, which is 25 hours ago.
    assert_eq!(sums(&day, "new_users"), (1, 1));
    let month = told(&admin, "month");
    assert_eq!(month["items"].as_array().map(Vec::len), Some(30));
    assert_eq!((sums(&month, "sign_ins").1, sums(&month, "new_users")), (4, (4, 1)));
    let year = told(&admin, "year");
    assert_eq!(year["items"].as_array().map(Vec::len), Some(52));
    // 2029-12-31 was a Monday.
    assert_eq!(year["items"][51]["from"], "2029-12-31T00:00:00Z");
    assert_eq!(sums(&year, "new_users"), (4, 4));
    assert_eq!(admin.get("/api/statistics").send().expect(200).json(), day, "a day is what one means");
}

#[test]
fn each_entry_is_counted_once_however_many_count() {
    let app = spawn_app();
    let admin = app.admin();
    for _ in 0..5 {
        app.alice();
    }
    let other = start(app.home.clone(), &[]);
    at_once(4, |n| count(if n % 2 == 0 { &app } else { &other }));
    count(&app);
    assert_eq!(sums(&told(&admin, "day"), "sign_ins").0, 6);
    app.alice();
    count(&other);
    count(&app);
    assert_eq!(sums(&told(&admin, "day"), "sign_ins").0, 7);
}

#[test]
fn living_sessions_and_accounts_are_counted_and_the_most_of_them_stays() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let sample = || wait_for(statistics::sample(&app.app)).expect("they are counted");
    app.bob();
    app.advance(1);
    sample();
    let day = told(&admin, "day");
    let (most, users) = (day["sessions"].as_i64().expect("a number"), &day["users"]);
    assert_eq!((day["items"][23]["sessions"].as_i64(), users), (Some(most), &json!(3)));
    assert_eq!(day["items"][0]["sessions"], Value::Null, "nobody looked then");
    alice.delete("/users/me").send().expect(204);
    app.advance(1);
    sample();
    let day = told(&admin, "day");
    assert_eq!((&day["sessions"], &day["users"]), (&json!(most - 1), &json!(2)));
    assert_eq!(day["items"][23]["sessions"], json!(most));
}

#[test]
fn a_log_of_years_is_counted_too_and_its_hours_are_not_kept() {
    let app = spawn_app();
    let admin = app.admin();
    let years_ago = (START - 300 * 86_400) * 1000;
    app.home.database.run(&format!(
        "INSERT INTO audit_log (seq, id, at, kind, address, request_id, detail) VALUES \
         (1001, 'e', {years_ago}, 'signin.succeeded', '', 'r', '{{}}'), \
         (1002, 'e', {years_ago}, 'a.fact_of_tomorrow', '', 'r', '{{}}'), \
         (1003, 'e', 1, 'signin.succeeded', '', 'r', '{{}}')"
    ));
    count(&app);
    let hours =
        "SELECT CAST(starts_at AS TEXT) AS value FROM statistics WHERE span = 'hour' AND starts_at < 1890000000000";
    assert!(app.home.database.texts(hours).is_empty());
    assert_eq!(sums(&told(&admin, "year"), "sign_ins").0, 3, "with the one of the day before and the one of just now");
    wait_for(statistics::tidy(&app.app)).expect("tidied");
    app.advance(60 * 86_400);
    wait_for(statistics::tidy(&app.app)).expect("tidied");
    let hours = "SELECT name AS value FROM statistics WHERE span = 'hour' AND name = 'sign_ins'";
    assert!(app.home.database.texts(hours).is_empty());
    let sign_ins = sums(&told(&app.admin(), "year"), "sign_ins").0;
    assert_eq!(sign_ins, 3, "days stay; this sign-in's number is lower than that of the last that was counted");
}

#[test]
fn the_overview_draws_what_the_table_says() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    fail(&app);
    count(&app);
    let page = browser.get("/admin").send().expect(200).text();
    assert!(page.contains("aria-label=\"Failed sign-ins: 1 in the last 24 hours. The most: 1 (00:00).\""), "{page}");
    assert_eq!(page.matches("role=\"img\"").count(), 4);
    assert_eq!(page.matches("<th scope=\"row\">").count(), 24);
    assert!(!page.contains("style="), "the policy allows no style in the page");
    let page = browser.get("/admin?span=year").send().expect(200).text();
    assert!(page.contains("in the last 12 months") && page.contains("31 Dec"));
    browser.get("/admin?span=decade").send().expect(422);
    app.admin().get("/api/statistics?span=decade").send().expect(422);
    let german = app.browser_of("root").with("Accept-Language", "de");
    assert!(german.get("/admin?span=month").send().expect(200).text().contains("in den letzten 30 Tagen"));
}

#[test]
fn the_overview_of_a_young_installation_says_what_to_do_first() {
    let app = spawn_empty();
    let browser = app.browser();
    let code = app.setup_code();
    let form = [("code", &*code), ("username", "root"), ("email", "root@example.com"), ("password", PASSWORD)];
    browser.post("/setup").form(&form).send().expect(303);
    let page = browser.get("/admin").send().expect(200).text();
    assert!(page.contains("First steps") && page.contains("Nothing in this time"));
}

#[test]
fn nobody_is_told_without_the_permission_to_read_users() {
    let app = spawn_app();
    let scope = "users:write roles:write sessions:write keys:write tokens:introspect audit:read";
    let narrow = app.program(&[("username", "root"), ("password", PASSWORD), ("scope", scope)]);
    app.anon().get("/api/statistics").send().expect(401);
    app.alice().get("/api/statistics").send().expect(403);
    narrow.get("/api/statistics?span=nonsense").send().expect(403);
}

#[test]
fn whoever_may_not_read_the_log_is_not_told_that_nothing_happened() {
    let app = spawn_app();
    let admin = app.admin();
    admin.post("/api/roles").json(json!({"name": "reader", "permissions": ["users:read"]})).send().expect(201);
    app.invite(&admin, "rita", &["reader"]);
    let seen = |name: &str| app.browser_of(name).get("/admin").send().expect(200).text();
    assert!(!seen("rita").contains("All quiet") && !seen("rita").contains("What happened lately"));
    assert!(seen("root").contains("What happened lately"));
}
