//! `/users/me/sessions`: where somebody is signed in, and ending it from afar.

use serde_json::{Value, json};

use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

fn with_agent(app: &TestApp, agent: &str) -> Person {
    let form = [("username", "alice"), ("password", PASSWORD)];
    let person = app.anon().with("User-Agent", agent);
    person.holding(person.post("/token").form(&form).send().expect(200).json())
}

fn listed(person: &Person) -> Vec<Value> {
    let list = person.get("/users/me/sessions").send().expect(200).json();
    assert_eq!(list["next"], Value::Null);
    list["items"].as_array().expect("items").clone()
}

fn ids(person: &Person) -> Vec<String> {
    listed(person).iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn somebody_sees_where_they_are_signed_in_the_one_used_last_first() {
    let app = spawn_app();
    let first = with_agent(&app, "curl/8.14.1");
    app.advance(60);
    let (second, _) = (with_agent(&app, FIREFOX), app.bob());
    let items = listed(&first);
    let session = |person: &Person, current: bool, minute: u32, client: &str| {
        let time = format!("2030-01-01T00:0{minute}:00Z");
        json!({"id": person.sid(), "current": current, "created_at": time, "last_used_at": time, "client": client,
               "address": "127.0.0.1"})
    };
    assert_eq!(items, [session(&second, false, 1, "Firefox on Linux"), session(&first, true, 0, "curl 8.14")]);
}

#[test]
fn a_refresh_is_a_use() {
    let app = spawn_app();
    let (first, second) = (app.alice(), app.alice());
    app.advance(600);
    let first = app.anon().holding(app.refresh(&first).expect(200).json());
    let items = listed(&first);
    assert_eq!((&items[0]["id"], &items[1]["id"]), (&json!(first.sid()), &json!(second.sid())));
    assert_eq!(items[0]["last_used_at"], "2030-01-01T00:10:00Z");
    assert_eq!(items[0]["created_at"], "2030-01-01T00:00:00Z");
}

#[test]
fn a_browser_at_the_pages_is_one_of_them() {
    let app = spawn_app();
    let (alice, browser) = (app.alice(), app.browser_of("alice"));
    let other = ids(&alice).into_iter().find(|id| *id != alice.sid()).expect("the browser's");
    alice.delete(&format!("/users/me/sessions/{other}")).send().expect(204);
    assert!(!browser.is_at_home() && alice.is_known());
}

#[test]
fn a_client_is_told_in_words() {
    let app = spawn_app();
    let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
    let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    for (agent, words) in [
        (FIREFOX, "Firefox on Linux"),
        (&format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome}"), "Chrome on Windows"),
        (&format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome} Edg/142.0.0.0"), "Edge on Windows"),
        (&format!("Mozilla/5.0 (Linux; Android 10; K) {chrome}"), "Chrome on Android"),
        (
            &format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {webkit} Version/18.5 Safari/605.1.15"),
            "Safari on macOS",
        ),
        (
            &format!(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {webkit} Version/18.5 Mobile/15E148 Safari/604.1"
            ),
            "Safari on iPhone",
        ),
        ("python-requests/2.32.4", "python-requests 2.32"),
        ("<script>alert(1)</script>", "Unknown device"),
    ] {
        assert_eq!(listed(&with_agent(&app, agent))[0]["client"], words, "{agent}");
    }
    let long = "x".repeat(500);
    let told = listed(&with_agent(&app, &long))[0]["client"].as_str().expect("a text").len();
    assert!(told <= 100, "{told} characters");
}

#[test]
fn one_that_ends_is_dead_at_once_and_the_others_go_on() {
    let app = spawn_app();
    let (here, there, third) = (app.alice(), app.alice(), app.alice());
    let path = format!("/users/me/sessions/{}", there.sid());
    here.delete(&path).send().expect(204);
    assert!(!there.is_known() && here.is_known() && third.is_known());
    app.refresh(&there).expect(401);
    assert_eq!(ids(&here).len(), 2);
    here.delete(&path).send().expect(404);
    assert_eq!(app.recorded().iter().filter(|fact| *fact == "session.ended").count(), 1);
}

#[test]
fn the_own_one_ends_too() {
    let app = spawn_app();
    let alice = app.alice();
    alice.delete(&format!("/users/me/sessions/{}", alice.sid())).send().expect(204);
    assert!(!alice.is_known());
    app.refresh(&alice).expect(401);
}

#[test]
fn anothers_session_is_as_if_it_were_not_there() {
    let app = spawn_app();
    let (alice, bob, root) = (app.alice(), app.bob(), app.admin());
    let wrong = alice.delete("/users/me/sessions/nothing").send().expect(404).json()["detail"].clone();
    for person in [&alice, &root] {
        let answer = person.delete(&format!("/users/me/sessions/{}", bob.sid())).send().expect(404);
        assert_eq!(answer.json()["detail"], wrong);
    }
    for id in ["%00", "%27%20OR%20%271%27=%271", &"x".repeat(5000)] {
        alice.delete(&format!("/users/me/sessions/{id}")).send().expect(404);
    }
    assert!(bob.is_known());
    assert!(!ids(&alice).contains(&bob.sid()));
}

#[test]
fn all_others_end_and_this_one_goes_on() {
    let app = spawn_app();
    let (here, there, browser, bob) = (app.alice(), app.alice(), app.browser_of("alice"), app.bob());
    here.delete("/users/me/sessions").send().expect(204);
    assert!(here.is_known() && !there.is_known() && !browser.is_at_home() && bob.is_known());
    app.refresh(&there).expect(401);
    assert_eq!(ids(&here), [here.sid()]);
    here.delete("/users/me/sessions").send().expect(204);
    assert!(app.anon().holding(app.refresh(&here).expect(200).json()).is_known());
}

#[test]
fn what_is_over_is_not_listed() {
    let app = spawn_app();
    let (gone, idle) = (app.alice(), app.alice());
    gone.post("/logout").send().expect(204);
    assert_eq!(ids(&idle), [idle.sid()]);
    app.advance(7 * 86_400 + 1);
    let alice = app.alice();
    assert_eq!(ids(&alice), [alice.sid()]);
    assert!(listed(&alice)[0]["current"] == true);
}

#[test]
fn one_that_idled_out_is_not_there_to_be_ended() {
    let app = spawn_app();
    let (idle, old) = (app.alice(), app.browser_of("alice"));
    app.advance(7 * 86_400 + 1);
    let alice = app.alice();
    alice.delete(&format!("/users/me/sessions/{}", idle.sid())).send().expect(404);
    // Nor is there anything to end elsewhere, or to tell of it.
    alice.delete("/users/me/sessions").send().expect(204);
    assert!(!old.is_at_home());
    assert!(!app.recorded().contains(&"session.ended".to_owned()));
}

/// A program that has signed in so often, the newest at last.
fn busy(app: &TestApp, times: usize) -> Person {
    let each = (0..times).map(|_| app.alice()).collect::<Vec<_>>();
    each.into_iter().next_back().expect("one at least")
}

/// Every session of a list, through all its pages.
fn walk(person: &Person, path: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("{path}?limit={limit}{after}")).send().expect(200).json();
        let items = page["items"].as_array().expect("items");
        assert!(!items.is_empty() && items.len() <= limit);
        all.extend(items.clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

#[test]
fn a_long_list_comes_page_by_page_each_once_and_in_order() {
    let app = spawn_app();
    let (alice, root) = (busy(&app, 7), app.admin());
    // Some were used at the same moment.
    app.home.database.run("UPDATE sessions SET last_used_at = 1893456000000 + (last_used_at / 4) % 2");
    let all = listed(&alice);
    assert_eq!(all.len(), 7);
    for limit in [1, 2, 3, 6, 7, 200] {
        assert_eq!(walk(&alice, "/users/me/sessions", limit), all, "{limit}");
    }
    let path = format!("/api/users/{}/sessions", alice.id());
    let ids = |items: Vec<Value>| items.into_iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(walk(&root, &path, 2)), ids(all));
}

#[test]
fn one_that_ends_between_two_pages_breaks_nothing() {
    let app = spawn_app();
    let alice = busy(&app, 4);
    let all = ids(&alice);
    let page = alice.get("/users/me/sessions?limit=2").send().expect(200).json();
    alice.delete(&format!("/users/me/sessions/{}", all[1])).send().expect(204);
    let next = page["next"].as_str().expect("a cursor");
    let rest = alice.get(&format!("/users/me/sessions?limit=2&after={next}")).send().expect(200).json();
    assert_eq!((&rest["items"][0]["id"], &rest["items"][1]["id"]), (&json!(all[2]), &json!(all[3])));
    assert_eq!(rest["next"], Value::Null);
}

#[test]
fn a_page_has_fifty_where_nothing_is_said() {
    let app = spawn_app();
    let alice = busy(&app, 2);
    let copies = (0..60).map(|n| {
        format!(
            "INSERT INTO sessions (id, user_id, client_id, user_agent, address, created_at, last_used_at, \
             authenticated_at, idle_until, expires_at, tokens_until) SELECT 'copy{n}', user_id, client_id, user_agent, \
             address, created_at, last_used_at - {n}, authenticated_at, idle_until, expires_at, tokens_until \
             FROM sessions WHERE id = '{}';",
            alice.sid()
        )
    });
    app.home.database.run(&copies.collect::<String>());
    let page = alice.get("/users/me/sessions").send().expect(200).json();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(50));
    assert_eq!(walk(&alice, "/users/me/sessions", 50).len(), 62);
}

