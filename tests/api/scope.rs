//! The scope of a token is what was asked for and is held (RFC 6749 sections 3.3 and 6), whatever way led to it.

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::people::Person;
use crate::harness::{PASSWORD, TestApp, spawn_app};

/// carl may read and approve invoices.
fn with_carl() -> (TestApp, Person) {
    let app = spawn_app();
    let admin = app.admin();
    app.make_role(&admin, "clerk", &["invoices:approve", "invoices:read"]);
    app.invite(&admin, "carl", &["clerk"]);
    (app, admin)
}

fn asking(app: &TestApp, scope: &str) -> Person {
    app.program(&[("username", "carl"), ("password", PASSWORD), ("scope", scope)])
}

fn refreshed(app: &TestApp, person: &Person, scope: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", person.refresh_token()), ("scope", scope)];
    app.anon().post("/token").form(&form).send().expect(200)
}

#[test]
fn what_is_asked_for_and_held_is_granted_and_nothing_else() {
    let (app, _) = with_carl();
    for (asked, granted) in [
        ("invoices:read", "invoices:read"),
        ("invoices:read users:write", "invoices:read"),
        ("users:write roles:write", ""),
        ("invoices:read invoices:approve openid *", "invoices:approve invoices:read"),
        ("INVOICES:READ", ""),
    ] {
        assert_eq!(asking(&app, asked).tokens["scope"], granted, "{asked}");
    }
    let all = app.program(&[("username", "carl"), ("password", PASSWORD)]);
    assert_eq!(all.tokens["scope"], "invoices:approve invoices:read");
}

#[test]
fn a_refresh_may_ask_for_less_and_never_for_more() {
    let (app, _) = with_carl();
    let narrow = asking(&app, "invoices:read");
    let more = refreshed(&app, &narrow, "invoices:read invoices:approve users:write").json();
    assert_eq!(more["scope"], "invoices:read");
    let narrow = narrow.holding(more);
    let none = refreshed(&app, &narrow, "invoices:approve").json();
    assert_eq!(none["scope"], "");
    // What was asked for at first stays with the family: the next one may ask for all of it again.
    let narrow = narrow.holding(none);
    assert_eq!(app.refresh(&narrow).expect(200).json()["scope"], "invoices:read");
}

#[test]
fn a_role_that_is_taken_away_is_gone_from_every_scope_and_one_that_is_given_comes_with_the_next_token() {
    let (app, admin) = with_carl();
    let (all, narrow) = (asking(&app, ""), asking(&app, "invoices:read"));
    let path = format!("/api/users/{}/roles", app.user_id("carl"));
    admin.put(&path).json(json!({"roles": ["user"]})).send().expect(200);
    assert!(!all.is_known() && !narrow.is_known());
    let (all, narrow) = (all.holding(app.refresh(&all).json()), narrow.holding(app.refresh(&narrow).json()));
    assert_eq!((&all.tokens["scope"], &narrow.tokens["scope"]), (&json!(""), &json!("")));
    admin.put(&path).json(json!({"roles": ["clerk"]})).send().expect(200);
    assert_eq!(app.refresh(&narrow).expect(200).json()["scope"], "invoices:read");
}
