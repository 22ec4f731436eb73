//! The second factor at a browser: the same attempt through a reload, the back button and two tabs; enrolment in the
//! flow; proving anew before what is dangerous.

use crate::harness::answer::Answer;
use crate::harness::authenticator::Authenticator;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, spawn_app, spawn_with};

fn begin(browser: &Person, name: &str, next: &str) -> String {
    let form = [("username", name), ("password", PASSWORD), ("next", next)];
    let answer = browser.post("/login").form(&form).send().expect(303);
    let place = answer.location().to_owned();
    assert!(place.starts_with("/login/factor?attempt="), "{place}");
    place
}

fn send_code(browser: &Person, place: &str, code: &str) -> Answer {
    let attempt = place.split_once("attempt=").expect("an attempt").1;
    browser.post("/login/factor").form(&[("attempt", attempt), ("otp", code)]).send()
}

/// What stands between two marks of a page.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    page.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .unwrap_or_else(|| panic!("no {before}: {page}"))
        .0
}

#[test]
fn it_is_asked_for_on_a_page_of_its_own_and_leads_on_to_where_one_wanted() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    let browser = app.browser();
    let place = begin(&browser, "alice", "/account/sessions");
    assert!(!browser.is_at_home());
    let page = browser.get(&place).send().expect(200);
    assert!(page.is_page() && page.text().contains("autocomplete=\"one-time-code\""));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let wrong = send_code(&browser, &place, &phone.wrong_code(&app)).expect(401);
    assert!(wrong.is_page() && wrong.text().contains("The code is wrong, or was used already."));
    browser.get(&place).send().expect(200);
    let done = send_code(&browser, &place, &phone.code(&app)).expect(303);
    assert_eq!(done.location(), "/account/sessions");
    assert!(browser.is_at_home());
}

#[test]
fn two_tabs_go_on_each_with_its_own() {
    let app = spawn_app();
    let (alices, _) = app.enrol(&app.alice());
    let (bobs, _) = app.enrol(&app.bob());
    let browser = app.browser();
    let first = begin(&browser, "alice", "/account");
    let second = begin(&browser, "bob", "/account/sessions");
    assert_eq!(send_code(&browser, &first, &alices.code(&app)).expect(303).location(), "/account");
    assert_eq!(send_code(&browser, &second, &bobs.code(&app)).expect(303).location(), "/account/sessions");
}

#[test]
fn an_attempt_belongs_to_the_browser_that_began_it() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    let (mine, other) = (app.browser(), app.browser());
    let place = begin(&mine, "alice", "/account");
    assert_eq!(other.get(&place).send().expect(303).location(), "/login?over=1");
    assert_eq!(send_code(&other, &place, &phone.code(&app)).expect(303).location(), "/login?over=1");
    assert!(!other.is_at_home());
    send_code(&mine, &place, &phone.code(&app)).expect(303);
    assert!(mine.is_at_home());
}

#[test]
fn a_sign_in_that_took_too_long_begins_anew() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    let browser = app.browser();
    let place = begin(&browser, "alice", "/account");
    app.advance(300);
    assert_eq!(browser.get(&place).send().expect(303).location(), "/login?over=1");
    assert_eq!(send_code(&browser, &place, &phone.code(&app)).expect(303).location(), "/login?over=1");
    assert!(browser.get("/login?over=1").send().expect(200).text().contains("Please sign in again."));
    assert!(!browser.is_at_home());
}

#[test]
fn calling_the_next_step_directly_skips_nothing() {
    let app = spawn_app();
    app.enrol(&app.alice());
    let browser = app.browser();
    let place = begin(&browser, "alice", "/account");
    let attempt = place.split_once("attempt=").expect("an attempt").1;
    for (path, field) in [("/login/enrol", "code"), ("/login/factor", "otp")] {
        for code in ["", "000000"] {
            let answer = browser.post(path).form(&[("attempt", attempt), (field, code)]).send();
            assert!(answer.status != 200 || !answer.text().contains("<svg class=\"qr\""), "{path}");
            assert!(!browser.is_at_home(), "{path} {code}");
        }
    }
    for path in ["/account", "/account/factors", "/account/factors/totp", "/confirm"] {
        let answer = browser.call(if path.ends_with("totp") { "POST" } else { "GET" }, path).form(&[]).send();
        assert!(answer.expect(303).location().starts_with("/login"), "{path}");
    }
}

