//! The list of users, page by page.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::people::Person;
use crate::harness::{START, TestApp, spawn_app};

const GUESTS: usize = 250;

/// Many users beside the three: some disabled, some made at the same moment, their names in no order.
fn crowd() -> (TestApp, Person) {
    let app = spawn_app();
    let rows: Vec<String> = (0..GUESTS).map(row).collect();
    app.home.database.run(&format!(
        "INSERT INTO users (id, username, username_folded, email, email_folded, disabled_at, created_at, updated_at) \
         VALUES {}; INSERT INTO user_roles (user_id, role_id) SELECT id, 'user' FROM users WHERE username_folded LIKE 'guest%'",
        rows.join(", ")
    ));
    let admin = app.admin();
    (app, admin)
}

fn row(n: usize) -> String {
    let mixed = n * 7919 % 1000;
    let (name, made) = (format!("Guest{mixed:03}"), START * 1000 - 1_000_000 + (n as i64 / 20));
    let disabled = if n.is_multiple_of(5) { "1" } else { "NULL" };
    let folded = name.to_lowercase();
    format!(
        "('id{mixed:04}{n}', '{name}', '{folded}', '{name}@Crowd.example', '{folded}@crowd.example', {disabled}, {made}, {made})"
    )
}

/// Every user of a list, through all its pages.
fn walk(admin: &Person, query: &str) -> Vec<Value> {
    walk_on(admin, query, String::new())
}

/// The rest of a list, from this cursor on.
fn walk_on(admin: &Person, query: &str, mut after: String) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let page = admin.get(&format!("/api/users?{query}{after}")).send().expect(200).json();
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
        assert!(all.len() <= GUESTS + 3, "the list goes in circles");
    }
}

fn names(users: &[Value]) -> Vec<String> {
    users.iter().map(|user| user["username"].as_str().unwrap().to_lowercase()).collect()
}

#[test]
fn every_order_gives_everybody_once() {
    let (_app, admin) = crowd();
    for sort in ["username", "-username", "email", "-email", "created_at", "-created_at"] {
        let users = walk(&admin, &format!("sort={sort}&limit=37"));
        let mut found = names(&users);
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), GUESTS + 3, "{sort}");
        assert_eq!(found.len(), GUESTS + 3, "{sort}");
        let mut times: Vec<String> = users.iter().map(|user| user["created_at"].to_string()).collect();
        if sort.starts_with('-') {
            found.reverse();
            times.reverse();
        }
        match sort.trim_start_matches('-') {
            "username" | "email" => assert!(found.is_sorted(), "{sort}"),
            _ => assert!(times.is_sorted(), "{sort}"),
        }
    }
}

#[test]
fn the_size_of_a_page_does_not_change_the_list() {
    let (_app, admin) = crowd();
    let whole = walk(&admin, "limit=200");
    assert_eq!(walk(&admin, ""), whole);
    assert_eq!(walk(&admin, "limit=50"), whole);
}

#[test]
fn who_comes_while_somebody_leafs_is_no_reason_to_see_anybody_twice() {
    let (app, admin) = crowd();
    let first = admin.get("/api/users?limit=100").send().expect(200).json();
    for name in ["aaron", "zacharias"] {
        let new = json!({"username": name, "email": format!("{name}@example.com")});
        admin.post("/api/users").json(new).send().expect(201);
    }
    let next = first["next"].as_str().unwrap();
    let rest = walk_on(&admin, "limit=100", format!("&after={next}"));
    let mut all = names(first["items"].as_array().unwrap());
    all.extend(names(&rest));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    assert!(all.contains(&"zacharias".to_owned()));
    drop(app);
}

#[test]
fn a_part_of_the_name_or_the_address_finds_somebody_in_any_case() {
    let (_app, admin) = crowd();
    let found = |query: &str| names(&walk(&admin, query));
    assert_eq!(found("q=ALIC"), ["alice"]);
    assert_eq!(found("q=lice%40EXAMPLE"), ["alice"]);
    assert_eq!(found("q=crowd.example").len(), GUESTS);
    assert_eq!(found("q=uest00").len(), walk(&admin, "q=GUEST00").len());
    assert_eq!(found("q=example.com"), ["alice", "bob", "root"]);
    for nobody in ["q=%25", "q=_", "q=guest%25", "q=!", "q=%5C", "q='", "q=alice%20x"] {
        assert!(found(nobody).is_empty(), "{nobody}");
    }
    assert_eq!(found("q=%20alice%20"), ["alice"]);
    // One or two letters, at the beginning.
    assert_eq!(found("q=a"), ["alice"]);
    assert_eq!(found("q=al"), ["alice"]);
    assert_eq!(found("q=b@"), Vec::<String>::new());
    assert!(found("q=li").is_empty());
}

#[test]
fn filters_narrow_the_list() {
    let (_app, admin) = crowd();
    let count = |query: &str| walk(&admin, query).len();
    assert_eq!(count("status=disabled"), GUESTS / 5);
    assert_eq!(count("status=active"), GUESTS * 4 / 5 + 3);
    assert_eq!(count("role=admin"), 1);
    assert_eq!(count("role=user"), GUESTS + 2);
    assert_eq!(count("role=user&status=disabled&q=guest&sort=-created_at&limit=7"), GUESTS / 5);
    assert!(walk(&admin, "status=disabled").iter().all(|user| user["disabled"] == true));
    assert!(walk(&admin, "role=admin").iter().all(|user| user["roles"] == json!(["admin"])));
}

#[test]
fn a_value_that_a_parameter_does_not_know_is_named() {
    let app = spawn_app();
    let (admin, browser) = (app.admin(), app.browser_of("root"));
    for (query, pointer) in [
        ("status=asleep", "/status"),
        ("status=Active", "/status"),
        ("sort=name", "/sort"),
        ("verified=true", "/verified"),
        ("created_since=yesterday", "/created_since"),
        ("created_before=2026-02-30", "/created_before"),
        ("sort=--username", "/sort"),
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=ten", "/limit"),
        ("limit=99999999999999999999", "/limit"),
        ("after=nonsense!", "/after"),
        ("after=AAAA", "/after"),
    ] {
        let answer = admin.get(&format!("/api/users?{query}")).send().expect(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{query}");
        browser.get(&format!("/admin/users?{query}")).send().expect(422);
    }
}

#[test]
fn a_role_that_does_not_exist_is_an_unknown_value_too() {
    let app = spawn_app();
    let answer = app.admin().get("/api/users?role=pirate").send().expect(422);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/role");
}

#[test]
fn the_cursor_of_one_order_is_no_cursor_of_another() {
    let (_app, admin) = crowd();
    let by_name = admin.get("/api/users?limit=5").send().expect(200).json();
    let next = by_name["next"].as_str().unwrap();
    admin.get(&format!("/api/users?limit=5&sort=created_at&after={next}")).send().expect(422);
}

#[test]
fn an_id_does_not_count_up_and_one_that_nobody_has_is_not_found() {
    let app = spawn_app();
    let admin = app.admin();
    let ids: Vec<Value> = walk(&admin, "").iter().map(|user| user["id"].clone()).collect();
    assert!(ids.iter().all(|id| id.as_str().is_some_and(|id| id.len() == 32)));
    for id in ["0", "1", "nobody", "%20"] {
        admin.get(&format!("/api/users/{id}")).send().expect(404);
        admin.get(&format!("/api/users/{id}/sessions")).send().expect(404);
        admin.post(&format!("/api/users/{id}/disable")).send().expect(404);
        admin.put(&format!("/api/users/{id}/roles")).json(json!({"roles": []})).send().expect(404);
    }
}
