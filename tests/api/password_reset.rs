//! A password that was changed opens nothing any more, also for whoever was just about to use it.

use serde_json::json;
use vestibule::access::Origin;
use vestibule::accounts;
use vestibule::credentials;
use vestibule::platform::ids::RequestId;
use vestibule::platform::secret::Password;
use vestibule::signin::{self, Onward, Proven, Refusal, Step, recognise};

use crate::harness::{PASSWORD, TestApp, spawn_app, wait_for};

fn origin() -> Origin {
    Origin {
        request_id: RequestId::from_outside("test"),
        address: "203.0.113.7".into(),
        user_agent: "test".into(),
        device: None,
        languages: String::new(),
    }
}

/// Alice's password was found right; her session has not begun.
fn prove(app: &TestApp) -> Proven {
    let from = origin();
    let step = wait_for(signin::by_password(
        &app.app,
        &from,
        ("alice".into(), Password::new(PASSWORD)),
        Onward::to_tokens(None, None),
    ));
    let Ok(Step::Done(proven)) = step else { panic!("the password is right") };
    proven
}

fn begin(app: &TestApp, proven: Proven) -> Result<(), Refusal> {
    let shared = app.app.clone();
    let from = origin();
    let begun =
        app.app.write(&from, move |tx| signin::begin(tx, &shared, &origin(), &proven, &signin::HeldBy::Browser));
    wait_for(begun).map(drop)
}

fn reset(app: &TestApp, name: &str) {
    wait_for(async {
        let operator = recognise::operator(&app.app).await.expect("the database answers");
        let user = accounts::look_up_named(&app.app, &operator, name.into()).await.expect("a user");
        let password = Password::new("quite another lantern drift");
        credentials::reset(&app.app, &operator, user.id, password).await.expect("it is set");
    });
}

#[test]
fn a_sign_in_that_was_proven_before_a_reset_does_not_begin_after_it() {
    let app = spawn_app();
    let (early, late) = (prove(&app), prove(&app));
    assert!(begin(&app, early).is_ok(), "without a reset between, a session begins");
    reset(&app, "alice");
    assert!(matches!(begin(&app, late), Err(Refusal::Incorrect)));
}

#[test]
fn a_wrong_current_password_is_recorded_as_a_failure() {
    let app = spawn_app();
    let alice = app.alice();
    let body = json!({"current_password": "not the right one", "new_password": "violet kettle orbit nine"});
    alice.post("/users/me/password").json(body).send().expect(400);
    assert_eq!(app.recorded(), ["signin.succeeded", "signin.failed"]);
}

#[test]
fn what_happened_without_a_subject_is_not_told_as_a_failed_sign_in() {
    let app = spawn_app();
    wait_for(async {
        let operator = recognise::operator(&app.app).await.expect("the database answers");
        let made = vestibule::tokens::keys::rotate(&app.app, &operator, vestibule::tokens::keys::Start::Now).await;
        made.expect("a new key");
    });
    let page = app.browser_of("root").get("/admin").send().expect(200).text();
    assert!(page.contains("A new signing key was made") && !page.contains("unknown name"), "{page}");
}
