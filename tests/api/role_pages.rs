//! The pages about roles: what they offer, what they refuse, and what they say to whom.

use serde_json::json;

use crate::harness::{TestApp, spawn_app};

const MARKUP: &str = "<b>invoices</b> & مرحبا";

/// A role that looks after people and roles, and somebody at a browser who has it.
fn helper(app: &TestApp) -> crate::harness::people::Person {
    let admin = app.admin();
    app.make_role(&admin, "helper", &["users:read", "users:write", "roles:write"]);
    app.invite(&admin, "helen", &["helper"]);
    app.browser_of("helen")
}

#[test]
fn a_role_is_made_changed_and_deleted_by_forms() {
    let app = spawn_app();
    let root = app.browser_of("root");
    root.get("/admin/roles/new").send().expect(200);
    let form = [
        ("name", "clerk"),
        ("description", MARKUP),
        ("permissions", "users:read"),
        ("more", "invoices:approve, invoices:read"),
    ];
    let page = root.post("/admin/roles").form(&form).send().expect(303).location().to_owned();
    let shown = root.get(&page).send().expect(200).text();
    assert!(shown.contains("The role was created") && shown.contains("&#60;b&#62;invoices"), "{shown}");
    assert!(shown.contains("value=\"invoices:approve\" checked"));
    let path = page.split('?').next().unwrap().to_owned();
    let edit = [("name", "clerk"), ("description", ""), ("permissions", "invoices:read")];
    root.post(&path).form(&edit).send().expect(303);
    let asked = root.get(&format!("{path}/delete")).send().expect(200).text();
    assert!(asked.contains("Nobody has this role") && asked.contains("Delete clerk"));
    root.post(&format!("{path}/delete")).form(&[("version", "")]).send().expect(303);
    root.get(&path).send().expect(404);
    assert!(!root.get("/admin/roles").send().expect(200).text().contains("clerk"));
}

#[test]
fn a_form_with_mistakes_keeps_what_was_typed() {
    let app = spawn_app();
    let root = app.browser_of("root");
    let form = [("name", "Two Words"), ("description", "For invoices"), ("permissions", "users:read"), ("more", "NO")];
    let again = root.post("/admin/roles").form(&form).send().expect(422).text();
    assert!(again.contains("value=\"Two Words\"") && again.contains("value=\"For invoices\""));
    assert!(again.contains("value=\"users:read\" checked") && again.contains("value=\"NO\""), "{again}");
    assert!(again.contains("href=\"#f-name\"") && again.contains("href=\"#f-permissions\""));
}

#[test]
fn a_stale_form_shows_what_is_there_now_and_keeps_what_was_typed() {
    let app = spawn_app();
    let (admin, root) = (app.admin(), app.browser_of("root"));
    let id = app.make_role(&admin, "clerk", &["users:read"]);
    let page = format!("/admin/roles/{id}");
    let version = version_in(&root.get(&page).send().text());
    admin.patch(&format!("/api/roles/{id}")).json(json!({"permissions": ["audit:read"]})).send().expect(200);
    let form =
        [("version", version.as_str()), ("name", "clerk"), ("description", "Typed"), ("permissions", "users:read")];
    let again = root.post(&page).form(&form).send().expect(412).text();
    assert!(
        again.contains("Somebody has changed this meanwhile") && again.contains("<bdi>audit:read</bdi>"),
        "{again}"
    );
    assert!(again.contains("value=\"Typed\"") && again.contains("value=\"users:read\" checked"));
    // Whoever saves again has seen it.
    let now = version_in(&again);
    assert_ne!(now, version);
    root.post(&page)
        .form(&[("version", now.as_str()), ("name", "clerk"), ("permissions", "users:read")])
        .send()
        .expect(303);
    let asked = version_in(&root.get(&format!("{page}/delete")).send().text());
    admin.patch(&format!("/api/roles/{id}")).json(json!({"permissions": []})).send().expect(200);
    let anew = root.post(&format!("{page}/delete")).form(&[("version", asked.as_str())]).send().expect(412).text();
    assert!(anew.contains("since you asked to delete it"));
}

