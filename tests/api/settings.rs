//! Settings that change who may come in, and settings that can't be.

use serde_json::json;

use crate::harness::binary::run_with;
use crate::harness::database::Copy;
use crate::harness::{Home, PASSWORD, spawn_with};

#[test]
fn where_signing_up_is_closed_nobody_makes_an_account() {
    for signup in ["closed", "invite"] {
        let app = spawn_with(&[("SIGNUP", signup)]);
        let new = json!({"username": "carol", "email": "carol@example.com", "password": PASSWORD});
        app.anon().post("/signup").json(new).send().expect(403);
        let form = [("username", "carol"), ("email", "carol@example.com"), ("password", PASSWORD)];
        app.browser().post("/signup").form(&form).send().expect(403);
        assert!(app.browser().get("/signup").send().expect(403).is_page());
        app.invite(&app.admin(), "dora", &["user"]);
        assert!(!app.recorded().contains(&"user.signed_up".to_owned()));
    }
}

#[test]
fn where_the_password_grant_is_off_people_sign_in_at_the_browser_only() {
    let app = spawn_with(&[("PASSWORD_GRANT", "off")]);
    for path in ["/token", "/login"] {
        let answer = app.anon().post(path).form(&[("username", "alice"), ("password", PASSWORD)]).send().expect(400);
        assert_eq!(answer.json()["error"], "unauthorized_client", "{path}");
    }
    assert!(app.browser_of("alice").is_at_home());
    let metadata = app.anon().get("/.well-known/oauth-authorization-server").send().json();
    assert_eq!(metadata["grant_types_supported"], json!(["refresh_token"]));
}

#[test]
fn the_lives_of_tokens_are_as_they_were_set() {
    let app = spawn_with(&[("ACCESS_TOKEN_EXPIRE_MINUTES", "5"), ("REFRESH_TOKEN_EXPIRE_MINUTES", "10")]);
    let alice = app.alice();
    assert_eq!(alice.tokens["expires_in"], 300);
    app.advance(301);
    assert!(!alice.is_known());
    app.advance(300);
    app.anon().post("/refresh").json(json!({"refresh_token": alice.refresh_token()})).send().expect(401);
}

#[test]
fn a_cheaper_hash_is_renewed_at_the_next_sign_in() {
    let app = spawn_with(&[("BCRYPT_COST", "11")]);
    let cost = || {
        let query =
            "SELECT p.hash AS value FROM passwords p JOIN users u ON u.id = p.user_id WHERE u.username = 'alice'";
        app.home.database.texts(query).remove(0)[..7].to_owned()
    };
    let before = cost();
    assert_ne!(before, "$2b$11$");
    app.anon().post("/token").form(&[("username", "alice"), ("password", "not the right one")]).send().expect(401);
    assert_eq!(cost(), before);
    app.alice();
    assert_eq!(cost(), "$2b$11$");
    app.alice();
}

#[test]
fn a_wrong_or_contradictory_setting_stops_the_start_with_one_line_that_names_it() {
    let home = Home::new(Copy::Empty);
    for (name, value) in [
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("DATABASE_URL", "mysql://x"),
        ("PUBLIC_URL", "vestibule.test"),
        ("PUBLIC_URL", "https://vestibule.test/path"),
        ("SECRET_KEY", "short"),
        ("ALGORITHM", "none"),
        ("TOKEN_PROFILE", "jose"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
        ("REFRESH_TOKEN_EXPIRE_MINUTES", "10"),
        ("SESSION_MAX_DAYS", "1"),
        ("BCRYPT_COST", "9"),
        ("SIGNUP", "maybe"),
        ("PASSWORD_GRANT", "yes"),
        ("CORS_ORIGINS", "https://a.example,*"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("LOG_FORMAT", "xml"),
        ("HOST", "no such host"),
    ] {
        run_with(&home, &["serve"], "", &[(name, value)]).failed_in_one_line(name);
    }
}
