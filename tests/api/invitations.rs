//! Inviting people: by mail and by link, and what an invitation must not be good for.

use serde_json::{Value, json};

use crate::harness::answer::Answer;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, PUBLIC_URL, TestApp, at_once, spawn_app, spawn_with};

pub const MARA: &str = "mara@example.com";
const DAY: u64 = 86_400;

pub fn invite(person: &Person, wanted: Value) -> Answer {
    person.post("/api/invitations").json(wanted).send()
}

/// The code of a link to pass on.
fn code_of(answer: &Answer) -> String {
    let link = answer.json()["link"].as_str().expect("a link").to_owned();
    link.strip_prefix(&format!("{PUBLIC_URL}/signup?code=")).expect("a link to sign-up").to_owned()
}

fn follow(app: &TestApp, code: &str, name: &str, email: Option<&str>) -> Answer {
    let new = json!({"username": name, "email": email, "password": PASSWORD, "code": code});
    app.anon().post("/signup").json(new).send()
}

fn make_role(app: &TestApp, name: &str, words: &[&str]) {
    let rows: Vec<String> = words.iter().map(|word| format!("('{name}', '{word}')")).collect();
    app.home.database.run(&format!(
        "INSERT INTO roles (id, name, created_at) VALUES ('{name}', '{name}', 0); \
         INSERT INTO role_permissions (role_id, permission) VALUES {}",
        rows.join(", ")
    ));
}

#[test]
fn who_is_invited_by_mail_gets_the_roles_and_an_address_that_is_verified() {
    let app = spawn_with(&[("SIGNUP", "invite")]);
    let admin = app.admin();
    let made = invite(&admin, json!({"email": MARA, "roles": ["user", "admin"]})).expect(201).json();
    assert_eq!((&made["state"], &made["uses_left"], made.get("link")), (&json!("open"), &json!(1), None));
    let mail = app.mail_to(MARA);
    assert_eq!(mail.header("Subject"), "You are invited");
    assert!(
        mail.text.contains("root has invited you") && !mail.text.contains("belongs to an account"),
        "{}",
        mail.text
    );
    let page = app.browser().get(&mail.path()).send().expect(200).text();
    assert!(page.contains("root has invited you.") && page.contains(MARA), "{page}");
    let mara = follow(&app, &mail.token(), "mara", None).expect(201).json();
    assert_eq!((&mara["email"], &mara["email_verified"]), (&json!(MARA), &json!(true)));
    assert_eq!(mara["roles"], json!(["admin", "user"]));
    assert!(app.user("mara").is_known());
    assert_eq!(app.more_mail_to(MARA), 0, "nothing is left to verify");
    let list = admin.get("/api/invitations").send().expect(200).json();
    assert_eq!((&list["items"][0]["state"], &list["items"][0]["used"]), (&json!("used"), &json!(1)));
    assert_eq!(app.recorded()[1..3], ["invitation.made", "user.signed_up"]);
}

#[test]
fn the_address_is_that_of_the_mail_whatever_else_is_sent() {
    let app = spawn_app();
    invite(&app.admin(), json!({ "email": MARA })).expect(201);
    let code = app.mail_to(MARA).token();
    let eve = follow(&app, &code, "eve", Some("eve@example.com")).expect(201).json();
    assert_eq!(eve["email"], MARA);
}

#[test]
fn a_link_makes_as_many_accounts_as_it_was_made_for_also_for_many_at_once() {
    let app = spawn_with(&[("SIGNUP", "invite")]);
    let code = code_of(&invite(&app.admin(), json!({"uses": 3})).expect(201));
    let email = |n: usize| format!("p{n}@example.com");
    let statuses = at_once(6, |n| follow(&app, &code, &format!("p{n}"), Some(&email(n))).status);
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 3, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 3, "{statuses:?}");
    let list = app.admin().get("/api/invitations").send().json();
    assert_eq!((&list["items"][0]["used"], &list["items"][0]["uses_left"]), (&json!(3), &json!(0)));
    let unverified = "SELECT username AS value FROM users WHERE email_verified_at IS NULL AND username LIKE 'p%'";
    assert_eq!(app.home.database.texts(unverified).len(), 3, "a link to pass on shows nothing of an address");
}

#[test]
fn looking_at_it_and_failing_with_it_uses_nothing_up() {
    let app = spawn_with(&[("SIGNUP", "invite")]);
    let code = code_of(&invite(&app.admin(), json!({})).expect(201));
    for _ in 0..3 {
        app.browser().get(&format!("/signup?code={code}")).send().expect(200);
    }
    follow(&app, &code, "alice", Some("new@example.com")).refused(400, "Username already registered");
    follow(&app, &code, "!", Some("new@example.com")).expect(422);
    follow(&app, &code, "mara", None).expect(422);
    follow(&app, &code, "mara", Some(MARA)).expect(201);
}

