//! The audit log as it is searched: by programs, as JSON lines, and on its page.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vestibule::audit;

use crate::harness::database::on_postgres;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, START, TestApp, spawn_app, spawn_with, wait_for};

const LINES: &str = "application/x-ndjson";

fn search(admin: &Person, query: &str) -> Vec<Value> {
    let list = admin.get(&format!("/api/audit?{query}")).send().expect(200).json();
    list["items"].as_array().expect("items").clone()
}

fn kinds(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["kind"].as_str().expect("a kind")).collect()
}

/// All that fits, page by page.
fn walk(admin: &Person, query: &str, limit: usize) -> Vec<i64> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/audit?{query}&limit={limit}&after={after}")).send().expect(200).json();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= limit);
        found.extend(items.iter().map(|entry| entry["seq"].as_i64().expect("a number")));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => return found,
        }
    }
}

#[test]
fn an_entry_says_who_did_what_to_whom_when_from_where_and_by_which_request() {
    let app = spawn_app();
    let (admin, bob) = (app.admin(), app.user_id("bob"));
    app.advance(7);
    let disabled = admin.post(&format!("/api/users/{bob}/disable")).send().expect(200);
    let entry = search(&admin, "kind=user.disabled").remove(0);
    assert!(entry["at"].as_str().is_some_and(|at| at.starts_with("2030-01-01T00:00:07.")));
    assert_eq!(entry["actor"], json!({"id": admin.id(), "username": "root"}));
    assert_eq!(entry["subject"], json!({"id": bob, "username": "bob"}));
    assert_eq!(entry["address"], "127.0.0.1");
    assert_eq!(entry["request_id"].as_str(), disabled.header("x-request-id"));
    assert_eq!(entry["hash"].as_str().map(str::len), Some(64));
    assert!(entry["detail"].is_object() && entry["seq"].is_i64() && entry["id"].is_string());
}

#[test]
fn each_filter_narrows_the_log_and_all_of_them_together() {
    let app = spawn_app();
    let alice = app.user_id("alice");
    app.anon().post("/token").form(&[("username", "alice"), ("password", "wrong")]).send().expect(401);
    app.advance(86_400);
    let (admin, person) = (app.admin(), app.alice());
    admin.post(&format!("/api/users/{alice}/disable")).send().expect(200);
    let newest_first = ["user.disabled", "signin.succeeded", "signin.failed", "user.signed_up"];
    assert_eq!(kinds(&search(&admin, &format!("subject={alice}"))), newest_first);
    assert_eq!(kinds(&search(&admin, "subject=ALICE")), newest_first);
    assert_eq!(kinds(&search(&admin, "subject=alice&actor=root")), ["user.disabled"]);
    assert_eq!(kinds(&search(&admin, &format!("subject=alice&actor={alice}"))), ["signin.succeeded", "user.signed_up"]);
    assert_eq!(kinds(&search(&admin, "subject=alice&kind=signin.")), ["signin.succeeded", "signin.failed"]);
    assert_eq!(
        kinds(&search(&admin, "subject=alice&kind=signin.failed,user.disabled")),
        ["user.disabled", "signin.failed"]
    );
    assert_eq!(kinds(&search(&admin, "kind=signin.failed")), ["signin.failed"]);
    assert_eq!(kinds(&search(&admin, &format!("session={}", person.sid()))), ["signin.succeeded"]);
    assert_eq!(kinds(&search(&admin, "subject=alice&from=2030-01-02")), ["user.disabled", "signin.succeeded"]);
    assert_eq!(kinds(&search(&admin, "subject=alice&from=2030-01-01&to=2030-01-01")), ["signin.failed"]);
    assert_eq!(kinds(&search(&admin, "subject=alice&to=2029-12-31")), ["user.signed_up"]);
    assert_eq!(kinds(&search(&admin, "subject=alice&from=2030-01-02T01:00:00%2B01:00")).len(), 2);
    assert!(search(&admin, "subject=alice&address=203.0.113.9").is_empty());
    assert_eq!(kinds(&search(&admin, "subject=alice&address=127.0.0.1")), newest_first);
    for nobody in ["subject=nobody", "actor=%27%20OR%201%3D1", "request_id=nobody", "session=nobody"] {
        assert!(search(&admin, nobody).is_empty(), "{nobody}");
    }
}