#[test]
fn where_one_is_required_it_is_set_up_on_the_way_in() {
    let app = spawn_with(&[("SECOND_FACTOR", "required")]);
    let browser = app.browser();
    let form = [("username", "alice"), ("password", PASSWORD), ("next", "/account/sessions")];
    let place = browser.post("/login").form(&form).send().expect(303).location().to_owned();
    assert!(place.starts_with("/login/enrol?attempt="));
    assert!(!browser.is_at_home());
    let attempt = place.split_once("attempt=").expect("an attempt").1;
    // Looking makes no secret.
    assert!(!browser.get(&place).send().expect(200).text().contains("class=\"qr\""));
    let enrol = |code: &str| browser.post("/login/enrol").form(&[("attempt", attempt), ("code", code)]).send();
    let stale = enrol("").expect(200).text();
    let stale = Authenticator::scan(between(&stale, "<p class=\"secret-text\"><code>", "</code>"));
    let page = enrol("").expect(200).text();
    assert!(page.contains("class=\"qr\""));
    let phone = Authenticator::scan(between(&page, "<p class=\"secret-text\"><code>", "</code>"));
    // Whoever saw the page before knows nothing that counts.
    assert!(enrol(&stale.code(&app)).expect(400).text().contains("The code is wrong"));
    assert!(!browser.is_at_home());
    let codes = enrol(&phone.code(&app)).expect(200).text();
    assert!(browser.is_at_home());
    assert_eq!(codes.matches("<li><code>").count(), 10);
    let next = between(&codes, "name=\"next\" value=\"", "\"");
    let kept = browser.post("/account/factors/kept").form(&[("next", next), ("kept", "yes")]).send().expect(303);
    assert_eq!(kept.location(), "/account/sessions");
    // The attempt is used up, and whoever went back to its page is signed in.
    assert_eq!(enrol(&phone.code(&app)).expect(303).location(), "/account");
    app.advance(30);
    let again = app.browser();
    let place = begin(&again, "alice", "/account");
    send_code(&again, &place, between(&codes, "<li><code>", "</code>")).expect(303);
    assert!(again.is_at_home());
}

#[test]
fn whoever_signs_up_or_sets_up_where_one_is_required_sets_one_up_as_well() {
    let app = spawn_with(&[("SECOND_FACTOR", "required")]);
    let browser = app.browser();
    let form = [("username", "carol"), ("email", "carol@example.com"), ("password", PASSWORD)];
    let place = browser.post("/signup").form(&form).send().expect(303).location().to_owned();
    assert!(place.starts_with("/login/enrol?attempt="));
    assert!(!browser.is_at_home());
}

#[test]
fn what_is_dangerous_asks_for_a_proof_and_goes_on() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    browser.get("/account/password").send().expect(200);
    app.advance(15 * 60 + 1);
    let asked = browser.get("/account/password?x=1").send().expect(303);
    assert_eq!(asked.location(), "/confirm?next=%2Faccount%2Fpassword%3Fx%3D1");
    let page = browser.get(asked.location()).send().expect(200).text();
    assert!(page.contains("value=\"/account/password?x=1\"") && !page.contains("name=\"otp\""));
    let confirm = |password: &str| {
        browser.post("/confirm").form(&[("next", "/account/password?x=1"), ("password", password)]).send()
    };
    assert!(confirm("not it").expect(400).text().contains("The password is wrong."));
    browser.get("/account/password").send().expect(303);
    assert_eq!(confirm(PASSWORD).expect(303).location(), "/account/password?x=1");
    browser.get("/account/password").send().expect(200);
    let elsewhere = browser.post("/confirm").form(&[("next", "//evil.example"), ("password", PASSWORD)]).send();
    assert_eq!(elsewhere.expect(303).location(), "/account");
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "signin.confirmed").count(), 2);
}