#[test]
fn it_counts_until_its_end_and_not_after_it_was_withdrawn_or_replaced() {
    let app = spawn_with(&[("SIGNUP", "invite")]);
    let admin = app.admin();
    let over = "This invitation does not count any more. Ask whoever sent it to you for a new one.";
    let short = code_of(&invite(&admin, json!({"days": 1})).expect(201));
    app.advance(DAY);
    follow(&app, &short, "late", Some(MARA)).refused(400, over);
    let page = app.browser().get(&format!("/signup?code={short}")).send().expect(404);
    assert!(page.text().contains("This invitation does not count any more"));

    let admin = app.admin();
    let made = invite(&admin, json!({})).expect(201);
    let (id, code) = (made.json()["id"].as_str().expect("an id").to_owned(), code_of(&made));
    admin.delete(&format!("/api/invitations/{id}")).send().expect(204);
    admin.delete(&format!("/api/invitations/{id}")).send().expect(404);
    follow(&app, &code, "mara", Some(MARA)).refused(400, over);

    invite(&admin, json!({ "email": MARA })).expect(201);
    let first = app.mail_to(MARA).token();
    invite(&admin, json!({"email": "Mara@Example.com"})).expect(201);
    let second = app.mail_to("Mara@Example.com").token();
    follow(&app, &first, "mara", None).refused(400, over);
    follow(&app, &second, "mara", None).expect(201);
    let states: Vec<Value> = admin.get("/api/invitations").send().json()["items"].as_array().expect("a list").to_vec();
    let states: Vec<&str> = states.iter().map(|each| each["state"].as_str().expect("a state")).collect();
    assert_eq!(states, ["used", "withdrawn", "withdrawn", "expired"]);
}

#[test]
fn where_sign_up_is_closed_nobody_is_invited_and_nobody_comes_by_an_old_link() {
    let app = spawn_with(&[("SIGNUP", "closed")]);
    invite(&app.admin(), json!({})).refused(403, "Sign-up is closed here. Ask an administrator for an account.");
    follow(&app, "whatever", "mara", Some(MARA)).expect(403);
    let browser = app.browser();
    browser.get("/signup?code=whatever").send().expect(403);
    browser.post("/signup").form(&[("code", "whatever"), ("username", "mara")]).send().expect(403);
    assert!(app.browser_of("root").get("/admin/invitations").send().expect(200).text().contains("SIGNUP=closed"));
}

#[test]
fn nobody_gives_by_invitation_what_they_do_not_hold() {
    let app = spawn_app();
    make_role(&app, "desk", &["users:read", "users:write"]);
    make_role(&app, "helper", &["users:read", "users:write", "roles:write"]);
    let admin = app.admin();
    app.invite(&admin, "dora", &["desk"]);
    app.invite(&admin, "helen", &["helper"]);
    let (desk, helper) = (app.user("dora"), app.user("helen"));
    invite(&app.alice(), json!({})).expect(403);
    invite(&desk, json!({"roles": ["desk"]})).expect(403);
    invite(&desk, json!({"roles": ["user"]})).expect(201);
    invite(&helper, json!({"roles": ["admin"]})).expect(403);
    invite(&helper, json!({"roles": ["helper"]})).expect(201);
    invite(&helper, json!({"roles": ["nonsense"]})).expect(422);
    let beyond = invite(&admin, json!({"roles": ["admin"]})).expect(201).json();
    let path = format!("/api/invitations/{}", beyond["id"].as_str().expect("an id"));
    helper.delete(&path).send().expect(403);
    app.advance(901);
    let stale = app.refresh(&helper).expect(200).json();
    invite(&helper.holding(stale), json!({"roles": ["helper"]})).refused(401, "Fresh token required");
}

#[test]
fn an_invitation_counts_no_longer_than_its_maker_could_make_it() {
    let app = spawn_with(&[("SIGNUP", "invite")]);
    make_role(&app, "helper", &["users:read", "users:write", "roles:write"]);
    let admin = app.admin();
    let id = app.invite(&admin, "helen", &["helper"]);
    let helper = app.user("helen");
    let strong = code_of(&invite(&helper, json!({"roles": ["helper"], "uses": 9})).expect(201));
    let plain = code_of(&invite(&helper, json!({})).expect(201));
    follow(&app, &strong, "one", Some("one@example.com")).expect(201);

    let set_roles = |roles: &[&str]| {
        admin.put(&format!("/api/users/{id}/roles")).json(json!({ "roles": roles })).send().expect(200);
    };
    set_roles(&["user"]);
    for (code, name) in [(&strong, "two"), (&plain, "three")] {
        follow(&app, code, name, Some(&format!("{name}@example.com"))).expect(400);
        app.browser().get(&format!("/signup?code={code}")).send().expect(404);
    }
    set_roles(&["helper"]);
    admin.post(&format!("/api/users/{id}/disable")).send().expect(200);
    follow(&app, &strong, "four", Some("four@example.com")).expect(400);
    admin.post(&format!("/api/users/{id}/enable")).send().expect(200);
    follow(&app, &strong, "five", Some("five@example.com")).expect(201);
}