#[test]
fn pages_have_no_gaps_and_no_repeats_also_where_all_happened_at_once() {
    let app = spawn_app();
    let admin = app.admin();
    for _ in 0..3 {
        app.alice();
        app.anon().post("/token").form(&[("username", "bob"), ("password", "wrong")]).send().expect(401);
    }
    fill(&app, 20);
    let all: BTreeSet<i64> = walk(&admin, "", 200).into_iter().collect();
    for query in [
        "",
        "kind=signin.",
        "kind=signin.succeeded,signin.failed,signin.",
        "kind=tries.,signin.",
        "address=127.0.0.1",
        "from=2029-01-01",
    ] {
        let whole = walk(&admin, query, 200);
        assert!(whole.len() > 6, "{query}");
        for limit in [1, 2, 5] {
            assert_eq!(walk(&admin, query, limit), whole, "{query} by {limit}");
        }
        assert!(whole.iter().all(|seq| all.contains(seq)));
    }
    let at_once: Vec<i64> = (1001..=1020).rev().collect();
    assert_eq!(walk(&admin, "kind=tries.", 3), at_once);
}

#[test]
fn what_happens_while_somebody_leafs_is_no_reason_to_see_anything_twice() {
    let app = spawn_app();
    let admin = app.admin();
    app.alice();
    let page = admin.get("/api/audit?limit=2").send().expect(200).json();
    app.advance(1);
    app.bob();
    let next = page["next"].as_str().expect("a next page");
    let following = search(&admin, &format!("limit=200&after={next}"));
    let seen = page["items"].as_array().expect("items");
    assert!(following.iter().all(|entry| !seen.contains(entry) && entry["at"].as_str() < Some("2030-01-01T00:00:01")));
}

#[test]
fn a_value_that_means_nothing_is_named() {
    let app = spawn_app();
    let (admin, browser) = (app.admin(), app.browser_of("root"));
    for (query, field) in [
        ("kind=nonsense", "kind"),
        ("kind=signin", "kind"),
        ("kind=signin.failed,nonsense.", "kind"),
        ("from=yesterday", "from"),
        ("to=2030-02-30", "to"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("after=nonsense", "after"),
        ("subject=a%00b", "subject"),
        ("actor=%00", "actor"),
        ("address=%00", "address"),
    ] {
        let told = admin.get(&format!("/api/audit?{query}")).send().expect(422).json();
        assert_eq!(told["errors"][0]["pointer"], format!("/{field}"), "{query}");
        browser.get(&format!("/admin/audit?{query}")).send().expect(422);
    }
    let of_users = admin.get("/api/users?limit=1").send().expect(200).json();
    let cursor = of_users["next"].as_str().expect("a cursor");
    admin.get(&format!("/api/audit?after={cursor}")).send().expect(422);
}

/// An admin who may do anything but read the log.
fn all_but_audit(app: &TestApp) -> Person {
    let scope = "users:read users:write roles:write sessions:write keys:write tokens:introspect";
    app.program(&[("username", "root"), ("password", PASSWORD), ("scope", scope)])
}

#[test]
fn nobody_reads_the_log_without_the_permission_to() {
    let app = spawn_app();
    let narrow = all_but_audit(&app);
    for query in ["", "?kind=nonsense", "?subject=alice"] {
        app.anon().get(&format!("/api/audit{query}")).send().expect(401);
        for person in [app.alice(), narrow.clone()] {
            person.get(&format!("/api/audit{query}")).send().expect(403);
            person.get(&format!("/api/audit{query}")).with("Accept", LINES).send().expect(403);
        }
    }
    make_reader(&app, "auditor", "audit:read");
    make_reader(&app, "clerk", "users:read");
    let auditor = app.browser_of("auditor");
    let page = auditor.get("/admin/audit").send().expect(200).text();
    assert!(!page.contains("/admin/users"), "what they may not open is not offered");
    auditor.get("/admin/audit/export").send().expect(200);
    let clerk = app.browser_of("clerk");
    clerk.get("/admin/audit").send().expect(403);
    clerk.get("/admin/audit/export").send().expect(403);
}

/// Somebody with one permission only.
fn make_reader(app: &TestApp, name: &str, permission: &str) {
    app.home.database.run(&format!(
        "INSERT INTO roles (id, name, created_at) VALUES ('{name}', '{name}', 0); \
         INSERT INTO role_permissions (role_id, permission) VALUES ('{name}', '{permission}')"
    ));
    app.invite(&app.admin(), name, &[name]);
}

/// So many entries more, as nobody could record them fast enough.
fn fill(app: &TestApp, count: usize) {
    let numbers = match on_postgres() {
        true => format!("SELECT n FROM generate_series(1, {count}) AS s (n)"),
        false => format!(
            "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s"
        ),
    };
    app.home.database.run(&format!(
        "INSERT INTO audit_log (seq, id, at, kind, address, request_id, detail) \
         SELECT 1000 + n, 'e', {}, 'tries.stopped', '198.51.100.1', 'r', '{{}}' FROM ({numbers}) AS numbered",
        START * 1000
    ));
}

#[test]
fn all_that_fits_comes_as_lines_of_json() {
    let app = spawn_app();
    let admin = app.admin();
    fill(&app, 1234);
    let answer = admin.get("/api/audit?kind=tries.stopped").with("Accept", LINES).send().expect(200);
    assert_eq!(answer.header("content-type"), Some(LINES));
    let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let numbers: Vec<i64> = lines.iter().map(|line| line["seq"].as_i64().expect("a number")).collect();
    let expected: Vec<i64> = (1001..=2234).rev().collect();
    assert_eq!(numbers, expected);
    let one = search(&admin, "kind=tries.stopped&limit=1");
    assert_eq!(one[0], lines[0], "an entry looks the same either way");
    let file = app.browser_of("root").get("/admin/audit/export?kind=tries.stopped").send().expect(200);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"vestibule-audit.jsonl\""));
    assert_eq!(file.text(), answer.text());
    let none = admin.get("/api/audit?subject=nobody").with("Accept", LINES).send().expect(200);
    assert_eq!(none.text(), "");
}