#[test]
fn a_value_that_a_parameter_does_not_know_is_named() {
    let app = spawn_app();
    let (alice, root, browser) = (app.alice(), app.admin(), app.browser_of("alice"));
    let of_another_list = root.get("/api/users?limit=1").send().json()["next"].as_str().expect("a cursor").to_owned();
    let admins = format!("/api/users/{}/sessions", alice.id());
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=many", "/limit"),
        ("after=nonsense!", "/after"),
        ("after=AAAA", "/after"),
        (&format!("after={of_another_list}"), "/after"),
    ] {
        for answer in
            [alice.get(&format!("/users/me/sessions?{query}")).send(), root.get(&format!("{admins}?{query}")).send()]
        {
            assert_eq!(answer.expect(422).json()["errors"][0]["pointer"], pointer, "{query}");
        }
        browser.get(&format!("/account/sessions?{query}")).send().expect(422);
    }
    let both = alice.get("/users/me/sessions?limit=0&after=x").send().expect(422).json();
    assert_eq!(both["errors"].as_array().map(Vec::len), Some(2));
    alice.get("/users/me/sessions?limit=1&limit=2").send().expect(400);
}

#[test]
fn they_are_told_to_nobody_without_a_token() {
    let app = spawn_app();
    app.anon().get("/users/me/sessions").send().refused(401, "Not authenticated");
    app.anon().delete("/users/me/sessions").send().refused(401, "Not authenticated");
    app.anon().delete("/users/me/sessions/x").send().refused(401, "Not authenticated");
    // A cookie is no token here: these routes are for programs.
    let browser = app.browser_of("alice");
    browser.delete("/users/me/sessions").with("Accept", "application/json").send().expect(401);
}