#[test]
fn a_wrong_code_opens_nothing_and_values_that_mean_nothing_are_named() {
    let app = spawn_with(&[("SIGNUP", "invite")]);
    let admin = app.admin();
    for wrong in ["", "x", "\u{0}", &"a".repeat(43)] {
        follow(&app, wrong, "mara", Some(MARA)).expect(400);
    }
    for wrong in [
        json!({"days": 0}),
        json!({"days": 91}),
        json!({"days": "soon"}),
        json!({"uses": 0}),
        json!({"uses": 1001}),
        json!({"uses": 2, "email": MARA}),
        json!({"email": "nobody"}),
        json!({"roles": "admin"}),
    ] {
        invite(&admin, wrong.clone()).expect(422);
    }
    invite(&admin, json!({"email": "alice@example.com"})).refused(400, "Email already registered");
    assert_eq!(app.home.database.texts("SELECT id AS value FROM invitations"), Vec::<String>::new());
}

#[test]
fn the_link_is_shown_once_and_kept_hashed() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let form = [("email", ""), ("roles", "user"), ("days", "7"), ("uses", "5")];
    let page = browser.post("/admin/invitations").form(&form).send().expect(200);
    assert_eq!(page.header("Cache-Control"), Some("no-store"));
    let text = page.text();
    let start = text.find("/signup?code=").expect("a link") + "/signup?code=".len();
    let code = &text[start..start + 43];
    assert!(!browser.get("/admin/invitations").send().expect(200).text().contains(code));
    assert!(!app.admin().get("/api/invitations").send().text().contains(code));
    let rows = app.home.database.texts("SELECT id || roles AS value FROM invitations");
    assert!(rows.len() == 1 && !rows[0].contains(code));
    let answer = app.browser().post("/signup").form(&[
        ("code", code),
        ("username", "mara"),
        ("email", MARA),
        ("password", PASSWORD),
    ]);
    assert_eq!(answer.send().expect(303).location(), "/account");
}

#[test]
fn a_form_that_is_wrong_loses_nothing() {
    let app = spawn_app();
    let browser = app.browser_of("root");
    let form = [("email", "nobody"), ("roles", "admin"), ("days", "1000"), ("uses", "x")];
    let page = browser.post("/admin/invitations").form(&form).send().expect(422).text();
    for kept in ["value=\"nobody\"", "value=\"1000\"", "value=\"x\"", "value=\"admin\" checked"] {
        assert!(page.contains(kept), "{kept} in {page}");
    }
    let code = code_of(&invite(&app.admin(), json!({})).expect(201));
    let form = [("code", code.as_str()), ("username", "alice"), ("email", MARA), ("password", PASSWORD)];
    let page = app.browser().post("/signup").form(&form).send().expect(400).text();
    assert!(
        page.contains(&format!("name=\"code\" value=\"{code}\"")) && page.contains("root has invited you."),
        "{page}"
    );
}

#[test]
fn what_was_over_for_long_is_forgotten() {
    let app = spawn_app();
    invite(&app.admin(), json!({"days": 1})).expect(201);
    app.advance(30 * DAY);
    crate::harness::wait_for(vestibule::signin::purge(&app.app)).expect("it is tidied");
    assert_eq!(app.home.database.texts("SELECT id AS value FROM invitations").len(), 1);
    app.advance(DAY);
    crate::harness::wait_for(vestibule::signin::purge(&app.app)).expect("it is tidied");
    assert_eq!(app.home.database.texts("SELECT id AS value FROM invitations").len(), 0);
}

#[test]
fn who_could_not_have_invited_somebody_does_not_put_their_invitation_away() {
    let app = spawn_app();
    make_role(&app, "desk", &["users:read", "users:write"]);
    let admin = app.admin();
    app.invite(&admin, "dora", &["desk"]);
    invite(&admin, json!({"email": MARA, "roles": ["admin"]})).expect(201);
    let code = app.mail_to(MARA).token();
    invite(&app.user("dora"), json!({"email": MARA, "roles": ["user"]})).expect(403);
    follow(&app, &code, "mara", None).expect(201);
    invite(&admin, json!({"email": "second@example.com"})).expect(201);
    invite(&admin, json!({"email": "second@example.com"})).expect(201);
    assert!(app.recorded().contains(&"invitation.withdrawn".to_owned()), "what is replaced is recorded");
}
