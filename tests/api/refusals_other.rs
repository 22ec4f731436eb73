//! Refusals of what is no bad access token in a header: an old proof, a cookie without its proof, a refresh token.

use serde_json::json;

use crate::harness::answer::Answer;
use crate::harness::{PASSWORD, spawn_app};
use crate::refusals::why;

#[test]
fn a_proof_of_identity_that_is_too_old_is_told() {
    let app = spawn_app();
    let (alice, admin) = (app.alice(), app.admin());
    app.advance(16 * 60);
    let answer = alice.delete("/users/me").send();
    answer.clone().refused(401, "Fresh token required");
    let told = why(&app, &admin, &answer);
    assert_eq!((&told["reason"], &told["username"]), (&json!("not_fresh"), &json!("alice")));
    assert!(told["explanation"].as_str().unwrap().contains("2030-01-01T00:00:00Z"), "{told}");
}

#[test]
fn a_cookie_without_its_proof_is_told_and_whose_it_was() {
    let app = spawn_app();
    let admin = app.admin();
    let body = json!({"username": "alice", "password": PASSWORD, "cookies": true});
    let tokens = app.anon().post("/login").json(body).send().expect(200).json();
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let cookie = format!("access_token_cookie={access}; refresh_token_cookie={refresh}");
    let page = app.anon().with("Cookie", &cookie);
    for (call, reason, token) in [
        (page.delete("/users/me/sessions"), "csrf_missing", "access"),
        (page.delete("/users/me/sessions").with("X-CSRF-Token", "guessed"), "csrf_mismatch", "access"),
        (page.post("/refresh"), "csrf_missing", "refresh"),
    ] {
        let told = why(&app, &admin, &call.send().expect(401));
        assert_eq!(
            (&told["reason"], &told["token"], &told["username"]),
            (&json!(reason), &json!(token), &json!("alice"))
        );
    }
}

#[test]
fn a_refresh_token_that_gives_nothing_is_told_too() {
    let app = spawn_app();
    let admin = app.admin();
    let tell = |answer: Answer| {
        assert_eq!(answer.json()["detail"], "The refresh token is not valid any more. Sign in again.");
        assert_eq!(answer.json()["error"], "invalid_grant");
        why(&app, &admin, &answer)
    };
    let send = |token: &str| app.anon().post("/refresh").json(json!({"refresh_token": token})).send().expect(401);
    assert_eq!(tell(send("nonsense"))["reason"], "refresh_unknown");
    let (alice, bob) = (app.alice(), app.bob());
    bob.post("/logout").send().expect(204);
    let told = tell(send(bob.refresh_token()));
    assert_eq!((&told["reason"], &told["username"]), (&json!("session_ended"), &json!("bob")));
    assert_eq!((&told["cause"]["what"], &told["cause"]["by"]), (&json!("signed_out"), &json!("bob")));
    let form = [("grant_type", "refresh_token"), ("refresh_token", alice.refresh_token()), ("client_id", "another")];
    let told = tell(app.anon().post("/token").form(&form).send().expect(400));
    assert_eq!((&told["reason"], &told["token"]), (&json!("refresh_other_client"), &json!("refresh")));
    assert_eq!((&told["username"], &told["header"]["proven"]), (&json!("alice"), &json!(false)));
    app.refresh(&alice).expect(200);
    app.advance(11);
    let told = tell(send(alice.refresh_token()));
    assert_eq!((&told["reason"], &told["cause"]["what"]), (&json!("refresh_reused"), &json!("refresh_reused")));
    let later = app.alice();
    app.advance(8 * 86_400);
    let told = why(&app, &app.admin(), &send(later.refresh_token()));
    assert_eq!((&told["reason"], &told["username"]), (&json!("refresh_expired"), &json!("alice")));
}
