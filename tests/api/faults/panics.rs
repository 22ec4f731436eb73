//! A defect that panics, in routes that only the test has, behind the same middleware as all others: whoever asked gets an answer
//! with an id, and nobody else notices.

use actix_web::web::{self, Data, ServiceConfig};
use serde_json::json;
use vestibule::app::{App, Outcome};
use vestibule::audit::Trail;
use vestibule::platform::db::{Fault, Tx};

use crate::harness::database::Copy;
use crate::harness::people::HTML;
use crate::harness::{Home, START, TestApp, at_once, start_with};

const WAYS: [&str; 4] = ["/panics/plain", "/panics/reading", "/panics/writing", "/panics/later"];

fn app_that_panics() -> TestApp {
    start_with(START, Home::new(Copy::Peopled), &[], |config: &mut ServiceConfig, app: &App| {
        config
            .route(WAYS[0], web::get().to(plain))
            .route(WAYS[1], web::get().to(reading))
            .route(WAYS[2], web::get().to(writing))
            .route(WAYS[3], web::get().to(later));
        vestibule::web::mount(config, app);
    })
}

async fn plain() -> &'static str {
    panic!("on purpose")
}

/// The thread of the database goes on, and so does whoever asks next.
async fn reading(app: Data<App>) -> &'static str {
    app.db.read(|_| -> Result<&'static str, Fault> { panic!("on purpose") }).await.expect("nobody comes so far")
}

async fn writing(app: Data<App>) -> &'static str {
    let trail = Trail::of_the_clock(app.now());
    let change = |_: &mut Tx<'_>| -> Result<Outcome<&'static str>, Fault> { panic!("on purpose") };
    app.write(trail, change).await.expect("nobody comes so far")
}

/// After it has waited, so on another turn of its worker.
async fn later(app: Data<App>) -> &'static str {
    app.reach().await.expect("the database answers");
    panic!("on purpose")
}

#[test]
fn whoever_meets_a_defect_is_told_an_id_and_nobody_else_notices() {
    let app = app_that_panics();
    let (alice, browser) = (app.alice(), app.browser_of("alice"));
    let answers = at_once(64, |n| app.anon().get(WAYS[n % WAYS.len()]).send());
    for answer in answers {
        answer.refused(500, "Something went wrong here. It was logged with the id of this request.");
    }
    let page = app.anon().get(WAYS[0]).with("Accept", HTML).send().expect(500);
    assert!(page.is_page() && page.text().contains(page.header("x-request-id").expect("an id")));
    // No lock that was held is poisoned, no thread is gone, no transaction is open.
    assert!(alice.is_known() && browser.is_at_home());
    at_once(16, |n| app.user(if n % 2 == 0 { "alice" } else { "bob" }));
    app.refresh(&alice).expect(200);
    let new = json!({"username": "carol", "email": "carol@example.com", "password": crate::harness::PASSWORD});
    app.anon().post("/signup").json(new).send().expect(201);
    alice.post("/logout").send().expect(204);
    assert!(!alice.is_known());
}

#[test]
fn one_connection_goes_on_after_a_defect() {
    let app = app_that_panics();
    let answers =
        app.raw(&format!("GET {} HTTP/1.1\nHost: x\n\nGET /health HTTP/1.1\nHost: x\nConnection: close\n\n", WAYS[0]));
    assert!(answers.starts_with("HTTP/1.1 500 ") && answers.contains("HTTP/1.1 200 OK"), "{answers}");
}