#[test]
fn the_page_tells_in_plain_words_and_leads_on() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let bob = app.user_id("bob");
    browser.post(&format!("/admin/users/{bob}/disable")).send().expect(303);
    let page = browser.get("/admin/audit").send().expect(200).text();
    assert!(page.contains("bob was disabled") && page.contains(&format!("/admin/audit?subject={bob}")));
    assert!(page.contains(&format!("/admin/users/{bob}")) && page.contains("/admin/refusals?id="));
    let page = browser.get("/admin/audit?kind=signin.&subject=bob").send().expect(200).text();
    assert!(!page.contains("bob was disabled") && page.contains("Nothing fits"));
    assert!(page.contains("value=\"signin.\" selected") && page.contains("value=\"bob\""));
    let page = browser.get("/admin/audit?limit=1").send().expect(200).text();
    let next = page.split("href=\"").find(|link| link.contains("after=")).expect("a next page");
    let next = next.split('"').next().expect("a link").replace("&#38;", "&").replace("&amp;", "&");
    assert!(browser.get(&next).send().expect(200).text().contains("signed in"));
}

#[test]
fn markup_in_what_was_recorded_stays_text() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    app.home.database.run(&format!(
        "INSERT INTO audit_log (seq, id, at, kind, subject_id, subject_name, address, request_id, detail) VALUES \
         (500, 'e', {}, 'user.changed', 'x', '<b>bold</b>', '<i>', '\"><script>alert(1)</script>', \
          '{{\"<u>name</u>\": \"<img src=x>\", \"list\": [1, \"<s>\"]}}')",
        START * 1000
    ));
    let page = browser.get("/admin/audit").send().expect(200).text();
    for markup in ["<b>bold", "<i>", "<script>alert", "<u>name", "<img src=x", "<s>"] {
        assert!(!page.contains(markup), "{markup}");
    }
    let again = browser.get("/admin/audit?subject=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").send().expect(200).text();
    assert!(!again.contains("<script>alert"));
}

#[test]
fn the_page_says_whether_the_log_was_proven_and_how_long_it_is_kept() {
    let app = spawn_with(&[("AUDIT_DAYS", "365")]);
    let browser = app.browser_of("root");
    app.advance(2 * 86_400);
    let browser = {
        drop(browser);
        app.browser_of("root")
    };
    assert_eq!(browser.post("/admin/audit/check").send().expect(303).location(), "/admin/audit");
    let page = browser.get("/admin/audit").send().expect(200).text();
    assert!(page.contains("are as they were recorded") && page.contains("Entries are kept for 365 days."), "{page}");
    app.advance(2 * 86_400);
    app.home.database.run("DELETE FROM audit_chain; INSERT INTO audit_chain (id, seq) VALUES ('head', 900)");
    wait_for(audit::check_when_due(&app.app)).expect("a proof");
    let page = app.browser_of("root").get("/admin/audit").send().expect(200).text();
    assert!(page.contains("This log is not what was recorded") && page.contains("The end is missing"), "{page}");
}

#[test]
fn what_a_newer_program_recorded_is_shown_by_its_word() {
    let app = spawn_app();
    let (admin, bob) = (app.admin(), app.user_id("bob"));
    // As another node does while the installation is upgraded.
    app.home.database.run(&format!(
        "INSERT INTO audit_log (seq, id, at, kind, subject_id, subject_name, address, request_id, detail) \
         VALUES (900, 'e900', {}, 'moon.landed', '{bob}', 'bob', '', 'r', '{{}}')",
        app.now() * 1000
    ));
    assert!(kinds(&search(&admin, "limit=50")).contains(&"moon.landed"));
    let browser = app.browser_of("root");
    for page in ["/admin/audit".to_owned(), format!("/admin/users/{bob}"), "/admin".to_owned()] {
        assert!(browser.get(&page).send().expect(200).text().contains("moon.landed"), "{page}");
    }
    let own = app.browser_of("bob").get("/account/activity").send().expect(200).text();
    assert!(own.contains("moon.landed"));
    app.user("bob").get("/users/me/data").send().expect(200);
}
