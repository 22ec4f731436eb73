//! Files of other programs, as those write them: who moves in signs in with the password they had, and is as they were.

use serde_json::Value;

use crate::harness::authenticator::Authenticator;
use crate::harness::binary::{Ran, run};
use crate::harness::{PASSWORD, TestApp, spawn_app};

fn file(name: &str) -> String {
    format!("{}/tests/api/files/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn import(app: &TestApp, arguments: &[&str]) -> Ran {
    let (name, options) = arguments.split_first().expect("a file");
    let path = file(name);
    let all: Vec<&str> = ["import", path.as_str()].into_iter().chain(options.iter().copied()).collect();
    run(&app.home, &all, "")
}

fn sign_in(app: &TestApp, name: &str, password: &str) -> u16 {
    app.anon().post("/token").form(&[("username", name), ("password", password)]).send().status
}

/// As the API shows them.
fn user(app: &TestApp, email: &str) -> Value {
    let found = app.admin().get(&format!("/api/users?q={email}")).send().expect(200).json();
    let items = found["items"].as_array().expect("a list").iter();
    items.clone().find(|user| user["email"] == email).unwrap_or_else(|| panic!("{email} in {found}")).clone()
}

/// They get in with their own password and no other.
fn has_their_password(app: &TestApp, name: &str) {
    assert_eq!(sign_in(app, name, "correct horse batterx"), 401, "{name}");
    assert_eq!(sign_in(app, name, PASSWORD), 200, "{name}");
}

#[test]
fn a_realm_of_keycloak_moves_in() {
    let app = spawn_app();
    let refused = import(&app, &["keycloak.json"]);
    assert!(
        refused.code == 1 && refused.out.contains("row 1 (kim): refused: there is no role called \"editor\""),
        "{refused:?}"
    );
    let ran = import(&app, &["keycloak.json", "--create-roles"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for line in [
        "row 2 (lee@acme.example): kept",
        "row 5: refused: this is the service account of the client \"robot\"",
        "row 6 (sha256otp): refused: their authenticator app shows 8 digits by HmacSHA256",
        "1 imported (0 of them converted), 3 kept as they were, 2 refused.",
    ] {
        assert!(ran.out.contains(line), "{line} in {}", ran.out);
    }
    let kim = user(&app, "kim@acme.example");
    assert_eq!((&kim["name"], &kim["roles"]), (&"Kim Park".into(), &serde_json::json!(["editor", "user"])));
    assert_eq!((&kim["email_verified"], &kim["created_at"]), (&true.into(), &"2023-11-14T22:13:20Z".into()));
    has_their_password(&app, "lee");
    has_their_password(&app, "lee@acme.example");
    has_their_password(&app, "oldtimer");
    assert_eq!(sign_in(&app, "mo", PASSWORD), 401, "who was disabled stays so");
    assert_eq!(user(&app, "mo@acme.example")["disabled"], true);
}

#[test]
fn an_authenticator_app_goes_on_working() {
    let app = spawn_app();
    import(&app, &["keycloak.json", "--create-roles"]);
    let asked =
        app.anon().post("/token").form(&[("username", "kim"), ("password", PASSWORD)]).send().expect(401).json();
    assert_eq!(asked["error"], "mfa_required", "{asked}");
    let with = |code: &str| {
        app.anon().post("/token").form(&[("username", "kim"), ("password", PASSWORD), ("otp", code)]).send()
    };
    with("000000").expect(401);
    // The letters of Keycloak's secret are its bytes.
    with(&Authenticator::of(b"zTFVoRbLpTYHkMqKaXwo").code(&app)).expect(200);
}

#[test]
fn people_of_auth0_move_in() {
    let app = spawn_app();
    let ran = import(&app, &["auth0.ndjson"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("4 imported (4 of them converted)"), "{}", ran.out);
    has_their_password(&app, "nico@auth0.example");
    has_their_password(&app, "listed");
    assert_eq!(sign_in(&app, "blocked", PASSWORD), 401);
    let blocked = user(&app, "blocked@auth0.example");
    assert_eq!((&blocked["name"], &blocked["disabled"]), (&"Bea Blocked".into(), &true.into()));
    assert_eq!(blocked["created_at"], "2020-03-04T05:06:07Z");
    assert_eq!(user(&app, "listed@auth0.example")["email_verified"], true);
    assert_eq!(user(&app, "social@auth0.example")["name"], Value::Null);
}

#[test]
fn people_of_supabase_move_in_from_csv_and_from_json() {
    for (name, refused) in [("supabase.csv", 2), ("supabase.json", 0)] {
        let app = spawn_app();
        let ran = import(&app, &[name]);
        assert!(ran.out.contains(&format!("{refused} refused.")), "{name}: {ran:?}");
        let sue = user(&app, "sue@supabase.example");
        assert_eq!((&sue["name"], &sue["username"]), (&"Sue, \"the\" Base".into(), &"sue".into()), "{name}");
        assert_eq!((&sue["email_verified"], &sue["created_at"]), (&true.into(), &"2023-05-15T12:34:56Z".into()));
        has_their_password(&app, "sue@supabase.example");
        assert_eq!(user(&app, "unconfirmed@supabase.example")["email_verified"], false);
        assert_eq!(user(&app, "banned@supabase.example")["disabled"], true);
        assert!(ran.out.contains("banned there until"), "{}", ran.out);
    }
}

#[test]
fn people_of_authelia_move_in() {
    let app = spawn_app();
    let ran = import(&app, &["authelia.yml", "--create-roles"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    has_their_password(&app, "authelia");
    has_their_password(&app, "harry");
    assert_eq!(sign_in(&app, "bob.dylan", PASSWORD), 401);
    assert_eq!(user(&app, "authelia@authelia.example")["roles"], serde_json::json!(["editor", "user"]));
    assert_eq!(user(&app, "bob.dylan@authelia.example")["disabled"], true);
}

#[test]
fn people_of_django_move_in_whichever_way_their_groups_are_named() {
    for name in ["django.json", "django_natural.json"] {
        let app = spawn_app();
        let ran = import(&app, &[name, "--create-roles"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains("(nomail): refused: there is no email address"), "{}", ran.out);
        assert!(ran.out.contains("(boss): converted: a superuser of Django is no administrator here"), "{}", ran.out);
        assert!(ran.out.contains("the username \"spaced name@home\" became \"spaced-name\""), "{}", ran.out);
        has_their_password(&app, "ada");
        has_their_password(&app, "spaced-name");
        assert_eq!(sign_in(&app, "gone", PASSWORD), 401);
        assert_eq!(sign_in(&app, "nopass", PASSWORD), 401);
        let ada = user(&app, "ada@example.org");
        assert_eq!((&ada["name"], &ada["roles"]), (&"Ada Lovelace".into(), &serde_json::json!(["editors", "user"])));
    }
}
