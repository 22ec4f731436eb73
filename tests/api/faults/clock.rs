//! A clock that runs ahead and is set right, as after a wrong battery, a machine that slept, or a hand: what was written and
//! forgotten meanwhile must neither let anybody in nor keep anybody out.

use serde_json::json;
use vestibule::{outbox, sessions, tokens};

use super::{SECOND, signed_in};
use crate::harness::binary::{Process, run};
use crate::harness::database::Copy;
use crate::harness::machine::Machine;
use crate::harness::people::Person;
use crate::harness::{Home, PASSWORD, TestApp, spawn_app, spawn_with, wait_for, within};
use crate::mail_outbox::InTheWay;
use crate::mail_reset::forget;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// The clock runs ahead by so much, the jobs do what they believe is due, and it is set right again.
fn astray(app: &TestApp, seconds: u64, meanwhile: impl FnOnce()) {
    app.advance(seconds);
    wait_for(async {
        // Each look lets a part of the memory forget; these are all of them.
        for _ in 0..64 {
            sessions::follow(&app.app).await.expect("the database answers");
        }
        sessions::purge(&app.app).await.expect("the database answers");
        tokens::purge(&app.app).await.expect("the database answers");
        tokens::keys::rotate_when_due(&app.app).await.expect("the database answers");
        tokens::keys::purge(&app.app).await.expect("the database answers");
    });
    meanwhile();
    app.set_back(seconds);
}

#[test]
fn what_was_ended_stays_ended_although_a_clock_that_ran_ahead_had_it_forgotten() {
    let app = spawn_app();
    let (gone, here) = (app.alice(), app.bob());
    gone.post("/logout").send().expect(204);
    for hours in [1, 20] {
        astray(&app, hours * HOUR, || {});
        within(SECOND * 30, "it is known again", || !gone.is_known());
        assert!(here.is_known());
    }
    app.refresh(&gone).expect(401);
}

#[test]
fn sessions_of_before_and_of_meanwhile_go_on() {
    let app = spawn_app();
    let (before, browser) = (app.alice(), app.browser_of("alice"));
    let mut meanwhile = Person::clone(&before);
    astray(&app, DAY, || meanwhile = app.alice());
    assert!(before.is_known() && browser.is_at_home());
    app.refresh(&before).expect(200);
    // Its access token is of tomorrow; a refresh gives one of today.
    assert!(!meanwhile.is_known());
    let today = app.anon().holding(app.refresh(&meanwhile).expect(200).json());
    assert!(today.is_known());
    // Used once, it has gone the way of all: nobody can say how long ago that was, so it is not given again.
    app.refresh(&today).expect(200);
}

#[test]
fn a_refresh_token_that_was_used_by_a_clock_ahead_is_a_copy_when_it_comes_again() {
    let app = spawn_app();
    let alice = app.alice();
    let mut next = alice.clone();
    astray(&app, DAY, || next = app.anon().holding(app.refresh(&alice).expect(200).json()));
    app.refresh(&alice).expect(401);
    app.refresh(&next).expect(401);
}

#[test]
fn a_proof_of_tomorrow_is_not_fresh_today() {
    let app = spawn_app();
    let mut alice = app.alice();
    astray(&app, DAY, || alice = app.alice());
    let today = app.anon().holding(app.refresh(&alice).expect(200).json());
    let change = json!({"current_password": PASSWORD, "new_password": "another horse, stapled"});
    today.post("/users/me/password").json(change.clone()).send().refused(401, "Fresh token required");
    app.alice().post("/users/me/password").json(change).send().expect(204);
}

#[test]
fn a_stop_of_tomorrow_lasts_no_longer_than_any_other() {
    let app = spawn_with(&[("RATE_LIMITS", "on")]);
    let try_as =
        |password: &str| app.anon().post("/token").form(&[("username", "alice"), ("password", password)]).send();
    astray(&app, 30 * DAY, || {
        for _ in 0..5 {
            try_as("not the right one").expect(401);
        }
        try_as(PASSWORD).expect(429);
    });
    let wait = |answer: crate::harness::answer::Answer| answer.header("retry-after").expect("a time").parse::<u64>();
    let seconds = wait(try_as(PASSWORD).expect(429)).expect("seconds");
    assert!(seconds <= 900, "{seconds}");
    let stops = || app.recorded().iter().filter(|fact| *fact == "tries.stopped").count();
    let told = stops();
    try_as(PASSWORD).expect(429);
    assert_eq!(stops(), told, "told once");
    app.advance(seconds);
    try_as(PASSWORD).expect(200);
}

#[test]
fn mail_of_tomorrow_goes_out_today() {
    let app = spawn_app();
    let in_the_way = InTheWay::of(&app);
    let waits = "SELECT id AS value FROM outbox WHERE state = 'waiting' AND last_error IS NOT NULL";
    astray(&app, DAY, || {
        forget(&app, "alice@example.com").expect(202);
        within(SECOND * 30, "it was tried", || !app.home.database.texts(waits).is_empty());
    });
    drop(in_the_way);
    wait_for(outbox::set_right(&app.app)).expect("the database answers");
    app.mail_to("alice@example.com");
}

#[test]
fn keys_that_were_changed_by_a_clock_ahead_sign_and_verify() {
    let app = spawn_app();
    let before = app.alice();
    let mut meanwhile = before.clone();
    astray(&app, 100 * DAY, || {
        app.advance(120);
        meanwhile = app.alice();
        assert!(meanwhile.is_known());
        app.set_back(120);
    });
    let after = app.alice();
    assert!(after.is_known());
    assert!(before.is_known() || app.refresh(&before).status == 200);
}

#[test]
fn the_audit_log_is_proven_whatever_its_times_say() {
    let app = spawn_app();
    for days in [1, 400, 3] {
        astray(&app, days * DAY, || drop(app.bob()));
        app.alice();
    }
    run(&app.home, &["audit", "verify"], "").done();
    let proofs = || app.home.database.texts("SELECT checked_at || '' AS value FROM audit_checks");
    let prove = || wait_for(vestibule::audit::check_when_due(&app.app)).expect("it is proven");
    astray(&app, 10 * DAY, prove);
    let ahead = proofs();
    prove();
    assert_ne!(proofs(), ahead, "a proof of tomorrow does not stand for today's");
}

#[test]
fn a_process_bears_that_its_clock_is_set_and_says_so() {
    let home = Home::new(Copy::Peopled);
    let machine = Machine::under(&home);
    let server = Process::serve(&home, &machine.settings());
    let (alice, gone) = (signed_in(&server, "alice"), signed_in(&server, "alice"));
    gone.post("/logout").send().expect(204);
    for hours in [1, -1, 30] {
        machine.clock_is_off_by(hours * 3_600_000);
        assert!(!gone.is_known(), "{hours} hours off");
        assert!(signed_in(&server, "bob").is_known(), "{hours} hours off");
        let told = if hours > 0 { "the clock was set ahead" } else { "the clock was set back" };
        within(SECOND * 30, "it is told", || server.log().contains(told));
        machine.clock_is_off_by(0);
        within(SECOND * 30, "all is as before", || alice.is_known() && !gone.is_known());
    }
    server.anon().get("/health/ready").send().expect(200);
}
