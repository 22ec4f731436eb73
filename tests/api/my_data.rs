//! One's own account as people expect to find it: what happened, all their data, and the way out.

use crate::harness::{PASSWORD, spawn_app};

#[test]
fn activity_is_ones_own_newest_first_and_page_by_page() {
    let app = spawn_app();
    let browser = app.browser_of("alice");
    for _ in 0..4 {
        app.advance(60);
        app.alice();
    }
    app.bob();
    let page = browser.get("/account/activity?limit=3").send().expect(200).text();
    assert_eq!(page.matches("alice signed in").count(), 3);
    assert!(!page.contains("bob"));
    let next = page.split_once("rel=\"next\" href=\"").expect("a next page").1.split_once('"').expect("its end").0;
    let rest = browser.get(&next.replace("&amp;", "&").replace("&#38;", "&")).send().expect(200).text();
    assert!(rest.contains("alice signed in") && rest.contains("alice signed up"), "{rest}");
    browser.get("/account/activity?after=nonsense").send().expect(422);
}

#[test]
fn all_that_is_known_of_somebody_is_theirs_to_take_and_holds_no_secret() {
    let app = spawn_app();
    let alice = app.alice();
    let (_, codes) = app.enrol(&alice);
    let answer = alice.get("/users/me/data").send().expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let data = answer.json();
    assert_eq!(data["account"]["email"], "alice@example.com");
    assert_eq!(data["second_factors"]["recovery_codes_left"], 10);
    assert!(data["sessions"]["items"].as_array().is_some_and(|all| !all.is_empty()));
    let happened: Vec<&str> =
        data["activity"].as_array().expect("a list").iter().filter_map(|e| e["what"].as_str()).collect();
    assert!(happened.contains(&"user.signed_up") && happened.contains(&"factor.added"));
    let text = data.to_string();
    assert!(!text.contains("$2b$") && !text.contains(PASSWORD) && !text.contains(&codes[0]) && !text.contains("bob"));
    let file = app.browser_of("bob").get("/account/data").send().expect(200);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"vestibule-bob.json\""));
    assert_eq!(file.json()["account"]["username"], "bob");
}

#[test]
fn from_where_an_administrator_works_is_not_told() {
    let app = spawn_app();
    let (alice, id) = (app.alice(), app.user_id("alice"));
    app.admin().put(&format!("/api/users/{id}/roles")).json(serde_json::json!({"roles": []})).send().expect(200);
    let data =
        app.anon().holding(app.refresh(&alice).expect(200).json()).get("/users/me/data").send().expect(200).json();
    let all = data["activity"].as_array().expect("a list").clone();
    let of = |what: &str| all.iter().find(|event| event["what"] == what).unwrap_or_else(|| panic!("no {what}")).clone();
    assert_eq!((&of("user.roles_changed")["by"], &of("user.roles_changed")["address"]), (&"root".into(), &"".into()));
    assert_eq!(of("signin.succeeded")["address"], "127.0.0.1");
}

#[test]
fn an_account_is_deleted_by_typing_its_name_with_a_fresh_proof() {
    let app = spawn_app();
    let (browser, phone) = (app.browser_of("alice"), app.alice());
    let delete = |name: &str| browser.post("/account/delete").form(&[("username", name)]).send();
    assert!(delete("bob").expect(422).text().contains("That is not the username of this account."));
    app.advance(15 * 60 + 1);
    assert!(browser.get("/account/delete").send().expect(303).location().starts_with("/confirm"));
    assert!(delete("alice").expect(303).location().starts_with("/confirm"));
    browser.post("/confirm").form(&[("password", PASSWORD)]).send().expect(303);
    assert_eq!(delete("alice").expect(303).location(), "/login?done=account-deleted");
    assert!(!browser.is_at_home() && !phone.is_known());
    let again = app.anon().post("/token").form(&[("username", "alice"), ("password", PASSWORD)]).send();
    again.refused(401, "Incorrect username or password");
}

#[test]
fn the_last_administrator_stays() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let refused = browser.post("/account/delete").form(&[("username", "root")]).send().expect(409);
    assert!(refused.is_page() && refused.text().contains("last administrator"));
    assert!(browser.is_at_home());
}
