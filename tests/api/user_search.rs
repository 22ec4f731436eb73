//! Users found by a part of what they are called, in every way that a list is read: few, many, in any order, while others come
//! and go.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::database::{Copy, on_postgres};
use crate::harness::people::Person;
use crate::harness::{Home, START, TestApp, spawn_app, start};

/// More than are gathered without asking whether walking were shorter, and more than one stretch of a walk.
const CROWD: usize = 6_600;

/// A crowd whose first thousand are called differently from the rest, behind all others in every order.
fn crowded() -> (TestApp, Person) {
    let app = spawn_app();
    for some in 0..CROWD / 600 {
        let rows: Vec<String> = (some * 600..(some + 1) * 600).map(row).collect();
        app.home.database.run(&format!(
            "INSERT INTO users (id, username, username_folded, email, email_folded, name, name_folded, disabled_at, \
             email_verified_at, created_at, updated_at) VALUES {};",
            rows.join(", ")
        ));
    }
    app.home.database.run(
        "INSERT INTO user_roles (user_id, role_id) SELECT id, 'user' FROM users WHERE username_folded LIKE 'member%'; \
         INSERT INTO roles (id, name, created_at) VALUES ('r-rare', 'rare', 0); \
         INSERT INTO user_roles (user_id, role_id) SELECT id, 'r-rare' FROM users WHERE username_folded LIKE 'zulu%7';",
    );
    let admin = app.admin();
    (app, admin)
}

fn row(n: usize) -> String {
    let name = if n < 1000 { format!("zulu{n:05}") } else { format!("member{:05}", n * 7919 % CROWD) };
    let made = START * 1000 - 100_000_000 + (CROWD - n) as i64 / 3;
    let disabled = if n % 3 == 1 { "1" } else { "NULL" };
    let verified = if n % 50 == 2 { "NULL" } else { "1" };
    format!(
        "('{:032x}', '{name}', '{name}', '{name}@crowd.example', '{name}@crowd.example', 'Łukasz {n}', 'łukasz {n}', \
         {disabled}, {verified}, {made}, {made})",
        n + 1
    )
}

/// Every user of a list, page by page.
fn walk(admin: &Person, query: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/users?limit=200&{query}{after}")).send().expect(200).json();
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
        assert!(all.len() <= CROWD + 3, "the list goes in circles");
    }
}