#[test]
fn whoever_has_a_second_factor_proves_that_as_well() {
    let app = spawn_app();
    let (phone, _) = app.enrol(&app.alice());
    let browser = app.browser();
    let place = begin(&browser, "alice", "/account");
    send_code(&browser, &place, &phone.code(&app)).expect(303);
    app.advance(15 * 60 + 1);
    assert!(browser.get("/confirm").send().expect(200).text().contains("name=\"otp\""));
    let confirm = |password: &str, code: &str| {
        browser.post("/confirm").form(&[("password", password), ("otp", code)]).send().status
    };
    assert_eq!(confirm(PASSWORD, ""), 401);
    assert_eq!(confirm(PASSWORD, &phone.wrong_code(&app)), 401);
    // A code is not spent on a wrong password.
    assert_eq!(confirm("not it", &phone.code(&app)), 400);
    assert_eq!(confirm(PASSWORD, &phone.code(&app)), 303);
    browser.post("/account/factors/totp/remove").form(&[]).send().expect(303);
}

#[test]
fn a_form_that_came_too_late_leads_through_the_proof_back_to_its_page() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    app.advance(15 * 60 + 1);
    let late = |referer: &str| {
        let call = browser.post("/account/factors/totp").with("Referer", referer).form(&[]);
        call.send().expect(303).location().to_owned()
    };
    let page = format!("{}/account/factors", app.app.config.public_url.origin());
    assert_eq!(late(&page), "/confirm?next=%2Faccount%2Ffactors");
    assert_eq!(late("https://evil.example/account"), "/confirm");
    assert_eq!(late(&format!("{}.evil.example/", app.app.config.public_url.origin())), "/confirm");
}

#[test]
fn roles_are_given_with_a_fresh_proof_only() {
    let app = spawn_app();
    let admin = app.admin();
    let path = format!("/api/users/{}/roles", app.user_id("bob"));
    let give = |person: &Person| person.put(&path).json(serde_json::json!({"roles": ["user"]})).send();
    give(&admin).expect(200);
    app.advance(15 * 60 + 1);
    let stale = app.anon().holding(app.refresh(&admin).expect(200).json());
    crate::my_password::is_not_fresh(give(&stale));
}

#[test]
fn whoever_is_made_with_roles_or_moved_to_another_address_takes_a_fresh_proof() {
    let app = spawn_app();
    let admin = app.admin();
    app.advance(15 * 60 + 1);
    let stale = app.anon().holding(app.refresh(&admin).expect(200).json());
    let new = |roles: &[&str]| serde_json::json!({"username": "eve", "email": "eve@example.com", "password": PASSWORD, "roles": roles});
    crate::my_password::is_not_fresh(stale.post("/api/users").json(new(&["admin"])).send());
    stale.post("/api/users").json(new(&["user"])).send().expect(201);
    let bob = format!("/api/users/{}", app.user_id("bob"));
    crate::my_password::is_not_fresh(stale.patch(&bob).json(serde_json::json!({"email": "eve2@example.com"})).send());
    stale.patch(&bob).json(serde_json::json!({"name": "Bob", "email": "bob@example.com"})).send().expect(200);
}