#[test]
fn a_stale_form_about_a_user_does_the_same() {
    let app = spawn_app();
    let (admin, root) = (app.admin(), app.browser_of("root"));
    app.make_role(&admin, "clerk", &[]);
    let id = app.user_id("alice");
    let page = format!("/admin/users/{id}");
    let version = version_in(&root.get(&page).send().text());
    admin.patch(&format!("/api/users/{id}")).json(json!({"name": "Their Name"})).send().expect(200);
    let form =
        [("version", version.as_str()), ("username", "alice"), ("email", "alice@example.com"), ("name", "My Name")];
    let again = root.post(&page).form(&form).send().expect(412).text();
    assert!(again.contains("<bdi>Their Name</bdi>") && again.contains("value=\"My Name\""), "{again}");
    let roles = [("version", version.as_str()), ("roles", "clerk"), ("until:clerk", "2031-01-01T00:00")];
    let again = root.post(&format!("{page}/roles")).form(&roles).send().expect(412).text();
    assert!(again.contains("value=\"clerk\" checked") && again.contains("value=\"2031-01-01T00:00\""), "{again}");
    let roles =
        [("version", version_in(&again)), ("roles", "clerk".into()), ("until:clerk", "2031-01-01T00:00".into())];
    let roles: Vec<(&str, &str)> = roles.iter().map(|(name, value)| (*name, value.as_str())).collect();
    root.post(&format!("{page}/roles")).form(&roles).send().expect(303);
    let told = admin.get(&format!("/api/users/{id}")).send().json();
    assert_eq!(told["roles_until"], json!({"clerk": "2031-01-01T00:00:00Z"}));
    let wrong = [("roles", "clerk"), ("until:clerk", "soon")];
    let again = root.post(&format!("{page}/roles")).form(&wrong).send().expect(422).text();
    assert!(again.contains("is no date and time") && again.contains("value=\"soon\""));
    root.post(&format!("{page}/roles"))
        .form(&[("roles", "clerk"), ("until:clerk", "2020-01-01T00:00")])
        .send()
        .expect(422);
}

#[test]
fn whoever_holds_less_sees_what_is_not_theirs_and_can_not_touch_it() {
    let app = spawn_app();
    let helen = helper(&app);
    let admin = app.admin();
    let mixed = app.make_role(&admin, "team", &["users:read"]);
    let above = app.make_role(&admin, "approver", &["invoices:approve"]);
    let page = helen.get(&format!("/admin/roles/{mixed}")).send().expect(200).text();
    assert!(
        page.contains("value=\"invoices:approve\" disabled") && page.contains("value=\"users:read\" checked"),
        "{page}"
    );
    assert!(page.contains("New words are made up by administrators"));
    let page = helen.get(&format!("/admin/roles/{above}")).send().expect(200).text();
    assert!(page.contains("gives permissions that you do not hold") && !page.contains("<form class=\"card\""));
    helen.post(&format!("/admin/roles/{above}")).form(&[("name", "approver")]).send().expect(403);
    helen.post(&format!("/admin/roles/{above}/delete")).form(&[("version", "")]).send().expect(403);
    helen.post("/admin/roles").form(&[("name", "sly"), ("more", "brand:new")]).send().expect(403);
    assert!(helen.get("/admin/roles/admin").send().expect(200).text().contains("has every permission there is"));
    helen.get("/admin/roles/user/delete").send().expect(409);
}

#[test]
fn a_page_says_why_somebody_may_or_may_not() {
    let app = spawn_app();
    let admin = app.admin();
    let helen = helper(&app);
    app.make_role(&admin, "clerk", &["invoices:approve"]);
    app.make_role(&admin, "reader", &["users:read"]);
    let id = app.invite(&admin, "carl", &["user"]);
    let path = format!("/api/users/{id}/roles");
    admin.put(&path).json(json!({"roles": [{"name": "clerk", "until": "2030-06-01T12:00:00Z"}]})).send().expect(200);
    let ask = |word: &str| helen.get(&format!("/admin/users/{id}/why?permission={word}")).send().expect(200).text();
    let yes = ask("invoices%3Aapprove");
    assert!(yes.contains("Yes, carl may do this") && yes.contains("2030-06-01 12:00:00 UTC"), "{yes}");
    let no = ask("users%3Aread");
    assert!(
        no.contains("No, carl may not do this")
            && no.contains("You may give it")
            && no.contains("Beyond what you may give")
    );
    assert!(ask("brand%3Anew").contains("only administrators have it"));
    assert!(ask("%3Cb%3E").contains("This is no permission"));
    assert!(ask("").contains("All that they may do"));
    admin.post(&format!("/api/users/{id}/disable")).send().expect(200);
    let disabled = ask("invoices%3Aapprove");
    assert!(disabled.contains("No, carl may not do this") && disabled.contains("The account is disabled"));
    helen.get("/admin/users/nobody/why").send().expect(404);
}

#[test]
fn the_pages_speak_german_too() {
    let app = spawn_app();
    let root = app.browser_of("root").with("Accept-Language", "de");
    for (path, words) in [
        ("/admin/roles", "Wer was darf"),
        ("/admin/roles/new", "Rolle anlegen"),
        ("/admin/permissions", "Was sie erlaubt"),
    ] {
        assert!(root.get(path).send().expect(200).text().contains(words), "{path}");
    }
}

/// What the first form of a page says that it changes.
fn version_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"version\" value=\"").expect("a version");
    rest.split('"').next().unwrap().to_owned()
}