fn names(users: &[Value]) -> Vec<String> {
    users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn few_and_many_are_found_in_every_order_each_once() {
    let (_app, admin) = crowded();
    // The filter, and how many it means: few; many, behind all others; many, everywhere; nearly all.
    let filters = [
        ("q=zulu0001", 10),
        ("q=zulu", 1000),
        ("q=ulu00", 1000),
        ("q=member", CROWD - 1000),
        ("q=crowd.example", CROWD),
        ("q=crowd.example&status=disabled", CROWD / 3),
        ("q=MEMBER&status=active", 3733),
        ("q=ember&verified=no&status=disabled", 37),
        ("role=rare", 100),
        ("role=user&q=crowd", CROWD - 1000),
        ("verified=no&q=crowd", CROWD / 50),
        ("q=%C5%81UKASZ+11", 111),
    ];
    for (filter, count) in filters {
        let mut members: Option<BTreeSet<String>> = None;
        for sort in ["username", "-email", "created_at", "-created_at"] {
            let found = walk(&admin, &format!("{filter}&sort={sort}"));
            let once: BTreeSet<String> = names(&found).into_iter().collect();
            assert_eq!((found.len(), once.len()), (count, count), "{filter} {sort}");
            assert_eq!(*members.get_or_insert_with(|| once.clone()), once, "{filter} {sort}");
            let key = sort.trim_start_matches('-');
            let mut keys: Vec<(String, String)> =
                found.iter().map(|user| (user[key].to_string(), user["id"].to_string())).collect();
            if sort.starts_with('-') {
                keys.reverse();
            }
            match key {
                "created_at" => assert!(keys.iter().map(|(at, _)| at).is_sorted(), "{filter} {sort}"),
                _ => assert!(keys.is_sorted(), "{filter} {sort}"),
            }
        }
    }
}

#[test]
fn cursors_leave_nobody_out_and_show_nobody_twice_while_others_come_and_go() {
    for (filter, sort) in [("q=zulu", "username"), ("q=member", "-created_at"), ("q=crowd&status=active", "email")] {
        let (app, admin) = crowded();
        let before = names(&walk(&admin, &format!("{filter}&sort={sort}")));
        let (mut seen, mut after, mut turn) = (Vec::new(), String::new(), 0);
        let mut gone = BTreeSet::new();
        loop {
            let page = admin.get(&format!("/api/users?limit=97&{filter}&sort={sort}{after}")).send().expect(200).json();
            seen.extend(names(page["items"].as_array().unwrap()));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
            // Somebody who was seen and somebody who was not go, and two come, before and behind.
            turn += 1;
            if turn <= 8 {
                let unseen = before.iter().rev().nth(turn * 5).unwrap().clone();
                for name in [seen[turn * 11].clone(), unseen] {
                    app.home.database.run(&format!("DELETE FROM users WHERE username = '{name}'"));
                    gone.insert(name);
                }
                for name in [format!("member0000{turn}x"), format!("zulu9999{turn}x")] {
                    let new = json!({"username": name, "email": format!("{name}@crowd.example")});
                    admin.post("/api/users").json(new).send().expect(201);
                }
            }
        }
        let once: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(once.len(), seen.len(), "{filter} {sort}: somebody twice");
        let missed: Vec<&String> = before.iter().filter(|name| !once.contains(name) && !gone.contains(*name)).collect();
        assert!(missed.is_empty(), "{filter} {sort}: {missed:?}");
    }
}

#[test]
fn names_in_any_script_are_found_in_any_case_as_soon_as_they_are_given() {
    let app = spawn_app();
    let (admin, alice) = (app.admin(), app.alice());
    let found = |q: &str| {
        let query: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
        names(&walk(&admin, &format!("q={query}")))
    };
    for (name, part) in [
        ("Ångström Ñandú", "ÅNGSTRÖM ñ"),
        ("مريم الزهراء", "الزهراء"),
        ("Ελένη Παπαδοπούλου", "παπαδ"),
        ("100% _real_ \"name\" (it's)", "% _real_ \"name\" (IT'"),
        ("A AND B OR NOT NEAR(c) *", "NOT NEAR(c) *"),
        ("李小龙师傅", "小龙师"),
    ] {
        admin.patch(&format!("/api/users/{}", alice.id())).json(json!({"name": name})).send().expect(200);
        assert_eq!(found(part), ["alice"], "{name}");
    }
    assert!(found("ångström").is_empty(), "of the name before");
    assert!(found("小龙师x").is_empty());
    assert!(found("ice\nalice@").is_empty() && found("ice\u{0}").is_empty() && found(&"x".repeat(5000)).is_empty());
    let answer = admin.get("/api/users?q=ali").send().expect(200).json();
    assert_eq!(answer["search"], "anywhere");
    assert_eq!(admin.get("/api/users?q=al").send().expect(200).json()["search"], "beginning");
    assert_eq!(admin.get("/api/users").send().expect(200).json()["search"], Value::Null);
    admin.delete(&format!("/api/users/{}", alice.id())).send().expect(204);
    assert!(found("小龙师").is_empty());
}

#[test]
fn a_name_that_is_older_than_the_search_is_found_too() {
    let app = spawn_app();
    let home = app.home.clone();
    drop(app);
    home.database.run("UPDATE users SET name = 'Żaneta', name_folded = NULL WHERE username = 'alice'");
    let app = start(home, &[]);
    let admin = app.admin();
    crate::harness::within(std::time::Duration::from_secs(10), "the name is searched", || {
        names(&walk(&admin, "q=%C5%BCanet")) == ["alice"]
    });
}

#[test]
fn lists_are_narrowed_by_the_day_of_the_beginning() {
    let app = spawn_app();
    let admin = app.admin();
    app.home.database.run("UPDATE users SET created_at = 1700000000000 WHERE username = 'alice'");
    let found = |query: &str| names(&walk(&admin, query));
    for sort in ["username", "created_at", "-created_at"] {
        assert_eq!(found(&format!("created_before=2023-11-15&sort={sort}")), ["alice"]);
        assert_eq!(found(&format!("created_since=2023-11-14&created_before=2023-11-15&sort={sort}")), ["alice"]);
        assert!(found(&format!("created_since=2023-11-15&created_before=2023-11-16&sort={sort}")).is_empty());
        assert_eq!(found(&format!("created_since=2023-11-15&sort={sort}")).len(), 2);
    }
}

#[test]
fn a_file_that_was_packed_anew_finds_the_same() {
    if on_postgres() {
        return;
    }
    let (app, admin) = crowded();
    app.home.database.run("DELETE FROM users WHERE username_folded LIKE 'member_0%'; VACUUM;");
    for filter in ["q=zulu0001", "q=ember01", "q=ulu0099"] {
        let found = names(&walk(&admin, filter));
        assert!(!found.is_empty() && found.iter().all(|name| name.contains(&filter[2..])), "{filter} {found:?}");
    }
    let copy = Home::new(Copy::Empty);
    let target = copy.path().join("vestibule.db");
    std::fs::remove_file(&target).unwrap();
    app.home.database.run(&format!("VACUUM INTO '{}'", target.display()));
    let twin = start(copy, &[]);
    assert_eq!(names(&walk(&twin.admin(), "q=ulu0099")), names(&walk(&admin, "q=ulu0099")));
}

#[test]
fn without_the_right_to_extend_the_database_the_beginning_is_looked_at_and_the_page_says_so() {
    if !on_postgres() {
        return;
    }
    let app = spawn_app();
    let home = app.home.clone();
    drop(app);
    home.database.run(
        "DROP EXTENSION pg_trgm CASCADE; \
         DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM PUBLIC, %I', current_database(), current_user); END $$",
    );
    let app = start(home, &[]);
    let (admin, browser) = (app.admin(), app.browser_of("root"));
    let found = |query: &str| names(&walk(&admin, query));
    assert_eq!(found("q=ALIC"), ["alice"]);
    assert_eq!(found("q=alice%40ex"), ["alice"]);
    assert!(found("q=lice").is_empty() && found("q=lice%40example").is_empty());
    assert_eq!(admin.get("/api/users?q=alic").send().expect(200).json()["search"], "beginning");
    let page = browser.get("/admin/users?q=alic").send().expect(200).text();
    assert!(page.contains("CREATE EXTENSION pg_trgm"), "{page}");
}