#[test]
fn nothing_is_set_up_with_a_password_that_was_changed_meanwhile() {
    let app = spawn_with(&[("SECOND_FACTOR", "required")]);
    let thief = app.browser();
    let place = thief.post("/login").form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(303);
    let attempt = place.location().split_once("attempt=").expect("an attempt").1.to_owned();
    let enrol = |code: &str| thief.post("/login/enrol").form(&[("attempt", &attempt), ("code", code)]).send();
    let page = enrol("").expect(200).text();
    let phone = Authenticator::scan(between(&page, "<p class=\"secret-text\"><code>", "</code>"));
    app.home.database.run("UPDATE passwords SET hash = 'another'");
    assert_eq!(enrol(&phone.code(&app)).expect(303).location(), "/login?over=1");
    let confirmed = "SELECT user_id AS value FROM totp_secrets WHERE confirmed_at IS NOT NULL";
    assert_eq!(app.home.database.texts(confirmed), Vec::<String>::new());
}

#[test]
fn a_page_that_says_to_wait_says_how_long() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    let browser = app.browser_of("alice");
    let wrong = || browser.post("/confirm").form(&[("password", "not it")]).send();
    for _ in 0..5 {
        wrong().expect(400);
    }
    let last = wrong().expect(429);
    assert!(last.is_page() && last.header("retry-after").is_some_and(|wait| wait == "30"));
}

#[test]
fn a_password_is_changed_on_its_page() {
    let app = spawn_app();
    let (browser, other) = (app.browser_of("alice"), app.browser_of("alice"));
    let change = |current: &str, new: &str| {
        browser.post("/account/password").form(&[("current_password", current), ("new_password", new)]).send()
    };
    assert!(change("not it", "another horse, stapled").expect(400).text().contains("The current password is wrong."));
    assert!(change(PASSWORD, "password1").expect(422).text().contains("too easy to guess"));
    assert_eq!(change(PASSWORD, "another horse, stapled").expect(303).location(), "/account?done=password-changed");
    assert!(browser.is_at_home() && !other.is_at_home());
}

#[test]
fn second_factors_are_looked_after_on_their_page() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    assert!(browser.get("/account/factors").send().expect(200).text().contains("Set up an app"));
    let page = browser.post("/account/factors/totp").form(&[]).send().expect(200).text();
    let phone = Authenticator::scan(between(&page, "<p class=\"secret-text\"><code>", "</code>"));
    let confirm = |code: &str| browser.post("/account/factors/totp/confirm").form(&[("code", code)]).send();
    let wrong = confirm(&phone.wrong_code(&app)).expect(400).text();
    assert!(wrong.contains("The code is wrong") && !wrong.contains("class=\"qr\""));
    let codes = confirm(&phone.code(&app)).expect(200).text();
    assert_eq!(codes.matches("<li><code>").count(), 10);
    let page = browser.get("/account/factors").send().expect(200).text();
    assert!(page.contains("10 of 10 are left.") && page.contains("You have not said yet"));
    browser.post("/account/factors/kept").form(&[("next", "/account/factors"), ("kept", "yes")]).send().expect(303);
    assert!(!browser.get("/account/factors").send().expect(200).text().contains("You have not said yet"));
    assert_eq!(
        browser.post("/account/factors/codes").form(&[]).send().expect(200).text().matches("<li><code>").count(),
        10
    );
    browser.get("/account/factors/totp/remove").send().expect(200);
    let removed = browser.post("/account/factors/totp/remove").form(&[]).send().expect(303);
    assert_eq!(removed.location(), "/account/factors?done=factor-removed");
}

#[test]
fn an_administrator_gives_a_bypass_on_the_users_page() {
    let app = spawn_app();
    app.enrol(&app.alice());
    let (admin, id) = (app.browser_of("root"), app.user_id("alice"));
    assert!(admin.get(&format!("/admin/users/{id}")).send().expect(200).text().contains("Let in once"));
    let page = admin.post(&format!("/admin/users/{id}/bypass")).form(&[]).send().expect(200).text();
    let code = between(&page, "<p class=\"secret-text\"><code>", "</code>").to_owned();
    let browser: Person = app.browser();
    let place = begin(&browser, "alice", "/account");
    send_code(&browser, &place, &code).expect(303);
    assert!(browser.is_at_home());
}
